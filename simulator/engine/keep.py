"""What is written of a log, and where it goes: every row, only those from which the rest can be made again, or none."""

from __future__ import annotations

from typing import Literal, Protocol, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.records import EVENTS
from simulator.engine.log import Matrix, Rows

LogName = Literal["full", "dispatch", "none"]
LOG_NAMES: tuple[LogName, ...] = get_args(LogName)
ORIGINS: dict[LogName, tuple[str, ...]] = {
    "full": ("decided", "derived", "scenario"), "dispatch": ("decided", "scenario"), "none": (),
}  # fmt: skip
STRETCH = 1 << 18
"""Rows that an engine hands to a sink at a time: about 10 MB as the compiled engine packs them."""


class Sink(Protocol):
    """Takes the stretches of a log as they are filled, in order of birth, so that a run need not hold them."""

    def take(self, rows: Rows) -> None:
        """Take one stretch; it is not changed any more."""


def kept_events(keep: LogName) -> npt.NDArray[np.int8]:
    """Return by event whether its rows are written, int8[events]."""
    return np.array([event.origin in ORIGINS[keep] for event in EVENTS], dtype=np.int8)


def derived_events() -> npt.NDArray[np.int8]:
    """Return by event whether a dispatch log leaves its rows out, int8[events]."""
    return kept_events("full") - kept_events("dispatch")


def kept(log: Rows, keep: LogName) -> Rows:
    """Return the rows of a full log that are written."""
    return log if keep == "full" else Matrix(log.matrix()[kept_events(keep)[log.column("event")] == 1])


def kept_table(log: pa.Table, keep: LogName) -> pa.Table:
    """Return the rows of a full log's table that are written."""
    if keep == "full":
        return log
    names = [event.name for event in EVENTS if event.origin in ORIGINS[keep]]
    return log.filter(pc.is_in(log["event"].cast(pa.string()), value_set=pa.array(names, type=pa.string())))


def hand_on(log: Rows, keep: LogName, sink: Sink | None) -> Rows:
    """Return what is written of a full log, or hand that to the sink and return an empty log."""
    rows = kept(log, keep)
    if sink is None:
        return rows
    matrix = rows.matrix()
    for start in range(0, len(matrix), STRETCH):
        sink.take(Matrix(matrix[start : start + STRETCH]))
    return Matrix(matrix[:0])
