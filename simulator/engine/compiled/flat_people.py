"""Where people live, what the script forces upon them, and their flags, as arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from policies.gate import Gate
from policies.people import Int64s
from policies.places import markets
from simulator.draws import PURPOSE
from simulator.engine.compiled import layout
from simulator.engine.compiled.tables import Records, records
from simulator.engine.model import Model


def flat_places(model: Model, gate: Gate | None) -> tuple[Records, npt.NDArray[np.uint16]]:
    """Return the distinct places where people live, and each person's."""
    people = model.people
    width, market = len(people.countries) + 1, [*markets(people.countries), -1]
    codes = (people.zone_set.astype(np.int64) + 1) * width + people.country.astype(np.int64) + 1
    distinct, inverse = np.unique(codes, return_inverse=True)
    rows = records(layout.PLACE, len(distinct))
    for row, code in zip(rows, distinct.tolist(), strict=False):
        zone_set, country = code // width - 1, code % width - 1
        row.local_offset = model.zone_offset[zone_set]
        row.country, row.country_row = country, market[country] + 1
        row.calendar = country
        if gate is not None and zone_set >= 0:
            row.zone_from, row.zone_to = gate.tables.zone_set_ptr[zone_set : zone_set + 2].tolist()
    return rows, inverse.astype(np.uint16)


def flat_script(model: Model) -> tuple[Int64s, npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return the forced draws sorted by recipient: whom and what they are about, their purposes, the draws."""
    forced = sorted((key[:4], PURPOSE[key[4]], value) for key, value in model.script.items()) or [((-1, 0, 0, 0), 0, 0)]
    about, purposes, values = zip(*forced, strict=True)
    return np.array(about, np.int64), np.array(purposes, np.uint64), np.array(values, np.uint64)


def person_flags(model: Model, script: Int64s) -> npt.NDArray[np.uint32]:
    """Return ``layout.PERSON.bits`` of each recipient at the start."""
    flags = model.people.present.astype(np.uint32)
    flags |= np.where(model.people.feature_phone, np.uint32(layout.FEATURE_PHONE), np.uint32(0))
    flags |= np.where(model.dead, np.uint32(layout.DEAD), np.uint32(0))
    if model.script:
        flags[script[:, 0]] |= np.uint32(layout.SCRIPTED)
    return flags
