"""Conditions on attributes: compiled once into answers for people, or tables of answers for what changes.

A missing value never passes, except where the condition asks whether it is known.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from policies.errors import Problem
from policies.people import People
from policies.records import CHANNELS, DAY
from scenarios.compile.known import static_attribute
from scenarios.model import Condition as ConditionSpec
from simulator.behaviour import FATIGUE_LEVELS
from simulator.engine.conditions import DAYS, MESSAGES, PURCHASED, STATIC, Condition

DYNAMIC = ("purchased", "days_since_purchase", "messages_last_7_days")
FIXED = ("country", "orders", "feature_phone", "overdue")
LONGEST = 2**62
"""A time since a purchase that no horizon reaches, microseconds."""

Test = Callable[[Any], bool]


def is_built_in(name: str) -> bool:
    """Say whether an attribute is known of every audience, without a column of its own."""
    return name in (*DYNAMIC, *FIXED) or (name.startswith("has_") and name[4:] in CHANNELS)


def compile_conditions(
    conditions: Sequence[ConditionSpec], people: People, where: str, problems: list[Problem]
) -> tuple[Condition, ...]:
    """Return the tests in order; attributes that nobody knows are added to ``problems``."""
    compiled = []
    for index, condition in enumerate(conditions):
        if not is_built_in(condition.attribute) and condition.attribute not in people.attributes:
            known = ", ".join(sorted({*DYNAMIC, *FIXED, *people.attributes}))
            what = f"no attribute {condition.attribute!r} in the audience"
            problems.append(Problem(f"{where}[{index}].attribute", what, f"known: {known}"))
        else:
            compiled.append(_condition(condition, people))
    return tuple(compiled)


def _condition(spec: ConditionSpec, people: People) -> Condition:
    test = _test(spec)
    if spec.attribute == "purchased":
        return Condition(PURCHASED, bytes([test(False), test(True)]))
    if spec.attribute == "messages_last_7_days":
        return Condition(MESSAGES, bytes(test(count) for count in range(FATIGUE_LEVELS)))
    if spec.attribute == "days_since_purchase":
        stretches = _stretches(spec, test)
        return Condition(DAYS, stretches=stretches, never=test(None), last_order_at=people.last_order_at)
    known = static_attribute(spec.attribute, people)
    answers = np.array([test(value) for value in known.values], dtype=np.uint8)  # each distinct value is asked once
    return Condition(STATIC, answers[known.codes].tobytes())


def _test(spec: ConditionSpec) -> Test:
    wanted = not spec.negate

    def test(value: Any) -> bool:
        if spec.known is not None:
            return ((value is not None) == spec.known) == wanted
        return value is not None and _matches(spec, value) == wanted

    return test


def _matches(spec: ConditionSpec, value: Any) -> bool:
    """Return whether a known value passes: every bound that is given must hold."""
    if spec.equals is not None and not _same(value, spec.equals):
        return False
    if spec.one_of is not None and not any(_same(value, other) for other in spec.one_of):
        return False
    if spec.at_least is None and spec.below is None:
        return True
    number = _number(value)
    if number is None:
        return False
    return (spec.at_least is None or number >= spec.at_least) and (spec.below is None or number < spec.below)


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


def _stretches(spec: ConditionSpec, test: Test) -> tuple[tuple[int, int], ...]:
    """Return the microseconds since a purchase at which the test of the days passes, as [from, to) in order.

    The answer can change only where the days reach, or go past, a number that the condition names.
    """
    named = [spec.equals, spec.at_least, spec.below, *(spec.one_of or ())]
    numbers = [number for number in (_number(value) for value in named if value is not None) if number is not None]
    finite = [number for number in numbers if math.isfinite(number)]
    edges = {_first(n.__le__) for n in finite} | {_first(n.__lt__) for n in finite}
    cuts = [-LONGEST, *sorted(edges - {-LONGEST, LONGEST}), LONGEST]
    return tuple((start, end) for start, end in itertools.pairwise(cuts) if test(start / DAY))


def _first(reached: Callable[[float], bool]) -> int:
    """Return the first microsecond at which a condition that once true stays true holds of the days."""
    low, high = -LONGEST, LONGEST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle / DAY) else (middle, high)
    return high
