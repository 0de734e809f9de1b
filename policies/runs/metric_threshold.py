"""Metric threshold: a share such as complaints over deliveries, within moving days, for each sender or template."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from policies.evidence import MAX_EVIDENCE, Evidence
from policies.records import DAY
from policies.runs.columns import Bools, Columns, Int64s
from policies.runs.facts import Assessment, RunFacts

METRICS = {
    "complaint_rate": ("complained", "delivered"),
    "unsubscribe_rate": ("unsubscribed", "delivered"),
    "failure_rate": ("failed", "submitted"),
}
"""Each metric: the event counted above the line and the one below it."""

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["metric", "limit"],
    "properties": {
        "metric": {"enum": list(METRICS)},
        "scope": {"enum": ["sender", "template"], "default": "sender"},
        "window_days": {"description": "Length of the moving window.", "type": "number", "exclusiveMinimum": 0},
        "limit": {"description": "From this share on it fails.", "type": "number", "minimum": 0, "maximum": 1},
        "warn": {"description": "From this share on it is for review.", "type": "number", "minimum": 0, "maximum": 1},
        "minimum": {"description": "Smaller samples are not judged.", "type": "integer", "minimum": 1},
    },
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each sender or template with a large enough sample, at its worst instant."""
    columns = Columns(run.log)
    above, below = (columns.rows(event) for event in METRICS[params["metric"]])
    scope = params.get("scope", "sender")
    if not run.simulated and len(below) and not len(above):  # nothing tells whether the log would show them
        return Assessment(n=1, unknown=1, missing=(f"events {METRICS[params['metric']][0]}",), what="logs")
    found = [
        item
        for group in range(-1, len(columns.codes(scope)[1]))
        if (item := _worst(columns, params, scope, group, above, below)) is not None
    ]
    evidence = tuple(item for answer in ("fail", "review") for item in found if item.answer == answer)
    return Assessment(
        n=len(found),
        failed=sum(item.answer == "fail" for item in found),
        review=sum(item.answer == "review" for item in found),
        evidence=evidence[:MAX_EVIDENCE],
        what=f"{scope}s",
    )


def _worst(
    columns: Columns, params: Mapping[str, Any], scope: str, group: int, above: Int64s, below: Int64s
) -> Evidence | None:
    """Return the worst instant of one sender or template; None when its sample is always too small."""
    at = columns.numbers("occurred_at")
    of_group: Bools = columns.codes(scope)[0] == group
    hits, base = (rows[of_group[rows]] for rows in (above, below))
    window = round(params.get("window_days", 7) * DAY)
    instants = np.concatenate([at[hits], at[base][-1:]])
    counts, sizes = (_within(at[rows], instants, window) for rows in (hits, base))
    enough = sizes >= params.get("minimum", 1)
    if not enough.any():
        return None
    place = int(np.argmax(np.where(enough, counts / np.maximum(sizes, 1), -1.0)))
    share = Fraction(int(counts[place]), int(sizes[place]))
    name = columns.codes(scope)[1][group] if group >= 0 else ""
    text = f"{params['metric']} {counts[place]} of {sizes[place]} in {params.get('window_days', 7):g} days"
    return Evidence(
        _answer(params, share),
        f"{text}: {float(share):.4f}",
        sender=name if scope == "sender" else "",
        template=name if scope == "template" else "",
        at=int(instants[place]),
    )


def _within(times: Int64s, instants: Int64s, window: int) -> Int64s:
    """Return how many of ``times`` (ascending) lie in (instant - window, instant]."""
    return np.searchsorted(times, instants, side="right") - np.searchsorted(times, instants - window, side="right")


def _answer(params: Mapping[str, Any], share: Fraction) -> str:
    if share >= Fraction(str(params["limit"])):
        return "fail"
    return "review" if "warn" in params and share >= Fraction(str(params["warn"])) else "pass"
