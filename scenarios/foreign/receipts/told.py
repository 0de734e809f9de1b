"""What a log tells of its messages: hand-overs and receipts as flat arrays, each with the number of its message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.records import MISSING
from scenarios.foreign.again import MESSAGES, ints, is_event
from scenarios.foreign.fields import RECEIPTS, STRANGE
from scenarios.foreign.read import Foreign

Int64s = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]

STRANGER = len(RECEIPTS)
"""The code of a status that nobody knows; the others are places in RECEIPTS."""


@dataclass(frozen=True, slots=True)
class Told:
    """Hand-overs and receipts of a log, in the order of its rows.

    ``sent`` are the rows of hand-overs, ``sent_of`` the message of each. ``rows`` are those of receipts, ``status`` the
    place of each in RECEIPTS (STRANGER: unknown), ``at`` when it came to be so (MISSING: not told), ``of`` its message,
    ``alone`` whether the row is no hand-over. Messages count from 0 to ``messages`` - 1, those that were handed over
    first; ``by_id`` says whether rows were brought together by the ids of messages.
    """

    sent: Int64s
    sent_of: Int64s
    rows: Int64s
    status: Codes
    at: Int64s
    of: Int64s
    alone: npt.NDArray[np.bool_]
    messages: int
    by_id: bool


def told(log: Foreign) -> Told:
    """Return what a log tells. A row without an id of its message is a message of its own, or else says nothing."""
    status = _statuses(log.table)
    hand_over = is_event(log.table, MESSAGES)
    keys = ints(log.table, "message")
    has_id = keys != MISSING
    sent = np.flatnonzero(hand_over)
    rows = np.flatnonzero((status >= 0) & (has_id | hand_over))
    number, messages = _numbers(keys, sent, rows[~hand_over[rows]])
    at = ints(log.table, "status_at")[rows]
    alone = ~hand_over[rows]
    at = np.where((at == MISSING) & alone, ints(log.table, "occurred_at")[rows], at)
    return Told(
        sent=sent, sent_of=number[sent], rows=rows, status=status[rows], at=at, of=number[rows], alone=alone,
        messages=messages, by_id=bool(has_id.any()),
    )  # fmt: skip


def _numbers(keys: Int64s, sent: Int64s, others: Int64s) -> tuple[Int64s, int]:
    """Return the number of each row's message, -1 for rows of none, and how many messages there are.

    Each of ``sent`` is a message of its own; ``others`` belong to it by their keys, or to one that was never sent.
    """
    number = np.full(len(keys), -1, np.int64)
    number[sent] = np.arange(len(sent))
    if not len(others):
        return number, len(sent)
    known, place = np.unique(keys[sent], return_index=True)
    found = np.minimum(np.searchsorted(known, keys[others]), len(known) - 1) if len(known) else np.zeros_like(others)
    mine = known[found] == keys[others] if len(known) else np.zeros(len(others), np.bool_)
    number[others[mine]] = place[found[mine]]
    strangers, places = np.unique(keys[others[~mine]], return_inverse=True)
    number[others[~mine]] = len(sent) + places
    return number, len(sent) + len(strangers)


def _statuses(table: pa.Table) -> Codes:
    """Return the status that each row tells, by its column or, if it tells none there, by its event; -1: none."""
    found = _codes(table["status"], {name: place for place, name in enumerate(RECEIPTS)}, STRANGER)
    by_event = _codes(table["event"], {name: place for place, name in enumerate(RECEIPTS)}, -1)
    return np.where(found < 0, by_event, found).astype(np.int8)


def _codes(column: pa.ChunkedArray, codes: dict[str, int], other: int) -> Codes:
    parts = []
    for chunk in column.chunks:
        words = chunk.dictionary.to_pylist()
        lookup = np.array([codes.get(word, other) if word else -1 for word in words] + [-1], np.int8)
        parts.append(lookup[chunk.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)])
    return np.concatenate(parts) if parts else np.zeros(0, np.int8)


def strange_words(table: pa.Table) -> dict[str, int]:
    """Return the statuses that nobody knows and how often each occurs, the most frequent first."""
    counts = pc.value_counts(table["status"].cast(pa.string()))
    found = {
        item["values"].as_py()[len(STRANGE) :]: item["counts"].as_py()
        for item in counts
        if (item["values"].as_py() or "").startswith(STRANGE)
    }
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
