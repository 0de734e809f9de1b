"""Durations in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.durations import UNITS, in_parts, lasting, roughly
from policies.records import DAY, HOUR, MINUTE, SECOND

SIZES = dict(UNITS)
MILLENNIUM = 365_000 * DAY


@given(st.integers(0, MILLENNIUM))
def test_the_parts_of_a_duration_add_up_to_it(duration: int) -> None:
    parts = in_parts(duration)
    assert sum(whole * SIZES[unit] for whole, unit in parts) == duration - duration % SECOND
    assert [SIZES[unit] for _, unit in parts] == sorted((SIZES[unit] for _, unit in parts), reverse=True)
    assert all(whole for whole, _ in parts)


@given(st.integers(0, 10**9 * SECOND))
def test_one_unit_says_a_duration_exactly(duration: int) -> None:
    whole, unit = lasting(duration).split(" ")
    assert round(float(whole) * SIZES[unit]) == duration


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (0, "0 s"), (1, "0 s"), (59 * SECOND, "59 s"), (61 * SECOND, "1 min"), (MINUTE, "1 min"), (HOUR - 1, "59 min"),
        (HOUR, "1 h"), (4380 * MINUTE, "3 d 1 h"), (28 * DAY, "28 d"), (DAY + MINUTE, "1 d 1 min"),
    ],
)  # fmt: skip
def test_what_is_long_ago_is_said_in_whole_minutes_and_a_moment_in_seconds(duration: int, said: str) -> None:
    assert roughly(duration) == said


def test_two_units_are_neighbours() -> None:
    assert in_parts(DAY + MINUTE, 2) == [(1, "d")]
    assert in_parts(DAY + 2 * HOUR + MINUTE, 2) == [(1, "d"), (2, "h")]
