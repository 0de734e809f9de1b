"""The catalogue of rules: list and filter them, show one in full, compare the rules of two dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from policies.packs import in_force
from policies.places import touches
from policies.rules import SEVERITY_ORDER, Check, Rule, Severity, scope

Change = Literal["added", "removed", "changed"]
STATED = ("attestation", "first_contact", "review_record", "statement")
"""Kinds that ask for something under ``evidence``."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule that is not the same on two dates; ``before`` or ``after`` is None where it is not in force."""

    id: str
    change: Change
    before: Rule | None
    after: Rule | None


def select(
    rules: Iterable[Rule],
    *,
    pack: str | None = None,
    channel: str | None = None,
    category: str | None = None,
    country: str | None = None,
    severity: Severity | None = None,
    as_of: date | None = None,
) -> tuple[Rule, ...]:
    """Return the rules that meet every filter given; without ``as_of`` all versions, announced ones included.

    ``country`` keeps rules of that country, of its parts, and of all countries; ``severity`` is the least.
    """
    chosen = tuple(rules) if as_of is None else in_force(rules, as_of)
    return tuple(
        rule
        for rule in chosen
        if (pack is None or rule.pack == pack)
        and (channel is None or _speaks_of(rule, channel=channel))
        and (category is None or _speaks_of(rule, category=category))
        and (country is None or _speaks_of(rule, country=country))
        and (severity is None or SEVERITY_ORDER.index(rule.severity) <= SEVERITY_ORDER.index(severity))
    )


def versions(rules: Iterable[Rule], rule_id: str) -> tuple[Rule, ...]:
    """Return the versions of one rule, oldest first; nothing for an unknown id. Case does not count."""
    found = (rule for rule in rules if rule.id.lower() == rule_id.lower())
    return tuple(sorted(found, key=lambda rule: rule.version))


def difference(rules: Sequence[Rule], before: date, after: date) -> tuple[Difference, ...]:
    """Return what differs between the rules of two dates, by id: added, removed, or changed in what is judged."""
    return compare_rules(in_force(rules, before), in_force(rules, after))


def compare_rules(before: Iterable[Rule], after: Iterable[Rule]) -> tuple[Difference, ...]:
    """Return what differs between two sets of rules, by id: added, removed, or changed in what is judged."""
    return tuple(_differences({rule.id: rule for rule in before}, {rule.id: rule for rule in after}))


def evidence_asked(rules: Iterable[Rule]) -> dict[str, tuple[str, ...]]:
    """Return the names that belong under ``evidence:`` of a scenario, each with the rules that ask for it."""
    asked: dict[str, dict[str, None]] = {}
    for rule in rules:
        for check in rule.checks:
            for name in filter(None, (check.params.get("input"), check.params.get("evidence"))):
                if check.kind in STATED:
                    asked.setdefault(name, {})[rule.id] = None
    return {name: tuple(ids) for name, ids in sorted(asked.items())}


def _differences(old: Mapping[str, Rule], new: Mapping[str, Rule]) -> Iterator[Difference]:
    for rule_id in dict.fromkeys([*old, *new]):
        before, after = old.get(rule_id), new.get(rule_id)
        if before is None or after is None:
            yield Difference(rule_id, "added" if before is None else "removed", before, after)
        elif before != after:
            yield Difference(rule_id, "changed", before, after)


def _speaks_of(
    rule: Rule, *, channel: str | None = None, category: str | None = None, country: str | None = None
) -> bool:
    """Say whether some check of the rule, or the rule itself when it has none, reaches what is named."""
    reaches = [scope(rule, check) for check in rule.checks or (Check(kind=""),)]
    return any(
        (channel is None or channel in reach.channels)
        and (category is None or category in reach.categories)
        and (country is None or not reach.countries or touches(reach.countries, country))
        for reach in reaches
    )


def as_dict(rule: Rule) -> dict[str, Any]:
    """Return one rule as plain values, for ``--json`` and for findings.json; dates as YYYY-MM-DD."""
    start, end = rule.dates
    return {
        "id": rule.id,
        "pack": rule.pack,
        "version": rule.version,
        "title": rule.title,
        "statement": rule.statement,
        "rationale": rule.rationale,
        "citation": _citation(rule),
        "confidence": rule.confidence,
        "status": rule.status,
        "severity": rule.severity,
        "effective_from": _iso(start),
        "effective_to": _iso(end),
        "channels": list(rule.channels),
        "categories": list(rule.categories),
        "countries": list(rule.countries),
        "when": rule.when,
        "unless": rule.unless,
        "checks": [_check(check) for check in rule.checks],
        "fix": rule.fix,
        "examples": {"passes": rule.examples.passes, "fails": rule.examples.fails},
        "note": rule.note,
        "languages": {name: dict(texts) for name, texts in rule.languages.items()},
    }


def _citation(rule: Rule) -> dict[str, Any]:
    cited = rule.citation
    return {"act": cited.act, "clause": cited.clause, "url": cited.url, "read_on": _iso(cited.read_on)}


def _check(check: Check) -> dict[str, Any]:
    return {
        "kind": check.kind,
        "params": dict(check.params),
        "severity": check.severity,
        "channels": list(check.channels),
        "categories": list(check.categories),
        "countries": list(check.countries),
        "when": check.when,
        "unless": check.unless,
        "effective_from": _iso(check.effective_from),
        "effective_to": _iso(check.effective_to),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
