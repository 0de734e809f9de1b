"""Planned events: reviews, registrations, outages, shifts, fees, as they act on what is sent."""

from __future__ import annotations

import pytest

from policies.records import DAY, HOUR, MINUTE
from tests.support.crowd import crowd
from tests.support.small import START, Ran, Raw, campaign, constant, instant, rehearse, scenario, step, sure, template


def reviewed(result: str, resubmissions: int = 0, release: str = "2021-10-04T10:00") -> Ran:
    review = {"submitted": START, "takes_h": 2, "result": result, "resubmit_after_h": 3, "resubmissions": resubmissions}
    raw = scenario(
        campaign(step("whatsapp", wait_s=0), step("sms"), release_at=release),
        templates={"t-whatsapp": template("whatsapp", review=review)},
    )
    return rehearse(raw, crowd(4))


def states(ran: Ran) -> list[tuple[str, float]]:
    return [(row.reason, (row.at - ran.compiled.model.start) / HOUR) for row in ran.all("template_state")]


def test_sending_before_approval_is_refused_and_the_cascade_goes_on() -> None:
    ran = reviewed("approved")
    assert ran.reasons("rejected") == {"template_not_approved"}
    assert ran.count("submitted", channel="sms") == 4
    assert states(ran) == [("submitted", 0), ("approved", 2)]


def test_an_approved_template_is_taken_from_the_instant_of_approval() -> None:
    assert reviewed("approved", release="2021-10-04T11:00").count("submitted", channel="whatsapp") == 4


def test_a_rejected_template_stays_refused() -> None:
    ran = reviewed("rejected", release="2021-10-05T12:00")
    assert states(ran) == [("submitted", 0), ("rejected", 2)]
    assert ran.count("rejected", reason="template_not_approved") == 4


def test_a_resubmitted_template_is_approved_the_second_time() -> None:
    ran = reviewed("rejected", resubmissions=2, release="2021-10-04T16:00")
    assert states(ran) == [("submitted", 0), ("rejected", 2), ("submitted", 5), ("approved", 7)]
    assert ran.count("submitted", channel="whatsapp") == 4


def test_a_review_without_a_declared_end_is_drawn_and_differs_by_replication() -> None:
    raw = scenario(
        campaign(step("whatsapp")), templates={"t-whatsapp": template("whatsapp", review={"submitted": START})}
    )
    ends = {tuple(states(rehearse(raw, crowd(1), replication=n))) for n in range(6)}
    assert len(ends) == 6


@pytest.mark.parametrize(("release", "sent"), [("2021-10-05T23:59", 0), ("2021-10-06T00:00", 3)])
def test_a_sender_name_is_usable_after_its_working_days(release: str, sent: int) -> None:
    """Submitted on a Friday, three working days: Monday, Tuesday, and usable from Wednesday."""
    sender = {"channel": "sms", "registration": {"submitted": "2021-10-01T12:00", "working_days": 3}}
    ran = rehearse(scenario(campaign(step("sms"), release_at=release), senders={"NAME": sender}), crowd(3))
    assert (ran.count("submitted"), ran.count("rejected", reason="sender_not_registered")) == (sent, 3 - sent)


def outage(then: str, end: str = "2021-10-04T11:00", **changes: object) -> Raw:
    return {"channel": "sms", "start": START, "end": end, "then": then, **changes}


def test_an_outage_that_rejects_sends_the_cascade_on() -> None:
    ran = rehearse(scenario(campaign(step("sms"), step("viber")), outages=[outage("reject")]), crowd(3))
    assert (ran.count("rejected", reason="outage"), ran.count("submitted", channel="viber")) == (3, 3)


def test_an_outage_that_holds_keeps_the_step_until_its_end() -> None:
    ran = rehearse(scenario(campaign(step("sms"), step("viber")), outages=[outage("hold")]), crowd(3))
    assert ran.seconds("submitted")[:3] == [7200] * 3
    assert [(row.event, row.reason) for row in ran.all("outage")] == [("outage", "begins"), ("outage", "ends")]


def test_an_outage_past_the_campaigns_end_expires_the_message() -> None:
    raw = scenario(campaign(step("sms"), ends_at="2021-10-04T10:30"), outages=[outage("hold")])
    assert rehearse(raw, crowd(3)).count("expired") == 3


def test_an_outage_of_one_sender_spares_the_other() -> None:
    senders = {name: {"channel": "sms"} for name in ("one", "two")}
    steps = [campaign(step("sms", sender=name), id=name) for name in senders]
    ran = rehearse(scenario(*steps, senders=senders, outages=[outage("reject", sender="one")]), crowd(3))
    assert {row.campaign for row in ran.all("submitted")} == {"two"}


def test_fees_fall_due_at_the_start_and_with_each_month() -> None:
    prices = [{"event": "month", "price": 500, "per": "month"}]
    clock = {"start": "2021-10-25T09:00", "horizon_days": 40}
    raw = scenario(
        campaign(step("sms"), release_at="2021-10-26T09:00"), channels={"sms": sure(prices=prices)}, clock=clock
    )
    fees = rehearse(raw, crowd(1)).all("fee")
    assert [(fee.at, fee.cost, fee.recipient) for fee in fees] == [
        (instant("2021-10-25T09:00"), 500_000_000, -1),
        (instant("2021-11-01T00:00"), 500_000_000, -1),
        (instant("2021-12-01T00:00"), 500_000_000, -1),
    ]


def answers(release: str, **changes: object) -> Ran:
    """Four people reply two minutes after the release; two of staff take ten minutes each, nine to seven."""
    team = {"people": 2, "answer": constant(600), "days": [1, 2, 3, 4, 5], **changes}
    raw = scenario(
        campaign(step("viber"), release_at=release), staff=team,
        channels={"viber": sure(read=1, replied=1, delivery=constant(0), reading=constant(60))},
    )  # fmt: skip
    return rehearse(raw, crowd(4))


def test_replies_wait_for_a_free_person() -> None:
    ran = answers("2021-10-04T12:00")
    assert [round((row.at - (row.until or 0)) / MINUTE) for row in ran.all("answered")] == [10, 10, 20, 20]


def test_replies_in_the_evening_get_an_automatic_answer_and_a_person_in_the_morning() -> None:
    ran = answers("2021-10-04T20:00")
    assert ran.count("auto_replied") == 4
    assert {row.at for row in ran.all("answered")} == {instant("2021-10-05T09:10"), instant("2021-10-05T09:20")}


def test_without_an_automatic_answer_nobody_gets_one() -> None:
    assert answers("2021-10-04T20:00", auto_reply=False).count("auto_replied") == 0


def test_a_weekend_is_waited_through() -> None:
    ran = answers("2021-10-04T20:00", days=[3])
    assert min(row.at for row in ran.all("answered")) == instant("2021-10-06T09:10")


def test_a_conversation_begun_before_the_end_of_the_shift_is_completed() -> None:
    ran = answers("2021-10-04T18:53")
    assert sorted(row.at - ran.compiled.model.start for row in ran.all("answered")) == [
        10 * HOUR + 5 * MINUTE, 10 * HOUR + 5 * MINUTE, DAY + 10 * MINUTE, DAY + 10 * MINUTE,
    ]  # fmt: skip
