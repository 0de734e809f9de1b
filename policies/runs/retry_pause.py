"""Retry pause: after a failure that means "this person has had enough", nothing more goes to them for some hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from policies.evidence import MAX_EVIDENCE, Evidence
from policies.records import HOUR
from policies.runs.by_owner import ByOwner
from policies.runs.columns import Columns, Int64s, message
from policies.runs.facts import Assessment, RunFacts

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["reasons", "hours"],
    "properties": {
        "reasons": {
            "description": "Words of the column reason that begin the pause.",
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "minItems": 1,
        },
        "hours": {"description": "Length of the pause.", "type": "number", "exclusiveMinimum": 0},
    },
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each such failure: whether the same channel tried this person again too early."""
    columns = Columns(run.log)
    failures = columns.rows("failed", "rejected")
    failures = failures[columns.is_word("reason", tuple(params["reasons"]))[failures]]
    if not len(failures):
        return Assessment(n=0, what="failures")
    again = _next_try(columns, failures)
    at = columns.numbers("occurred_at")
    gap = at[again] - at[failures]
    early = np.flatnonzero((again >= 0) & (gap < round(params["hours"] * HOUR)))
    return Assessment(
        n=len(failures),
        failed=len(early),
        evidence=tuple(_evidence(columns, int(again[i]), int(gap[i])) for i in early[:MAX_EVIDENCE]),
        what="failures",
    )


def _next_try(columns: Columns, failures: Int64s) -> Int64s:
    """Return the row of the first hand-over to the same person and channel after each failure; -1: none."""
    at, who = columns.numbers("occurred_at"), _person(columns)
    tries = columns.rows("submitted")[::-1]  # by a clock that runs backwards the next one is the latest before
    found = ByOwner(who[tries], -at[tries]).latest(who[failures], -at[failures] - 1)
    return np.append(tries, -1)[found]


def _person(columns: Columns) -> Int64s:
    """Return one number for each pair of recipient and channel."""
    channels = columns.codes("channel")
    return columns.codes("recipient")[0] * (len(channels[1]) + 1) + channels[0] + 1


def _evidence(columns: Columns, row: int, gap: int) -> Evidence:
    return message(columns, row, f"tried again {gap / HOUR:.1f} hours after the failure")
