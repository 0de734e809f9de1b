"""The model as flat tables: everything that a scenario fixes, made once and shared by all replications."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simulator.engine.compiled.numbers import CERTAIN
from simulator.engine.model import Table
from simulator.tables import POINTS

Int64s = npt.NDArray[np.int64]
Records = Any
"""A numpy record array, of which numpy's types tell nothing."""
NUMBER_CHANNELS = ("sms", "flash_call", "voice")
LARGEST_PRODUCT = 2**62


class Tables(NamedTuple):
    """What no event changes. Records of ``layout``, but for integers by person, quantiles and the gate's arrays."""

    channels: Records
    steps: Records
    conditions: Records
    stretches: Int64s  # shape (n, 2): microseconds since a purchase
    rates: Records  # shape (tariffs, layout.COUNTRIES)
    tiers: Records
    month_starts: Int64s
    places: Records
    quantiles: Int64s  # shape (tables, POINTS + 1)
    by_person: npt.NDArray[np.int32]  # shape (columns, people): units and texts of steps
    flags: npt.NDArray[np.uint8]  # shape (columns, people): answers of conditions
    timers: Int64s  # distinct durations of waits and delays, longest first
    script: Int64s  # shape (n, 4): recipient, campaign, channel, attempt
    script_purposes: npt.NDArray[np.uint64]
    script_values: npt.NDArray[np.uint64]
    gate_rows: Int64s  # the rules that may speak of each step, step by step
    gate_rules: Int64s  # and the index of each one's name
    gate_watching: Int64s  # rules that keep a history
    set_zones: Int64s
    zone_ptr: Int64s
    trans_at: Int64s
    trans_off: Int64s
    day_first: int
    day_class: Int64s
    consent_ptr: Int64s
    consents: Int64s
    register_ptr: Int64s
    registers: Int64s
    content_answers: Int64s
    wordings: Int64s


def records(dtype: np.dtype[Any], size: int | tuple[int, ...]) -> Records:
    """Return an array of records, all zero; at least one, so that no table is empty."""
    shape = (max(size, 1),) if isinstance(size, int) else size
    return np.zeros(shape, dtype=dtype).view(np.recarray)


def aligned(words: int) -> Int64s:
    """Return memory of so many words that begins where a line of the processor's cache does; nothing is in it yet."""
    room = np.empty(words + 8, dtype=np.int64)
    first = -room.ctypes.data % 64 // 8
    return room[first : first + words]


def read_only(values: npt.NDArray[Any], kind: type[np.generic]) -> Any:
    """Return an array of this kind that cannot be written to; to the compiler all such are of one type."""
    seen = np.ascontiguousarray(values, kind).view()
    seen.flags.writeable = False
    return seen


def bound(value: int) -> int:
    """Return a bound of chances as it is stored."""
    return min(value, CERTAIN)


class Columns:
    """Deals out the int64 columns of a person's row, as features ask for them."""

    def __init__(self) -> None:
        self.width = 0

    def take(self, number: int = 1) -> int:
        """Return the first of ``number`` new columns."""
        first = self.width
        self.width += number
        return first


class Quantiles:
    """Collects quantile tables, each once."""

    def __init__(self) -> None:
        self.rows: list[Table] = []
        self.place: dict[tuple[int, ...], int] = {}

    def add(self, table: Table | None) -> int:
        """Return the row of a table; -1 for None."""
        if table is None:
            return -1
        key = tuple(table)
        if key not in self.place:
            self.place[key] = len(self.rows)
            self.rows.append(table)
        return self.place[key]

    def array(self) -> Int64s:
        """Return all tables, int64[n, POINTS + 1]."""
        return np.array(self.rows or [[0] * (POINTS + 1)], dtype=np.int64)
