"""Where people live, and what the script forces upon them, as arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from policies.gate import Gate
from policies.people import Int64s, People
from policies.places import markets
from simulator.draws import PURPOSE
from simulator.engine.compiled import layout
from simulator.engine.compiled.tables import Records, records
from simulator.engine.model import Model

PIECE = 1 << 16
"""Recipients looked at together."""


def flat_places(model: Model, gate: Gate | None) -> tuple[Records, npt.NDArray[np.uint16]]:
    """Return the distinct places where people live, and their rows by zone set and country, both from -1 on."""
    lived_in = _lived_in(model.people)
    distinct = np.argwhere(lived_in) - 1
    market = [*markets(model.people.countries), -1]
    rows = records(layout.PLACE, len(distinct))
    for row, (zone_set, country) in zip(rows, distinct.tolist(), strict=False):
        row.local_offset = model.zone_offset[zone_set]
        row.country, row.country_row = country, market[country] + 1
        row.calendar = country
        if gate is not None and zone_set >= 0:
            row.zone_from, row.zone_to = gate.tables.zone_set_ptr[zone_set : zone_set + 2].tolist()
    place_of = np.zeros(lived_in.shape, dtype=np.uint16)
    place_of[lived_in] = np.arange(len(distinct))
    return rows, place_of


def _lived_in(people: People) -> npt.NDArray[np.bool_]:
    """Say of each zone set and country, both from -1 on, whether somebody lives there."""
    found = np.zeros((len(people.zone_sets) + 1, len(people.countries) + 1), dtype=np.bool_)
    for first in range(0, len(people), PIECE):
        part = slice(first, first + PIECE)
        found[people.zone_set[part] + 1, people.country[part] + 1] = True
    return found


def flat_script(model: Model) -> tuple[Int64s, npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return the forced draws sorted by recipient: whom and what they are about, their purposes, the draws."""
    forced = sorted((key[:4], PURPOSE[key[4]], value) for key, value in model.script.items()) or [((-1, 0, 0, 0), 0, 0)]
    about, purposes, values = zip(*forced, strict=True)
    return np.array(about, np.int64), np.array(purposes, np.uint64), np.array(values, np.uint64)
