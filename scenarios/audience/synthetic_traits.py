"""Attributes of synthetic people for conditions and texts: name, city, year of birth, segment, language (*assumed*)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.people import People
from policies.records import DAY
from scenarios.audience.draws import Draws
from scenarios.model import Synthetic

WOMEN = ("Анна", "Вера", "Дарья", "Елена", "Ирина", "Мария", "Нина", "Ольга")
MEN = ("Андрей", "Борис", "Виктор", "Глеб", "Денис", "Егор", "Иван", "Пётр")
SURNAMES = ("Алексеев", "Борисов", "Васильев", "Громов", "Егоров", "Зайцев", "Королёв", "Лебедев", "Морозов", "Орлов")
NAMES = tuple(
    [f"{name} {surname}а" for name in WOMEN for surname in SURNAMES]
    + [f"{name} {surname}" for name in MEN for surname in SURNAMES]
)
LANGUAGES = {"ru": 0.96, "en": 0.03, "tt": 0.01}
SEGMENTS = ("new", "churn", "loyal", "regular")
CHURN_DAYS = 180
LOYAL_ORDERS = 6
TRAITS = ("city", "full_name", "birth_year", "segment", "orders", "language")


def traits(
    people: People, spec: Synthetic, draws: Draws, today: int, cities: list[str], wanted: Collection[str]
) -> dict[str, pa.Array]:
    """Return those of ``TRAITS`` that are wanted.

    Without shares of segments in the scenario: new without orders, churn after 180 days without one, loyal from six
    orders, else regular.
    """
    makers: dict[str, Callable[[], pa.Array]] = {
        "city": lambda: _coded(people.zone_set, [city or None for city in cities]),
        "full_name": lambda: _coded(draws.below("name", len(NAMES)), NAMES),
        "birth_year": lambda: pa.array(1944 + draws.below("birth year", 30) + draws.below("birth year 2", 30)),
        "segment": lambda: _segments(people, spec, draws, today),
        "orders": lambda: pa.array(people.orders[:]),
        "language": lambda: _coded(draws.choice("language", list(LANGUAGES.values())), tuple(LANGUAGES)),
    }
    return {name: makers[name]() for name in TRAITS if name in wanted}


def _segments(people: People, spec: Synthetic, draws: Draws, today: int) -> pa.Array:
    if spec.segments:
        return _coded(draws.choice("segment", list(spec.segments.values())), tuple(spec.segments))
    orders = people.orders[:]
    asleep, loyal = people.last_order_at[:] < today - CHURN_DAYS * DAY, orders >= LOYAL_ORDERS
    return _coded(np.select([orders == 0, asleep, loyal], [0, 1, 2], 3), SEGMENTS)


def _coded(codes: npt.NDArray[np.integer[Any]], texts: Collection[str | None]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(texts), pa.string()))
