"""The columns of an event log as integers: names become their place in a list, and events are found by their kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.kinds.base import TEMPLATE_STATES
from policies.people import Int64s, People
from policies.records import CATEGORIES, CHANNELS, MISSING

Bools = npt.NDArray[np.bool_]
Table = npt.NDArray[np.void]
Codes = npt.NDArray[np.int16] | npt.NDArray[np.int32]

LOG_COLUMNS = (
    "recipient", "channel", "category", "campaign", "sender", "template", "event", "reason", "occurred_at",
    "received_at",
)  # fmt: skip
"""The columns that say what a message was and what went before it."""
STATE_OF_REASON = {
    "submitted": "pending", "approved": "approved", "rejected": "rejected", "paused": "paused", "resumed": "approved",
    "disabled": "disabled",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LogRows:
    """The log's columns as integers.

    ``table`` has one entry a row, its fields side by side, since messages are taken in another order than they stand:
    ``at`` (instant, MISSING where empty), ``recipient``, ``channel``, ``category``, ``campaign``, ``sender``,
    ``template`` (places in lists, -1 where unknown), ``submitted`` (1: handed over). ``received`` are instants.
    ``asked`` are the rows of all messages, refused ones too; ``left``, ``replies``, ``bought``, ``changes`` those of
    opt-outs, replies, purchases and changes of a template. ``states`` is the state after each change, MISSING where it
    is none of ours, and ``approved`` marks approvals.
    """

    table: Table
    received: Int64s
    asked: Int64s
    left: Int64s
    replies: Int64s
    bought: Int64s
    changes: Int64s
    states: Int64s
    approved: Bools

    def column(self, name: str, rows: Int64s) -> Int64s:
        """Return a field of the table at some rows."""
        return self.table[name][rows].astype(np.int64)


def read_rows(
    log: pa.Table, people: People, campaigns: Sequence[str], senders: Sequence[str], templates: Sequence[str]
) -> LogRows:
    """Return the columns of a log that has LOG_COLUMNS."""
    event, reason = _coded(log, "event"), _coded(log, "reason")
    submitted = _is(event, "submitted")
    changes = np.flatnonzero(_is(event, "template_state"))
    states = np.full(len(changes), MISSING, np.int64)
    for word, name in STATE_OF_REASON.items():
        states[_is(reason, word)[changes]] = TEMPLATE_STATES.index(name)
    lists = {
        "channel": CHANNELS, "category": CATEGORIES, "campaign": campaigns, "sender": senders, "template": templates,
    }  # fmt: skip
    columns: dict[str, Any] = {"at": _ints(log, "occurred_at"), "recipient": _recipients(log, people)}
    columns |= {name: _places(log, name, known) for name, known in lists.items()}
    return LogRows(
        table=_side_by_side(columns | {"submitted": submitted.astype(np.int8)}),
        received=_ints(log, "received_at"),
        asked=np.flatnonzero(submitted | (_is(event, "rejected") & ~_is(reason, "not_accepted"))),
        left=np.flatnonzero(_is(event, "unsubscribed")),
        replies=np.flatnonzero(_is(event, "replied")),
        bought=np.flatnonzero(_is(event, "purchased")),
        changes=changes,
        states=states,
        approved=_is(reason, "approved")[changes],
    )


def _side_by_side(columns: dict[str, Any]) -> Table:
    """Return the columns as fields of one array; an entry is a whole number of words of eight bytes."""
    width = sum(column.itemsize for column in columns.values())
    kind = np.dtype({
        "names": list(columns), "formats": [column.dtype for column in columns.values()],
        "offsets": np.cumsum([0, *(column.itemsize for column in columns.values())])[:-1].tolist(),
        "itemsize": -(-width // 8) * 8,
    })  # fmt: skip
    table = np.empty(len(columns["at"]), kind)
    for name, column in columns.items():
        table[name] = column
    return table


def _coded(log: pa.Table, name: str) -> pa.DictionaryArray:
    column = log[name].combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks else pa.array([], type=pa.string())
    return column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()


def _ints(log: pa.Table, name: str) -> Int64s:
    column = log[name].cast(pa.int64())
    values: Int64s = (column.fill_null(MISSING) if column.null_count else column).to_numpy()
    return values


def _recipients(log: pa.Table, people: People) -> Codes:
    """Return each row's place among the people; -1 where it is empty or nobody's."""
    column = _coded(log, "recipient")
    return _looked_up(column, people.places_of(column.dictionary), np.int32)


def _places(log: pa.Table, name: str, known: Sequence[str]) -> Codes:
    """Return each row's place in ``known``; -1 where it is empty or not there."""
    column = _coded(log, name)
    place = pc.index_in(column.dictionary.cast(pa.string()), value_set=pa.array(list(known), pa.string())).fill_null(-1)
    kind = np.int16 if len(known) < 2**15 else np.int32
    return _looked_up(column, place.to_numpy(zero_copy_only=False), kind)


def _looked_up(column: pa.DictionaryArray, place: Any, kind: type[np.signedinteger[Any]]) -> Codes:
    lookup = np.append(place, -1).astype(kind)
    places: Codes = lookup[_indices(column, len(lookup) - 1)]
    return places


def _indices(column: pa.DictionaryArray, empty: int) -> Any:
    """Return the codes of a column; ``empty`` where it is empty."""
    codes = column.indices
    return (codes.fill_null(empty) if codes.null_count else codes).to_numpy(zero_copy_only=False)


def _is(column: pa.DictionaryArray, word: str) -> Bools:
    values = column.dictionary.to_pylist()
    if word not in values:
        return np.zeros(len(column), np.bool_)
    same: Bools = _indices(column, -2) == values.index(word)
    return same
