"""Metric threshold: of the messages of any moving days, the share that drew a complaint (opt-out, failure) in them.

Each sender or template is judged alone, at every instant t of the run, by the window (t - days, t]. Below the line are
the messages delivered (for failures: handed over) in it, if they are enough to judge by; above it the complaints in it
that are about these. A complaint is about the last message before it to the same person from that sender or template,
and leaves the window with that message. Were it to stay for days of its own, the messages of a campaign would leave
before the complaints about them, and a week later the share of the best campaign would grow without bound. A complaint
of which no such message is known stands for itself; one that does not tell its sender or template takes that of the
last message to the person.

A share newly reaches a limit when a complaint comes, when a message makes the sample large enough, and when messages
that drew none leave. All these instants are looked at, but for those from the end of the run on: what comes then is not
known. What came before the run is not known either; its first days are judged by what is.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from policies.evidence import MAX_EVIDENCE, Evidence
from policies.records import DAY
from policies.runs.about import whose_and_when
from policies.runs.columns import Columns, Int64s
from policies.runs.facts import Assessment, RunFacts
from policies.runs.shares import Share, Stays, worst_shares

METRICS = {
    "complaint_rate": ("complained", "delivered"),
    "unsubscribe_rate": ("unsubscribed", "delivered"),
    "failure_rate": ("failed", "submitted"),
}
"""Each metric: the event counted above the line and the one below it."""

DAYS = 7
"""Length of a window of which nothing is said (*assumed*)."""

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["metric", "limit"],
    "properties": {
        "metric": {"description": "What is counted, and out of what.", "enum": list(METRICS)},
        "scope": {"description": "Who has a share of its own.", "enum": ["sender", "template"], "default": "sender"},
        "window_days": {
            "description": "Length of the moving window.",
            "type": "number",
            "exclusiveMinimum": 0,
            "default": DAYS,
        },
        "limit": {"description": "From this share on it fails.", "type": "number", "minimum": 0, "maximum": 1},
        "warn": {"description": "From this share on it is for review.", "type": "number", "minimum": 0, "maximum": 1},
        "minimum": {"description": "Smaller samples are not judged.", "type": "integer", "minimum": 1, "default": 1},
    },
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each sender or template with a large enough sample, at its worst instant.

    One more is unknown where it is not known whose complaints are, nor which message they are about.
    """
    columns, scope = Columns(run.log), params.get("scope", "sender")
    event, of = METRICS[params["metric"]]
    above, below = columns.rows(event), columns.rows(of)
    if not run.simulated and len(below) and not len(above):  # nothing tells whether the log would show them
        return Assessment(n=1, unknown=1, missing=(f"events {event}",), what="logs")
    counted, things = _stays(columns, scope, above, below, round(params.get("window_days", DAYS) * DAY))
    worst = worst_shares(counted, things, params.get("minimum", 1), run.end)
    found = [_evidence(params, item, columns.codes(scope)[1][item.group] if item.group >= 0 else "") for item in worst]
    evidence = tuple(item for answer in ("fail", "review") for item in found if item.answer == answer)
    stray = bool(len(below) and (counted.group < 0).any() and not (things.group < 0).any())
    return Assessment(
        n=len(found) + stray,
        failed=sum(item.answer == "fail" for item in found),
        review=sum(item.answer == "review" for item in found),
        unknown=int(stray),
        evidence=evidence[:MAX_EVIDENCE],
        missing=(f"the {scope} of events {event}",) if stray else (),
        what=f"{scope}s",
    )


def _stays(columns: Columns, scope: str, above: Int64s, below: Int64s, window: int) -> tuple[Stays, Stays]:
    """Return from when until when complaints and messages stand in the moving window of their sender or template.

    A complaint that comes when its message has left never stands in it.
    """
    at, whose = columns.numbers("occurred_at"), columns.codes(scope)[0]
    owner, sent_at = whose_and_when(columns, scope, above, below)
    stands = sent_at + window > at[above]
    counted = Stays(owner[stands], at[above[stands]], sent_at[stands] + window)
    return counted, Stays(whose[below], at[below], at[below] + window)


def _evidence(params: Mapping[str, Any], worst: Share, name: str) -> Evidence:
    share = Fraction(worst.counted, worst.size)
    text = f"{params['metric']} {worst.counted} of {worst.size} in {params.get('window_days', DAYS):g} days"
    return Evidence(
        _answer(params, share),
        f"{text}: {float(share):.4f}",
        sender=name if params.get("scope", "sender") == "sender" else "",
        template=name if params.get("scope") == "template" else "",
        at=worst.at,
    )


def _answer(params: Mapping[str, Any], share: Fraction) -> str:
    if share >= Fraction(str(params["limit"])):
        return "fail"
    return "review" if "warn" in params and share >= Fraction(str(params["warn"])) else "pass"
