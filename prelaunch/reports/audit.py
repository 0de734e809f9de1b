"""The page of an audit: the verdict on every rule of a log that brings no summary of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policies.findings import RuleResult, Verdict
from prelaunch.reports import verdicts
from prelaunch.reports.pages import environment


def render_audit(results: Sequence[RuleResult], audit: Mapping[str, Any]) -> str:
    """Return the page as HTML; ``audit`` gives log, rows, messages, people, packs and notices."""
    return (
        environment()
        .get_template("audit.html")
        .render(
            a=audit,
            findings=verdicts.in_order(results),
            headline=verdicts.headline(results),
            broken=any(result.verdict == Verdict.VIOLATED for result in results),
            verdicts=verdicts.counts(results),
            meaning=verdicts.MEANING,
        )
    )
