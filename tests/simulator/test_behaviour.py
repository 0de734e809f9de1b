"""How people differ, tire and sleep: rates hold on average, tiredness multiplies, a day has a day of waking time."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.records import DAY, HOUR
from simulator.behaviour import (
    LEVELS,
    UNIT,
    WAKING,
    activity_weights,
    annoyance_multipliers,
    engagement_thresholds,
    fatigue_multipliers,
    scaled,
    waking_delay,
)  # fmt: skip

AWAKE = activity_weights(tuple(float(weight) for weight in WAKING))
EVEN = activity_weights(tuple(float(weight) for weight in (1,) * 24))
starts, delays = st.integers(0, 10 * DAY), st.integers(0, 5 * DAY)


@pytest.mark.parametrize("sigma", [0, 0.5, 1, 3])
@pytest.mark.parametrize("probability", [0, 1e-4, 0.05, 0.5, 0.843, 0.99, 1])
def test_the_mean_over_all_levels_is_the_declared_rate(probability: float, sigma: float) -> None:
    bounds = engagement_thresholds(probability, sigma)
    assert len(bounds) == LEVELS
    assert float(Fraction(sum(bounds), LEVELS * 2**64)) == pytest.approx(probability, abs=1e-9)


def test_the_more_engaged_read_no_less() -> None:
    bounds = engagement_thresholds(0.3, 1)
    assert bounds == sorted(bounds)
    assert bounds[0] < bounds[-1] <= 2**64


def test_without_differences_all_levels_are_alike() -> None:
    assert len(set(engagement_thresholds(0.3, 0))) == 1


def test_fatigue_multiplies_and_annoyance_adds() -> None:
    assert fatigue_multipliers(0.1)[3] == round(UNIT * 0.9**3)
    assert annoyance_multipliers(0.1)[3] == round(UNIT * 1.3)
    assert fatigue_multipliers(0) == annoyance_multipliers(0) == [UNIT] * 16


@given(st.integers(0, 2**64), st.integers(0, 3 * UNIT))
def test_a_scaled_bound_is_the_product_cut_at_certainty(bound: int, multiplier: int) -> None:
    exact = min(Fraction(bound * multiplier, UNIT), 2**64)
    assert abs(scaled(bound, multiplier) - exact) <= multiplier
    assert scaled(2**64, UNIT) == 2**64


@given(starts, delays)
def test_with_a_flat_curve_waking_time_is_time(start: int, delay: int) -> None:
    assert waking_delay(start, delay, EVEN) == delay


@given(starts, delays, delays)
def test_more_waking_time_takes_no_less_time(start: int, one: int, other: int) -> None:
    assert waking_delay(start, min(one, other), AWAKE) <= waking_delay(start, max(one, other), AWAKE)


@given(starts)
def test_a_day_of_waking_time_takes_a_day_whenever_it_begins(start: int) -> None:
    """The weights are rounded to 1/65536, so a day is a day but for that."""
    assert waking_delay(start, DAY, AWAKE) == pytest.approx(DAY, abs=24 * HOUR / UNIT * max(AWAKE) / min(AWAKE))


def brute(start: int, delay: int) -> Fraction:
    """Waking time gathered hour by hour, in exact fractions."""
    needed, at = Fraction(delay), Fraction(start)
    while True:
        weight = Fraction(AWAKE[int(at // HOUR) % 24], UNIT)
        end = (at // HOUR + 1) * HOUR
        if (end - at) * weight >= needed:
            return at + needed / weight - start
        needed -= (end - at) * weight
        at = Fraction(end)


@given(starts, st.integers(0, 2 * DAY))
def test_waking_time_is_gathered_hour_by_hour(start: int, delay: int) -> None:
    exact = brute(start, delay)
    assert exact <= waking_delay(start, delay, AWAKE) < exact + 1


def test_a_message_at_three_in_the_night_waits_longer_than_one_at_noon() -> None:
    assert waking_delay(3 * HOUR, HOUR, AWAKE) > 3 * waking_delay(12 * HOUR, HOUR, AWAKE)


def test_hours_of_sleep_are_skipped() -> None:
    curve = activity_weights((0.0,) * 8 + (1.0,) * 16)
    assert waking_delay(0, 0, curve) == 0
    assert waking_delay(2 * HOUR, 1, curve) == pytest.approx(6 * HOUR, abs=2)
