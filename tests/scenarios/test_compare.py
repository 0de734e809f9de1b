"""Statistics over replications and the paired comparison of scenarios."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.errors import InputError
from policies.records import HOUR
from scenarios.experiments.compare import MEASURES, Metrics, ScenarioRuns, compare_table
from scenarios.experiments.statistics import estimate, t_quantile

# Two-sided 95 % points of Student's t, printed in every statistics textbook to three decimals.
TEXTBOOK = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 9: 2.262, 10: 2.228, 30: 2.042, 60: 2.000, 120: 1.980}

PLAIN = Metrics(cost_micro=10_000_000, released=10, reached_fate=8, reached_report=7, read_fate=5, read_report=4,
                complaints=1, time_to_reach_p50_us=HOUR, time_to_reach_p90_us=2 * HOUR,
                time_to_reach_p95_us=3 * HOUR)  # fmt: skip


def runs(name: str, *costs: int, **changes: int | None) -> ScenarioRuns:
    return ScenarioRuns(name, "RUB", 1, tuple(replace(PLAIN, cost_micro=cost, **changes) for cost in costs))


def line(comparison, name):
    return next(row for row in comparison.lines if row.measure.name == name)


@pytest.mark.parametrize(("freedom", "expected"), TEXTBOOK.items())
def test_the_t_quantile_equals_the_textbook(freedom, expected):
    assert t_quantile(freedom) == pytest.approx(expected, abs=6e-4)


def test_a_t_quantile_without_freedom_is_an_error():
    with pytest.raises(ValueError, match="at least 1"):
        t_quantile(0)


def test_mean_and_interval_of_three_values_are_the_hand_computed_ones():
    result = estimate("x", "count", [1, 2, 3])
    assert result.mean == 2
    assert result.half_width == pytest.approx(4.302653 / 3**0.5, rel=1e-6)


def test_one_replication_has_a_mean_but_no_interval_and_says_so():
    result = estimate("x", "count", [7])
    assert (result.mean, result.low, result.high, result.half_width) == (7, None, None, None)
    assert "no interval" in result.note


def test_a_figure_missing_in_one_replication_has_no_mean():
    result = estimate("x", "hours", [1.0, None, 3.0])
    assert result.mean is None
    assert result.note == "not observed in 1 of 3 replications"


def test_the_paired_difference_has_no_spread_when_every_pair_differs_alike():
    cost = line(compare_table([runs("a", 10_000_000, 50_000_000), runs("b", 12_000_000, 52_000_000)]), "cost")
    assert cost.cells[0].difference is None
    difference = cost.cells[1].difference
    assert (difference.mean, difference.low, difference.high) == (2, 2, 2)
    assert cost.cells[1].differs
    assert cost.cells[1].figure.half_width > 100  # unpaired, nothing could be said


def test_a_difference_around_zero_does_not_differ():
    cost = line(compare_table([runs("a", 10, 20, 30), runs("b", 20, 10, 30)]), "cost")
    assert not cost.cells[1].differs


def test_measures_take_their_units_from_the_metrics():
    cells = {row.measure.name: row.cells[0].figure.mean for row in compare_table([runs("a", 10_000_000),
                                                                                  runs("b", 0)]).lines}  # fmt: skip
    assert cells == {"cost": 10, "cost_per_reached": 1.25, "reach_fate": 0.8, "reach_report": 0.7, "read_fate": 0.5,
                     "read_report": 0.4, "time_to_reach_p50": 1, "time_to_reach_p90": 2, "time_to_reach_p95": 3,
                     "complaints": 1}  # fmt: skip
    assert list(cells) == [measure.name for measure in MEASURES]


def test_nobody_reached_gives_no_cost_per_reached_and_no_difference():
    table = compare_table([runs("a", 5), runs("b", 5, reached_fate=0, time_to_reach_p50_us=None)])
    for name in ("cost_per_reached", "time_to_reach_p50"):
        assert line(table, name).cells[1].figure.mean is None
        assert line(table, name).cells[1].difference.mean is None


def test_all_reasons_against_pairing_are_told_at_once():
    other = ScenarioRuns("b", "EUR", 2, (PLAIN,))
    with pytest.raises(InputError) as caught:
        compare_table([runs("a", 1, 2), other])
    assert [problem.what.split()[0] for problem in caught.value.problems] == ["1", "seed", "costs"]


@pytest.mark.parametrize("given", [[], [runs("a", 1)], [runs("a", 1), runs("a", 1)], [runs("a"), runs("b")]])
def test_what_cannot_be_compared_is_an_input_error(given):
    with pytest.raises(InputError):
        compare_table(given)
