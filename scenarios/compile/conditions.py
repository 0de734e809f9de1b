"""Conditions on attributes, compiled once: those that stay as they are by columns, the others to be asked in the run.

A missing value never passes, except where the condition asks whether it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from policies.coded import Coded
from policies.errors import Problem
from policies.people import People
from policies.records import NEVER
from scenarios.compile.known import DYNAMIC, STATIC, Known, Mask, at_first, days_since, static_attribute
from scenarios.model import Condition
from simulator.engine import model

Reader = Callable[[model.View, int, int, int], Any]


@dataclass(slots=True)
class StaticTest:
    """A condition whose answer is known beforehand: ``mask`` by recipient. Called, it is a ``model.Condition``."""

    mask: Mask
    _list: list[bool] | None = None

    def __call__(self, view: model.View, who: int, released: int, now: int) -> bool:
        if self._list is None:
            self._list = self.mask.tolist()
        return self._list[who]


@dataclass(slots=True)
class DynamicTest:
    """A condition on what happens in the run: ``condition.attribute`` is one of ``DYNAMIC``."""

    condition: Condition
    reader: Reader

    def __call__(self, view: model.View, who: int, released: int, now: int) -> bool:
        return passes(self.condition, self.reader(view, who, released, now))


@dataclass(slots=True)
class _DaysSincePurchase:
    last_order_at: Coded
    _list: list[int] = field(default_factory=list)

    def __call__(self, view: model.View, who: int, released: int, now: int) -> float | None:
        if not self._list:
            self._list = self.last_order_at[:].tolist()
        return days_since(max(self._list[who], view.purchased_at.get(who, -NEVER)), now)


def compile_conditions(
    conditions: Sequence[Condition], people: People, where: str, problems: list[Problem]
) -> tuple[model.Condition, ...]:
    """Return the tests in order; attributes that nobody knows are added to ``problems``."""
    compiled: list[model.Condition] = []
    for index, condition in enumerate(conditions):
        if condition.attribute in DYNAMIC:
            compiled.append(DynamicTest(condition, _reader(condition.attribute, people)))
            continue
        known = static_attribute(condition.attribute, people)
        if known is None:
            problems.append(_unknown(condition, people, f"{where}[{index}]"))
        else:
            compiled.append(StaticTest(mask_of(condition, known)))
    return tuple(compiled)


def mask_at_release(
    conditions: Sequence[Condition], people: People, release: int, where: str, problems: list[Problem]
) -> Mask:
    """Return who meets all conditions at the release, before anything has happened in this run."""
    met = np.ones(len(people), dtype=np.bool_)
    for index, condition in enumerate(conditions):
        known = at_first(condition.attribute, people, release)
        if known is None:
            problems.append(_unknown(condition, people, f"{where}[{index}]"))
        else:
            met &= mask_of(condition, known)
    return met


def mask_of(condition: Condition, known: Known) -> Mask:
    """Return whose value passes; each distinct value is tested once."""
    answers: Mask = np.array([passes(condition, value) for value in known.values], dtype=np.bool_)[known.codes]
    return answers


def _unknown(condition: Condition, people: People, where: str) -> Problem:
    known = ", ".join(sorted({*DYNAMIC, *STATIC, *people.attributes}))
    what = f"no attribute {condition.attribute!r} in the audience"
    return Problem(f"{where}.attribute", what, f"known: {known}")


def _reader(name: str, people: People) -> Reader:
    """Return the function that reads an attribute of ``DYNAMIC`` of a recipient at an instant."""
    if name == "purchased":
        return lambda view, who, released, now: released <= view.purchased_at.get(who, -NEVER) <= now
    if name == "days_since_purchase":
        return _DaysSincePurchase(people.last_order_at)
    return lambda view, who, released, now: view.recent_messages(who, now)


def passes(condition: Condition, value: Any) -> bool:
    """Return whether a value, None where it is not known, meets the condition."""
    if condition.known is not None:
        return ((value is not None) == condition.known) != condition.negate
    return value is not None and _matches(condition, value) != condition.negate


def _matches(condition: Condition, value: Any) -> bool:
    """Return whether a known value keeps every bound that is given."""
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
