"""Findings: for each rule a verdict, the numbers behind it, and up to twenty pieces of evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from policies.evidence import MAX_EVIDENCE, Evidence, Showing, in_clear, keyed_hash, shown
from policies.messages import Messages
from policies.rules import Rule
from policies.sites import Sites, Step, nowhere, sites_of, told_by
from policies.tally import Tally, judge_rule, severity_of, verdict_of
from policies.verdicts import DECIDING, RuleResult, Verdict, upper_bound

if TYPE_CHECKING:
    from policies.runs.facts import RunFacts
    from policies.tables import RuleTable

__all__ = [
    "MAX_EVIDENCE", "Evidence", "Messages", "RuleResult", "Showing", "Verdict", "enforced_by_rule", "in_clear",
    "judge_results", "keyed_hash", "located", "upper_bound",
]  # fmt: skip

Replay = Callable[[Evidence], str]
"""Returns the command that reproduces one piece of evidence; its recipient is not yet hashed."""


def enforced_by_rule(events: Any) -> dict[str, int]:
    """Return for each rule id how many messages of the event log it held, denied or let expire."""
    import pyarrow as pa
    import pyarrow.compute as pc

    stopped = pc.is_in(events["event"].cast("string"), value_set=pa.array(["held", "denied", "expired"]))
    counted = events.filter(stopped)["rule"].cast("string").drop_null().value_counts()
    return {str(item["values"]): int(item["counts"]) for item in counted.to_pylist()}


def judge_results(
    table: RuleTable,
    messages: Messages | None,
    run: RunFacts | None,
    *,
    enforced: Mapping[str, int] | None = None,
    showing: Showing = in_clear,
    replay: Replay | None = None,
    step: Step = nowhere,
) -> tuple[RuleResult, ...]:
    """Return the result of every rule of ``table``, in its order.

    ``messages`` serves the attempt-scoped checks, ``run`` the run-scoped ones; where one of them is None those checks
    lack an input. ``enforced`` counts what the gate stopped, by rule id, and is empty under ``gate: observe``.
    ``step`` tells which step of a cascade a site is.
    """
    stopped = enforced or {}
    sites = Sites(messages) if messages is not None else None
    tallies = [judge_rule(index, rule, table, messages, run, sites) for index, rule in enumerate(table.rules)]
    return tuple(
        _result(rule, tally, stopped.get(rule.id, 0), showing, replay, step)
        for rule, tally in zip(table.rules, tallies, strict=True)
    )


def _result(rule: Rule, tally: Tally, stopped: int, showing: Showing, replay: Replay | None, step: Step) -> RuleResult:
    verdict = verdict_of(tally, stopped)
    passed = verdict in (Verdict.NOT_OBSERVED, Verdict.ENFORCED) and not tally.of_run
    evidence = (replace(item, replay=replay(item)) if replay else item for item in tally.evidence[:MAX_EVIDENCE])
    return RuleResult(
        rule=rule,
        verdict=verdict,
        tested=tally.tested,
        failed=tally.failed,
        review=tally.review,
        unknown=tally.unknown,
        upper_bound=upper_bound(tally.tested) if passed else None,
        evidence=tuple(shown(item, showing) for item in evidence),
        missing=tuple(dict.fromkeys(tally.missing)),
        note="; ".join(dict.fromkeys(tally.notes)),
        enforced=stopped,
        severity=severity_of(rule, tally),
        sites=sites_of(tally.where, tally.elsewhere, step),
    )


def located(result: RuleResult, step: Step = nowhere) -> RuleResult:
    """Return a result whose findings have sites: its own, else those that its counts and its evidence tell of."""
    if result.sites:
        return result
    shown = Counter(item.answer for item in result.evidence)
    counts = {"fail": result.failed, "review": result.review, "unknown": result.unknown}
    totals = {answer: max(count, shown[answer]) for answer, count in counts.items()}
    deciding = DECIDING.get(result.verdict)
    if deciding is not None:
        totals[deciding] = max(totals[deciding], 1)
    return replace(result, sites=sites_of(*told_by(result.evidence, totals), step))
