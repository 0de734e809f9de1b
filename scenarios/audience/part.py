"""Some of the people of an audience as an audience of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from policies.coded import Coded
from policies.people import Int64s, People

ARRAYS = ("key", "phone", "country", "zone_set", "zone_source", "present", "feature_phone")
COLUMNS = ("failures_in_a_row", "orders", "last_order_at", "overdue_since", "overdue_micro", "opt_out_at")


def part_of(people: People, places: Int64s) -> People:
    """Return the people at ``places``, in that order, with the consents and values that they have."""
    chosen = pa.array(places)
    sets, of = np.unique(people.consent_set[places].astype(np.int64), return_inverse=True)
    consent_ptr, consents = _slices(people.consent_ptr, people.consents, sets)
    told = sets[sets < len(people.register_ptr) - 1]  # of the sets beyond nothing is known
    register_ptr, registers = _slices(people.register_ptr, people.registers, told)
    columns: dict[str, Any] = {name: getattr(people, name)[places] for name in ARRAYS}
    columns |= {name: _used(getattr(people, name).take(places)) for name in COLUMNS}
    return replace(
        people,
        ids=people.ids_of(places),
        attributes={name: column.take(chosen) for name, column in people.attributes.items()},
        consent_set=of.astype(people.consent_set.dtype),
        consent_ptr=consent_ptr,
        consents=consents,
        register_ptr=register_ptr,
        registers=registers,
        **columns,
    )


def _slices(ptr: Int64s, rows: Int64s, sets: Int64s) -> tuple[Int64s, Int64s]:
    """Return pointers and rows of some of the sets."""
    pieces = [rows[ptr[number] : ptr[number + 1]] for number in sets.tolist()]
    whole = np.concatenate(pieces) if pieces else rows[:0]
    return np.cumsum([0, *map(len, pieces)], dtype=np.int64), whole


def _used(column: Coded) -> Coded:
    codes, of = np.unique(column.codes, return_inverse=True)
    return Coded(of.astype(column.codes.dtype), column.values[codes])
