"""The log of a compiled run: packed rows about people, wide ones about the rest; columns are made when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.people import Int64s
from policies.records import MISSING
from simulator.engine.compiled import layout
from simulator.engine.compiled.codes import E_ANSWERED, E_AUTO_REPLIED, E_HELD
from simulator.engine.compiled.tables import Records
from simulator.engine.log import EVENT, FIELDS, WIDTH
from simulator.engine.model import Model

OF_STEP = ("campaign", "channel", "sender", "template", "category")
_UNTIL = np.zeros(len(EVENT), dtype=bool)
_UNTIL[[E_HELD, E_ANSWERED, E_AUTO_REPLIED]] = True
_BY_STAFF = np.zeros(len(EVENT), dtype=bool)
_BY_STAFF[[E_ANSWERED, E_AUTO_REPLIED]] = True


@dataclass(slots=True)
class Packed:
    """Rows in order of birth, those of ``wide`` last. ``of_step`` tells what a step says, ``of_campaign`` a category."""

    rows: Records
    wide: Int64s
    of_step: dict[str, Int64s]
    of_campaign: Int64s

    def __len__(self) -> int:
        return len(self.rows) + len(self.wide)

    def column(self, name: str) -> Int64s:
        """Return a column of the log (``log.FIELDS``) as integers; -1 or MISSING where it is empty."""
        packed = _NARROW[name](self)
        return np.concatenate([packed.astype(np.int64, copy=False), self.wide[:, FIELDS.index(name)]])

    def matrix(self) -> Int64s:
        """Return all rows as integers, int64[n, WIDTH]."""
        full = np.empty((len(self), WIDTH), dtype=np.int64)
        for index, name in enumerate(FIELDS):
            full[:, index] = self.column(name)
        return full

    def _step(self) -> npt.NDArray[np.int32]:
        return np.where(_BY_STAFF[self.rows.event] | (self.rows.place < 0), -1, self.rows.place)

    def _of_step(self, name: str) -> Int64s:
        """What the step says of channel, sender or template; staff answer on a channel, with no step of their own."""
        place = np.maximum(self.rows.place, -1)
        if name != "channel":
            place = np.where(_BY_STAFF[self.rows.event], -1, place)
        return self.of_step[name][place]

    def _campaign(self) -> Int64s:
        place = self.rows.place
        return np.where(place >= -1, self.of_step["campaign"][np.maximum(place, -1)], -2 - place)

    def _category(self) -> Int64s:
        place = np.where(_BY_STAFF[self.rows.event], -1, self.rows.place)
        of_campaign = self.of_campaign[np.minimum(place, -2) * -1 - 2]
        return np.where(place >= -1, self.of_step["category"][np.maximum(place, -1)], of_campaign)

    def _other(self, until: bool) -> Int64s:
        return np.where(_UNTIL[self.rows.event] == until, self.rows.other, MISSING)


def packed(model: Model, parts: Sequence[Any], wide: Int64s, planned: Sequence[tuple[int, ...]]) -> Packed:
    """Return the log of packed parts, wide rows of the kernel, and rows of planned events."""
    rows = np.concatenate(list(parts)).view(np.recarray) if len(parts) != 1 else parts[0].view(np.recarray)
    further = np.array(planned, dtype=np.int64).reshape(-1, WIDTH)
    of_step = {name: _lookup([getattr(step, name) for step in model.steps]) for name in OF_STEP}
    categories = np.array([campaign.category for campaign in model.campaigns], dtype=np.int64)
    return Packed(rows, np.concatenate([wide, further]), of_step, categories)


def _lookup(values: Sequence[int]) -> Int64s:
    """Return the values with a last one for "no step": -1 finds it."""
    return np.array([*values, -1], dtype=np.int64)


def _empty(values: Any, sentinel: int) -> Int64s:
    return np.where(values == sentinel, MISSING, values.astype(np.int64))


_NARROW: dict[str, Any] = {
    "campaign": Packed._campaign,
    "recipient": lambda log: log.rows.recipient,
    "attempt": lambda log: log.rows.attempt,
    "step": Packed._step,
    "channel": lambda log: log._of_step("channel"),
    "sender": lambda log: log._of_step("sender"),
    "template": lambda log: log._of_step("template"),
    "category": Packed._category,
    "event": lambda log: log.rows.event,
    "occurred_at": lambda log: log.rows.at,
    "received_at": lambda log: log._other(until=False),
    "charge": lambda log: log.rows.charge,
    "units": lambda log: _empty(log.rows.units, layout.NO_UNITS),
    "cost": lambda log: log.rows.cost,
    "rule": lambda log: log.rows.rule,
    "until": lambda log: log._other(until=True),
    "reason": lambda log: log.rows.reason,
    "state": lambda log: _empty(log.rows.state, -1),
}
"""How each column of ``log.FIELDS`` is read off the packed rows."""
