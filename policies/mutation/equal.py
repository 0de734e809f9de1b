"""Whether a changed rule still says the same: then it is no mutant, and nothing could notice it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from policies.context import Context
from policies.kinds.base import P_ROW, P_RULE, P_STATE
from policies.rules import Rule
from policies.tables import compile_rules

BOOKKEEPING = (P_STATE, P_RULE, P_ROW)


def says_the_same(first: Rule, second: Rule, context: Context, checks: Iterable[int] = (0,)) -> bool:
    """Say whether two rules that differ in ``checks`` (their numbers) become the same rows.

    Never of checks of a run or of a text, which no row tells apart.
    """
    if any(first.checks[number].run_scoped or first.checks[number].kind == "content" for number in checks):
        return False
    left, right = (
        np.delete(compile_rules([_without_texts(rule)], context).rows, BOOKKEEPING, axis=1) for rule in (first, second)
    )
    return np.array_equal(left, right)


def _without_texts(rule: Rule) -> Rule:
    """Return the rule without its checks of texts: preparing these would read all texts."""
    return replace(rule, checks=tuple(check for check in rule.checks if check.kind != "content"))
