"""Marks on findings: who suppressed one, whether it is new. Nothing is ever taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from policies.errors import Problem
from policies.findings import RuleResult
from policies.sites import Site, fingerprint
from policies.words import nearest
from prelaunch.findings.suppressions import Suppression, Suppressions


@dataclass(frozen=True, slots=True)
class Marked:
    """Findings with their marks.

    ``faults`` are of entries that could not be taken; ``notes`` say what a person must know of the others: that one has
    expired, or matches nothing. ``suppressing`` and ``compared`` say which marks were asked for.
    """

    results: tuple[RuleResult, ...]
    faults: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    suppressing: bool = False
    compared: bool = False

    @property
    def suppressed(self) -> int:
        """Return how many findings are suppressed."""
        return sum(site.suppressed is not None for result in self.results for site in result.sites)


def suppress(marked: Marked, suppressions: Suppressions, today: date) -> Marked:
    """Return the findings with the exceptions that hold on ``today``; the first of the file that fits counts."""
    holding = [entry for entry in suppressions.entries if not entry.expired(today)]
    results = tuple(
        replace(result, sites=tuple(_suppressed(result.rule.id, site, holding) for site in result.sites))
        for result in marked.results
    )
    return replace(
        marked,
        results=results,
        faults=(*marked.faults, *suppressions.faults),
        notes=(*marked.notes, *_notes(suppressions.entries, marked.results, today)),
        suppressing=True,
    )


def _suppressed(rule_id: str, site: Site, holding: Sequence[Suppression]) -> Site:
    entry = next((entry for entry in holding if entry.matches(rule_id, site)), None)
    return replace(site, suppressed=None if entry is None else entry.mark)


def _notes(entries: Sequence[Suppression], results: Sequence[RuleResult], today: date) -> list[str]:
    notes = []
    for entry in entries:
        found = sum(entry.matches(result.rule.id, site) for result in results for site in result.sites)
        if entry.expired(today):
            many = f"{found} finding{' counts' if found == 1 else 's count'} again"
            notes.append(f"{entry.words}: expired on {entry.expires}: {many if found else 'it matches nothing'}")
        elif not found:
            notes.append(f"{entry.words}: matches nothing{_guess(entry, results)}")
    return notes


def _guess(entry: Suppression, results: Sequence[RuleResult]) -> str:
    """Return why an entry may match nothing."""
    judged = {result.rule.id for result in results}
    if entry.rule in judged:
        return "; nothing of this kind was found, remove it if it is not needed any more"
    near = nearest(entry.rule, judged)
    return f": no rule of this id was judged{f', did you mean {near}?' if near else ''}"


def compare(marked: Marked, baseline: Sequence[RuleResult]) -> Marked:
    """Return the findings marked as new or unchanged beside an earlier run, with those that are gone."""
    before = {fingerprint(result.rule.id, site): site for result in baseline for site in result.sites}
    now = {fingerprint(result.rule.id, site) for result in marked.results for site in result.sites}
    left: dict[str, list[Site]] = {}
    for result in baseline:
        for site in result.sites:
            if fingerprint(result.rule.id, site) not in now:
                left.setdefault(result.rule.id, []).append(replace(site, suppressed=None, baseline="gone"))
    results = []
    for result in marked.results:
        sites = tuple(
            replace(site, baseline="unchanged" if fingerprint(result.rule.id, site) in before else "new")
            for site in result.sites
        )
        results.append(replace(result, sites=sites, gone=tuple(left.pop(result.rule.id, ()))))
    note = f"no longer judged, so nothing is said of their findings in the baseline: {', '.join(sorted(left))}"
    return replace(marked, results=tuple(results), notes=(*marked.notes, *([note] if left else [])), compared=True)
