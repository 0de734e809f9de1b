"""Findings as plain JSON, for programs and for ``findings.json`` of a run folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from policies.evidence import Evidence
from policies.findings import RuleResult
from prelaunch.summary.plain import instant_text


def findings_json(findings: Sequence[RuleResult]) -> list[dict[str, object]]:
    """Return one object a rule: id, verdict, counts, citation, evidence."""
    return [_finding(result) for result in findings]


def _finding(result: RuleResult) -> dict[str, object]:
    rule = result.rule
    citation = {name: None if value is None else str(value) for name, value in asdict(rule.citation).items()}
    return {
        "rule": rule.id, "pack": rule.pack, "version": rule.version, "title": rule.title, "statement": rule.statement,
        "severity": result.severity, "verdict": result.verdict.value, "tested": result.tested, "failed": result.failed,
        "review": result.review, "unknown": result.unknown, "enforced": result.enforced,
        "upper_bound": result.upper_bound, "missing": list(result.missing), "note": result.note,
        "confidence": rule.confidence, "citation": citation, "fix": rule.fix,
        "evidence": [_evidence(evidence) for evidence in result.evidence],
    }  # fmt: skip


def _evidence(evidence: Evidence) -> dict[str, object]:
    plain = asdict(evidence)
    plain["at"] = None if evidence.at is None else instant_text(evidence.at)
    return plain
