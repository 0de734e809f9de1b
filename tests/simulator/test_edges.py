"""The edges of the engine: ends, overlaps, ties, nothing left to spend. Each was once found wrong or feared to be."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from policies.coded import coded
from policies.records import DAY, HOUR, MISSING, NEVER, SECOND
from simulator.engine.run import EngineName
from simulator.feedback import limits
from tests.support.crowd import crowd
from tests.support.small import START, Ran, Raw, campaign, constant, rehearse, scenario, step, sure, template

PRICE = [{"event": "submit", "price": 1}]
both_engines = pytest.mark.parametrize("engine", ["reference", "compiled"])


def window(start: str, end: str) -> Raw:
    return {"rules": [{"id": "hours", "kind": "time_window", "params": {"workday": [start, end]}}]}


@both_engines
def test_nothing_is_handed_over_after_the_campaigns_end_however_long_the_queue(engine: EngineName) -> None:
    raw = scenario(campaign(step("sms"), ends_at="2021-10-04T10:00"), channels={"sms": sure(throughput_per_s=0.001)})
    ran = rehearse(raw, crowd(8), engine=engine)
    assert ran.seconds("submitted") == [0, 1000, 2000, 3000]
    assert ran.seconds("expired") == [4000] * 4
    assert ran.reasons("expired") == {"campaign_end"}


def test_the_instant_of_the_campaigns_end_is_too_late() -> None:
    raw = scenario(campaign(step("sms", throttle_per_h=2), ends_at="2021-10-04T10:00"))
    assert rehearse(raw, crowd(5)).seconds("submitted") == [0, 1800]


@both_engines
def test_nothing_happens_at_the_horizon_itself(engine: EngineName) -> None:
    clock = {"start": START, "horizon_days": 1 / 24}
    raw = scenario(campaign(step("sms", wait_s=3600), step("viber")), clock=clock)
    ran = rehearse(raw, crowd(3), engine=engine)
    assert ran.count("submitted", channel="sms") == 3
    assert ran.count("submitted", channel="viber") == 0
    assert max(row.at for row in ran.rows) < ran.compiled.model.end


def test_a_wait_longer_than_the_horizon_never_ends() -> None:
    ran = rehearse(scenario(campaign(step("sms", wait_s=40 * 86400), step("viber"))), crowd(3))
    assert (ran.count("submitted"), ran.count("ended")) == (3, 0)


@both_engines
def test_a_wait_of_nothing_goes_on_at_the_same_instant(engine: EngineName) -> None:
    ran = rehearse(scenario(campaign(step("sms", wait_s=0), step("viber"))), crowd(1), engine=engine)
    assert [(row.channel, row.at) for row in ran.all("submitted")] == [
        ("sms", ran.compiled.model.start), ("viber", ran.compiled.model.start),
    ]  # fmt: skip


@both_engines
@pytest.mark.parametrize(("wait", "sent"), [(2, 0), (1.999999, 1)])
def test_a_report_at_the_very_end_of_the_wait_still_stops(wait: float, sent: int, engine: EngineName) -> None:
    """Delivered after a second, reported a second later: the report of two seconds comes before the timer of two."""
    ran = rehearse(
        scenario(campaign(step("sms", wait_s=wait, stop_on="delivered"), step("viber"))), crowd(1), engine=engine
    )
    assert ran.count("submitted", channel="viber") == sent


@both_engines
def test_a_delivery_counts_before_a_hand_over_at_the_same_instant(engine: EngineName) -> None:
    """One in ten seconds, delivered after ten: at 20 s the second delivery fills the limit, then the third asks."""
    senders = {"wa": {"channel": "whatsapp", "limit": 2, "throughput_per_s": 0.1}}
    channels = {"whatsapp": sure(delivery=constant(10))}
    ran = rehearse(scenario(campaign(step("whatsapp")), senders=senders, channels=channels), crowd(4), engine=engine)
    assert (ran.seconds("submitted"), ran.seconds("rejected")) == ([0, 10], [20, 30])


@both_engines
def test_an_outage_begins_and_a_template_is_approved_before_anything_else_of_that_instant(engine: EngineName) -> None:
    review = {"submitted": START, "takes_h": 0, "result": "approved"}
    outage = {"channel": "sms", "start": START, "end": "2021-10-04T10:00"}
    raw = scenario(
        campaign(step("whatsapp"), id="a"), campaign(step("sms"), id="b"), campaign(step("sms"), id="c"),
        templates={"t-whatsapp": template("whatsapp", review=review)}, outages=[outage],
    )  # fmt: skip
    raw["campaigns"][2]["release_at"] = "2021-10-04T10:00"
    ran = rehearse(raw, crowd(2), engine=engine)
    assert [ran.count("submitted", campaign=name) for name in "abc"] == [2, 0, 2]


def queued_readers() -> Raw:
    """All queue for SMS at 100 s intervals after a push; three of five have read it by then."""
    push = sure(read=0.6, reading=constant(98))
    push["receipts"]["delay"] = constant(2)
    steps = step("push", wait_s=50, stop_on="read"), step("sms")
    return scenario(campaign(*steps), channels={"push": push, "sms": sure(throughput_per_s=0.01)})


@both_engines
def test_a_cancelled_message_leaves_its_turn_to_the_next_at_the_same_instant(engine: EngineName) -> None:
    ran = rehearse(queued_readers(), crowd(30), engine=engine)
    sms = [row for row in ran.all("submitted") if row.channel == "sms"]
    assert ran.people("cancelled") == ran.people("read") - {sms[0].recipient}
    assert {later.at - sooner.at for sooner, later in pairwise(sms)} == {100 * SECOND}
    assert {row.at for row in ran.all("cancelled")} <= {row.at for row in sms} | {sms[-1].at + 100 * SECOND}


def test_both_schedulers_serve_all_heads_of_an_instant_before_any_goes_on() -> None:
    reference, machine = (rehearse(queued_readers(), crowd(30), engine=engine) for engine in ("reference", "compiled"))
    assert len(reference.all("cancelled")) > 5
    assert sorted(reference.rows, key=repr) == sorted(machine.rows, key=repr)


def test_a_late_report_stops_a_later_step() -> None:
    """Read after a minute, while the second message has been sent and the third is awaited."""
    steps = step("push", wait_s=30, stop_on="read"), step("sms", wait_s=3600), step("viber")
    ran = rehearse(scenario(campaign(*steps), channels={"push": sure(read=1)}), crowd(4))
    assert ran.count("submitted", channel="sms") == 4
    assert ran.count("submitted", channel="viber") == 0
    assert ran.reasons("ended") == {"read"}


def test_a_message_in_the_queue_is_cancelled_when_the_report_comes() -> None:
    """The second one queues behind the first for 100 s; it was read on push meanwhile."""
    steps = step("push", wait_s=30, stop_on="read"), step("sms")
    ran = rehearse(
        scenario(campaign(*steps), channels={"push": sure(read=1), "sms": sure(throughput_per_s=0.01)}), crowd(2)
    )
    assert ran.count("submitted", channel="sms") == 1
    assert (ran.count("cancelled"), ran.count("ended", reason="read")) == (1, 1)


def test_two_campaigns_at_one_instant_share_the_cap_of_one() -> None:
    guards = {
        "rules": [{"id": "cap", "kind": "frequency_cap", "params": {"caps": [{"count": 1, "period": "roll_24h"}]}}]
    }
    ran = rehearse(scenario(campaign(step("sms")), campaign(step("sms"), id="other"), guards=guards), crowd(5))
    assert ran.seconds("submitted") == [0] * 5 + [86400] * 5


def test_a_spread_of_a_month_stays_within_the_month() -> None:
    raw = scenario(campaign(step("sms"), spread_h=720), clock={"start": START, "horizon_days": 40})
    seconds = rehearse(raw, crowd(60)).seconds("released")
    assert 0 <= seconds[0] < 5 * 86400
    assert 25 * 86400 < seconds[-1] < 30 * 86400


def test_jitter_stays_inside_the_window() -> None:
    """An hour of jitter in a window of ten minutes: everybody is handed over in it on the first day, spread out."""
    raw = scenario(campaign(step("sms"), hold_jitter_s=3600), guards=window("10:00", "10:10"))
    ran = rehearse(raw, crowd(40))
    seconds = ran.seconds("submitted")
    assert len(seconds) == ran.count("held") == 40
    assert 3600 <= seconds[0] <= seconds[-1] < 4200
    assert len(set(seconds)) > 30


def test_jitter_does_not_carry_a_message_past_the_campaigns_end() -> None:
    raw = scenario(
        campaign(step("sms"), hold_jitter_s=3600, ends_at="2021-10-04T10:01"), guards=window("10:00", "20:00")
    )
    assert rehearse(raw, crowd(20)).count("submitted") == 20


def test_the_outage_that_ends_last_decides_where_outages_overlap() -> None:
    spans = [("10:00", "11:00"), ("10:30", "14:00"), ("10:40", "12:00")]
    outages = [{"channel": "sms", "start": f"2021-10-04T{a}", "end": f"2021-10-04T{b}"} for a, b in spans]
    sent = [campaign(step("sms"), id=f"at-{hour}", release_at=f"2021-10-04T{hour}:00") for hour in (9, 12, 13, 14)]
    sent[0]["release_at"] = START
    ran = rehearse(scenario(*sent, outages=outages), crowd(1))
    assert [row.campaign for row in ran.all("submitted")] == ["at-9", "at-14"]


def test_a_budget_of_nothing_sends_nothing() -> None:
    ran = rehearse(scenario(campaign(step("sms"), budget=0), channels={"sms": sure(prices=PRICE)}), crowd(3))
    assert (ran.count("submitted"), ran.count("suppressed", reason="budget")) == (0, 3)


def test_a_budget_stops_at_the_message_that_spends_it() -> None:
    ran = rehearse(scenario(campaign(step("sms"), budget=2.5), channels={"sms": sure(prices=PRICE)}), crowd(9))
    assert (ran.count("submitted"), ran.count("budget_stopped")) == (3, 1)
    assert ran.count("ended", reason="budget") == 6


def test_another_campaigns_budget_is_its_own() -> None:
    raw = scenario(campaign(step("sms"), budget=2), campaign(step("sms"), id="b"), channels={"sms": sure(prices=PRICE)})
    ran = rehearse(raw, crowd(9))
    assert (ran.count("submitted", campaign="offer"), ran.count("submitted", campaign="b")) == (2, 9)


def test_volume_tiers_count_all_steps_and_campaigns_of_an_account() -> None:
    prices = [{"event": "submit", "price": 1}, {"event": "submit", "price": 0.5, "from_units": 10}]
    raw = scenario(
        campaign(step("sms"), step("sms")), campaign(step("sms"), id="b"), channels={"sms": sure(prices=prices)}
    )
    raw["campaigns"][0]["cascade"][0]["wait_s"] = 60
    costs = [row.cost for row in rehearse(raw, crowd(7)).all("submitted")]
    assert sorted(costs, reverse=True) == [1_000_000] * 10 + [500_000] * 11


@both_engines
def test_parts_of_a_country_share_its_prices_and_its_volume_tiers(engine: EngineName) -> None:
    prices = [
        {"event": "submit", "price": 1, "country": "US"},
        {"event": "submit", "price": 0.5, "from_units": 4, "country": "US"},
    ]
    raw = scenario(campaign(step("sms")), channels={"sms": sure(prices=prices)}, organisation={"country": "US"})
    people = crowd(9)
    people.countries = ("US-FL", "US", "US-TX")
    people.country = np.arange(9, dtype=np.int16) % 3
    costs = [row.cost for row in rehearse(raw, people, engine=engine).all("submitted")]
    assert sorted(costs, reverse=True) == [1_000_000] * 4 + [500_000] * 5


def test_who_never_told_the_last_order_is_not_taken_for_one_who_never_ordered() -> None:
    people = crowd(3)
    people.orders = coded([1, 1, 1])
    people.last_order_at = coded((MISSING, -NEVER, MISSING))
    guards = {"rules": [{"id": "quiet", "kind": "cool_down", "params": {"inactive_days": 60}}]}
    ran = rehearse(scenario(campaign(step("sms")), guards=guards), people)
    assert ran.people("submitted") == {1}
    assert ran.reasons("denied") == {"unknown_input"}


@both_engines
def test_a_purchase_before_the_release_does_not_stop_the_cascade(engine: EngineName) -> None:
    """Buyers buy about every hour, whatever is sent; only a purchase after the release may end the cascade."""
    late = "2021-10-06T09:00"
    raw = scenario(
        campaign(step("sms", delay_s=1, stop_on="purchased", wait_s=60), release_at=late),
        people={"purchases_per_30_days": 30},
    )
    ran = rehearse(raw, crowd(40), engine=engine)
    released = ran.all("released")[0].at
    bought = {row.recipient for row in ran.all("purchased") if released <= row.at < released + SECOND}
    assert any(row.at < released for row in ran.all("purchased"))
    assert ran.people("submitted") == set(range(40)) - bought


def test_the_first_step_knows_the_purchases_before_the_release() -> None:
    when = [{"attribute": "days_since_purchase", "below": 2}]
    raw = scenario(
        campaign(step("sms", when=when), release_at="2021-10-06T09:00"), people={"purchases_per_30_days": 20}
    )
    people = crowd(60)
    people.last_order_at = coded([MISSING] * 60)
    ran = rehearse(raw, people)
    released = ran.all("released")[0].at
    assert ran.people("submitted") == {row.recipient for row in ran.all("purchased") if row.at <= released}


def test_a_throttle_of_ten_an_hour_is_one_in_six_minutes_exactly() -> None:
    seconds = rehearse(scenario(campaign(step("sms", throttle_per_h=10))), crowd(6)).seconds("submitted")
    assert {later - sooner for sooner, later in pairwise(seconds)} == {360}


def test_a_rate_that_does_not_divide_a_second_keeps_its_remainder() -> None:
    raw = scenario(campaign(step("sms")), channels={"sms": sure(throughput_per_s=3)})
    ran = rehearse(raw, crowd(31))
    at = [row.at - ran.compiled.model.start for row in ran.all("submitted")]
    assert at == [number * 1_000_000 // 3 for number in range(31)]


def test_two_deliveries_at_one_instant_leave_the_limits_count_once() -> None:
    state = limits.Limit(limits.Era((10, NEVER), 0, 100, 1, lowered_by_quality=False), 0)
    limits.count(state, 0, 1)
    limits.count(state, 0, 1)
    assert state.distinct_day == 1
    assert limits.open_places(state, DAY, 2)
    assert state.distinct_day == 0


def test_a_resubmission_after_no_time_is_not_one_after_a_day() -> None:
    review = {"submitted": START, "takes_h": 1, "result": "rejected", "resubmit_after_h": 0, "resubmissions": 1}
    raw = scenario(campaign(step("whatsapp")), templates={"t-whatsapp": template("whatsapp", review=review)})
    ran = rehearse(raw, crowd(1))
    assert [(row.reason, row.at - ran.compiled.model.start) for row in ran.all("template_state")] == [
        ("submitted", 0), ("rejected", HOUR), ("submitted", HOUR), ("approved", 2 * HOUR),
    ]  # fmt: skip


def rows_of(ran: Ran, name: str) -> list[tuple[object, ...]]:
    return [(row.event, row.at, row.recipient, row.step, row.cost) for row in ran.rows if row.campaign == name]


def test_equal_instants_are_served_in_the_order_of_keys_not_of_rows() -> None:
    raw = scenario(campaign(step("sms")), channels={"sms": sure(throughput_per_s=1)})
    ran = rehearse(raw, crowd(30))
    keys = ran.compiled.people.key
    served = [row.recipient for row in ran.all("submitted")]
    assert served == np.argsort(keys, kind="stable").tolist()


@both_engines
def test_a_late_report_never_leads_back_so_nobody_gets_a_step_twice(engine: EngineName) -> None:
    first = step("push", id="a", stop_on="read", on_stop="b", wait_s=30)
    cascade = (first, step("email", id="b", wait_s=30), step("viber", id="c", wait_s=9000), step("sms", id="d"))
    channels = {"push": sure(read=1, reading=constant(600))}
    ran = rehearse(scenario(campaign(*cascade), channels=channels), crowd(1), engine=engine)
    assert [row.step for row in ran.all("submitted")] == ["a", "b", "c", "d"]


def test_a_cool_down_sees_purchases_made_within_the_horizon() -> None:
    cool = {"id": "cool", "kind": "cool_down", "params": {"orders": 3, "inactive_days": 1, "pause_days": 30}}
    people = crowd(40)
    people.orders = coded([2] * 40)
    people.last_order_at = coded([0] * 40)
    late = campaign(step("sms"), release_at="2021-10-06T20:00")
    raw = scenario(late, guards={"rules": [cool]}, people={"purchases_per_30_days": 10.0})
    ran = rehearse(raw, people)
    bought_once = {who for who in range(40) if ran.count("purchased", recipient=who) == 1}
    assert bought_once
    assert ran.people("held") | ran.people("denied") <= bought_once | ran.people("purchased")
    assert ran.people("submitted") >= set(range(40)) - ran.people("purchased")


def test_a_dead_number_fails_when_the_validity_ends_at_the_latest() -> None:
    channels = {"sms": sure(delivery=constant(7200), validity_s=3600)}
    raw = scenario(campaign(step("sms")), channels=channels, people={"dead_number_rate": 1})
    assert rehearse(raw, crowd(3)).seconds("failed") == [3600] * 3


@both_engines
def test_a_failure_is_followed_where_the_timeout_ends_the_cascade(engine: EngineName) -> None:
    cascade = (step("push", on_timeout="end", on_failed="2-sms"), step("sms"))
    channels = {"push": sure(delivered=0, validity_s=86400)}
    ran = rehearse(scenario(campaign(*cascade), channels=channels), crowd(60), engine=engine)
    failed_at_once = ran.people("failed")
    assert 0 < len(failed_at_once) < 60
    assert {row.recipient for row in ran.all("submitted", where=lambda row: row.channel == "sms")} == failed_at_once


def test_a_template_that_resumes_says_that_its_rating_is_green_again() -> None:
    angry = sure(read=1, complained=1, reading=constant(1), acting=constant(1))
    raw = scenario(
        campaign(step("whatsapp"), spread_h=1),
        channels={"whatsapp": angry},
        feedback={"whatsapp": {"minimum_sample": 5}},
    )
    ran = rehearse(raw, crowd(40))
    ratings = ran.all("quality_changed", where=lambda row: row.reason in ("red", "green"))
    resumed = ran.all("template_state", where=lambda row: row.reason == "resumed")
    assert any(row.at == resumed[0].at and row.reason == "green" for row in ratings)


def test_what_is_given_up_for_the_horizon_is_not_blamed_on_the_campaign() -> None:
    guards = window("09:00", "10:00")
    short = {"start": START, "horizon_days": 0.5}
    raw = scenario(campaign(step("sms"), release_at="2021-10-04T11:00"), guards=guards, clock=short)
    assert rehearse(raw, crowd(2)).reasons("expired") == {"horizon"}


@both_engines
def test_a_number_found_dead_while_its_message_waits_is_not_written_to(engine: EngineName) -> None:
    both = [campaign(step("sms"), id=name) for name in ("one", "two")]
    channels = {"sms": sure(throughput_per_s=0.01)}
    raw = scenario(*both, channels=channels, guards={"dead_after_failures": 1}, people={"dead_number_rate": 1})
    ran = rehearse(raw, crowd(1), engine=engine)
    assert (ran.count("submitted"), ran.count("suppressed", reason="dead_number")) == (1, 1)
