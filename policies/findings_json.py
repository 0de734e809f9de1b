"""Findings as plain values: the content of findings.json in a run folder, and of ``--json``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from policies.catalogue import as_dict
from policies.evidence import Evidence
from policies.findings import RuleResult, Verdict
from policies.instants import instant_text


def results_as_dicts(results: Iterable[RuleResult]) -> list[dict[str, Any]]:
    """Return the results in order; instants as ISO 8601 in UTC with microseconds where there are any."""
    return [_result(result) for result in results]


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
        "evidence": [_evidence(item) for item in result.evidence],
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    return {**asdict(item), "at": None if item.at is None else instant_text(item.at)}
