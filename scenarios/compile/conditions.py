"""Conditions on attributes: compiled once into functions of (view, recipient, released at, now).

A missing value never passes, except where the condition asks whether it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from policies.errors import Problem
from policies.people import People
from policies.records import CHANNELS, DAY, MISSING, NEVER
from scenarios.model import Condition
from simulator.engine import model

Reader = Callable[[model.View, int, int, int], Any]
DYNAMIC = ("purchased", "days_since_purchase", "messages_last_7_days")
STATIC = ("country", "orders", "feature_phone", "overdue")


def is_built_in(name: str) -> bool:
    """Say whether an attribute is known of every audience, without a column of its own."""
    return name in (*DYNAMIC, *STATIC) or (name.startswith("has_") and name[4:] in CHANNELS)


def attribute_reader(name: str, people: People) -> Reader | None:
    """Return the function that reads an attribute of a recipient at an instant, or None for an unknown name."""
    if name == "purchased":
        return lambda view, who, released, now: released <= view.purchased_at.get(who, -NEVER) <= now
    if name == "days_since_purchase":
        return _days_since_purchase(people.last_order_at[:].tolist())
    if name == "messages_last_7_days":
        return lambda view, who, released, now: view.recent_messages(who, now)
    values = _static(name, people)
    return None if values is None else lambda view, who, released, now: values[who]


def _days_since_purchase(last_order: list[int]) -> Reader:
    def days(view: model.View, who: int, released: int, now: int) -> float | None:
        last = max(last_order[who], view.purchased_at.get(who, -NEVER))
        return None if last <= -NEVER else (now - last) / DAY  # never bought, or not known: no number of days

    return days


def _static(name: str, people: People) -> list[Any] | None:
    if name == "country":
        return [people.countries[index] if index >= 0 else None for index in people.country.tolist()]
    if name == "orders":
        return [None if count == MISSING else count for count in people.orders[:].tolist()]
    if name == "feature_phone":
        return list(people.feature_phone.tolist())
    if name == "overdue":
        return [None if at == MISSING else at < NEVER for at in people.overdue_since[:].tolist()]
    if name.startswith("has_") and name[4:] in CHANNELS:
        bit = CHANNELS.index(name[4:])
        return list(((people.present >> bit & 1) == 1).tolist())
    column = people.attributes.get(name)
    return None if column is None else list(column.to_pylist())


def compile_conditions(
    conditions: Sequence[Condition], people: People, where: str, problems: list[Problem]
) -> tuple[model.Condition, ...]:
    """Return the tests in order; attributes that nobody knows are added to ``problems``."""
    compiled = []
    for index, condition in enumerate(conditions):
        reader = attribute_reader(condition.attribute, people)
        if reader is None:
            known = ", ".join(sorted({*DYNAMIC, *STATIC, *people.attributes}))
            what = f"no attribute {condition.attribute!r} in the audience"
            problems.append(Problem(f"{where}[{index}].attribute", what, f"known: {known}"))
        else:
            compiled.append(_test(condition, reader))
    return tuple(compiled)


def _test(condition: Condition, reader: Reader) -> model.Condition:
    matches = _matcher(condition)
    wanted = not condition.negate

    def test(view: model.View, who: int, released: int, now: int) -> bool:
        value = reader(view, who, released, now)
        if condition.known is not None:
            return ((value is not None) == condition.known) == wanted
        return value is not None and matches(value) == wanted

    return test


def _matcher(condition: Condition) -> Callable[[Any], bool]:
    """Return the test of a known value: every bound that is given must hold."""

    def matches(value: Any) -> bool:
        if condition.equals is not None and not _same(value, condition.equals):
            return False
        if condition.one_of is not None and not any(_same(value, other) for other in condition.one_of):
            return False
        if condition.at_least is None and condition.below is None:
            return True
        number = _number(value)
        if number is None:
            return False
        return (condition.at_least is None or number >= condition.at_least) and (
            condition.below is None or number < condition.below
        )

    return matches


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, str) != isinstance(wanted, str):
        number, other = _number(value), _number(wanted)
        return number is not None and number == other
    return bool(value == wanted)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
