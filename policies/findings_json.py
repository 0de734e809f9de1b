"""Findings as plain values and back: the content of findings.json in a run folder, and of ``--json``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from policies.catalogue import as_dict
from policies.evidence import Evidence
from policies.findings import RuleResult, Verdict, located
from policies.instants import instant_text, to_micros
from policies.rules import Rule
from policies.sites import Site, Suppressed, fingerprint


def results_as_dicts(results: Iterable[RuleResult]) -> list[dict[str, Any]]:
    """Return the results in order; instants as ISO 8601 in UTC with microseconds where there are any."""
    return [_result(result) for result in results]


def results_from_dicts(plain: Iterable[Mapping[str, Any]]) -> tuple[RuleResult, ...]:
    """Return the results that ``results_as_dicts`` wrote, also those of before there were sites.

    The values have been checked against the published schema (policies.findings_schema).
    """
    return tuple(_result_again(item) for item in plain)


def counts_by_verdict(results: Iterable[RuleResult]) -> dict[str, int]:
    """Return how many rules got each of the eight verdicts, none left out."""
    found = [result.verdict for result in results]
    return {verdict.value: found.count(verdict) for verdict in Verdict}


def _result(result: RuleResult) -> dict[str, Any]:
    return {
        "rule": as_dict(result.rule),
        "verdict": result.verdict.value,
        "severity": result.severity,
        "tested": result.tested,
        "failed": result.failed,
        "review": result.review,
        "unknown": result.unknown,
        "enforced": result.enforced,
        "upper_bound": result.upper_bound,
        "missing": list(result.missing),
        "note": result.note,
        "fingerprint": fingerprint(result.rule.id),
        "suppressed": _suppressed(result.suppressed),
        "baseline": result.baseline or None,
        "sites": [_site(result.rule.id, site) for site in result.sites],
        "gone": [_site(result.rule.id, site) for site in result.gone],
        "evidence": [_evidence(item) for item in result.evidence],
    }


def _suppressed(one: Suppressed | None) -> dict[str, Any] | None:
    return None if one is None else asdict(one)


def _site(rule_id: str, site: Site) -> dict[str, Any]:
    plain = {**asdict(site), "baseline": site.baseline or None}
    return {"fingerprint": fingerprint(rule_id, site), **plain}


def _evidence(item: Evidence) -> dict[str, Any]:
    return {**asdict(item), "at": None if item.at is None else instant_text(item.at)}


def _result_again(plain: Mapping[str, Any]) -> RuleResult:
    result = RuleResult(
        rule=_rule(plain["rule"]),
        verdict=Verdict(plain["verdict"]),
        **{name: plain[name] for name in ("tested", "failed", "review", "unknown", "upper_bound", "note", "severity")},
        evidence=tuple(_evidence_again(item) for item in plain["evidence"]),
        missing=tuple(plain["missing"]),
        enforced=plain["enforced"],
        sites=_sites(plain.get("sites", ())),
        gone=_sites(plain.get("gone", ())),
    )
    return located(result)


def _rule(plain: Mapping[str, Any]) -> Rule:
    """Return the rule of a finding; its dates stay those of the record."""
    import msgspec

    rule: Rule = msgspec.convert(plain, Rule)
    return rule


def _sites(plain: Sequence[Mapping[str, Any]]) -> tuple[Site, ...]:
    return tuple(
        Site(**{
            **{name: item[name] for name in _SITE},
            "suppressed": None if item["suppressed"] is None else Suppressed(**item["suppressed"]),
            "baseline": item["baseline"] or "",
        })
        for item in plain
    )  # fmt: skip


_SITE = tuple(field.name for field in fields(Site) if field.name not in ("suppressed", "baseline"))


def _evidence_again(plain: Mapping[str, Any]) -> Evidence:
    at = None if plain["at"] is None else to_micros(datetime.fromisoformat(plain["at"]))
    return Evidence(**{**plain, "at": at})
