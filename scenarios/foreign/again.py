"""A message that a log tells of more than once, in two exports or two reports, is one message."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.records import MISSING
from scenarios.foreign.fields import TOLD

Int64s = npt.NDArray[np.int64]
MESSAGES = ("submitted", "rejected")


def once(table: pa.Table) -> tuple[pa.Table, int]:
    """Return the log with one hand-over a message, and how many rows tell of a message again.

    The earliest row of a recipient and id stays, the first of the log where times are equal; the others become
    ``told``: their statuses are receipts still.
    """
    keys = ints(table, "message")
    rows = np.flatnonzero(is_event(table, MESSAGES) & (keys != MISSING))
    if not len(rows):
        return table, 0
    order = rows[np.argsort(keys[rows], kind="stable")]
    same = keys[order[1:]] == keys[order[:-1]]
    if not same.any():
        return table, 0
    order = rows[np.lexsort((ints(table, "occurred_at")[rows], keys[rows]))]
    again = np.zeros(len(table), np.bool_)
    again[order[1:][keys[order[1:]] == keys[order[:-1]]]] = True
    event = pc.if_else(pa.array(again), TOLD, table["event"].cast(pa.string())).combine_chunks().dictionary_encode()
    place = table.column_names.index("event")
    return table.set_column(place, "event", event.cast(table.schema.field("event").type)), int(again.sum())


def ints(table: pa.Table, name: str) -> Int64s:
    """Return a column of whole numbers, MISSING where it is empty."""
    column = table[name].cast(pa.int64())
    values: Any = (column.fill_null(MISSING) if column.null_count else column).to_numpy()
    found: Int64s = values.astype(np.int64, copy=False)
    return found


def is_event(table: pa.Table, names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Say which rows are of one of the events."""
    found = pc.is_in(table["event"], value_set=pa.array(names, pa.string()))
    return np.asarray(found.to_numpy(), np.bool_)
