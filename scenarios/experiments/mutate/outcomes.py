"""What became of a mutant, and all of it together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from policies.findings import RuleResult
from policies.verdicts import Verdict

Of = Literal["guard", "rule"]
Fate = Literal["survived", "stricter", "noticed"]
FATES: tuple[Fate, ...] = ("survived", "stricter", "noticed")
"""``survived``: no check tells the mutant from the original. ``stricter``: a guard that only holds back more, which no
rule of a pack can mind. ``noticed``: a guard without which some rule fares worse; a rule that answers otherwise."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One mutant. ``change`` is such as ``workday[1]: 21:00 → 21:01``; ``remedy`` is what to add where it survived."""

    of: Of
    id: str
    change: str
    fate: Fate
    sentence: str
    remedy: str = ""
    noticed_by: tuple[str, ...] = ()


@dataclass(slots=True)
class Mutation:
    """All mutants of a scenario that were tried. ``planned`` counts those that should have been.

    ``untried`` counts, by rule id, the mutants of rules that never spoke of a message: there is nothing to try.
    """

    results: tuple[RuleResult, ...]
    planned: int
    outcomes: list[Outcome] = field(default_factory=list)
    untried: dict[str, int] = field(default_factory=dict)
    guards: tuple[str, ...] = ()
    interrupted: bool = False

    def of(self, fate: Fate, sort: Of | None = None) -> list[Outcome]:
        """Return the outcomes of one fate, of guards or rules only if one is named."""
        return [each for each in self.outcomes if each.fate == fate and sort in (None, each.of)]

    @property
    def sorted(self) -> list[Outcome]:
        """Return the outcomes, survivors first, guards before rules, else in the order of the scenario."""
        return sorted(self.outcomes, key=lambda each: (FATES.index(each.fate), each.of != "guard"))

    @property
    def not_tested(self) -> list[RuleResult]:
        """Return the rules whose trigger never occurred."""
        return [result for result in self.results if result.verdict == Verdict.NOT_TESTED]

    @property
    def bounded(self) -> list[RuleResult]:
        """Return the rules without a violation in n judgements, the least sure first."""
        found = [result for result in self.results if result.upper_bound is not None]
        return sorted(found, key=lambda result: -(result.upper_bound or 0))


def worse(before: Sequence[RuleResult], after: Sequence[RuleResult]) -> tuple[str, ...]:
    """Return the ids of the rules that fare worse: more failures, or a graver verdict."""
    return tuple(dict.fromkeys(b.rule.id for a, b in zip(before, after, strict=True) if _worse(a, b)))


def _worse(before: RuleResult, after: RuleResult) -> bool:
    return after.failed > before.failed or _gravity(after.verdict) > _gravity(before.verdict)


def _gravity(verdict: Verdict) -> int:
    grave = (Verdict.NEEDS_INPUT, Verdict.REVIEW, Verdict.VIOLATED)
    return grave.index(verdict) + 1 if verdict in grave else 0
