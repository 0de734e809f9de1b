"""The columns of a log or a file of attempts: those of the event log, and what else is known of a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policies.kinds.base import TEMPLATE_STATES
from policies.records import CATEGORIES, CHANNELS, CHARGE_EVENTS, COLUMNS, EVENT_NAMES

Holds = Literal["text", "word", "status", "id", "int", "amount", "instant", "seconds", "channels", "topics", "zones"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column. ``words`` are those it may hold; ``none`` tells what the word *none* says in it, "" if nothing."""

    name: str
    holds: Holds
    meaning: str
    words: tuple[str, ...] = ()
    none: str = ""


_WORDS = {
    "channel": CHANNELS, "category": CATEGORIES, "direction": ("out", "in"), "event": EVENT_NAMES,
    "charge": CHARGE_EVENTS,
}  # fmt: skip
_HOLDS: dict[str, Holds] = {"text": "text", "int": "int", "money": "amount", "instant": "instant"}
RECEIPTS = ("accepted", "delivered", "read", "clicked", "failed", "lapsed")
"""What a provider may report of a message; events of the log too."""

LOG_FIELDS = tuple(
    Field(column.name, "word" if column.name in _WORDS else _HOLDS[column.type], column.meaning,
          _WORDS.get(column.name, ()))
    for column in COLUMNS
)  # fmt: skip
"""The columns of ``policies.records.COLUMNS``."""

FURTHER_FIELDS = (
    Field("country", "text", "ISO 3166 code of the recipient's country or part of it (US-FL); else that of the number"),
    Field("zone", "zones", "IANA zone of the recipient; several possible ones separated by |"),
    Field("text", "text", "the text as it was sent; a reply whose text asks to stop (STOP) is an opt-out"),
    Field("language", "text", "ISO 639 code of the text; ru if not given"),
    Field("template_state", "word", "state of the template at this moment", TEMPLATE_STATES),
    Field("template_registered_at", "instant", "when the provider registered the template", none="never registered"),
    Field("brand", "text", "brand on whose behalf the message goes out"),
    Field("consent_at", "instant", "when the recipient consented", none="no consent was given"),
    Field("consent_channels", "channels", "channels of the consent, separated by |; all: every channel"),
    Field("consent_topics", "topics", "topics or categories of the consent, separated by |"),
    Field("consent_evidence", "text", "how the consent is evidenced, such as checkbox:777a5bbb"),
    Field("opted_out_at", "instant", "when the recipient opted out", none="did not opt out"),
    Field("opted_out_channel", "channels", "channels of the opt-out, separated by |; all, if empty"),
    Field("last_inbound_at", "instant", "the recipient's last message on this channel", none="never wrote"),
    Field("orders", "int", "number of orders so far"),
    Field("last_order_at", "instant", "instant of the last order", none="never ordered"),
    Field("overdue_since", "instant", "since when a debt is overdue", none="no overdue debt"),
    Field("validity_s", "seconds", "how long the provider may go on trying, in seconds"),
    Field("message", "id", "the provider's id of the message: rows of one recipient with one id are of one message"),
    Field("status", "status", f"what became of the message, where the row tells it: {', '.join(RECEIPTS)}", RECEIPTS),
    Field("status_at", "instant", "since when that is so"),
    Field("currency", "text", "ISO 4217 code of the currency of the cost"),
)
"""What a message may bring along where there is no audience file. An empty cell says nothing: not known."""

FIELDS = (*LOG_FIELDS, *FURTHER_FIELDS)
FIELD_NAMES = tuple(field.name for field in FIELDS)
ALIASES = {"occurred_at": ("at",), "consent_topics": ("consent_categories",)}
COMPULSORY = ("recipient", "channel", "occurred_at")
IGNORED = "ignore"
"""In a mapping, the value for words whose rows are left out."""
TOLD = "told"
"""As an event: the row is no message of its own, it only tells the status of one."""
OTHERS = "*"
"""In a mapping, stands for every word that is not named."""
STRANGE = "?"
"""Begins a status that neither we nor the mapping know; its row is kept, and the word is told."""
