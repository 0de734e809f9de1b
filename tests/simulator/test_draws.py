"""Draws: two forms with the same bits, exact bounds, no order in their bits, no two purposes alike."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import draws
from simulator.draws import MASK, PURPOSE, PURPOSES

words = st.integers(0, MASK)
KEYS = draws.combine_array(draws.run_key(7, 0), np.arange(20_000, dtype=np.uint64))


@given(st.lists(words, min_size=1, max_size=20))
def test_mixing_is_the_same_in_both_forms(values: list[int]) -> None:
    assert draws.mix_array(np.array(values, dtype=np.uint64)).tolist() == [draws.mix(value) for value in values]


@given(words, words, words, st.sampled_from(PURPOSES))
def test_keys_and_draws_are_the_same_in_both_forms(key: int, one: int, other: int, purpose: str) -> None:
    combined = draws.combine_array(key, one, np.array([other, one], dtype=np.uint64))
    assert combined.tolist() == [draws.combine(key, one, other), draws.combine(key, one, one)]
    drawn = draws.draw_array(combined, PURPOSE[purpose]).tolist()
    assert drawn == [draws.draw(int(each), PURPOSE[purpose]) for each in combined]


@given(words, words)
def test_mixing_loses_nothing(one: int, other: int) -> None:
    assert (draws.mix(one) == draws.mix(other)) == (one == other)


@given(st.floats(0, 1))
def test_a_bound_has_its_probability_to_the_last_bit_of_a_draw(probability: float) -> None:
    share = Fraction(draws.threshold(probability), 2**64)
    assert abs(share - Fraction(probability)) <= Fraction(1, 2**53)


def test_impossible_and_certain_events_are_exact() -> None:
    assert draws.threshold(0) == 0
    assert draws.threshold(1) == 2**64 > MASK
    assert draws.threshold(0.5) == 2**63


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_likelier_event_has_no_lower_bound(one: float, other: float) -> None:
    assert draws.threshold(min(one, other)) <= draws.threshold(max(one, other))


def chi_square(values: np.ndarray, bins: int) -> float:
    """The statistic of counts in equal bins, less its mean, in standard deviations."""
    counts = np.bincount(values.astype(np.int64), minlength=bins)
    expected = len(values) / bins
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return (statistic - (bins - 1)) / (2 * (bins - 1)) ** 0.5


@pytest.mark.parametrize("purpose", ["release", "delivered", "review_time"])
@pytest.mark.parametrize("shift", [56, 24, 0])
def test_high_middle_and_low_bits_are_uniform(purpose: str, shift: int) -> None:
    drawn = draws.draw_array(KEYS, PURPOSE[purpose])
    assert abs(chi_square(drawn >> np.uint64(shift) & np.uint64(255), 256)) < 4


def test_two_purposes_of_one_attempt_are_independent() -> None:
    one, other = (draws.draw_array(KEYS, PURPOSE[name]) >> np.uint64(60) for name in ("delivered", "read"))
    assert abs(chi_square(one * np.uint64(16) + other, 256)) < 4


def test_neighbouring_attempts_are_independent() -> None:
    first, second = (draws.draw_array(draws.combine_array(KEYS, n), PURPOSE["read"]) >> np.uint64(60) for n in (0, 1))
    assert abs(chi_square(first * np.uint64(16) + second, 256)) < 4


def test_no_two_purposes_are_alike() -> None:
    assert len(set(PURPOSE.values())) == len(PURPOSES) == len(set(PURPOSES))
    assert len({draws.draw(1, value) for value in PURPOSE.values()}) == len(PURPOSES)


def test_replications_and_seeds_have_keys_of_their_own() -> None:
    keys = {draws.run_key(seed, replication) for seed in range(60) for replication in range(60)}
    assert len(keys) == 3600


def test_the_order_of_parts_counts() -> None:
    assert draws.combine(1, 2, 3) != draws.combine(1, 3, 2)


def test_names_and_draws_never_change() -> None:
    """Frozen: with other values every published figure would change."""
    assert draws.name_key("sms") == 0xAFA32B933C05FAEF
    assert draws.draw(draws.combine(draws.run_key(1, 0), 2, 3), PURPOSE["read"]) == 0x2233725FD99437B7
