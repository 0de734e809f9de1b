"""Changes that must move results one way: throughput, complaints, consent, prices, failures, windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from policies.records import HOUR, NEVER
from tests.support.crowd import crowd
from tests.support.small import Ran, campaign, constant, rehearse, scenario, step, sure

SIZE = 300


def whatsapp(complained: float, **feedback: Any) -> Ran:
    """Three campaigns a day apart on WhatsApp, where a tenth of complaints is red."""
    days = [campaign(step("whatsapp"), id=f"c{n}", release_at=f"2021-10-{4 + n:02}T10:00") for n in range(9)]
    thresholds = {"yellow_rate": 0.05, "red_rate": 0.1, "minimum_sample": 20, "scale": 1}
    raw = scenario(
        *days, channels={"whatsapp": sure(read=1, complained=complained, acting=constant(60))},
        senders={"wa": {"channel": "whatsapp", "limit": 10_000}}, feedback={"whatsapp": thresholds | feedback},
        clock={"start": "2021-10-04T09:00", "horizon_days": 10},
    )  # fmt: skip
    return rehearse(raw, crowd(SIZE))


def test_more_complaints_lower_the_quality_pause_templates_and_deliver_less() -> None:
    calm, angry = whatsapp(0.001), whatsapp(0.2)
    assert calm.reasons("quality_changed") <= {"green", "yellow"}
    assert "red" in angry.reasons("quality_changed")
    assert angry.count("template_state", reason="paused") > calm.count("template_state", reason="paused") == 0
    assert angry.count("delivered") < calm.count("delivered")


def test_low_quality_for_a_week_lowers_the_limit_in_2021_and_not_in_2026() -> None:
    assert whatsapp(0.2).count("limit_changed", reason="quality") == 1
    days = [campaign(step("whatsapp"), id=f"c{n}", release_at=f"2026-10-{5 + n:02}T10:00") for n in range(9)]
    raw = scenario(
        *days, channels={"whatsapp": sure(read=1, complained=0.2)},
        senders={"wa": {"channel": "whatsapp", "limit": 10_000}},
        feedback={"whatsapp": {"yellow_rate": 0.05, "red_rate": 0.1, "minimum_sample": 20}},
        clock={"start": "2026-10-05T09:00", "horizon_days": 10}, as_of="2026-06-01",
    )  # fmt: skip
    ran = rehearse(raw, crowd(SIZE))
    assert "red" in ran.reasons("quality_changed")
    assert ran.count("limit_changed", reason="quality") == 0


def test_a_lower_limit_refuses_more() -> None:
    def refused(limit: int) -> int:
        senders = {"wa": {"channel": "whatsapp", "limit": limit, "throughput_per_s": 0.1}}
        return rehearse(scenario(campaign(step("whatsapp")), senders=senders), crowd(SIZE)).count(
            "rejected", reason="limit"
        )

    assert refused(SIZE) == 0
    assert refused(SIZE // 2) == SIZE // 2
    assert refused(SIZE // 4) > refused(SIZE // 2)


def test_complaints_block_a_service_sender_on_viber_and_spare_an_advertising_one() -> None:
    def blocked(traffic: str) -> set[str]:
        raw = scenario(
            campaign(step("viber", throttle_per_h=120)), channels={"viber": sure(read=1, complained=0.3)},
            senders={"name": {"channel": "viber", "traffic": traffic}},
            feedback={"viber": {"block_minimum": 20, "block_h": 24}},
        )  # fmt: skip
        return rehearse(raw, crowd(SIZE)).reasons("rejected")

    assert blocked("service") == {"sender_blocked"}
    assert blocked("advertising") == set()


def test_halving_the_throughput_doubles_the_time_to_the_last_message() -> None:
    last = [
        rehearse(scenario(campaign(step("sms")), channels={"sms": sure(throughput_per_s=rate)}), crowd(SIZE)).seconds(
            "submitted"
        )[-1]
        for rate in (0.25, 0.5)
    ]
    assert last == [(SIZE - 1) * 4, (SIZE - 1) * 2]


def test_removing_consent_removes_exactly_those_messages() -> None:
    rule = {"id": "agreed", "kind": "consent", "params": {}}
    raw = scenario(campaign(step("sms")), guards={"rules": [rule]})
    people = crowd(SIZE)
    assert rehearse(raw, people).count("submitted") == SIZE
    withdrawn = np.arange(0, SIZE, 3)
    people.consents[withdrawn, 4] = -NEVER + 1
    ran = rehearse(raw, people)
    assert ran.people("denied") == set(withdrawn.tolist())
    assert ran.people("submitted") == set(range(SIZE)) - set(withdrawn.tolist())


def test_more_failures_make_the_cascade_dearer() -> None:
    price = [{"event": "submit", "price": 3}]

    def cost(delivered: float) -> int:
        channels = {"viber": sure(delivered=delivered), "sms": sure(prices=price)}
        raw = scenario(
            campaign(step("viber", stop_on="delivered", wait_s=HOUR // 10**6), step("sms")), channels=channels
        )
        return sum(row.cost or 0 for row in rehearse(raw, crowd(SIZE)).rows)

    assert cost(1.0) == 0 < cost(0.9) < cost(0.5) < cost(0.0) == 3_000_000 * SIZE


def test_a_narrower_window_holds_more_and_loses_none() -> None:
    def held(end: str) -> tuple[int, int]:
        rule = {"id": "hours", "kind": "time_window", "params": {"workday": ["09:00", end]}}
        raw = scenario(campaign(step("sms"), spread_h=10), guards={"rules": [rule]})
        ran = rehearse(raw, crowd(SIZE))
        return ran.count("held"), ran.count("submitted")

    wide, narrow = held("18:00"), held("12:00")
    assert wide[0] < narrow[0]
    assert wide[1] == narrow[1] == SIZE


def test_a_larger_hold_out_sends_to_a_part_of_those_it_sent_to_before() -> None:
    small, large = (rehearse(scenario(campaign(step("sms"), hold_out=share)), crowd(SIZE)) for share in (0.1, 0.4))
    assert large.people("submitted") < small.people("submitted")
