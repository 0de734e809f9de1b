"""Quota: unique recipients in moving hours, outside the service window, against the limit in force at that moment.

Counted at delivery, as WhatsApp documents it; a person counts once as long as less than the window has passed since
the delivery before.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from policies.evidence import MAX_EVIDENCE, Evidence
from policies.records import HOUR, MISSING, NEVER
from policies.runs.by_owner import ByOwner
from policies.runs.columns import Bools, Columns, Int64s, message
from policies.runs.facts import Assessment, RunFacts

IN_SERVICE_WINDOW = 256
"""The bit of the log's column ``state`` for a message inside a service window (policies.records.COLUMNS)."""

HOURS = 24
"""Length of WhatsApp's window."""

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "scope": {"description": "Who has a limit of its own.", "enum": ["sender", "portfolio"], "default": "sender"},
        "hours": {
            "description": "Length of the moving window.",
            "type": "number",
            "exclusiveMinimum": 0,
            "default": HOURS,
        },
    },
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each delivery that is counted against a limit."""
    columns = Columns(run.log)
    holders, names, owners = _holders(columns, run, params.get("scope", "sender"))
    rows = _counted(columns)
    rows = rows[np.argsort(holders[rows], kind="stable")]  # holder by holder, each in order of time
    whose, at = holders[rows], columns.numbers("occurred_at")[rows]
    starts = _first_limits(run, names, owners)
    known = starts[whose] != MISSING
    limit = _limits(columns, holders, starts, whose, at)
    first, unique = _people(whose, columns.codes("recipient")[0][rows], at, round(params.get("hours", HOURS) * HOUR))
    over = np.flatnonzero(known & first & (unique > limit))
    untold = np.unique(whose[~known]).tolist()
    return Assessment(
        n=len(rows),
        failed=len(over),
        unknown=int((~known).sum()),
        evidence=tuple(_evidence(columns, int(rows[i]), int(unique[i]), int(limit[i])) for i in over[:MAX_EVIDENCE]),
        missing=tuple(f"the limit of sender {names[holder] or '(unnamed)'}" for holder in untold),
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


def _holders(columns: Columns, run: RunFacts, scope: str) -> tuple[Int64s, list[str], dict[str, str]]:
    """Return for each row who holds the limit, as an index; the names of the holders; and the holder of each sender."""
    codes, senders = columns.codes("sender")
    portfolios = run.portfolios if scope == "portfolio" else {}
    owners = {sender: portfolios.get(sender, sender) for sender in (*senders, *run.limits)}
    names = sorted({*owners.values(), ""})
    place = {name: index for index, name in enumerate(names)}
    of_code = np.array([*(place[owners[sender]] for sender in senders), place[""]], np.int64)
    return of_code[codes], names, owners


def _first_limits(run: RunFacts, names: list[str], owners: Mapping[str, str]) -> Int64s:
    """Return the limit of each holder at the start: the greatest of its senders; MISSING where none is known."""
    found: dict[str, int] = {}
    for sender, limit in run.limits.items():
        found[owners[sender]] = max(found.get(owners[sender], MISSING), NEVER if limit is None else limit)
    return np.array([found.get(name, MISSING) for name in names], np.int64)


def _limits(columns: Columns, holders: Int64s, starts: Int64s, whose: Int64s, at: Int64s) -> Int64s:
    """Return the limit in force of each holder at each instant.

    ``NEVER`` is unlimited, as is a change whose column ``units`` is empty.
    """
    changes = columns.rows("limit_changed")
    units = columns.numbers("units")[changes]
    last = ByOwner(holders[changes], columns.numbers("occurred_at")[changes]).latest(whose, at)
    values = np.append(np.where(units == MISSING, NEVER, units), 0)
    return np.where(last >= 0, values[last], starts[whose])


def _people(whose: Int64s, recipients: Int64s, at: Int64s, window: int) -> tuple[Bools, Int64s]:
    """Return which deliveries add a person to those of the holder, and how many people count just after each.

    Deliveries come holder by holder, each in order of time.
    """
    first, unique = np.empty(len(at), np.bool_), np.empty(len(at), np.int64)
    edges = np.flatnonzero(np.diff(whose, prepend=-1, append=-1))
    for start, end in pairwise(edges.tolist()):
        own = slice(start, end)
        first[own], unique[own] = _unique(recipients[own], at[own], window)
    return first, unique


def _unique(recipients: Int64s, at: Int64s, window: int) -> tuple[Bools, Int64s]:
    """Return for one holder which deliveries add a person, and how many people count just after each.

    Of deliveries of one instant the later row comes after the earlier one, so that only those fail that are too many.
    """
    order = np.lexsort((at, recipients))
    who, when = recipients[order], at[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (who[1:] != who[:-1]) | (when[1:] - when[:-1] >= window)
    ends = np.sort(when[np.append(fresh[1:], True)] + window)
    first = np.zeros(len(order), np.bool_)
    first[order] = fresh
    return first, np.cumsum(first) - np.searchsorted(ends, at, side="right")


def _evidence(columns: Columns, row: int, unique: int, limit: int) -> Evidence:
    return message(columns, row, f"recipient {unique} of the moving window at a limit of {limit}")
