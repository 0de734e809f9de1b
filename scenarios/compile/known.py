"""What an audience says of its people, attribute by attribute: distinct values, and which of them is whose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.coded import Coded
from policies.people import People
from policies.places import nation
from policies.records import CHANNELS, MISSING, NEVER


@dataclass(frozen=True, slots=True)
class Known:
    """An attribute that stays as it is: ``values[codes[i]]`` for recipient ``i``, None where it is not known."""

    values: list[Any]
    codes: npt.NDArray[np.integer[Any]]


def static_attribute(name: str, people: People) -> Known:
    """Return an attribute that does not change within a run; one that is not built in must be a column."""
    if name == "country":
        return Known([*map(nation, people.countries), None], people.country)
    if name == "orders":
        return _of_values(people.orders, lambda count: None if count == MISSING else count)
    if name == "overdue":
        return _of_values(people.overdue_since, lambda at: None if at == MISSING else at < NEVER)
    if name == "feature_phone":
        return Known([False, True], people.feature_phone.view(np.uint8))
    if name.startswith("has_") and name[4:] in CHANNELS:
        return Known([False, True], people.present >> np.uint16(CHANNELS.index(name[4:])) & np.uint16(1))
    column = people.attributes[name]
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    codes = coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)
    return Known([*coded.dictionary.to_pylist(), None], codes)


def _of_values(column: Coded, meaning: Any) -> Known:
    return Known([meaning(value) for value in column.values.tolist()], column.codes)
