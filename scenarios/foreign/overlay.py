"""What the rows of a foreign log say of their own messages, laid over what the log's history says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.kinds import base as k
from policies.records import MISSING, NEVER
from scenarios.audience.consents import ALL_CHANNELS

Int64s = npt.NDArray[np.int64]

CELLS = (
    (k.A_TEMPLATE_SINCE, "template_registered_at"),
    (k.A_LAST_INBOUND, "last_inbound_at"),
    (k.A_ORDERS, "orders"),
    (k.A_LAST_ORDER_AT, "last_order_at"),
    (k.A_OVERDUE_SINCE, "overdue_since"),
    (k.A_VALIDITY, "validity_s"),
)
"""Cells of an attempt that a column gives as they are."""
OPT_OUT = ("opted_out_at", "opted_out_channel")
TOLD = (*(name for _, name in CELLS), "text", "brand", "template_state", *OPT_OUT)
"""Columns that say something of their own message."""


def overlay(a: Int64s, rows: pa.Table, texts: Int64s, brands: Sequence[str]) -> None:
    """Fill the attempts ``a`` (shape (n, A_WIDTH)) from their rows, column by column where a row says something.

    ``rows`` has those of the columns TOLD that the log has.
    """
    for cell, name in CELLS:
        if name in rows.column_names:
            _put(a, cell, _ints(rows, name))
    _put(a, k.A_TEXT, texts)
    for cell, name, words in ((k.A_BRAND, "brand", brands), (k.A_TEMPLATE_STATE, "template_state", k.TEMPLATE_STATES)):
        if name in rows.column_names:
            _put(a, cell, _places(rows, name, words))
    if any(name in rows.column_names for name in OPT_OUT):
        _opt_out(a, rows)


def _opt_out(a: Int64s, rows: pa.Table) -> None:
    nothing = np.full(len(a), MISSING, np.int64)
    at, channels = (_ints(rows, name) if name in rows.column_names else nothing for name in OPT_OUT)
    out = opted_out(at, channels, a[:, k.A_CHANNEL])
    for cell in (k.A_OPT_OUT_AT, k.A_OPT_OUT_RECEIVED_AT):
        both = np.minimum(np.where(a[:, cell] == MISSING, NEVER, a[:, cell]), out)
        a[:, cell] = np.where(out == MISSING, a[:, cell], both)


def opted_out(at: Int64s, channels: Int64s, channel: Int64s) -> Int64s:
    """Return when each recipient opted out of the message's channel: NEVER: did not, MISSING: not known.

    Without channels it is an opt-out from all; without a date it counts from the beginning. Nothing said is nothing
    known.
    """
    mask = np.where(channels == MISSING, ALL_CHANNELS, channels)
    concerned = (mask >> channel) & 1 == 1
    when = np.where(at == MISSING, -NEVER, at)
    said = (at != MISSING) | (channels != MISSING)
    return np.where(said, np.where(concerned, when, NEVER), MISSING)


def _put(a: Int64s, cell: int, values: Int64s) -> None:
    a[:, cell] = np.where(values == MISSING, a[:, cell], values)


def _ints(rows: pa.Table, name: str) -> Int64s:
    values: Int64s = rows[name].cast(pa.int64()).fill_null(MISSING).to_numpy().astype(np.int64)
    return values


def _places(rows: pa.Table, name: str, words: Sequence[str]) -> Int64s:
    found = pc.index_in(rows[name].cast(pa.string()), value_set=pa.array(list(words), pa.string()))
    values: Int64s = found.cast(pa.int64()).fill_null(MISSING).to_numpy().astype(np.int64)
    return values
