"""Times in closed form: holds by each person's own clock, caps, latencies, the hour of sending."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from statistics import NormalDist

import pytest

from policies.records import DAY, HOUR, SECOND
from tests.support.crowd import crowd
from tests.support.small import Ran, Raw, campaign, instant, rehearse, scenario, step, sure

ZONES = ("Europe/Kaliningrad", "Europe/Moscow", "Asia/Omsk", "Asia/Vladivostok", "Asia/Kamchatka")
NIGHT = "2021-10-05T00:00"
WINDOW = {"id": "hours", "kind": "time_window", "params": {"workday": ["09:00", "21:00"]}}


def capped(count: int, period: str) -> Raw:
    return {"id": "cap", "kind": "frequency_cap", "params": {"caps": [{"count": count, "period": period}]}}


def test_everyone_released_at_night_is_handed_over_at_nine_by_their_own_clock() -> None:
    """Midnight in Moscow is nine in the morning in Kamchatka, and seven in Vladivostok."""
    raw = scenario(campaign(step("sms"), release_at=NIGHT), guards={"rules": [WINDOW]})
    ran = rehearse(raw, crowd(50, zones=tuple((zone,) for zone in ZONES)))
    assert {(row.recipient % 5, row.at) for row in ran.all("submitted")} == {
        (place, instant("2021-10-05T09:00", zone)) for place, zone in enumerate(ZONES)
    }
    assert {row.recipient % 5 for row in ran.all("held")} == {0, 1, 2, 3}


def test_who_may_live_in_one_of_two_zones_is_sent_when_both_allow() -> None:
    raw = scenario(campaign(step("sms"), release_at=NIGHT), guards={"rules": [WINDOW]})
    ran = rehearse(raw, crowd(1, zones=(("Europe/Moscow", "Asia/Omsk"),)))
    later = max(instant("2021-10-05T09:00", zone) for zone in ("Europe/Moscow", "Asia/Omsk"))
    assert ran.all("submitted")[0].at == later


def test_the_clocks_going_back_do_not_move_nine_in_the_morning() -> None:
    """In Berlin the night of 31 October 2021 has an hour more."""
    clock = {"start": "2021-10-30T09:00", "horizon_days": 3}
    raw = scenario(campaign(step("sms"), release_at="2021-10-30T23:00"), guards={"rules": [WINDOW]}, clock=clock)
    ran = rehearse(raw, crowd(1, zones=(("Europe/Berlin",),)))
    assert ran.all("submitted")[0].at == instant("2021-10-31T09:00", "Europe/Berlin")
    assert ran.all("held")[0].until == ran.all("submitted")[0].at


def seven_campaigns(rule: Raw) -> Ran:
    campaigns = [campaign(step("sms"), id=f"c{n}", release_at=f"2021-10-04T{9 + n:02}:00") for n in range(7)]
    return rehearse(
        scenario(*campaigns, guards={"rules": [rule]}, clock={"start": "2021-10-04T09:00", "horizon_days": 6}), crowd(6)
    )


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_daily_cap_lets_so_many_through_each_calendar_day(count: int) -> None:
    ran = seven_campaigns(capped(count, "cal_day"))
    days = Counter((row.recipient, (row.at + 3 * HOUR) // DAY) for row in ran.all("submitted"))
    by_person = [sorted(n for (who, _), n in days.items() if who == one) for one in range(6)]
    whole, rest = divmod(min(7, 6 * count + count), count)
    assert all(sum(each) == 7 for each in by_person)
    assert all(each == ([rest] if rest else []) + [count] * whole for each in by_person)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_moving_day_holds_more_than_the_cap(count: int) -> None:
    ran = seven_campaigns(capped(count, "roll_24h"))
    for who in range(6):
        at = [row.at for row in ran.all("submitted") if row.recipient == who]
        assert max(sum(one <= other < one + DAY for other in at) for one in at) == count
        assert len(at) == min(7, 6 * count)


def test_delivery_takes_its_lognormal_time() -> None:
    """Shares below the closed form's quantiles, each a binomial within five standard deviations."""
    size, median, upper = 4000, 30.0, 600.0
    raw = scenario(
        campaign(step("sms")), channels={"sms": sure(delivery={"p50_s": median, "p95_s": upper}, validity_s=86400 * 9)}
    )
    ran = rehearse(raw, crowd(size))
    times = ran.seconds("delivered")
    sigma = math.log(upper / median) / NormalDist().inv_cdf(0.95)
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        quantile = median * math.exp(sigma * NormalDist().inv_cdf(share))
        below = sum(one <= quantile for one in times)
        assert abs(below - size * share) <= 5 * math.sqrt(size * share * (1 - share))


def test_what_is_not_delivered_within_its_validity_lapses() -> None:
    size, share = 2000, 0.75
    sigma = math.log(600 / 30) / NormalDist().inv_cdf(0.95)
    validity = 30 * math.exp(sigma * NormalDist().inv_cdf(share))
    raw = scenario(
        campaign(step("sms")), channels={"sms": sure(delivery={"p50_s": 30, "p95_s": 600}, validity_s=validity)}
    )
    ran = rehearse(raw, crowd(size))
    assert abs(ran.count("lapsed") - size * (1 - share)) <= 5 * math.sqrt(size * share * (1 - share))
    sent = {row.recipient: row.at for row in ran.all("submitted")}
    assert {row.at - sent[row.recipient] for row in ran.all("lapsed")} == {round(validity * SECOND)}


def test_a_message_at_night_is_read_in_the_morning() -> None:
    def hours(release: str) -> float:
        raw = scenario(
            campaign(step("viber"), release_at=release), people={"activity": "waking"},
            channels={"viber": sure(read=1, reading={"p50_s": 1800})},
        )  # fmt: skip
        ran = rehearse(raw, crowd(1))
        return (ran.all("read")[0].at - ran.all("delivered")[0].at) / HOUR

    assert hours("2021-10-05T12:00") < 1
    assert 3 < hours("2021-10-05T01:00") < 8


def test_weekends_are_waited_through_and_holidays_too() -> None:
    """Released on the Wednesday evening before the days off of November 2021: work goes on on Monday the 8th."""
    rule = {"id": "work", "kind": "time_window", "params": {"workday": ["09:00", "18:00"], "dayoff": None}}
    clock = {"start": "2021-11-03T09:00", "horizon_days": 8}
    raw = scenario(campaign(step("sms"), release_at="2021-11-03T19:00"), guards={"rules": [rule]}, clock=clock)
    sent = rehearse(raw, crowd(1)).all("submitted")[0].at
    day = date(1970, 1, 1) + timedelta(days=sent // DAY)
    assert (day, sent) == (date(2021, 11, 8), instant("2021-11-08T09:00"))
