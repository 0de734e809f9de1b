"""Whether a changed rule still says the same: then it is no mutant, and nothing could notice it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from policies.context import Context
from policies.kinds.base import P_ROW, P_RULE, P_STATE
from policies.rules import Rule
from policies.tables import compile_rules

BOOKKEEPING = (P_STATE, P_RULE, P_ROW)


def says_the_same(first: Rule, second: Rule, context: Context) -> bool:
    """Say whether two rules become the same rows; never of checks of a run or of a text, which no row tells apart."""
    if any(check.run_scoped or check.kind == "content" for check in first.checks if check not in second.checks):
        return False
    left, right = (
        np.delete(compile_rules([_without_texts(rule)], context).rows, BOOKKEEPING, axis=1) for rule in (first, second)
    )
    return np.array_equal(left, right)


def _without_texts(rule: Rule) -> Rule:
    """Return the rule without its checks of texts: preparing these would read all texts."""
    return replace(rule, checks=tuple(check for check in rule.checks if check.kind != "content"))
