"""Decisions about one recipient: each leaves a row that says what was decided, by which rule, until when and why."""

from __future__ import annotations

import pytest

from policies.records import HOUR
from tests.support.crowd import crowd
from tests.support.small import Raw, campaign, constant, instant, rehearse, scenario, step, sure, template

EVENING = "2021-10-04T22:00"
HOURS = {"id": "hours", "kind": "time_window", "params": {"workday": ["09:00", "21:00"]}}
TARGETS = ("on_absent", "on_failed", "on_refused", "on_timeout", "on_guard", "on_stop")


def test_a_hold_names_its_rule_and_the_first_allowed_instant() -> None:
    ran = rehearse(scenario(campaign(step("sms"), release_at=EVENING), guards={"rules": [HOURS]}), crowd(1))
    held, sent = ran.all("held")[0], ran.all("submitted")[0]
    assert (held.rule, held.until, held.at) == ("own:hours", sent.at, instant(EVENING))


def test_a_denial_names_its_rule_and_goes_on_at_once() -> None:
    rule = {"id": "agreed", "kind": "consent", "params": {}, "channels": ["viber"]}
    people = crowd(1)
    people.consents[:, 4] = 0
    ran = rehearse(scenario(campaign(step("viber", wait_s=60), step("sms")), guards={"rules": [rule]}), people)
    assert [(row.event, row.rule, row.reason) for row in ran.all("denied")] == [("denied", "own:agreed", "denied")]
    assert [(row.channel, row.at) for row in ran.all("submitted")] == [("sms", ran.compiled.model.start)]


def test_two_rules_that_never_agree_are_a_denial_without_a_common_window() -> None:
    late = {"id": "late", "kind": "time_window", "params": {"workday": ["21:00", "22:00"]}}
    ran = rehearse(scenario(campaign(step("sms")), guards={"rules": [HOURS, late]}), crowd(1))
    assert ran.reasons("denied") == {"no_common_window"}


def test_a_hold_past_the_campaigns_end_expires_at_once() -> None:
    raw = scenario(campaign(step("sms"), release_at=EVENING, ends_at="2021-10-05T09:00"), guards={"rules": [HOURS]})
    ran = rehearse(raw, crowd(1))
    assert [(row.at, row.reason, row.rule) for row in ran.all("expired")] == [
        (instant(EVENING), "campaign_end", "own:hours")
    ]
    assert ran.reasons("ended") == {"campaign_end"}


def test_a_hold_past_the_horizon_expires_at_once() -> None:
    raw = scenario(campaign(step("sms"), release_at=EVENING), guards={"rules": [HOURS]})
    raw["clock"]["horizon_days"] = 0.9
    assert rehearse(raw, crowd(1)).seconds("expired") == [13 * 3600]


def test_an_unknown_zone_is_not_taken_for_a_good_hour() -> None:
    ran = rehearse(scenario(campaign(step("sms")), guards={"rules": [HOURS]}), crowd(2, zones=((), ("Europe/Moscow",))))
    assert ran.people("submitted") == {1}
    assert [(row.recipient, row.reason) for row in ran.all("denied")] == [(0, "unknown_input")]


def test_nobody_without_an_address_or_a_smartphone_is_sent_to() -> None:
    people = crowd(3)
    people.present[0] &= 511 - (1 << 2)
    people.feature_phone[1] = True
    ran = rehearse(scenario(campaign(step("viber", wait_s=60), step("sms"))), people)
    assert [(row.recipient, row.reason) for row in sorted(ran.all("absent"), key=lambda row: row.recipient)] == [
        (0, "no_address"), (1, "needs_smartphone"),
    ]  # fmt: skip
    assert ran.count("submitted", channel="sms") == 3


def test_a_guard_is_looked_at_when_the_step_starts_not_before() -> None:
    """The churn case: who bought within the two days of waiting gets no SMS."""
    again = step("sms", when=[{"attribute": "purchased", "equals": False}])
    raw = scenario(campaign(step("push", wait_s=2 * 86400), again), people={"purchases_per_30_days": 10})
    ran = rehearse(raw, crowd(60))
    second = ran.compiled.model.start + 48 * HOUR
    buyers = {row.recipient for row in ran.all("purchased") if row.at <= second}
    assert 0 < len(buyers) < 60
    assert ran.people("skipped") == buyers
    assert {row.recipient for row in ran.all("submitted") if row.channel == "sms"} == set(range(60)) - buyers


def test_a_delay_comes_before_the_guard_is_looked_at() -> None:
    raw = scenario(
        campaign(step("sms", delay_s=86400, when=[{"attribute": "purchased", "equals": False}])),
        people={"purchases_per_30_days": 15},
    )
    ran = rehearse(raw, crowd(40))
    due = ran.compiled.model.start + 24 * HOUR
    assert {row.at for row in ran.all("submitted", "skipped")} == {due}
    assert ran.people("skipped") == {row.recipient for row in ran.all("purchased") if row.at <= due}


WAYS: list[tuple[str, Raw, Raw]] = [
    ("on_absent", {}, {"absent": True}),
    ("on_failed", {"delivered": 0, "validity_s": 600}, {}),
    ("on_refused", {}, {"refused": True}),
    ("on_timeout", {}, {}),
    ("on_guard", {}, {"guarded": True}),
    ("on_stop", {"read": 1}, {}),
]


@pytest.mark.parametrize(("way", "channel", "how"), WAYS, ids=[way for way, _, _ in WAYS])
def test_each_way_out_of_a_step_leads_where_it_says(way: str, channel: Raw, how: Raw) -> None:
    """Every target but the one under test leads to the wrong step."""
    people = crowd(3)
    first = step("viber", id="first", stop_on="read", wait_s=7200) | dict.fromkeys(TARGETS, "wrong") | {way: "right"}
    if "absent" in how:
        people.present &= 511 - (1 << 2)
    if "guarded" in how:
        first["when"] = [{"attribute": "orders", "at_least": 1000}]
    rule = {"id": "agreed", "kind": "consent", "params": {}, "channels": ["viber"]}
    if "refused" in how:
        people.consents[:, 4] = 0
    steps = [first, step("sms", id="wrong", on_timeout="end"), step("email", id="right")]
    ran = rehearse(scenario(campaign(*steps), channels={"viber": sure(**channel)}, guards={"rules": [rule]}), people)
    assert ran.count("submitted", step="right") == 3
    assert ran.count("submitted", step="wrong") == 0


def test_a_provider_that_refuses_at_hand_over_is_a_failure_at_once() -> None:
    steps = step("viber", id="a", wait_s=7200, on_failed="c"), step("sms", id="b"), step("email", id="c")
    ran = rehearse(scenario(campaign(*steps), channels={"viber": sure(accepted=0)}), crowd(2))
    assert [(row.step, row.at) for row in ran.all("submitted") if row.step != "a"] == [
        ("c", ran.compiled.model.start)
    ] * 2


def test_a_reported_failure_ends_the_wait() -> None:
    """Undelivered after ten seconds, reported after eleven; the wait is two hours."""
    channels = {"sms": sure(delivered=0, delivery=constant(10), validity_s=10)}
    ran = rehearse(scenario(campaign(step("sms", wait_s=7200), step("viber")), channels=channels), crowd(1))
    assert ran.seconds("submitted") == [0, 11]


def test_a_lost_report_of_failure_leaves_the_wait() -> None:
    receipts = sure()["receipts"] | {"lost": 1}
    channels = {"sms": sure(delivered=0, delivery=constant(10), validity_s=10, receipts=receipts)}
    ran = rehearse(scenario(campaign(step("sms", wait_s=7200), step("viber")), channels=channels), crowd(1))
    assert ran.seconds("submitted") == [0, 7200]


def test_attempts_are_numbered_by_channel_and_campaign() -> None:
    steps = [step(name, wait_s=60) for name in ("sms", "viber", "sms")]
    ran = rehearse(scenario(campaign(*steps), campaign(step("sms"), id="b")), crowd(1))
    assert sorted((row.campaign, row.channel, row.attempt) for row in ran.all("submitted")) == [
        ("b", "sms", 0), ("offer", "sms", 0), ("offer", "sms", 1), ("offer", "viber", 0),
    ]  # fmt: skip


def test_an_sms_is_billed_by_the_segments_of_each_persons_text() -> None:
    prices = [{"event": "submit", "price": 2, "per": "segment"}]
    body = "Ы" * 66 + "{{segment}}"
    raw = scenario(
        campaign(step("sms")), channels={"sms": sure(prices=prices)}, templates={"t-sms": template("sms", body=body)}
    )
    ran = rehearse(raw, crowd(30))
    words = ran.compiled.people.attributes["segment"].to_pylist()
    assert {row.cost for row in ran.all("submitted")} == {2_000_000, 4_000_000}
    assert all(row.units == (2 if len(words[row.recipient]) > 4 else 1) for row in ran.all("submitted"))


def test_a_session_is_billed_once_in_its_24_hours() -> None:
    prices = [{"event": "session", "price": 5}]
    times = ("04T09:00", "04T15:00", "05T09:30")
    campaigns = [campaign(step("whatsapp"), id=f"c{n}", release_at=f"2021-10-{at}") for n, at in enumerate(times)]
    ran = rehearse(scenario(*campaigns, channels={"whatsapp": sure(prices=prices)}), crowd(1))
    assert [(row.campaign, row.cost) for row in ran.all("session_opened")] == [("c0", 5_000_000), ("c2", 5_000_000)]


def test_a_call_is_billed_by_begun_seconds_with_a_minimum() -> None:
    prices = [{"event": "second", "price": 0.1, "per": "second", "minimum_units": 5}]

    def billed(seconds: float) -> tuple[int | None, int | None]:
        channels = {"voice": sure(prices=prices, duration_s=constant(seconds))}
        row = rehearse(scenario(campaign(step("voice")), channels=channels), crowd(1)).all("delivered")[0]
        return row.units, row.cost

    assert [billed(seconds) for seconds in (2, 5, 5.1, 12)] == [
        (5, 500_000),
        (5, 500_000),
        (6, 600_000),
        (12, 1_200_000),
    ]


def test_what_is_free_inside_a_service_window_costs_nothing_there() -> None:
    prices = [{"event": "delivered", "price": 4, "free_in_service_window": True}]
    steps = step("whatsapp", wait_s=7200), step("whatsapp")
    channels = {"whatsapp": sure(read=1, replied=0.5, prices=prices)}
    ran = rehearse(scenario(campaign(*steps), channels=channels), crowd(40))
    replied = {
        row.recipient for row in ran.all("replied") if row.attempt == 0 or row.at < ran.compiled.model.start + HOUR
    }
    second = [row for row in ran.all("delivered") if row.attempt == 1]
    assert {row.recipient for row in second if row.cost is None} == replied
    assert 0 < len(replied) < 40
