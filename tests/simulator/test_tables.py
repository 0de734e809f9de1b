"""Quantile tables: the stored normal quantiles can be made anew, and a draw finds the latency it stands for."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.records import SECOND
from simulator import tables
from simulator.tables import POINTS, constant_table, lognormal_table, look_up, points_table

TABLE = lognormal_table(60, 1800)
draws64 = st.integers(0, 2**64 - 1)


def test_the_stored_normal_quantiles_are_those_computed_afresh() -> None:
    assert list(tables.normal_quantiles()[POINTS // 2 :]) == tables.compute_normal_quantiles()


def test_the_normal_quantiles_are_those_of_the_standard_library() -> None:
    normal = NormalDist()
    for k in range(1, POINTS):
        assert float(tables.normal_quantiles()[k]) == pytest.approx(normal.inv_cdf(k / POINTS), abs=1e-9)


@pytest.mark.parametrize("k", [0, 1, 2, 777, 1024, 2046, 2047])
def test_a_draw_at_a_grid_point_finds_the_tables_value(k: int) -> None:
    assert look_up(TABLE, k << 53) == TABLE[k]


@given(draws64, draws64)
def test_a_greater_draw_is_no_shorter_latency(one: int, other: int) -> None:
    assert look_up(TABLE, min(one, other)) <= look_up(TABLE, max(one, other))


@given(draws64)
def test_a_latency_lies_between_its_neighbours(draw: int) -> None:
    k = draw >> 53
    assert TABLE[k] <= look_up(TABLE, draw) <= TABLE[k + 1]


@settings(max_examples=20)
@given(st.floats(0.1, 1e4), st.floats(1.01, 100))
def test_a_lognormal_has_its_median_and_its_95th_percentile(median: float, ratio: float) -> None:
    table = lognormal_table(median, median * ratio)
    assert abs(look_up(table, 1 << 63) - median * SECOND) <= 1
    at_95 = look_up(table, round(0.95 * 2**64)) / SECOND
    assert at_95 == pytest.approx(min(median * ratio, 366 * 86400), rel=2e-3)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.3, 0.75, 0.9, 0.99])
def test_the_quantiles_of_a_lognormal_are_its_closed_form(share: float) -> None:
    sigma = math.log(1800 / 60) / NormalDist().inv_cdf(0.95)
    exact = 60 * math.exp(sigma * NormalDist().inv_cdf(share))
    assert look_up(TABLE, int(share * 2**64)) / SECOND == pytest.approx(exact, rel=2e-3)


def test_a_median_of_nothing_is_no_latency() -> None:
    assert set(lognormal_table(0, 10)) == {0}


def test_points_are_met_and_joined_by_straight_lines() -> None:
    table = points_table([(0, 10), (0.5, 20), (1, 100)])
    shares = {0.0: 10, 0.25: 15, 0.5: 20, 0.75: 60}
    assert {share: look_up(table, int(share * 2**64)) / SECOND for share in shares} == shares
    assert look_up(table, 2**64 - 1) == pytest.approx(100 * SECOND, rel=1e-6)


def test_a_constant_is_constant() -> None:
    assert {look_up(constant_table(1.5), draw) for draw in (0, 1 << 63, 2**64 - 1)} == {1_500_000}


def test_tables_rise() -> None:
    assert all(low <= high for low, high in pairwise(TABLE))
    assert len(TABLE) == POINTS + 1
