"""The mutants of a rule: one parameter of one check changed, or one channel or category taken out of its reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from policies.mutation.changes import parameter_changes, taken_out
from policies.rules import Check, Rule, scope

REACH = ("channels", "categories")
"""Lists of a rule and of its checks out of which a word is taken."""
GUARDS = ("when", "unless")
"""Expressions of a rule and of its checks that are left out."""
LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class RuleMutant:
    """A rule with one change. ``checks`` are the numbers of the checks that it touches.

    ``field`` names what was changed, such as ``caps[0].count``, after ``checks[1].`` where the rule has several.
    """

    rule: Rule
    original: Rule
    checks: tuple[int, ...]
    field: str
    words: str


def rule_mutants(rule: Rule, schemas: Mapping[str, Mapping[str, Any]]) -> Iterator[RuleMutant]:
    """Yield the mutants of a rule; ``schemas`` gives the schema of each kind's parameters. Severity is untouched."""
    for number, check in enumerate(rule.checks):
        place = f"checks[{number}]." if len(rule.checks) > 1 else ""
        for change in parameter_changes(check.params, schemas[check.kind]):
            changed = replace(check, params=change.params)
            yield _mutant(rule, number, changed, place + change.field, change.words)
        for name in REACH:
            for word, rest in taken_out(getattr(check, name)):
                yield _mutant(rule, number, _narrowed(check, name, rest), place + name, f"{word} taken out")
        for name in GUARDS:
            if getattr(check, name):
                yield _mutant(rule, number, _unguarded(check, name), place + name, LEFT_OUT)
    for name in REACH:
        for word, rest in taken_out(getattr(rule, name)):
            narrower = replace(rule, channels=rest) if name == "channels" else replace(rule, categories=rest)
            touched = tuple(number for number, check in enumerate(rule.checks) if word in _within(rule, check, name))
            if touched:
                yield RuleMutant(narrower, rule, touched, name, f"{word} taken out")
    for name in GUARDS:
        if getattr(rule, name):
            everywhere = replace(rule, when="") if name == "when" else replace(rule, unless="")
            yield RuleMutant(everywhere, rule, tuple(range(len(rule.checks))), name, LEFT_OUT)


def _mutant(rule: Rule, number: int, changed: Check, field: str, words: str) -> RuleMutant:
    checks = tuple(changed if place == number else check for place, check in enumerate(rule.checks))
    return RuleMutant(replace(rule, checks=checks), rule, (number,), field, words)


def _narrowed(check: Check, name: str, rest: tuple[str, ...]) -> Check:
    return replace(check, channels=rest) if name == "channels" else replace(check, categories=rest)


def _unguarded(check: Check, name: str) -> Check:
    return replace(check, when="") if name == "when" else replace(check, unless="")


def _within(rule: Rule, check: Check, name: str) -> tuple[str, ...]:
    reach = scope(rule, check)
    return reach.channels if name == "channels" else reach.categories
