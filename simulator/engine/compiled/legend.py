"""What the place and the event of a packed row say of its columns, as tables that kernels and numpy look up alike."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from policies.kernels import inlined
from simulator.engine.compiled.codes import (
    E_ACCEPTED,
    E_ANSWERED,
    E_AUTO_REPLIED,
    E_HELD,
    E_SESSION_OPENED,
    E_SUBMITTED,
)
from simulator.engine.compiled.numbers import word
from simulator.engine.log import EVENT, INCOMING, names
from simulator.engine.model import (
    CHARGE_ACCEPT,
    CHARGE_DELIVERED,
    CHARGE_SECOND,
    CHARGE_SESSION,
    CHARGE_SUBMIT,
    Model,
)

PLACED = ("campaign", "step", "channel", "provider", "sender", "template", "category")
"""Columns that follow from the place of a row."""
LANES = 256
"""Rows that a kernel takes through all columns together: they and what is made of them stay next to the processor."""

Int32s = npt.NDArray[np.int32]


def _events(*codes: int) -> npt.NDArray[np.uint8]:
    flags = np.zeros(len(EVENT), dtype=np.uint8)
    flags[list(codes)] = 1
    return flags


UNTIL = _events(E_HELD, E_ANSWERED, E_AUTO_REPLIED)
"""By event, whether ROW.other is ``until``; else it is ``received_at``."""
BY_STAFF = _events(E_ANSWERED, E_AUTO_REPLIED)
"""By event, whether staff did it: on a channel, but for no step."""
STATE = _events(E_SUBMITTED)
"""By event, whether ROW.extra is ``state``; else it is ``rule``."""
DIRECTION = _events(*INCOMING).astype(np.int32)
CHARGES = np.full(len(EVENT), -1, dtype=np.int32)
"""By event, the charge of a row with units; that of deliveries depends on the step."""
for _code, _kind in ((E_SUBMITTED, CHARGE_SUBMIT), (E_ACCEPTED, CHARGE_ACCEPT), (E_SESSION_OPENED, CHARGE_SESSION)):
    CHARGES[_code] = _kind


class Legend(NamedTuple):
    """Columns by the number of a place (``number_places``); -1 where one is empty."""

    places: Int32s  # shape (PLACED, numbers)
    delivered: Int32s  # shape (numbers,): the charge of deliveries
    lowest: int  # the lowest place there is
    many: int  # how many places there are; the second so many numbers are for what staff did


def legend_of(model: Model) -> Legend:
    """Return what the places of a model say: its campaigns from the last to the first, no step, its steps."""
    campaigns = range(len(model.campaigns) - 1, -1, -1)
    providers = names(model)["provider"]
    table: list[tuple[int, ...]] = [(place, -1, -1, -1, -1, -1, model.campaigns[place].category) for place in campaigns]
    table.append((-1,) * len(PLACED))
    for place, step in enumerate(model.steps):
        provider = -1 if step.sender < 0 else providers.index(model.senders[step.sender].provider)
        table.append((step.campaign, place, step.channel, provider, step.sender, step.template, step.category))
    charges = [-1] * (len(campaigns) + 1)
    charges += [CHARGE_DELIVERED if step.second is None else CHARGE_SECOND for step in model.steps]
    places = np.array(table, dtype=np.int32).T
    return Legend(
        np.ascontiguousarray(np.concatenate([places, _by_staff(places, len(campaigns))], axis=1)),
        np.array(charges * 2, dtype=np.int32),
        -1 - len(campaigns),
        len(table),
    )


def _by_staff(places: Int32s, campaigns: int) -> Int32s:
    """The same for what staff did: of a step only campaign and channel are left."""
    left = places.copy()
    for index, name in enumerate(PLACED):
        if name not in ("campaign", "channel"):
            left[index, campaigns + 1 :] = -1
    return left


def numbers_of(rows: Any, legend: Legend) -> npt.NDArray[np.intp]:
    """Return the number of each row's place, int[n]."""
    lowest: npt.NDArray[np.intp] = rows.place - np.intp(legend.lowest)
    return lowest + legend.many * BY_STAFF[rows.event].astype(np.intp)


@inlined
def number_places(rows: Any, first: int, size: int, legend: Any, numbers: Any) -> None:
    """Set ``numbers[:size]`` to those of ``rows[first : first + size]``."""
    for lane in range(size):
        r = rows[first + lane]
        numbers[lane] = word(r.place) - legend.lowest + legend.many * word(BY_STAFF[r.event])
