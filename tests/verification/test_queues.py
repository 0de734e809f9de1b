"""Queues in closed form.

* D/D/1: all arrive at once; the n-th waits n service times, exactly.
* M/D/1: releases spread evenly over a span are a Poisson process given its number; over thousands of service times
  the mean wait is Pollaczek and Khinchine's, (rho / (1 - rho)) / 2 service times, within the noise of one long run.
* M/M/c: staff with exponential answers, Erlang's C formula.
"""

from __future__ import annotations

from itertools import pairwise
from math import factorial, log
from statistics import fmean, pstdev

import pytest

from tests.support.crowd import crowd
from tests.support.small import Ran, campaign, constant, rehearse, scenario, step, sure

N = 6000


def test_when_all_arrive_at_once_the_nth_waits_n_service_times() -> None:
    ran = rehearse(scenario(campaign(step("sms")), channels={"sms": sure(throughput_per_s=0.5)}), crowd(500))
    assert ran.seconds("submitted") == [2.0 * n for n in range(500)]
    assert fmean(ran.seconds("submitted")) == 499


def test_two_queues_one_after_another_are_as_slow_as_the_slower() -> None:
    channels = {"sms": sure(throughput_per_s=0.5)}
    for per_hour, spacing in ((3600, 2), (900, 4)):
        raw = scenario(campaign(step("sms", throttle_per_h=per_hour)), channels=channels)
        seconds = rehearse(raw, crowd(50)).seconds("submitted")
        assert {later - sooner for sooner, later in pairwise(seconds)} == {spacing}


def test_two_campaigns_share_their_senders_queue_and_not_a_throttle() -> None:
    steps = [campaign(step("sms", throttle_per_h=360), id=name) for name in ("a", "b")]
    assert rehearse(scenario(*steps), crowd(10)).seconds("submitted")[-1] == 90
    raw = scenario(
        *[campaign(step("sms"), id=name) for name in ("a", "b")], channels={"sms": sure(throughput_per_s=0.1)}
    )
    assert rehearse(raw, crowd(10)).seconds("submitted")[-1] == 190


def waits(ran: Ran) -> list[float]:
    released = {row.recipient: row.at for row in ran.all("released")}
    return [(row.at - released[row.recipient]) / 1e6 for row in ran.all("submitted")]


def batch_error(values: list[float], batches: int = 20) -> float:
    """Five standard errors of the mean of correlated values, by the means of batches."""
    size = len(values) // batches
    means = [fmean(values[n * size : (n + 1) * size]) for n in range(batches)]
    return 5 * pstdev(means) / (batches - 1) ** 0.5


@pytest.mark.parametrize("load", [0.3, 0.6, 0.8])
def test_the_mean_wait_at_a_fixed_rate_is_that_of_m_d_1(load: float) -> None:
    service = 20.0
    span_h = N * service / load / 3600
    raw = scenario(
        campaign(step("sms"), spread_h=span_h), channels={"sms": sure(throughput_per_s=1 / service)},
        clock={"start": "2021-10-04T09:00", "horizon_days": span_h / 24 + 1},
    )  # fmt: skip
    found = waits(rehearse(raw, crowd(N)))
    exact = load / (1 - load) / 2 * service
    assert len(found) == N
    assert fmean(found) == pytest.approx(exact, abs=batch_error(found))
    assert batch_error(found) < 0.4 * exact, "the test could not see a difference"


def test_halving_the_throughput_lengthens_the_wait_more_than_twice() -> None:
    slow, fast = (
        fmean(waits(rehearse(
            scenario(campaign(step("sms"), spread_h=1), channels={"sms": sure(throughput_per_s=rate)}), crowd(400)
        )))
        for rate in (0.15, 0.3)
    )  # fmt: skip
    assert slow > 2 * fast > 0


def erlang_c(servers: int, load: float) -> float:
    """The chance to wait with so many servers at this load (in Erlangs)."""
    last = load**servers / factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / factorial(k) for k in range(servers)) + last)


@pytest.mark.parametrize(("servers", "use"), [(1, 0.5), (3, 0.7)])
def test_the_mean_wait_for_staff_is_erlangs(servers: int, use: float) -> None:
    """Everybody replies; answers are exponential with a mean of ten minutes, as 200 quantiles; round the clock."""
    answer = 600.0
    points = [[k / 200, -answer * log(1 - k / 200)] for k in range(200)] + [[1, answer * (1 + log(200)) + answer]]
    span_h = N * answer / (servers * use) / 3600
    raw = scenario(
        campaign(step("viber"), spread_h=span_h),
        channels={"viber": sure(read=1, replied=1, reading=constant(0), acting=constant(0))},
        clock={"start": "2021-10-04T00:00", "horizon_days": min(span_h / 24 + 1, 366)},
        staff={"people": servers, "from": "00:00", "to": "24:00", "days": [*range(1, 8)], "answer": {"points": points}},
    )  # fmt: skip
    raw["campaigns"][0]["release_at"] = "2021-10-04T00:00"
    durations = [reply_to_answer(row.at, row.until) for row in rehearse(raw, crowd(N)).all("answered")]
    wait = erlang_c(servers, servers * use) * answer / (servers * (1 - use))
    assert fmean(durations) - answer == pytest.approx(wait, abs=batch_error(durations))
    assert batch_error(durations) < 0.75 * wait, "the test could not see a difference"


def reply_to_answer(answered: int, asked: int | None) -> float:
    assert asked is not None
    return (answered - asked) / 1e6
