"""What the model knows of each recipient, as lists: plain Python indexes them several times faster than arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.people import Int64s, People
from policies.places import markets
from policies.records import CHANNELS, NEVER
from simulator.engine.model import Model


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists by recipient, in the order of ``people``; made once a replication, for the schedulers in plain Python.

    ``units``, ``text`` and ``guarded`` are by step: one number, or a list by recipient. ``opt_outs`` says by
    recipient * channels + channel when people had opted out before the start; only those who did.
    """

    keys: list[int]
    present: list[int]
    feature_phone: list[bool]
    country: list[int]
    market: list[int]  # place of the country's prices, policies.places.markets
    local_offset: list[int]
    dead: list[bool]
    orders: list[int]
    last_order_at: list[int]
    overdue_since: list[int]
    opt_outs: dict[int, int]
    units: list[list[int] | int]
    text: list[list[int] | int]
    guarded: list[list[int] | int]


def lists_of(model: Model) -> Lists:
    """Return the lists of a model."""
    people = model.people
    return Lists(
        keys=people.key.tolist(),
        present=people.present.tolist(),
        feature_phone=people.feature_phone.tolist(),
        country=people.country.tolist(),
        market=np.array([*markets(people.countries), -1])[people.country].tolist(),
        local_offset=local_offsets(model).tolist(),
        dead=model.dead.tolist(),
        orders=people.orders[:].tolist(),
        last_order_at=people.last_order_at[:].tolist(),
        overdue_since=people.overdue_since[:].tolist(),
        opt_outs=opt_outs(people),
        units=[_listed(step.units) for step in model.steps],
        text=[_listed(step.text) for step in model.steps],
        guarded=[_listed(step.guarded) for step in model.steps],
    )


def opt_outs(people: People) -> dict[int, int]:
    """Return when people had opted out, by recipient * channels + channel; only those who had."""
    left = np.flatnonzero((people.opt_out_at.values < NEVER).any(axis=1))
    who = np.flatnonzero(np.isin(people.opt_out_at.codes, left))
    rows = people.opt_out_at[who]
    place, channel = np.nonzero(rows < NEVER)
    at = rows[place, channel].tolist()
    return dict(zip((who[place] * len(CHANNELS) + channel).tolist(), at, strict=True))


def local_offsets(model: Model) -> Int64s:
    """Return each recipient's wall clock minus UTC at the start, microseconds."""
    offsets: Int64s = model.zone_offset[model.people.zone_set]
    return offsets


def _listed(values: npt.NDArray[np.integer[Any]] | int) -> list[int] | int:
    return values if isinstance(values, int) else values.tolist()
