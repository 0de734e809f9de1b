"""The table of event types in policies.records is true of a simulated log."""

from __future__ import annotations

import pytest

from policies.records import EVENTS, NEVER
from tests.support.crowd import crowd
from tests.support.small import Ran, Raw, Row, campaign, constant, rehearse, scenario, step, sure

ORIGIN = {event.name: event.origin for event in EVENTS}
RECEIPTS = {"lost": 0.1, "repeated": 0.3, "read_hidden": 0.1, "delay": constant(30)}
RATES = {"delivered": 0.8, "read": 0.8, "clicked": 0.7, "replied": 0.5, "purchased": 0.5, "unsubscribed": 0.1}
PRICES = [{"event": "accept", "price": 1}, {"event": "session", "price": 2}]
NOT_HERE = {
    "absent", "budget_stopped", "cancelled", "denied", "expired", "fee", "outage", "sender_state", "suppressed",
    "template_state",
}  # fmt: skip
"""Events that need a scenario of their own."""


def busy() -> Raw:
    """Three steps in which people do everything they can, staff answer, and caps hold."""
    slow = {"p50_s": 60, "p95_s": 7200}
    lively = sure(**RATES, accepted=0.9, complained=0.1, receipts=RECEIPTS, delivery=slow, validity_s=3600)
    cascade = (
        step("push", wait_s=600),
        step("whatsapp", wait_s=600, stop_on="read", on_stop="sms"),
        step("sms", id="sms", wait_s=600),
    )
    cap = {"id": "cap", "kind": "frequency_cap", "params": {"caps": [{"count": 1, "period": "roll_24h"}]}}
    return scenario(
        campaign(*cascade, hold_out=0.2),
        campaign(step("sms", when=[{"attribute": "feature_phone", "equals": True}]), id="second"),
        channels={"push": lively, "whatsapp": {**lively, "prices": PRICES}, "sms": {**lively, "prices": PRICES}},
        guards={"rules": [cap]},
        people={"purchases_per_30_days": 3},
        staff={"people": 1, "days": [1, 2, 3], "from": "10:00", "to": "12:00", "auto_reply": True},
    )


@pytest.fixture(scope="module")
def log() -> Ran:
    return rehearse(busy(), crowd(200))


def message(row: Row) -> tuple[str, int, str, int]:
    return row.campaign, row.recipient, row.channel, row.attempt


def of_origin(log: Ran, origin: str) -> list[Row]:
    return [row for row in log.rows if ORIGIN[row.event] == origin and row.reason != "without_message"]


def test_the_log_of_these_tests_shows_nearly_every_event(log: Ran) -> None:
    assert {row.event for row in log.rows} == set(ORIGIN) - NOT_HERE


def test_a_derived_row_follows_the_hand_over_of_its_message(log: Ran) -> None:
    handed_over: dict[tuple[str, int, str, int], int] = {}
    for row in log.rows:
        if row.event == "submitted":
            handed_over[message(row)] = row.at
        elif ORIGIN[row.event] == "derived" and row.reason != "without_message":
            assert handed_over.get(message(row), NEVER) <= row.at, row


def test_a_decided_row_names_a_campaign_and_a_person(log: Ran) -> None:
    assert all(row.campaign and row.recipient >= 0 for row in of_origin(log, "decided"))


def test_of_the_scenarios_rows_only_answers_name_a_person(log: Ran) -> None:
    named = {row.event for row in of_origin(log, "scenario") if row.recipient >= 0}
    assert named == {"answered", "auto_replied"}


def test_a_purchase_without_a_message_names_the_person_alone(log: Ran) -> None:
    alone = [row for row in log.rows if row.reason == "without_message"]
    assert {(row.event, row.campaign, row.channel, row.attempt) for row in alone} == {("purchased", "", "", -1)}
    assert all(row.recipient >= 0 for row in alone)
