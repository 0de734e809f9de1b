"""The guards of rules: when a check speaks of a message, by expressions, and their numbers in a table of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies.errors import InputError, Problem
from policies.expressions.language import Evaluator, attributes_of, facts_of
from policies.kinds.base import W_DOUBTFUL, W_SILENT, W_SPEAKS

if TYPE_CHECKING:
    from policies.rules import Check, Rule

MOST_GUARDS = 15
"""Different guards of one table of rules: two bits each in a number of 32 bits (``A_WHEN``)."""


@dataclass(frozen=True, slots=True)
class Guard:
    """All of ``when`` must be true and all of ``unless`` false; those of the rule come before those of its check."""

    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @property
    def facts(self) -> frozenset[str]:
        """Return the facts that it asks for."""
        return frozenset(fact for text in (*self.when, *self.unless) for fact in facts_of(text))


def guard_of(rule: Rule, check: Check) -> Guard | None:
    """Return the guard of a check with that of its rule; None where neither has one."""
    when = tuple(text for text in (rule.when, check.when) if text)
    unless = tuple(text for text in (rule.unless, check.unless) if text)
    return Guard(when, unless) if when or unless else None


def guards_of(rules: Iterable[Rule]) -> tuple[Guard, ...]:
    """Return the different guards of some rules in their order. Raises InputError for more than a message can hold."""
    found = (guard_of(rule, check) for rule in rules for check in rule.checks)
    guards = tuple(dict.fromkeys(guard for guard in found if guard is not None))
    if len(guards) > MOST_GUARDS:
        what = f"{len(guards)} different guards (when, unless) in one run, at most {MOST_GUARDS}"
        raise InputError([Problem("packs", what, "name fewer packs at a time, or let rules share a guard")])
    return guards


def asked_columns(rules: Iterable[Rule]) -> set[str]:
    """Return the columns of the audience that the guards of some rules ask for."""
    guards = guards_of(rules)
    return {name for guard in guards for text in (*guard.when, *guard.unless) for name in attributes_of(text)}


class Answers:
    """What each of some guards says of a combination of facts, as the bits of ``A_WHEN``."""

    def __init__(self, guards: tuple[Guard, ...]) -> None:
        self._asked = {text: Evaluator(text) for guard in guards for text in (*guard.when, *guard.unless)}
        self._guards = guards

    def bits(self, facts: Mapping[str, str]) -> int:
        """Return two bits a guard: W_SILENT, W_SPEAKS or W_DOUBTFUL."""
        return sum(self._one(guard, facts) << 2 * place for place, guard in enumerate(self._guards))

    def _one(self, guard: Guard, facts: Mapping[str, str]) -> int:
        when = [self._asked[text](facts) for text in guard.when]
        unless = [self._asked[text](facts) for text in guard.unless]
        if False in when or True in unless:
            return W_SILENT
        return W_DOUBTFUL if None in (*when, *unless) else W_SPEAKS
