"""The log of a compiled run: packed rows about people, wide ones about the rest; columns are made when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

from policies.people import Int64s
from policies.records import MISSING
from simulator.engine.compiled import columns, layout
from simulator.engine.compiled.codes import E_DELIVERED
from simulator.engine.compiled.hashing import digest_packed
from simulator.engine.compiled.legend import CHARGES, PLACED, STATE, UNTIL, Legend, legend_of, numbers_of
from simulator.engine.compiled.tables import Records
from simulator.engine.log import (
    FIELDS,
    PIECE,
    WIDTH,
    Columns,
    Hashes,
    Integers,
    Matrix,
    Rows,
    digest_rows,
    read_columns,
)
from simulator.engine.model import Model

CODED = (*PLACED, "recipient", "attempt", "event", "charge", "rule", "reason")
"""Columns in which -1 is none; the others hold instants, money and counts."""


MANY = 1 << 16
"""Rows from which on compiled code reads them: numpy takes 30 ms (measured), loading the code longer."""


def pays(rows: int) -> bool:
    """Say whether so many rows are worth compiled code, and whether there is any."""
    return rows >= MANY and not numba.config.DISABLE_JIT


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the log: rows in order of birth, and the costs of those that have units."""

    rows: Records
    costs: Int64s


@dataclass(slots=True)
class Packed:
    """Rows in order of birth, those of ``wide`` last."""

    parts: Sequence[Part]
    wide: Int64s
    legend: Legend

    def __len__(self) -> int:
        return sum(len(part.rows) for part in self.parts) + len(self.wide)

    def column(self, name: str) -> Int64s:
        """Return a column of the log (``log.FIELDS``) as int64; -1 or MISSING where it is empty."""
        return self.narrow(name).astype(np.int64, copy=False)

    def narrow(self, name: str) -> Integers:
        """Return the same in integers no wider than the rows about people ask for, if there are no others."""
        packed = [_READERS[name](part, self.legend) for part in self.parts]
        if len(packed) == 1 and not len(self.wide):
            return packed[0]
        wide = self.wide[:, FIELDS.index(name)]
        kind = np.int32 if name in CODED else np.int64
        return np.concatenate([*packed, wide], dtype=kind, casting="same_kind")

    def columns(self, model: Model) -> Columns:
        """Return ``log.read_columns`` of the rows."""
        if not pays(len(self)):
            return read_columns(self, model)
        laid, start = columns.columns_of(len(self)), 0
        for part in self.parts:
            columns.fill(laid, start, part.rows, part.costs, self.legend)
            start += len(part.rows)
        made = named(laid)
        for name, values in read_columns(Matrix(self.wide), model).items():
            made[name][start:] = values
        return made

    def digest(self, model: Model, replication: int, hashes: Hashes) -> int:
        """Return the sum of the hashes of the rows."""
        if not pays(len(self)):
            return sum(digest_rows(piece, model, replication, hashes) for piece in self.pieces())
        parts = (digest_packed(part.rows, part.costs, self.legend, model, replication, hashes) for part in self.parts)
        return sum(parts) + Matrix(self.wide).digest(model, replication, hashes)

    def pieces(self) -> Iterator[Rows]:
        """Yield the rows in stretches that fit the processor's caches, ``PIECE`` rows or so each."""
        for part in self.parts:
            costs = np.concatenate([[0], np.cumsum(part.rows.units != layout.NO_UNITS)])
            for start in range(0, len(part.rows), PIECE):
                rows = part.rows[start : start + PIECE]
                own = part.costs[costs[start] : costs[start + len(rows)]]
                yield Packed((Part(rows, own),), self.wide[:0], self.legend)
        yield from Matrix(self.wide).pieces()

    def matrix(self) -> Int64s:
        """Return all rows as integers, int64[n, WIDTH]."""
        full = np.empty((len(self), WIDTH), dtype=np.int64)
        for index, name in enumerate(FIELDS):
            full[:, index] = self.column(name)
        return full


def named(laid: columns.Columns) -> dict[str, Integers]:
    """Return columns by name."""
    return dict(zip((*columns.CODES, *columns.NUMBERS), (*laid.codes, *laid.numbers), strict=True))


def packed(model: Model, parts: Sequence[Part], wide: Int64s, planned: Sequence[tuple[int, ...]]) -> Packed:
    """Return the log of packed parts, wide rows of the kernel, and rows of planned events."""
    further = np.array(planned, dtype=np.int64).reshape(-1, WIDTH)
    return Packed(tuple(parts), np.concatenate([wide, further]), legend_of(model))


def _placed(name: str) -> Any:
    index = PLACED.index(name)
    return lambda part, legend: legend.places[index][numbers_of(part.rows, legend)]


def _other(until: bool) -> Any:
    return lambda part, legend: np.where(UNTIL[part.rows.event] == until, part.rows.other, MISSING)


def _rule(part: Part, legend: Legend) -> Any:
    return np.where(STATE[part.rows.event] == 1, np.int16(-1), part.rows.extra)


def _state(part: Part, legend: Legend) -> Any:
    return np.where((STATE[part.rows.event] == 1) & (part.rows.extra >= 0), part.rows.extra.astype(np.int64), MISSING)


def _units(part: Part, legend: Legend) -> Any:
    return np.where(part.rows.units == layout.NO_UNITS, MISSING, part.rows.units.astype(np.int64))


def _cost(part: Part, legend: Legend) -> Any:
    cost = np.full(len(part.rows), MISSING)
    cost[part.rows.units != layout.NO_UNITS] = part.costs
    return cost


def _charge(part: Part, legend: Legend) -> Any:
    charge = np.where(
        part.rows.event == E_DELIVERED, legend.delivered[numbers_of(part.rows, legend)], CHARGES[part.rows.event]
    )
    return np.where(part.rows.units == layout.NO_UNITS, np.int32(-1), charge)


def _plain(name: str) -> Any:
    return lambda part, legend: part.rows[name]


_READERS: dict[str, Any] = {
    "campaign": _placed("campaign"),
    "recipient": _plain("recipient"),
    "attempt": _plain("attempt"),
    "step": _placed("step"),
    "channel": _placed("channel"),
    "sender": _placed("sender"),
    "template": _placed("template"),
    "category": _placed("category"),
    "event": _plain("event"),
    "occurred_at": _plain("at"),
    "received_at": _other(until=False),
    "charge": _charge,
    "units": _units,
    "cost": _cost,
    "rule": _rule,
    "until": _other(until=True),
    "reason": _plain("reason"),
    "state": _state,
}
"""How each column of ``log.FIELDS`` is read off a part."""
