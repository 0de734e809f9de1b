"""Quota: unique recipients in moving hours, outside the service window, against the limit in force at that moment.

Counted at delivery, as WhatsApp documents it; a person counts once as long as less than the window has passed since
the delivery before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from policies.evidence import MAX_EVIDENCE, Evidence
from policies.records import HOUR, MISSING, NEVER
from policies.runs.columns import Columns, Int64s, message, value_before
from policies.runs.facts import Assessment, RunFacts

IN_SERVICE_WINDOW = 256
"""The bit of the log's column ``state`` for a message inside a service window (policies.records.COLUMNS)."""

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "scope": {"description": "Who has a limit of its own.", "enum": ["sender", "portfolio"], "default": "sender"},
        "hours": {"description": "Length of the moving window.", "type": "number", "exclusiveMinimum": 0},
    },
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each delivery that is counted against a limit."""
    columns = Columns(run.log)
    rows = _counted(columns)
    holders, names = _holders(columns, run, params.get("scope", "sender"))
    parts = [
        _holder(columns, run, params, rows[holders[rows] == index], holders == index, name)
        for index, name in enumerate(names)
    ]
    missing = tuple(part.note for part in parts if part.unknown)
    return Assessment(
        n=sum(part.n for part in parts),
        failed=sum(part.failed for part in parts),
        unknown=sum(part.unknown for part in parts),
        evidence=tuple(item for part in parts for item in part.evidence)[:MAX_EVIDENCE],
        missing=missing,
        what="deliveries outside the service window",
    )


def _counted(columns: Columns) -> Int64s:
    """Return the rows of deliveries outside the service window; a delivery of unknown state counts."""
    rows = columns.rows("delivered")
    state = columns.numbers("state")[rows]
    lacking = state == MISSING
    if lacking.any():
        state = np.where(lacking, _state_at_hand_over(columns, rows), state)
    inside = (state != MISSING) & (state & IN_SERVICE_WINDOW != 0)
    outside: Int64s = rows[~inside]
    return outside


def _state_at_hand_over(columns: Columns, rows: Int64s) -> Int64s:
    """Return for each row the state of the hand-over with the same campaign, recipient, channel and attempt."""
    key = _keys(columns)
    sent = columns.rows("submitted")
    if not len(sent):
        return np.full(len(rows), MISSING)
    order = sent[np.argsort(key[sent], kind="stable")]
    place = np.minimum(np.searchsorted(key[order], key[rows]), len(order) - 1)
    return np.where(key[order][place] == key[rows], columns.numbers("state")[order][place], MISSING)


def _keys(columns: Columns) -> Int64s:
    """Return one number for each row that tells its attempt from all others."""
    attempt = np.maximum(columns.numbers("attempt"), -1) + 1
    key: Int64s = attempt
    size = int(attempt.max(initial=0)) + 1
    for name in ("channel", "recipient", "campaign"):
        codes, words = columns.codes(name)
        key = key + (codes + 1) * size
        size *= len(words) + 1
    return key


def _holders(columns: Columns, run: RunFacts, scope: str) -> tuple[Int64s, list[str]]:
    """Return for each row who holds the limit, as an index, and the names of the holders."""
    codes, senders = columns.codes("sender")
    owner = [run.portfolios.get(sender, sender) if scope == "portfolio" else sender for sender in senders]
    names = sorted({*owner, ""})
    place = np.array([names.index(name) for name in owner] or [0], np.int64)
    return np.where(codes >= 0, place[codes], names.index("")), names


def _holder(
    columns: Columns,
    run: RunFacts,
    params: Mapping[str, Any],
    rows: Int64s,
    own: np.typing.NDArray[np.bool_],
    name: str,
) -> Assessment:
    """Return the assessment of one holder of a limit."""
    at = columns.numbers("occurred_at")[rows]
    limit = _limits(columns, run, name, own, at)
    if limit is None:
        return Assessment(n=len(rows), unknown=len(rows), note=f"the limit of sender {name or '(unnamed)'}")
    first, unique = _unique(columns.codes("recipient")[0][rows], at, round(params.get("hours", 24) * HOUR))
    over = np.flatnonzero(first & (unique > limit))
    evidence = tuple(_evidence(columns, rows[i], int(unique[i]), int(limit[i])) for i in over[:MAX_EVIDENCE])
    return Assessment(n=len(rows), failed=len(over), evidence=evidence)


def _limits(columns: Columns, run: RunFacts, name: str, own: np.typing.NDArray[np.bool_], at: Int64s) -> Int64s | None:
    """Return the limit in force at each instant; None when the first one is not known.

    ``NEVER`` is unlimited, as is a change whose column ``units`` is empty.
    """
    members = [sender for sender in run.limits if name in (sender, run.portfolios.get(sender))]
    changes = columns.rows("limit_changed")
    changes = changes[own[changes]]
    if not members:
        return None
    units = columns.numbers("units")[changes]
    values = np.where(units == MISSING, NEVER, units)
    starts = [run.limits[sender] for sender in members]
    start = max(NEVER if value is None else value for value in starts)
    return value_before(columns.numbers("occurred_at")[changes], values, at, start)


def _unique(recipients: Int64s, at: Int64s, window: int) -> tuple[np.typing.NDArray[np.bool_], Int64s]:
    """Return which deliveries add a person, and how many people count just after each; ``at`` ascends."""
    order = np.lexsort((at, recipients))
    who, when = recipients[order], at[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (who[1:] != who[:-1]) | (when[1:] - when[:-1] >= window)
    last = np.append(fresh[1:], True) if len(order) else fresh
    ends = np.sort(when[last] + window)
    starts = np.sort(when[fresh])
    first = np.zeros(len(order), np.bool_)
    first[order] = fresh
    return first, np.searchsorted(starts, at, side="right") - np.searchsorted(ends, at, side="right")


def _evidence(columns: Columns, row: int, unique: int, limit: int) -> Evidence:
    return message(columns, row, f"recipient {unique} of the moving window at a limit of {limit}")
