"""What happened in a log, counted stretch by stretch: rows, units and money by campaign, step, event and reason."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from simulator.engine.log import Integers, Rows, column, names
from simulator.engine.model import Model

BY = ("replication", "campaign", "step", "channel", "event", "reason")
SUMS = ("rows", "units", "cost")
"""``units`` are those that were billed, ``cost`` is in micro-units of the scenario's currency."""
MOST = 256
"""Small tables that are kept before they are added up."""


class Counts:
    """Counts the rows of stretches of logs; ``table`` gives what they add up to.

    The sums are exact. Memory does not grow with the log.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self._parts: list[pa.Table] = []

    def add(self, rows: Rows, replication: int) -> None:
        """Count a stretch of the log of a replication."""
        if not len(rows):
            return
        coded = {name: column(rows, name, self.model).astype(np.int32, copy=False) for name in BY[1:]}
        numbers = {"replication": np.full(len(rows), replication, np.int32)} | coded
        billed = column(rows, "charge", self.model) >= 0
        sums = {name: np.where(billed, column(rows, name, self.model), 0) for name in SUMS[1:]}
        self._parts.append(_added_up([pa.table(numbers | {"rows": np.ones(len(rows), np.int64)} | sums)]))
        if len(self._parts) >= MOST:
            self._parts = [_added_up(self._parts)]

    def table(self) -> pa.Table:
        """Return the counts with the columns ``BY`` (names, empty where there is none) and ``SUMS``, in that order."""
        if not self._parts:
            return pa.table({name: pa.array([], pa.string() if name in names(self.model) else pa.int64())
                             for name in (*BY, *SUMS)})  # fmt: skip
        found = _added_up(self._parts).sort_by([(name, "ascending") for name in BY])
        known = names(self.model)
        return pa.table({
            name: _named(found[name].to_numpy(), known[name]) if name in known else found[name].cast(pa.int64())
            for name in (*BY, *SUMS)
        })  # fmt: skip


def _added_up(parts: Sequence[pa.Table]) -> pa.Table:
    found = pa.concat_tables(parts).group_by(list(BY)).aggregate([(name, "sum") for name in SUMS])
    return found.rename_columns([name.removesuffix("_sum") for name in found.column_names])


def _named(codes: Integers, known: Sequence[str]) -> pa.Array:
    return pa.array([known[code] if code >= 0 else "" for code in codes.tolist()], pa.string())
