"""The log of a compiled run: packed rows about people, wide ones about the rest; columns are made when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from policies.people import Int64s
from policies.records import MISSING
from simulator.engine.compiled import layout
from simulator.engine.compiled.codes import (
    E_ACCEPTED,
    E_ANSWERED,
    E_AUTO_REPLIED,
    E_DELIVERED,
    E_HELD,
    E_SESSION_OPENED,
    E_SUBMITTED,
)
from simulator.engine.compiled.tables import Records
from simulator.engine.log import EVENT, FIELDS, PIECE, WIDTH, Integers, Matrix, Rows
from simulator.engine.model import (
    CHARGE_ACCEPT,
    CHARGE_DELIVERED,
    CHARGE_SECOND,
    CHARGE_SESSION,
    CHARGE_SUBMIT,
    Model,
)

OF_STEP = ("campaign", "channel", "sender", "template", "category")
CODED = (*OF_STEP, "recipient", "attempt", "step", "event", "charge", "rule", "reason")
"""Columns in which -1 is none; the others hold instants, money and counts."""


def _events(*codes: int) -> Any:
    flags = np.zeros(len(EVENT), dtype=bool)
    flags[list(codes)] = True
    return flags


UNTIL = _events(E_HELD, E_ANSWERED, E_AUTO_REPLIED)
BY_STAFF = _events(E_ANSWERED, E_AUTO_REPLIED)
STATE = _events(E_SUBMITTED)
CHARGES = np.full(len(EVENT), -1, dtype=np.int32)
for _code, _kind in ((E_SUBMITTED, CHARGE_SUBMIT), (E_ACCEPTED, CHARGE_ACCEPT), (E_SESSION_OPENED, CHARGE_SESSION)):
    CHARGES[_code] = _kind


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the log: rows in order of birth, and the costs of those that have units."""

    rows: Records
    costs: Int64s


@dataclass(frozen=True, slots=True)
class Steps:
    """What a step says of its rows: columns of ``OF_STEP`` by step, and which charge its deliveries are; int32.

    The last of each is for "no step". ``campaign_category`` is by campaign.
    """

    columns: Mapping[str, Integers]
    delivered_charge: Integers
    campaign_category: Integers


@dataclass(slots=True)
class Packed:
    """Rows in order of birth, those of ``wide`` last."""

    parts: Sequence[Part]
    wide: Int64s
    steps: Steps

    def __len__(self) -> int:
        return sum(len(part.rows) for part in self.parts) + len(self.wide)

    def column(self, name: str) -> Int64s:
        """Return a column of the log (``log.FIELDS``) as int64; -1 or MISSING where it is empty."""
        return self.narrow(name).astype(np.int64, copy=False)

    def narrow(self, name: str) -> Integers:
        """Return the same in integers no wider than the rows about people ask for, if there are no others."""
        packed = [_READERS[name](part, self.steps) for part in self.parts]
        if len(packed) == 1 and not len(self.wide):
            return packed[0]
        wide = self.wide[:, FIELDS.index(name)]
        kind = np.int32 if name in CODED else np.int64
        return np.concatenate([*packed, wide], dtype=kind, casting="same_kind")

    def pieces(self) -> Iterator[Rows]:
        """Yield the rows in stretches."""
        for part in self.parts:
            costs = np.concatenate([[0], np.cumsum(part.rows.units != layout.NO_UNITS)])
            for start in range(0, len(part.rows), PIECE):
                rows = part.rows[start : start + PIECE]
                own = part.costs[costs[start] : costs[start + len(rows)]]
                yield Packed((Part(rows, own),), self.wide[:0], self.steps)
        yield from Matrix(self.wide).pieces()

    def matrix(self) -> Int64s:
        """Return all rows as integers, int64[n, WIDTH]."""
        full = np.empty((len(self), WIDTH), dtype=np.int64)
        for index, name in enumerate(FIELDS):
            full[:, index] = self.column(name)
        return full


def packed(model: Model, parts: Sequence[Part], wide: Int64s, planned: Sequence[tuple[int, ...]]) -> Packed:
    """Return the log of packed parts, wide rows of the kernel, and rows of planned events."""
    further = np.array(planned, dtype=np.int64).reshape(-1, WIDTH)
    return Packed(tuple(parts), np.concatenate([wide, further]), steps_of(model))


def steps_of(model: Model) -> Steps:
    """Return what the steps of a model say of their rows."""
    columns = {name: np.array([*(getattr(s, name) for s in model.steps), -1], np.int32) for name in OF_STEP}
    charges = [CHARGE_DELIVERED if step.second is None else CHARGE_SECOND for step in model.steps]
    categories = np.array([campaign.category for campaign in model.campaigns], np.int32)
    return Steps(columns, np.array([*charges, -1], np.int32), categories)


def _place(part: Part) -> Any:
    """The step of each row; -1: none. Staff answer on a channel, but for no step."""
    return np.where(BY_STAFF[part.rows.event], -1, np.maximum(part.rows.place, -1))


def _of_step(name: str) -> Any:
    return lambda part, steps: steps.columns[name][_place(part)]


def _channel(part: Part, steps: Steps) -> Any:
    return steps.columns["channel"][np.maximum(part.rows.place, -1)]


def _campaign(part: Part, steps: Steps) -> Any:
    place = part.rows.place
    return np.where(place >= -1, steps.columns["campaign"][np.maximum(place, -1)], np.int32(-2) - place)


def _category(part: Part, steps: Steps) -> Any:
    of_campaign = steps.campaign_category[-2 - np.minimum(part.rows.place, -2)]
    return np.where(part.rows.place >= -1, steps.columns["category"][_place(part)], of_campaign)


def _other(until: bool) -> Any:
    return lambda part, steps: np.where(UNTIL[part.rows.event] == until, part.rows.other, MISSING)


def _rule(part: Part, steps: Steps) -> Any:
    return np.where(STATE[part.rows.event], np.int16(-1), part.rows.extra)


def _state(part: Part, steps: Steps) -> Any:
    return np.where(STATE[part.rows.event] & (part.rows.extra >= 0), part.rows.extra.astype(np.int64), MISSING)


def _units(part: Part, steps: Steps) -> Any:
    return np.where(part.rows.units == layout.NO_UNITS, MISSING, part.rows.units.astype(np.int64))


def _cost(part: Part, steps: Steps) -> Any:
    cost = np.full(len(part.rows), MISSING)
    cost[part.rows.units != layout.NO_UNITS] = part.costs
    return cost


def _charge(part: Part, steps: Steps) -> Any:
    charge = np.where(part.rows.event == E_DELIVERED, steps.delivered_charge[_place(part)], CHARGES[part.rows.event])
    return np.where(part.rows.units == layout.NO_UNITS, np.int32(-1), charge)


def _plain(name: str) -> Any:
    return lambda part, steps: part.rows[name]


_READERS: dict[str, Any] = {
    "campaign": _campaign,
    "recipient": _plain("recipient"),
    "attempt": _plain("attempt"),
    "step": lambda part, steps: _place(part),
    "channel": _channel,
    "sender": _of_step("sender"),
    "template": _of_step("template"),
    "category": _category,
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
