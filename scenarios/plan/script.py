"""What becomes of each message of a witness, as forced draws: whole seconds, exactly, by latencies that are linear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.records import CHANNELS, SECOND
from policies.verify.nodes import Event
from policies.verify.plan import Plan
from policies.verify.witness import Witness

LONGEST_S = 2**21
"""A draw is a share of so many seconds, 24 days: then every whole second is a draw without rounding."""
YES, NO = 0, 0.9
LINEAR = {"points": [[0, 0], [1, LONGEST_S]]}
Draws = dict[str, float]


def linear_channel(reads: bool, own: dict[str, Any]) -> dict[str, Any]:
    """Return a channel on which every outcome is open and every delay a share of LONGEST_S; the rest is its own."""
    open_ = dict.fromkeys(("accepted", "delivered", "clicked", "purchased"), 0.5)
    open_ |= {"read": 0.5} if reads else {}
    closed = dict.fromkeys(("replied", "complained", "unsubscribed"), 0)
    receipts = {"lost": 0.5, "repeated": 0, "read_hidden": 0.5, "delay": LINEAR}
    delays = {"delivery": LINEAR, "reading": LINEAR, "acting": LINEAR}
    return {**own, "available": True, **open_, **closed, **delays, "receipts": receipts}


def forced(plan: Plan, witness: Witness, recipient: str) -> list[dict[str, Any]]:
    """Return the entries of ``script``: what is drawn for each attempt of the witness."""
    tries: dict[tuple[int, int], int] = {}
    entries = []
    for place, event in enumerate(witness.events):
        if event.what not in ("submitted", "rejected"):
            continue
        step = plan.steps[event.step]
        key = event.campaign, step.channel
        attempt = tries[key] = tries.get(key, -1) + 1
        for purpose, value in _draws(plan, witness, event, witness.events[place + 1 :]).items():
            entries.append(
                {
                    "recipient": recipient,
                    "campaign": plan.campaigns[event.campaign].id,
                    "channel": CHANNELS[step.channel],
                    "attempt": attempt,
                    "purpose": purpose,
                    "value": value,
                }
            )
    return entries


def _draws(plan: Plan, witness: Witness, event: Event, later: tuple[Event, ...]) -> Draws:
    """Return the draws of one message: refused, nothing reported, failed, or what stops the cascade reported."""
    if event.what == "rejected":
        return {"accepted": NO}
    draws: Draws = {"accepted": YES, "delivered": YES, "delivery": YES, "receipt_lost": YES, "read": NO, "clicked": NO}
    told = {other.what for other in later if other.campaign == event.campaign and other.step == event.step}
    if "read" in told:
        return draws | {"read": YES, "reading": YES, "read_hidden": NO, "read_receipt_delay": YES}
    if "delivered" in told:
        return draws | {"receipt_lost": NO, "receipt_delay": YES}
    report = next(_reports(plan, event, later), None)
    if report is None:
        return draws
    share = (witness.at[report.at] - witness.at[event.at]) / SECOND / LONGEST_S
    if report.what == "failed":
        return draws | {"delivered": NO, "failure_delay": YES, "receipt_lost": NO, "receipt_delay": share}
    return draws | _stopping(plan, event, share)


def _stopping(plan: Plan, event: Event, share: float) -> Draws:
    step = plan.steps[event.step]
    if step.stopped_by == "delivered" and "delivered" in step.reports:
        return {"receipt_lost": NO, "receipt_delay": share}
    read = {"read": YES, "reading": YES, "read_hidden": NO, "read_receipt_delay": share}
    if step.stopped_by in ("delivered", "read"):
        return read
    clicked = read | {"read_hidden": YES, "clicked": YES}
    if step.stopped_by == "clicked":
        return clicked | {"clicking": share}
    return clicked | {"clicking": YES, "purchased": YES, "purchasing": share}


def _reports(plan: Plan, event: Event, later: tuple[Event, ...]) -> Iterator[Event]:
    """Yield the report about a message: its failure, or the stop that leads to where its report leads."""
    for place, other in enumerate(later):
        if other.campaign != event.campaign:
            continue
        if other.what == "failed" and other.step == event.step:
            yield other
        if other.what == "stopped":
            target = next((after.step for after in later[place + 1 :] if after.campaign == event.campaign), -1)
            if plan.steps[event.step].on_stop == target:
                yield other
