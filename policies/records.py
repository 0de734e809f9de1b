"""The words everything speaks: channels, categories, events, and the columns of the event log.

Time is int64 microseconds since 1970-01-01 UTC. Money is int64 micro-units of the scenario's currency.
Both are plain ``int`` in Python code; ``MISSING`` stands for "not known" and ``NEVER`` for "not at all".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

NEVER = 2**62
"""An instant later than any other; ``-NEVER`` is earlier than any other."""
MISSING = -NEVER - 1
"""An input that was not given. A rule that needs it answers *unknown*; it never passes. Not equal to ``-NEVER``."""

CHANNELS = ("push", "email", "viber", "vk", "whatsapp", "sms", "telegram", "flash_call", "voice")
CATEGORIES = ("promo", "transactional", "service", "authentication", "debt", "poll")
CHARGE_EVENTS = ("submit", "accept", "delivered", "session", "second", "month")

Origin = Literal["decided", "derived", "scenario"]


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of row. ``decided`` rows are kept in a dispatch log; ``derived`` ones are a function of one
    decided row, the scenario and the seed; ``scenario`` rows are about senders, templates, staff or money."""

    name: str
    origin: Origin
    meaning: str


EVENTS = (
    EventType("released", "decided", "the campaign takes up the recipient"),
    EventType("held_out", "decided", "the recipient is in the hold-out group; nothing will be sent"),
    EventType("skipped", "decided", "the step's guard on an attribute is false"),
    EventType("absent", "decided", "the recipient cannot be reached by this channel at all"),
    EventType("held", "decided", "a rule asks to wait; until = the first allowed instant"),
    EventType("denied", "decided", "a rule forbids this attempt; the cascade goes on to its next step"),
    EventType(
        "expired", "decided", "the first allowed instant lies past the validity, the campaign's end or the horizon"
    ),
    EventType("suppressed", "decided", "the company's own list of dead or opted-out addresses stops the attempt"),
    EventType("cancelled", "decided", "a receipt that stops the cascade came while the message waited in the queue"),
    EventType("submitted", "decided", "the message is handed over to the provider"),
    EventType("rejected", "decided", "the provider refuses the message at hand-over"),
    EventType("accepted", "derived", "the provider takes the message; written where acceptance is billed"),
    EventType("delivered", "derived", "the message reaches the device"),
    EventType("failed", "derived", "the message will not reach the device"),
    EventType("lapsed", "derived", "the validity ended before the message could be delivered"),
    EventType("read", "derived", "the person reads the message, or listens to the call"),
    EventType("clicked", "derived", "the person follows the link or presses the button"),
    EventType("replied", "derived", "the person answers"),
    EventType("purchased", "derived", "the person buys; reason tells whether a message caused it"),
    EventType("complained", "derived", "the person blocks or reports the sender"),
    EventType("unsubscribed", "derived", "the person opts out; received_at = when the company learns of it"),
    EventType("receipt_repeated", "derived", "a delivery report arrives a second time"),
    EventType("answered", "scenario", "staff answer a reply; until = the instant of the reply"),
    EventType("auto_replied", "scenario", "the automatic answer outside working hours"),
    EventType("ended", "decided", "the cascade of this recipient is over; reason tells how"),
    EventType("session_opened", "derived", "a billed conversation window opens"),
    EventType("fee", "scenario", "a charge without a recipient: monthly or sender-name fee"),
    EventType("limit_changed", "scenario", "the provider changes a messaging limit; units = the new limit"),
    EventType("quality_changed", "scenario", "the provider changes a quality rating"),
    EventType("template_state", "scenario", "a template is approved, rejected, paused, resumed or disabled"),
    EventType("sender_state", "scenario", "a sender is registered, warned, blocked or released"),
    EventType("outage", "scenario", "a provider stops or resumes accepting messages"),
    EventType("staff", "scenario", "a staff shift begins or ends; units = people on duty"),
    EventType("budget_stopped", "scenario", "the budget is spent; nothing more is handed over"),
)
EVENT_NAMES = tuple(event.name for event in EVENTS)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the event log. ``type`` is ``text`` (dictionary-coded), ``int``, ``instant`` or ``money``."""

    name: str
    type: Literal["text", "int", "instant", "money"]
    nullable: bool
    meaning: str


COLUMNS = (
    Column("run", "text", False, "name of the run folder; not part of log_hash"),
    Column("replication", "int", False, "0, 1, ... within the run"),
    Column("campaign", "text", True, "campaign id"),
    Column("recipient", "text", True, "external id of the recipient"),
    Column("attempt", "int", True, "n-th attempt of this recipient on this channel in this campaign, from 0"),
    Column("step", "text", True, "step id within the cascade"),
    Column("channel", "text", True, "one of the nine channels"),
    Column("provider", "text", True, "provider or route, as the scenario names it"),
    Column("sender", "text", True, "sender id"),
    Column("template", "text", True, "template id"),
    Column("category", "text", True, "promo, transactional, service, authentication, debt or poll"),
    Column("direction", "text", True, "out: to the person, in: from the person"),
    Column("event", "text", False, "one of the event types"),
    Column("occurred_at", "instant", False, "when it truly happened"),
    Column("received_at", "instant", True, "when the company learned of it; empty: it never did"),
    Column("charge", "text", True, "the charge event billed by this row"),
    Column("units", "int", True, "segments, seconds or messages billed; for states, the new value"),
    Column("cost", "money", True, "micro-units of the scenario's currency"),
    Column("rule", "text", True, "the rule that held or denied"),
    Column("until", "instant", True, "for held: the first allowed instant; for answered: when the person asked"),
    Column("reason", "text", True, "a provider's or model's word for why"),
    Column(
        "state",
        "int",
        True,
        "what the outcome used: messages in the last 7 days, +256 inside a service window, +512 once the person has "
        "blocked the company on the channel",
    ),
)
COLUMN_NAMES = tuple(column.name for column in COLUMNS)
