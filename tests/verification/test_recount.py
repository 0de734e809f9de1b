"""A log counted anew by brute force: limits, spacing, daily caps, fatigue, suppression, opt-outs, row by row."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest

from policies.coded import coded
from policies.records import DAY, WEEK
from tests.support.crowd import changed, crowd
from tests.support.small import Ran, Row, campaign, instant, rehearse, scenario, step, sure

SIZE = 60


def limited() -> Ran:
    """Three campaigns a half day apart, by one number that may write to 25 people in 24 hours; replies open windows."""
    times = ("04T09:00", "04T21:00", "05T09:30")
    campaigns = [campaign(step("whatsapp"), id=f"c{n}", release_at=f"2021-10-{at}") for n, at in enumerate(times)]
    raw = scenario(
        *campaigns, senders={"wa": {"channel": "whatsapp", "limit": 25, "throughput_per_s": 0.2}},
        channels={"whatsapp": sure(read=1, replied=0.3, delivered=0.9)},
    )  # fmt: skip
    return rehearse(raw, crowd(SIZE))


def counted_before(ran: Ran, row: Row) -> set[int]:
    """Who got a message outside a window in the 24 hours before a decision; delivery takes a second."""
    outside = {
        (sent.recipient, sent.campaign) for sent in ran.all("submitted", where=lambda row: not (row.state or 0) & 256)
    }
    return {
        one.recipient for one in ran.all("delivered")
        if row.at - DAY < one.at <= row.at and (one.recipient, one.campaign) in outside
    }  # fmt: skip


def test_the_limit_is_refused_exactly_when_a_recount_says_so() -> None:
    """The limit rises from 25 to 1,000 two days after 50 were written to; the run ends before."""
    ran = limited()
    rejected, sent = ran.all("rejected"), ran.all("submitted")
    assert rejected
    assert {row.reason for row in rejected} == {"limit"}
    for row in rejected:
        counted = counted_before(ran, row)
        assert row.recipient not in counted
        assert len(counted) >= 25
    for row in sent:
        counted = counted_before(ran, row)
        assert row.recipient in counted or len(counted) < 25 or (row.state or 0) & 256


def test_who_answered_may_be_written_to_beyond_the_limit() -> None:
    ran = limited()
    inside = [row for row in ran.all("submitted") if (row.state or 0) & 256]
    replied = {row.recipient: row.at for row in ran.all("replied", where=lambda row: row.campaign == "c0")}
    assert inside
    assert all(0 <= row.at - replied[row.recipient] < DAY for row in inside if row.campaign == "c1")


def test_no_two_messages_of_a_sender_are_closer_than_its_throughput_allows() -> None:
    """One in five seconds, for refused messages too: they used their turn."""
    at = sorted(row.at for row in limited().all("submitted", "rejected"))
    assert min(later - sooner for sooner, later in pairwise(at)) == 5_000_000


def test_vk_takes_five_a_day_and_group_by_the_persons_own_day() -> None:
    campaigns = [campaign(step("vk"), id=f"c{n:02}", release_at=f"2021-10-04T{9 + n:02}:00") for n in range(14)]
    ran = rehearse(scenario(*campaigns), crowd(2, zones=(("Europe/Moscow",), ("Asia/Vladivostok",))))
    days: dict[tuple[int, int], int] = defaultdict(int)
    for row in ran.all("submitted"):
        days[row.recipient, (row.at + (3 + 7 * row.recipient) * 3_600_000_000) // DAY] += 1
    assert set(days.values()) == {5}
    assert len(days) == 3, "Vladivostok comes to a second day, Moscow does not"
    assert ran.reasons("rejected") == {"daily_cap"}


def test_the_state_of_a_message_is_the_count_of_the_seven_days_before() -> None:
    campaigns = [campaign(step("sms"), id=f"c{n:02}", release_at=f"2021-10-{4 + n:02}T09:00") for n in range(12)]
    clock = {"start": "2021-10-04T09:00", "horizon_days": 13}
    ran = rehearse(scenario(*campaigns, clock=clock, channels={"sms": sure(accepted=0.7)}), crowd(20))
    taken = {(row.recipient, row.at) for row in ran.all("submitted")} - {
        (row.recipient, row.at) for row in ran.all("rejected")
    }
    for row in ran.all("submitted"):
        assert row.state == sum(who == row.recipient and row.at - WEEK < at < row.at for who, at in taken)


def test_a_dead_number_is_left_alone_after_its_failures() -> None:
    campaigns = [campaign(step("sms"), id=f"c{n}", release_at=f"2021-10-{4 + n:02}T09:00") for n in range(5)]
    raw = scenario(
        *campaigns, guards={"dead_after_failures": 2}, people={"dead_number_rate": 0.3},
        clock={"start": "2021-10-04T09:00", "horizon_days": 6},
    )  # fmt: skip
    ran = rehearse(raw, crowd(40))
    dead = ran.people("failed")
    assert 0 < len(dead) < 40
    assert ran.reasons("failed") == {"dead"}
    assert all(ran.count("submitted", recipient=who) == (2 if who in dead else 5) for who in range(40))
    assert ran.people("suppressed") == dead


def test_failures_on_record_count() -> None:
    people = crowd(3)
    people.failures_in_a_row = coded((0, 2, 3))
    ran = rehearse(scenario(campaign(step("sms"), step("viber")), guards={"dead_after_failures": 3}), people)
    assert ran.people("suppressed") == {2}
    assert ran.count("submitted", channel="viber", recipient=2) == 1


def test_who_opted_out_gets_no_later_step_once_the_company_has_learned_of_it() -> None:
    steps = [step("viber", wait_s=3600) for _ in range(3)]
    ran = rehearse(scenario(campaign(*steps), channels={"viber": sure(read=1, unsubscribed=0.4)}), crowd(SIZE))
    learned = {row.recipient: row.received for row in ran.all("unsubscribed")}
    assert 0 < len(learned) < SIZE
    for row in ran.all("submitted"):
        assert row.at <= (learned.get(row.recipient) or row.at)
    assert ran.people("denied") == {who for who in learned if ran.count("submitted", recipient=who) < 3}
    assert {row.rule for row in ran.all("denied")} == {"own:opt-outs"}


def test_an_opt_out_of_one_channel_leaves_the_others() -> None:
    people = crowd(2)
    people.opt_out_at = changed(people.opt_out_at, (0, 2), instant("2021-10-01T09:00"))
    ran = rehearse(scenario(campaign(step("viber", wait_s=60), step("sms"))), people)
    assert {(row.recipient, row.channel) for row in ran.all("submitted")} == {(0, "sms"), (1, "viber"), (1, "sms")}


def test_who_complained_never_gets_that_channel_again() -> None:
    steps = [step("viber", wait_s=3600, stop_on="never") for _ in range(3)]
    raw = scenario(
        campaign(*steps),
        channels={"viber": sure(read=1, complained=0.4)},
        senders={"s": {"channel": "viber", "traffic": "advertising"}},
    )
    ran = rehearse(raw, crowd(SIZE))
    first = {}
    for row in ran.all("complained"):
        assert row.recipient not in first
        first[row.recipient] = row.at
    assert all(row.at < first.get(row.recipient, row.at + 1) for row in ran.all("delivered"))
    for row in ran.all("submitted"):  # and the hand-over says that it is in vain
        assert ((row.state or 0) & 512 > 0) == (row.at > first.get(row.recipient, row.at))


@pytest.mark.parametrize(("purpose", "value", "events"), [
    ("accepted", 0.999999, ["rejected"]), ("delivered", 0.999999, ["failed", "lapsed"]), ("read", 0, ["read"]),
    ("complained", 0, ["complained"]), ("unsubscribed", 0, ["unsubscribed"]), ("replied", 0, ["replied"]),
    ("clicked", 0, ["clicked"]),
])  # fmt: skip
def test_a_script_forces_an_outcome_and_no_other(purpose: str, value: float, events: list[str]) -> None:
    """All of it is possible and unlikely, or likely and forced to fail; only P00003 feels it."""
    rare = dict.fromkeys(("complained", "unsubscribed", "replied", "clicked"), 1e-9)
    channel = sure(accepted=0.99999, delivered=0.99999, read=1 if purpose != "read" else 1e-9, validity_s=3600, **rare)
    raw = scenario(campaign(step("viber")), channels={"viber": channel})
    raw["script"] = [{"recipient": "P00003", "channel": "viber", "purpose": purpose, "value": value}]
    assert {row.recipient for row in rehearse(raw, crowd(8)).all(*events)} == {3}


def test_a_script_for_one_attempt_leaves_the_others() -> None:
    raw = scenario(campaign(step("sms", wait_s=60), step("sms", wait_s=60), step("sms")))
    raw["script"] = [{"recipient": "P00000", "attempt": 1, "purpose": "delivered", "value": 0.999999}]
    raw["channels"]["sms"] |= {"delivered": 0.999, "validity_s": 3600}
    ran = rehearse(raw, crowd(1))
    assert [row.attempt for row in ran.all("failed", "lapsed")] == [1]


def test_a_repeated_report_changes_nothing_but_its_row() -> None:
    def rows(repeated: float) -> list[Row]:
        receipts = sure()["receipts"] | {"repeated": repeated}
        steps = campaign(step("sms", stop_on="delivered", wait_s=60), step("viber"))
        ran = rehearse(scenario(steps, channels={"sms": sure(delivered=0.5, receipts=receipts)}), crowd(30))
        assert ran.count("receipt_repeated") == (ran.count("delivered", channel="sms") if repeated else 0)
        return [row for row in ran.rows if row.event != "receipt_repeated"]

    assert rows(0) == rows(1)
