"""Run-scoped kinds: below, at and above each limit, and unknown for each input that may be absent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from policies.packs import load_pack
from policies.records import NEVER
from policies.rules import Check, Scope
from policies.runs import assess
from policies.runs.facts import Assessment, CampaignFact, CascadeStep, RunFacts
from tests.policies.log_rows import at, log

Row = dict[str, Any]


def run(*rows: Row, **facts: Any) -> RunFacts:
    return RunFacts(log=log(*rows), start=at("16T00:00"), end=at("30T00:00"), **facts)


def judge(kind: str, params: dict[str, Any], facts: RunFacts) -> Assessment:
    return assess(Check(kind, params), facts)


def counts(found: Assessment) -> tuple[int, int, int, int]:
    return found.n, found.failed, found.review, found.unknown


# --- metric_threshold

COMPLAINTS = {"metric": "complaint_rate", "window_days": 7, "limit": 0.03, "warn": 0.01, "minimum": 200}


def traffic(delivered: int, complained: int, day: str = "16", sender: str = "S") -> list[Row]:
    rows = [{"event": "delivered", "at": f"{day}T10:00", "sender": sender} for _ in range(delivered)]
    return rows + [{"event": "complained", "at": f"{day}T11:00", "sender": sender} for _ in range(complained)]


@pytest.mark.parametrize(
    ("delivered", "complained", "expected"),
    [
        (200, 1, (1, 0, 0, 0)),
        (200, 2, (1, 0, 1, 0)),
        (200, 5, (1, 0, 1, 0)),
        (200, 6, (1, 1, 0, 0)),
        (199, 100, (0, 0, 0, 0)),
        (0, 3, (0, 0, 0, 0)),
    ],
)
def test_a_share_is_judged_from_its_limits_on_and_never_on_a_small_sample(
    delivered: int, complained: int, expected: tuple[int, ...]
) -> None:
    assert counts(judge("metric_threshold", COMPLAINTS, run(*traffic(delivered, complained)))) == expected


@pytest.mark.parametrize(("reports", "expected"), [(9, (0, 0)), (10, (0, 1)), (29, (0, 1)), (30, (1, 0))])
def test_reports_of_spam_are_watched_from_one_in_a_thousand_and_fail_from_three(
    reports: int, expected: tuple[int, int]
) -> None:
    [rule] = [rule for rule in load_pack("email").rules if rule.id == "EM-SPAM-01"]
    found = assess(rule.checks[0], run(*traffic(10_000, reports)))
    assert (found.failed, found.review) == expected


def test_each_sender_is_judged_alone_at_its_worst_instant() -> None:
    found = judge("metric_threshold", COMPLAINTS, run(*traffic(1_000, 1, sender="A"), *traffic(200, 8, sender="B")))
    assert counts(found) == (2, 1, 0, 0)
    assert [(item.sender, item.answer) for item in found.evidence] == [("B", "fail")]
    assert "8 of 200" in found.evidence[0].explanation


def test_templates_may_be_judged_instead_of_senders() -> None:
    rows = [{**row, "template": "T"} for row in traffic(200, 6)]
    found = judge("metric_threshold", {**COMPLAINTS, "scope": "template"}, run(*rows))
    assert found.evidence[0].template == "T"


def test_evidence_of_shares_shows_failures_before_what_is_for_review() -> None:
    for_review = [row for n in range(20) for row in traffic(200, 2, sender=f"A{n:02}")]
    found = judge("metric_threshold", COMPLAINTS, run(*for_review, *traffic(200, 6, sender="B")))
    assert counts(found) == (21, 1, 20, 0)
    assert (len(found.evidence), found.evidence[0].sender, found.evidence[0].answer) == (20, "B", "fail")


# --- quota


def deliveries(*people: tuple[str, str], **more: Any) -> list[Row]:
    return [
        {"event": "delivered", "at": when, "recipient": who, "sender": "S", "channel": "whatsapp", "state": 0, **more}
        for who, when in people
    ]


FOUR = (("a", "16T10:00"), ("b", "16T11:00"), ("c", "16T12:00"), ("a", "16T13:00"))


@pytest.mark.parametrize(("limit", "failed"), [(3, 0), (2, 1), (None, 0)])
def test_unique_recipients_are_held_against_the_limit(limit: int | None, failed: int) -> None:
    assert counts(judge("quota", {}, run(*deliveries(*FOUR), limits={"S": limit}))) == (4, failed, 0, 0)


def test_without_a_known_limit_the_quota_needs_an_input() -> None:
    found = judge("quota", {}, run(*deliveries(*FOUR)))
    assert counts(found) == (4, 0, 0, 4)
    assert found.missing == ("the limit of sender S",)


@pytest.mark.parametrize(("last", "failed"), [("17T09:59:59", 1), ("17T10:00:00", 0)])
def test_a_recipient_leaves_the_moving_window_after_24_hours(last: str, failed: int) -> None:
    rows = deliveries(("a", "16T10:00:00"), ("b", f"2026-11-{last}"))
    assert judge("quota", {}, run(*rows, limits={"S": 1})).failed == failed


def test_of_deliveries_of_one_instant_only_those_fail_that_are_too_many() -> None:
    found = judge("quota", {}, run(*deliveries(*((who, "16T10:00") for who in "abcd")), limits={"S": 3}))
    assert [(item.recipient, item.explanation.split(" of ")[0]) for item in found.evidence] == [("d", "recipient 4")]


def test_another_message_keeps_a_recipient_in_the_window() -> None:
    rows = deliveries(("a", "16T10:00"), ("a", "17T09:00"), ("b", "17T11:00"))
    assert judge("quota", {}, run(*rows, limits={"S": 1})).failed == 1


def test_a_recipient_counts_anew_exactly_24_hours_later() -> None:
    rows = deliveries(("a", "16T10:00"), ("b", "16T11:00"), ("a", "17T10:00"))
    assert judge("quota", {}, run(*rows, limits={"S": 1})).failed == 2


def test_messages_inside_the_service_window_do_not_count() -> None:
    inside = deliveries(("b", "16T11:00"), state=256 + 3)
    assert counts(judge("quota", {}, run(*deliveries(("a", "16T10:00")), *inside, limits={"S": 1}))) == (1, 0, 0, 0)


def test_the_state_may_stand_at_the_hand_over_only() -> None:
    key = {"campaign": "c", "attempt": 0, "recipient": "b", "channel": "whatsapp", "sender": "S"}
    sent = {"event": "submitted", "at": "16T10:59", "state": 256, **key}
    got = {"event": "delivered", "at": "16T11:00", **key}
    other = deliveries(("a", "16T10:00"), campaign="c", attempt=0)
    assert counts(judge("quota", {}, run(*other, sent, got, limits={"S": 1}))) == (1, 0, 0, 0)
    assert counts(judge("quota", {}, run(*other, got, limits={"S": 1}))) == (2, 1, 0, 0)


@pytest.mark.parametrize(("units", "failed"), [(2, 0), (1, 1), (None, 0)])
def test_a_changed_limit_counts_from_its_instant(units: int | None, failed: int) -> None:
    change = {"event": "limit_changed", "at": "16T11:00", "sender": "S", "units": units}
    assert judge("quota", {}, run(change, *deliveries(*FOUR[:2]), limits={"S": 1})).failed == failed


@pytest.mark.parametrize(("scope", "failed"), [("sender", 0), ("portfolio", 1)])
def test_numbers_of_a_portfolio_share_one_limit(scope: str, failed: int) -> None:
    rows = deliveries(("a", "16T10:00")) + deliveries(("b", "16T11:00"), sender="T")
    facts = run(*rows, limits={"S": 1, "T": 1}, portfolios={"S": "P", "T": "P"})
    assert judge("quota", {"scope": scope}, facts).failed == failed


@pytest.mark.parametrize(("limits", "failed"), [((1, 2), 0), ((2, 1), 0), ((1, 1), 1), ((1, None), 0)])
def test_a_portfolio_has_the_greatest_limit_of_its_numbers(limits: tuple[int | None, ...], failed: int) -> None:
    rows = deliveries(("a", "16T10:00")) + deliveries(("b", "16T11:00"), sender="T")
    facts = run(*rows, limits=dict(zip("ST", limits, strict=True)), portfolios={"S": "P", "T": "P"})
    assert judge("quota", {"scope": "portfolio"}, facts).failed == failed


# --- rating_gate


def sent(when: str, **more: Any) -> Row:
    return {"event": "submitted", "at": when, "sender": "S", "template": "T", "recipient": "a", **more}


@pytest.mark.parametrize(
    ("event", "reason", "expected"),
    [
        ("quality_changed", "green", (2, 0, 0, 0)),
        ("quality_changed", "yellow", (2, 0, 1, 0)),
        ("quality_changed", "red", (2, 1, 0, 0)),
        ("template_state", "paused", (2, 1, 0, 0)),
        ("template_state", "disabled", (2, 1, 0, 0)),
        ("template_state", "approved", (2, 0, 0, 0)),
    ],
)
def test_a_message_is_judged_by_the_rating_before_it(event: str, reason: str, expected: tuple[int, ...]) -> None:
    change = {"event": event, "at": "16T11:00", "template": "T", "reason": reason}
    assert counts(judge("rating_gate", {}, run(sent("16T11:00"), change, sent("16T11:01")))) == expected


def test_the_rating_of_the_sender_counts_and_that_of_others_does_not() -> None:
    red = {"event": "quality_changed", "at": "16T11:00", "reason": "red"}
    assert judge("rating_gate", {}, run({**red, "sender": "S"}, sent("16T12:00"))).failed == 1
    assert judge("rating_gate", {}, run({**red, "sender": "X"}, sent("16T12:00"))).failed == 0


def test_a_rating_that_recovers_is_good_again() -> None:
    changes = [
        {"event": "quality_changed", "at": when, "sender": "S", "reason": word}
        for when, word in (("16T11:00", "red"), ("16T13:00", "green"))
    ]
    found = judge("rating_gate", {}, run(*changes, sent("16T12:00"), sent("16T14:00")))
    assert counts(found) == (2, 1, 0, 0)
    assert found.evidence[0].at == at("16T12:00")


def test_evidence_of_ratings_shows_the_worst_first() -> None:
    changes = [
        {"event": "quality_changed", "at": when, "sender": "S", "reason": word}
        for when, word in (("16T11:00", "yellow"), ("16T13:00", "red"))
    ]
    found = judge("rating_gate", {}, run(*changes, sent("16T12:00"), sent("16T14:00")))
    assert [(item.answer, item.at) for item in found.evidence] == [("fail", at("16T14:00")), ("review", at("16T12:00"))]


def test_a_real_log_without_ratings_needs_them() -> None:
    assert counts(judge("rating_gate", {}, run(sent("16T12:00"), simulated=False))) == (1, 0, 0, 1)


# --- response_time

ANSWERS = {"answer_within_min": 10, "auto_reply_within_s": 60}
REPLY = {"event": "replied", "at": "16T10:00:00", "recipient": "a", "campaign": "c", "channel": "viber"}


def answer(event: str, when: str, **more: Any) -> Row:
    return {**REPLY, "event": event, "at": f"2026-11-{when}", "until": "2026-11-16T10:00:00", **more}


@pytest.mark.parametrize(
    ("rows", "failed"),
    [
        ([answer("answered", "16T10:10:00")], 0),
        ([answer("answered", "16T10:10:01")], 1),
        ([answer("auto_replied", "16T10:01:00"), answer("answered", "16T15:00:00")], 0),
        ([answer("auto_replied", "16T10:01:01")], 1),
        ([answer("answered", "16T10:05:00", recipient="b")], 1),
        ([answer("answered", "16T10:05:00", channel="vk")], 1),
        ([answer("answered", "16T10:05:00", until="2026-11-16T09:00:00")], 1),
    ],
)
def test_a_reply_is_answered_in_time_by_staff_or_at_once_by_the_machine(rows: list[Row], failed: int) -> None:
    assert counts(judge("response_time", ANSWERS, run(REPLY, *rows, staff_present=True))) == (1, failed, 0, 0)


def test_a_reply_whose_time_is_not_over_is_not_judged() -> None:
    late = {**REPLY, "at": "2026-11-29T23:50:01"}
    assert judge("response_time", ANSWERS, run(late, staff_present=True)).n == 0
    assert judge("response_time", ANSWERS, run({**late, "at": "2026-11-29T23:50:00"}, staff_present=True)).n == 0
    over = {**late, "at": "2026-11-29T23:49:59.999999"}
    assert counts(judge("response_time", ANSWERS, run(over, staff_present=True))) == (1, 1, 0, 0)


def test_evidence_tells_a_late_answer_from_none() -> None:
    late = judge("response_time", ANSWERS, run(REPLY, answer("answered", "16T10:15:00"), staff_present=True))
    none = judge("response_time", ANSWERS, run(REPLY, staff_present=True))
    assert late.evidence[0].explanation == "the reply was answered after 15.0 minutes"
    assert none.evidence[0].explanation == "the reply was not answered"


def test_without_staff_replies_need_an_input() -> None:
    assert counts(judge("response_time", ANSWERS, run(REPLY))) == (1, 0, 0, 1)
    assert judge("response_time", ANSWERS, run()).missing == ()


# --- retry_pause

PAUSE = {"reasons": ["131049"], "hours": 24}
FULL = {"event": "failed", "at": "16T10:00", "recipient": "a", "channel": "whatsapp", "reason": "131049"}


@pytest.mark.parametrize(
    ("again", "failed"),
    [
        (sent("2026-11-17T09:59:59", channel="whatsapp"), 1),
        (sent("2026-11-17T10:00:00", channel="whatsapp"), 0),
        (sent("16T12:00", channel="sms"), 0),
        (sent("16T12:00", channel="whatsapp", recipient="b"), 0),
        (sent("16T09:00", channel="whatsapp"), 0),
    ],
)
def test_a_person_who_has_had_enough_is_left_alone_for_a_day(again: Row, failed: int) -> None:
    assert counts(judge("retry_pause", PAUSE, run(FULL, again))) == (1, failed, 0, 0)


def test_the_order_of_rows_in_the_log_does_not_matter() -> None:
    again = sent("16T12:00", channel="whatsapp")
    assert counts(judge("retry_pause", PAUSE, run(again, FULL))) == (1, 1, 0, 0)


def test_other_failures_begin_no_pause() -> None:
    again = sent("16T12:00", channel="whatsapp")
    assert judge("retry_pause", PAUSE, run({**FULL, "reason": "dead"}, again)).n == 0


# --- pilot

LARGE = {"size_over": 10_000, "complaint_limit": 0.01}
PILOT = CampaignFact("pilot", "promo", 500, pilot=True)


def pilot_rows(complaints: int, ended: str = "16T12:00") -> list[Row]:
    rows: list[Row] = [{"event": "submitted", "at": ended, "campaign": "pilot"}]
    rows += [{"event": "submitted", "at": "17T12:00", "campaign": "mass"}]
    rows += [{"event": "delivered", "at": "16T12:01", "campaign": "pilot"}] * 100
    return rows + [{"event": "complained", "at": "16T13:00", "campaign": "pilot"}] * complaints


@pytest.mark.parametrize(
    ("size", "rows", "pilots", "evidence", "expected"),
    [
        (10_000, [], [], {}, (0, 0)),
        (10_001, [], [], {}, (1, 1)),
        (10_001, pilot_rows(0), [PILOT], {}, (1, 0)),
        (10_001, pilot_rows(1), [PILOT], {}, (1, 1)),
        (10_001, pilot_rows(0, "17T12:00"), [PILOT], {}, (1, 1)),
        (10_001, [], [PILOT], {}, (1, 1)),
        (10_001, [], [], {"pilot_done": True}, (1, 0)),
        (10_001, [], [], {"pilot_done": "no"}, (1, 1)),
        (10_001, pilot_rows(0), [PILOT], {"pilot_done": False}, (1, 1)),
    ],
)
def test_a_mass_send_follows_a_finished_pilot_that_drew_few_complaints(
    size: int, rows: list[Row], pilots: list[CampaignFact], evidence: dict[str, Any], expected: tuple[int, int]
) -> None:
    campaigns = (*pilots, CampaignFact("mass", "promo", size))
    found = judge("pilot", LARGE, run(*rows, campaigns=campaigns, evidence=evidence))
    assert (found.n, found.failed) == expected


# --- cascade_order


def step(number: int, channel: str, price: int | None, stop_on: str = "read", wait_s: float | None = 60) -> CascadeStep:
    return CascadeStep("c", str(number), channel, price, stop_on, wait_s)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (step(1, "push", 0), step(2, "sms", 2), (1, 0, 0, 0)),
        (step(1, "push", 2), step(2, "sms", 2), (1, 0, 0, 0)),
        (step(1, "sms", 3), step(2, "push", 2), (1, 1, 0, 0)),
        (step(1, "push", 0, "never"), step(2, "sms", 2), (1, 1, 0, 0)),
        (step(1, "push", 0, wait_s=0), step(2, "sms", 2), (1, 1, 0, 0)),
        (step(1, "push", None), step(2, "sms", 2), (1, 0, 0, 1)),
        (step(1, "push", None, "never"), step(2, "sms", 2), (1, 1, 0, 0)),
        (step(1, "sms", 3), CascadeStep("other", "1", "push", 0, "read"), (0, 0, 0, 0)),
    ],
)
def test_a_cascade_goes_from_cheap_to_dear_waits_and_stops(
    first: CascadeStep, second: CascadeStep, expected: tuple[int, ...]
) -> None:
    assert counts(judge("cascade_order", {}, run(cascades=(first, second)))) == expected


# --- review_record

REVIEWS = {"evidence": "rating_reviews"}
TWO_MONTHS = (sent("2026-10-31T20:59:59"), sent("2026-11-02T10:00:00"))


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2026-10, 2026-11", (2, 0, 0, 0)),
        ("2026-10", (2, 1, 0, 0)),
        (True, (2, 0, 0, 0)),
        (False, (2, 2, 0, 0)),
        (None, (2, 0, 0, 2)),
    ],
)
def test_each_month_with_messages_has_its_review(stated: Any, expected: tuple[int, ...]) -> None:
    facts = run(*TWO_MONTHS, evidence={"rating_reviews": stated}, zone="Europe/Moscow")
    assert counts(judge("review_record", REVIEWS, facts)) == expected


def test_a_month_begins_at_midnight_of_the_runs_zone() -> None:
    facts = run(sent("2026-10-31T21:00:00"), evidence={"rating_reviews": "2026-11"}, zone="Europe/Moscow")
    assert counts(judge("review_record", REVIEWS, facts)) == (1, 0, 0, 0)


@pytest.mark.parametrize(("zone", "midnight"), [("Asia/Kolkata", "31T18:30:00"), ("Asia/Kathmandu", "31T18:15:00")])
def test_a_month_may_begin_within_an_hour_of_utc(zone: str, midnight: str) -> None:
    facts = run(sent(f"2026-10-{midnight}"), evidence={"rating_reviews": "2026-11"}, zone=zone)
    assert counts(judge("review_record", REVIEWS, facts)) == (1, 0, 0, 0)


# --- statement


@pytest.mark.parametrize(
    ("stated", "expected"),
    [(True, (1, 0, 0, 0)), (False, (1, 1, 0, 0)), (None, (1, 0, 0, 1)), ("true", (1, 0, 0, 1))],
)
def test_a_statement_about_the_run_is_true_false_or_missing(stated: Any, expected: tuple[int, ...]) -> None:
    found = judge("statement", {"input": "x"}, run(sent("16T10:00"), evidence={"x": stated}))
    assert counts(found) == expected
    assert found.missing == (("evidence x",) if found.unknown else ())


# --- other_channel

THAN = {"than": ["sms", "viber"]}


def sent_by(channel: str, campaign: str = "c") -> Row:
    return sent("16T10:00", channel=channel, campaign=campaign)


@pytest.mark.parametrize(
    ("rows", "cascade", "expected"),
    [
        ([sent_by("sms")], ["sms"], (1, 1, 0, 0)),
        ([sent_by("sms")], ["sms", "viber"], (1, 1, 0, 0)),
        ([sent_by("sms")], ["sms", "push"], (1, 0, 0, 0)),
        ([sent_by("sms"), sent_by("push")], [], (1, 0, 0, 0)),
        ([sent_by("sms"), sent_by("viber")], [], (1, 0, 0, 1)),
        ([sent_by("push")], ["push"], (1, 0, 0, 0)),
        ([sent_by("sms"), sent_by("sms", "d")], ["sms", "push"], (2, 0, 0, 1)),
        ([], ["sms"], (0, 0, 0, 0)),
    ],
)
def test_a_campaign_does_not_rest_on_some_channels_alone(
    rows: list[Row], cascade: list[str], expected: tuple[int, ...]
) -> None:
    steps = tuple(CascadeStep("c", str(n), channel, 0, "read") for n, channel in enumerate(cascade))
    found = judge("other_channel", THAN, run(*rows, cascades=steps))
    assert counts(found) == expected
    assert bool(found.missing) == bool(found.unknown)


# --- send_rate

TWO_A_SECOND = {"count": 2, "seconds": 1}


@pytest.mark.parametrize(("third", "failed"), [("16T10:00:00", 1), ("16T10:00:00.999999", 1), ("16T10:00:01", 0)])
def test_more_than_the_count_within_the_seconds_is_too_fast(third: str, failed: int) -> None:
    rows = [sent(when, sender="S", recipient=f"p{n}") for n, when in enumerate(("16T10:00", "16T10:00", third))]
    assert counts(judge("send_rate", TWO_A_SECOND, run(*rows))) == (3, failed, 0, 0)


def test_each_sender_or_person_has_a_rate_of_its_own() -> None:
    rows = [sent("16T10:00", sender=name, recipient=who) for name, who in (("S", "a"), ("S", "b"), ("T", "a"))]
    assert judge("send_rate", TWO_A_SECOND, run(*rows)).failed == 0
    assert judge("send_rate", {"count": 1, "seconds": 1}, run(*rows)).failed == 1
    of_people = judge("send_rate", {"count": 1, "seconds": 1, "scope": "recipient"}, run(*rows))
    assert [(item.recipient, item.sender) for item in of_people.evidence] == [("a", "T")]


# --- cascade_stop


def two_steps(received: str | None, **more: Any) -> list[Row]:
    heard = None if received is None else at(received)
    return [
        sent("16T10:00", campaign="c", recipient="a", channel="push"),
        {"event": "read", "at": "16T10:05", "received_at": heard, "campaign": "c", "recipient": "a"},
        sent("16T10:10", **{"campaign": "c", "recipient": "a", "channel": "sms", **more}),
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (two_steps("16T10:09:59"), (1, 1, 0, 0)),
        (two_steps("16T10:10"), (1, 0, 0, 0)),
        (two_steps("16T10:11"), (1, 0, 0, 0)),
        (two_steps(None), (1, 0, 0, 0)),
        (two_steps("16T10:06", campaign="d"), (0, 0, 0, 0)),
        (two_steps("16T10:06", recipient="b"), (0, 0, 0, 0)),
        (two_steps("16T10:06")[:2], (0, 0, 0, 0)),
    ],
)
def test_a_cascade_stops_once_the_company_knows(rows: list[Row], expected: tuple[int, ...]) -> None:
    assert counts(judge("cascade_stop", {"after": "read"}, run(*rows))) == expected


def test_the_first_receipt_ends_a_cascade_and_another_one_does_not_count() -> None:
    again = {"event": "read", "at": "16T10:20", "received_at": at("16T10:21"), "campaign": "c", "recipient": "a"}
    assert judge("cascade_stop", {"after": "read"}, run(*two_steps("16T10:06"), again)).failed == 1
    assert judge("cascade_stop", {"after": "delivered"}, run(*two_steps("16T10:06"))).failed == 0


def test_a_log_without_receipts_does_not_tell_whether_a_cascade_stopped() -> None:
    rows = [two_steps(None)[0], two_steps(None)[2]]
    found = judge("cascade_stop", {"after": "read"}, run(*rows, simulated=False))
    assert (counts(found), found.missing) == ((1, 0, 0, 1), ("events read",))


def test_a_million_people_and_a_million_campaigns_fit_memory() -> None:
    facts = run(*two_steps("16T10:06"))
    many, last = pa.array([f"x{number}" for number in range(10**6)]), pa.array([10**6 - 1] * 3, pa.int32())
    log = facts.log
    for name in ("recipient", "campaign"):
        coded = pa.DictionaryArray.from_arrays(last, many)
        log = log.set_column(log.column_names.index(name), name, coded)
    assert counts(judge("cascade_stop", {"after": "read"}, replace(facts, log=log))) == (1, 1, 0, 0)


# --- sender_name

NAMES = {"shortest": 3, "longest": 11, "signs": " ._-!?()", "generic": ["SMS", "INFO"]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AB", (1, 1, 0, 0)),
        ("ABC", (1, 0, 0, 0)),
        ("ABCDEFGHIJK", (1, 0, 0, 0)),
        ("ABCDEFGHIJKL", (1, 1, 0, 0)),
        ("A b.c-_!?()", (1, 0, 0, 0)),
        ("Shop#1", (1, 1, 0, 0)),
        ("Лавка", (1, 1, 0, 0)),
        ("info", (1, 1, 0, 0)),
        ("INFOSHOP", (1, 0, 0, 0)),
        (None, (1, 0, 0, 1)),
    ],
)
def test_the_name_of_a_sender_has_its_length_and_signs_and_names_somebody(
    name: str | None, expected: tuple[int, ...]
) -> None:
    rows = [sent("16T10:00", sender=name), sent("16T11:00", sender=name)]
    assert counts(judge("sender_name", NAMES, run(*rows))) == expected


# --- all kinds


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("metric_threshold", COMPLAINTS), ("quota", {}), ("rating_gate", {}), ("response_time", ANSWERS),
        ("retry_pause", PAUSE), ("pilot", LARGE), ("cascade_order", {}), ("review_record", REVIEWS),
        ("statement", {"input": "x"}), ("other_channel", THAN), ("send_rate", TWO_A_SECOND),
        ("cascade_stop", {"after": "read"}), ("sender_name", NAMES),
    ],
)  # fmt: skip
def test_a_run_without_events_tests_nothing(kind: str, params: dict[str, Any]) -> None:
    assert counts(judge(kind, params, run())) == (0, 0, 0, 0)


def test_a_scope_keeps_its_channels_categories_and_time_and_states_set_before() -> None:
    facts = run(
        sent("16T10:00", channel="sms", category="promo"),
        sent("17T10:00", channel="sms", category="promo"),
        sent("17T10:00", channel="vk", category="promo"),
        sent("17T10:00", channel="sms", category="service"),
        sent("18T10:00", channel="sms", category="promo"),
        {"event": "limit_changed", "at": "16T09:00", "channel": "sms"},
        {"event": "limit_changed", "at": "19T09:00", "channel": "sms"},
        {"event": "fee", "at": "17T11:00"},
        campaigns=(CampaignFact("c", "promo", 1), CampaignFact("d", "service", 1)),
        cascades=(step(1, "sms", 1), CascadeStep("d", "1", "sms", 1, "read")),
    )
    kept = facts.within(Scope(("sms",), ("promo",), (), at("17T00:00"), at("18T10:00")))
    assert kept.log["event"].to_pylist() == ["submitted", "limit_changed", "fee"]
    assert [item.id for item in kept.campaigns] == ["c"]
    assert [item.campaign for item in kept.cascades] == ["c"]
    assert (kept.start, kept.end) == (at("17T00:00"), at("18T10:00"))
    assert (wide := facts.within(Scope(("sms",), ("promo",), (), -NEVER, NEVER))).end == facts.end
    assert wide.log.num_rows == 6
