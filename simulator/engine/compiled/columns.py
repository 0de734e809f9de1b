"""All columns of packed rows in one pass, as narrow as they go into an Arrow table.

Rows are taken ``LANES`` at a time through all columns, so that they are read from memory once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from policies.jit import compiled
from policies.kernels import inlined
from policies.people import Int64s
from policies.records import MISSING
from simulator.engine.compiled.codes import E_DELIVERED
from simulator.engine.compiled.layout import NO_UNITS
from simulator.engine.compiled.legend import (
    CHARGES,
    DIRECTION,
    LANES,
    PLACED,
    STATE,
    UNTIL,
    Int32s,
    Legend,
    number_places,
)
from simulator.engine.compiled.numbers import word
from simulator.engine.compiled.tables import Records

CODES = (*PLACED, "recipient", "direction", "event", "charge", "rule", "reason")
NUMBERS = ("attempt", "occurred_at", "received_at", "units", "cost", "until", "state")
C_RECIPIENT, C_DIRECTION, C_EVENT, C_CHARGE, C_RULE, C_REASON = range(len(PLACED), len(CODES))
N_ATTEMPT, N_OCCURRED_AT, N_RECEIVED_AT, N_UNITS, N_COST, N_UNTIL, N_STATE = range(len(NUMBERS))


class Columns(NamedTuple):
    """Columns of ``n`` rows: ``CODES``, -1 where one is empty, and ``NUMBERS``, then MISSING or an attempt of -1."""

    codes: Int32s  # shape (CODES, n)
    numbers: Int64s  # shape (NUMBERS, n)


@cache
def machine() -> Callable[..., None]:
    """Return the pass compiled; plain Python where the compiler is switched off."""
    return compiled(lay_out)


def columns_of(size: int) -> Columns:
    """Return columns for so many rows, to be filled by ``fill``."""
    return Columns(np.empty((len(CODES), size), np.int32), np.empty((len(NUMBERS), size), np.int64))


def fill(columns: Columns, start: int, rows: Records, costs: Int64s, legend: Legend) -> None:
    """Set the columns from ``start`` on to what packed rows say."""
    machine()(rows, costs, legend, columns, start, np.empty(LANES, dtype=np.uint32))


def lay_out(rows: Records, costs: Int64s, legend: Legend, columns: Columns, start: int, places: Any) -> None:
    """Do what ``fill`` says; ``places`` is room for LANES numbers of places, uint32."""
    spent = 0
    for at in range(0, len(rows), LANES):
        size = min(LANES, len(rows) - at)
        number_places(rows, at, size, legend, places)
        _placed(start + at, size, legend, places, columns.codes)
        _codes(rows, at, start + at, size, columns.codes)
        _billed(rows, at, start + at, size, legend, places, columns.codes)
        _numbers(rows, at, start + at, size, columns.numbers)
        spent = _costs(rows, at, start + at, size, columns.numbers, costs, spent)


@inlined
def _placed(to: int, size: int, legend: Any, places: Any, codes: Any) -> None:
    for column in range(len(PLACED)):
        for lane in range(size):
            codes[column, to + lane] = legend.places[column, places[lane]]


@inlined
def _codes(rows: Any, at: int, to: int, size: int, codes: Any) -> None:
    for lane in range(size):
        codes[C_RECIPIENT, to + lane] = rows[at + lane].recipient
    for lane in range(size):
        r = rows[at + lane]
        codes[C_DIRECTION, to + lane] = DIRECTION[r.event] if r.recipient >= 0 else -1
    for lane in range(size):
        codes[C_EVENT, to + lane] = rows[at + lane].event
    for lane in range(size):
        r = rows[at + lane]
        codes[C_RULE, to + lane] = -1 if STATE[r.event] else r.extra
    for lane in range(size):
        codes[C_REASON, to + lane] = word(rows[at + lane].reason) - 1


@inlined
def _billed(rows: Any, at: int, to: int, size: int, legend: Any, places: Any, codes: Any) -> None:
    for lane in range(size):
        r = rows[at + lane]
        charge = legend.delivered[places[lane]] if r.event == E_DELIVERED else CHARGES[r.event]
        codes[C_CHARGE, to + lane] = charge if r.units != NO_UNITS else -1


@inlined
def _numbers(rows: Any, at: int, to: int, size: int, numbers: Any) -> None:
    for lane in range(size):
        numbers[N_ATTEMPT, to + lane] = rows[at + lane].attempt
    for lane in range(size):
        numbers[N_OCCURRED_AT, to + lane] = rows[at + lane].at
    for lane in range(size):
        r = rows[at + lane]
        numbers[N_RECEIVED_AT, to + lane] = MISSING if UNTIL[r.event] else r.other
    for lane in range(size):
        units = word(rows[at + lane].units)
        numbers[N_UNITS, to + lane] = units if units != NO_UNITS else MISSING
    for lane in range(size):
        r = rows[at + lane]
        numbers[N_UNTIL, to + lane] = r.other if UNTIL[r.event] else MISSING
    for lane in range(size):
        r = rows[at + lane]
        extra = word(r.extra)
        numbers[N_STATE, to + lane] = extra if STATE[r.event] and extra >= 0 else MISSING


@inlined
def _costs(rows: Any, at: int, to: int, size: int, numbers: Any, costs: Any, spent: int) -> int:
    """Costs lie apart: those of the rows with units, one after another. Returns how many are behind."""
    for lane in range(size):
        numbers[N_COST, to + lane] = MISSING
        if rows[at + lane].units != NO_UNITS:
            numbers[N_COST, to + lane] = costs[spent]
            spent += 1
    return spent
