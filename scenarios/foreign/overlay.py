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


def overlay(a: Int64s, rows: pa.Table, texts: Int64s, brands: Sequence[str]) -> None:
    """Fill the attempts ``a`` (shape (n, A_WIDTH)) from their rows, column by column where a row says something."""
    for cell, name in CELLS:
        _put(a, cell, _ints(rows, name))
    _put(a, k.A_TEXT, texts)
    _put(a, k.A_BRAND, _places(rows, "brand", brands))
    _put(a, k.A_TEMPLATE_STATE, _places(rows, "template_state", k.TEMPLATE_STATES))
    out = opted_out(_ints(rows, "opted_out_at"), _ints(rows, "opted_out_channel"), a[:, k.A_CHANNEL])
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
