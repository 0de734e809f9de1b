"""Reach and cost of cascades in closed form: probabilities multiply, and what is billed is what was expected.

Each share is compared with a binomial of the exact probability, at five standard deviations; the seed is fixed.
"""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import pytest

from tests.support.crowd import crowd
from tests.support.small import Raw, campaign, rehearse, scenario, step, sure

N = 4000
SIGMAS = 5


def near(count: int, probability: Fraction | float, of: int = N) -> bool:
    """Whether a count is what a binomial of this probability gives, to five standard deviations."""
    p = float(probability)
    return abs(count - of * p) <= SIGMAS * sqrt(of * p * (1 - p)) + 1e-9


def price(event: str, amount: float) -> list[Raw]:
    return [{"event": event, "price": amount}]


ACCEPTED, DELIVERED, READ = Fraction(9, 10), Fraction(8, 10), Fraction(1, 2)
CHANCES = {"accepted": float(ACCEPTED), "delivered": float(DELIVERED), "read": float(READ)}
CASCADE = scenario(
    campaign(
        step("push", stop_on="read", wait_s=3600),
        step("viber", stop_on="read", wait_s=3600),
        step("sms", stop_on="delivered", wait_s=3600),
    ),
    channels={
        "push": sure(**CHANCES),
        "viber": sure(**CHANCES, prices=price("delivered", 1.2)),
        "sms": sure(accepted=1, delivered=0.95, prices=price("submit", 3)),
    },
)
STOPS = ACCEPTED * DELIVERED * READ
"""The chance that a step of push or Viber is read and so ends the cascade."""


@pytest.fixture(scope="module")
def cascade():  # type: ignore[no-untyped-def]
    return rehearse(CASCADE, crowd(N))


def test_each_step_is_reached_by_those_whom_no_step_before_stopped(cascade) -> None:  # type: ignore[no-untyped-def]
    for number, channel in enumerate(("push", "viber", "sms")):
        assert near(cascade.count("submitted", channel=channel), (1 - STOPS) ** number)


def test_stages_of_a_step_multiply(cascade) -> None:  # type: ignore[no-untyped-def]
    assert near(cascade.count("rejected", channel="push"), 1 - ACCEPTED)
    assert near(cascade.count("delivered", channel="push"), ACCEPTED * DELIVERED)
    assert near(cascade.count("read", channel="push"), STOPS)


def test_reach_is_what_no_step_missed(cascade) -> None:  # type: ignore[no-untyped-def]
    """Read on push or Viber, or delivered on one of the three."""
    missed = (1 - STOPS) ** 2 * Fraction(5, 100)
    seen = cascade.people("read") | {row.recipient for row in cascade.all("delivered") if row.channel == "sms"}
    assert near(len(seen), 1 - missed)


def test_cost_is_its_expectation(cascade) -> None:  # type: ignore[no-untyped-def]
    """A delivered Viber costs 1.20, an SMS handed over 3.00; the variance is that of the exact distribution."""
    p_viber, p_sms = float((1 - STOPS) * ACCEPTED * DELIVERED), float((1 - STOPS) ** 2)
    mean = N * (1.2 * p_viber + 3 * p_sms)
    most = sqrt(N) * (1.2 * sqrt(p_viber * (1 - p_viber)) + 3 * sqrt(p_sms * (1 - p_sms)))
    assert sum(row.cost or 0 for row in cascade.rows) / 1e6 == pytest.approx(mean, abs=SIGMAS * most)


def test_every_message_costs_exactly_its_price(cascade) -> None:  # type: ignore[no-untyped-def]
    assert {row.cost for row in cascade.all("delivered") if row.channel == "viber"} == {1_200_000}
    assert {row.cost for row in cascade.all("submitted") if row.channel == "sms"} == {3_000_000}
    assert {row.cost for row in cascade.rows if row.channel == "push"} == {None}


def test_clicks_purchases_and_replies_are_conditional_on_reading() -> None:
    chances = {"read": 0.5, "clicked": 0.4, "purchased": 0.3, "replied": 0.2}
    ran = rehearse(scenario(campaign(step("viber")), channels={"viber": sure(**chances)}), crowd(N))
    expected = {"read": 0.5, "clicked": 0.2, "purchased": 0.06, "replied": 0.1}
    assert [name for name, share in expected.items() if not near(ran.count(name), share)] == []


def test_lost_reports_leave_the_reach_and_cost_more() -> None:
    """A fifth of the reports of delivery is lost: those people get the SMS too, though they had the message."""
    steps = campaign(step("viber", stop_on="delivered", wait_s=60), step("sms"))
    receipts = sure()["receipts"]
    ran = rehearse(scenario(steps, channels={"viber": sure(receipts=receipts | {"lost": 0.2})}), crowd(N))
    assert ran.count("delivered", channel="viber") == N
    assert near(ran.count("submitted", channel="sms"), 0.2)


def test_a_hidden_reading_is_read_and_not_reported() -> None:
    receipts = sure()["receipts"]
    steps = campaign(step("viber", stop_on="read", wait_s=3600), step("sms"))
    ran = rehearse(
        scenario(steps, channels={"viber": sure(read=0.5, receipts=receipts | {"read_hidden": 0.4})}), crowd(N)
    )
    assert near(ran.count("read"), 0.5)
    assert near(ran.count("submitted", channel="sms"), 1 - 0.5 * 0.6)


def test_a_hold_out_group_has_its_share_and_gets_nothing() -> None:
    ran = rehearse(scenario(campaign(step("sms"), hold_out=0.3)), crowd(N))
    assert near(ran.count("held_out"), 0.3)
    assert not ran.people("held_out") & ran.people("submitted")
    assert ran.count("held_out") + ran.count("submitted") == N


def test_engagement_keeps_the_mean_and_makes_readers_alike_across_channels() -> None:
    """With one trait for both channels, reading both is likelier than by chance, and each keeps its declared rate."""
    raw = scenario(
        campaign(step("push", wait_s=7200), step("viber")), people={"engagement_sigma": 1},
        channels={name: sure(read=0.3) for name in ("push", "viber")},
    )  # fmt: skip
    ran = rehearse(raw, crowd(N))
    push, viber = ({row.recipient for row in ran.all("read") if row.channel == name} for name in ("push", "viber"))
    assert near(len(push), 0.3)
    assert near(len(viber), 0.3)
    assert len(push & viber) > 1.2 * len(push) * len(viber) / N


def test_fatigue_takes_its_share_off_each_further_message() -> None:
    steps = [step("push", wait_s=60) for _ in range(3)]
    raw = scenario(campaign(*steps), people={"fatigue_per_message": 0.25}, channels={"push": sure(read=0.8)})
    ran = rehearse(raw, crowd(N))
    for number in range(3):
        assert near(ran.count("read", attempt=number), 0.8 * 0.75**number)


def test_fatigue_wears_off_after_seven_days() -> None:
    campaigns = [
        campaign(step("push"), id=f"c{n}", release_at=f"2021-10-{day}T09:00")
        for n, day in enumerate(("04", "10", "11"))
    ]
    raw = scenario(
        *campaigns, people={"fatigue_per_message": 0.5}, clock={"start": "2021-10-04T09:00", "horizon_days": 9}
    )
    states = {row.campaign: row.state for row in rehearse(raw, crowd(1)).all("submitted")}
    assert states == {"c0": 0, "c1": 1, "c2": 1}


@pytest.mark.parametrize("per_month", [1, 6])
def test_purchases_without_messages_come_at_their_rate(per_month: float) -> None:
    """A Poisson process: over 30 days the mean and the variance of a person's number are the rate."""
    clock = {"start": "2021-10-04T09:00", "horizon_days": 30}
    ran = rehearse(
        scenario(campaign(step("sms")), clock=clock, people={"purchases_per_30_days": per_month}), crowd(1500)
    )
    counts = [0] * 1500
    for row in ran.all("purchased"):
        counts[row.recipient] += 1
    mean = sum(counts) / 1500
    assert mean == pytest.approx(per_month, abs=SIGMAS * sqrt(per_month / 1500))
    assert sum((count - mean) ** 2 for count in counts) / 1500 == pytest.approx(per_month, rel=0.2)
