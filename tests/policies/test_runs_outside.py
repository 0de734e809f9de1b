"""Kinds that judge a run, on logs that we did not make: what such a log need not show is not taken for absent."""

from __future__ import annotations

from typing import Any

from policies.rules import Check
from policies.runs import assess
from policies.runs.facts import CampaignFact, RunFacts
from tests.policies.log_rows import at, log

PILOT = Check("pilot", {"size_over": 10})
COMPLAINTS = Check("metric_threshold", {"metric": "complaint_rate", "limit": 0.5})


def outside(*rows: dict[str, Any], **facts: Any) -> RunFacts:
    return RunFacts(log(*rows), at("16T00:00"), at("17T00:00"), simulated=False, **facts)


def row(event: str, **changes: Any) -> dict[str, Any]:
    return {"event": event, "at": "16T12:00", "recipient": "a", "channel": "sms", "sender": "s", **changes}


def test_a_large_campaign_of_a_foreign_log_needs_to_know_of_a_pilot() -> None:
    campaigns = (CampaignFact("big", "promo", 11),)
    found = assess(PILOT, outside(row("submitted"), campaigns=campaigns))
    assert (found.failed, found.unknown, found.missing) == (0, 1, ("evidence pilot_done",))
    assert assess(PILOT, outside(row("submitted"), campaigns=campaigns, evidence={"pilot_done": False})).failed == 1


def test_a_foreign_log_without_any_complaint_may_just_not_record_them() -> None:
    found = assess(COMPLAINTS, outside(row("delivered")))
    assert (found.failed, found.unknown, found.missing) == (0, 1, ("events complained",))
    assert assess(COMPLAINTS, outside(row("delivered"), row("complained"))).failed == 1
    assert assess(COMPLAINTS, outside(row("submitted"))).unknown == 0
