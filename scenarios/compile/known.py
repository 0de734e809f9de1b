"""What an audience says of its people, attribute by attribute: distinct values, and which of them is whose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.coded import Coded
from policies.people import People, shared
from policies.records import CHANNELS, DAY, MISSING, NEVER

DYNAMIC = ("purchased", "days_since_purchase", "messages_last_7_days")
STATIC = ("country", "orders", "feature_phone", "overdue")

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Known:
    """An attribute that stays as it is: ``values[codes[i]]`` for recipient ``i``, None where it is not known."""

    values: list[Any]
    codes: npt.NDArray[np.integer[Any]]


def is_built_in(name: str) -> bool:
    """Say whether an attribute is known of every audience, without a column of its own."""
    return name in (*DYNAMIC, *STATIC) or (name.startswith("has_") and name[4:] in CHANNELS)


def static_attribute(name: str, people: People) -> Known | None:
    """Return an attribute that does not change within a run; None for a name that the audience does not know."""
    if name == "country":
        return Known([*people.countries, None], people.country)
    if name == "orders":
        return _of_values(people.orders, lambda count: None if count == MISSING else count)
    if name == "overdue":
        return _of_values(people.overdue_since, lambda at: None if at == MISSING else at < NEVER)
    if name == "feature_phone":
        return Known([False, True], people.feature_phone.view(np.uint8))
    if name.startswith("has_") and name[4:] in CHANNELS:
        return Known([False, True], people.present >> np.uint16(CHANNELS.index(name[4:])) & np.uint16(1))
    column = people.attributes.get(name)
    if column is None:
        return None
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    codes = coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)
    return Known([*coded.dictionary.to_pylist(), None], codes)


def at_first(name: str, people: People, at: int) -> Known | None:
    """Return an attribute as it is at instant ``at`` for people to whom nothing has happened in this run."""
    if name == "purchased":
        return Known([False], shared(0, len(people), np.uint8))
    if name == "messages_last_7_days":
        return Known([0], shared(0, len(people), np.uint8))
    if name == "days_since_purchase":
        return _of_values(people.last_order_at, lambda last: days_since(last, at))
    return static_attribute(name, people)


def days_since(last: int, now: int) -> float | None:
    """Return the days since the last order; None for who never bought, or of whom it is not known."""
    return None if last <= -NEVER else (now - last) / DAY


def _of_values(column: Coded, meaning: Any) -> Known:
    return Known([meaning(value) for value in column.values.tolist()], column.codes)
