"""The planter of messages: people, and rows about them that break nothing unless they say so.

Every breach has a person of its own, so that no breach brings about another.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.support.planting.rules import RULES
from tests.support.planting.words import DAY, HOUR, MINUTE, MONDAY, SECOND, iso

HEADER = (
    "recipient", "channel", "category", "event", "occurred_at", "received_at", "campaign", "sender", "text", "reason",
    "until", "opted_out_at", "template_registered_at", "template_state", "validity_s", "last_inbound_at",
)  # fmt: skip
MOSCOW = timedelta(hours=3)
GOOD_TEXT = "Скидка {} % на новинки недели. Отписаться: СТОП"
BAD_TEXT = "Скидка {} % на новинки недели."


@dataclass(slots=True)
class Person:
    """Somebody of the audience; ``known`` is False for a stranger, of whom nobody knows where he lives."""

    name: str
    consent: str = "all"
    consent_at: str = "2020-01-01"
    orders: int = 3
    last_order: str = "2026-11-01T09:00:00Z"
    registers: str = ""
    known: bool = True


@dataclass(slots=True)
class Row:
    """A row of the log, and the rule that it breaks ("": none)."""

    cells: dict[str, str]
    breaks: str = ""


@dataclass(slots=True)
class Planted:
    """People and rows."""

    people: list[Person] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def expected(self) -> dict[str, set[int]]:
        """Return, a rule, the lines of the log that break it; line 1 is the header."""
        found: dict[str, set[int]] = {name: set() for name, *_ in RULES}
        for line, row in enumerate(self.rows, 2):
            if row.breaks:
                found[row.breaks].add(line)
        return found


class Planter:
    """Adds people and rows by a seeded generator; ``second`` is the channel beside SMS."""

    def __init__(self, seed: int, second: str = "email") -> None:
        self.random, self.made, self.log, self.second = random.Random(seed), 0, Planted(), second
        self.names = 0

    def person(self, **facts: object) -> Person:
        """Return a new person of the audience, or a stranger."""
        self.made += 1
        person = Person(f"+79{100_000_000 + self.made}", **facts)  # type: ignore[arg-type]
        if not person.known:
            person.name = f"stranger-{self.made}"
        self.log.people.append(person)
        return person

    def at(self, day: int) -> datetime:
        """Return a moment of a day, between ten and seven in Moscow."""
        second = self.random.randrange(10 * 3600, 19 * 3600)
        return MONDAY + timedelta(days=day, seconds=second) - MOSCOW

    def clock(self, day: int, hour: int) -> datetime:
        """Return a full hour of a day in Moscow."""
        return MONDAY + day * DAY + hour * HOUR - MOSCOW

    def send(self, person: Person, at: datetime, channel: str, breaks: str = "", **cells: str) -> Row:
        """Add a message; texts differ from message to message of a person."""
        own = sum(row.cells["recipient"] == person.name for row in self.log.rows[-12:])
        usual = {
            "event": "submitted", "text": GOOD_TEXT.format(10 + own), "opted_out_at": "none", "validity_s": "3600",
            "template_registered_at": "2020-01-01T00:00:00Z", "template_state": "approved", "last_inbound_at": "",
        }  # fmt: skip
        return self.add(person, at, channel, breaks, **(usual | cells))

    def add(self, person: Person, at: datetime, channel: str, breaks: str = "", **cells: str) -> Row:
        """Add any row; its campaign and sender are nobody else's."""
        number = len(self.log.rows)
        row = Row(
            {"recipient": person.name, "channel": channel, "category": "promo", "occurred_at": iso(at),
             "received_at": "", "campaign": f"c{number}", "sender": f"S{number:06}"} | cells, breaks,
        )  # fmt: skip
        self.log.rows.append(row)
        return row

    def clean(self, person: Person) -> None:
        """Write to a person as the rules allow: two messages on two days, by SMS and the second channel."""
        self.send(person, self.at(0), "sms")
        self.send(person, self.at(2), self.second)
        which = self.random.randrange(6) if self.second == "email" else 5
        at = self.at(4)
        if which == 0:  # an answer opened the window, two hours before
            self.send(person, at, "whatsapp", template_state="rejected", last_inbound_at=iso(at - 2 * HOUR))
        elif which == 1:
            self.send(person, at, "whatsapp", last_inbound_at="never")
        elif which == 2:  # two in a session, an answer between them
            self.send(person, at, "vk", last_inbound_at=iso(at - 5 * MINUTE))
            self.send(person, at + HOUR, "vk", last_inbound_at=iso(at + 50 * MINUTE))
        elif which == 3:  # asks, and is answered within the hour
            name = self.add(person, at, "sms", event="replied", text="Во сколько закрываетесь?").cells["campaign"]
            self.add(person, at + 20 * MINUTE, "sms", event="answered", until=iso(at), campaign=name)
        elif which == 4:  # by a channel that is no longer banned
            self.send(person, self.clock(10, 12) + self.random.randrange(3600) * SECOND, "telegram")


def write_people(log: Planted, path: Path) -> None:
    """Write the audience."""
    names = ("customer_id", "phone", "time_zone", "orders", "last_order_at", "ads_consent_at", "ads_consent_channels",
             "ads_consent_topics", "consent_evidence", "registers")  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for person in log.people:
            if person.known:
                writer.writerow((person.name, person.name, "Europe/Moscow", person.orders, person.last_order,
                                 person.consent_at, person.consent, "offers|recommendations", "checkbox:1",
                                 person.registers))  # fmt: skip


def write_twilio(log: Planted, path: Path) -> None:
    """Write the rows as Twilio's console does; an opt-out is an answer that says so. The second channel is WhatsApp."""
    names = ("From", "To", "Body", "Status", "SentDate", "NumSegments", "Sid", "Direction", "Price", "PriceUnit")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(names)
        for number, row in enumerate(log.rows):
            cells, inbound = row.cells, row.cells["event"] == "unsubscribed"
            person = ("whatsapp:" if cells["channel"] == "whatsapp" else "") + cells["recipient"]
            one, other = (person, cells["sender"]) if inbound else (cells["sender"], person)
            writer.writerow((
                one, other, "Стоп" if inbound else cells["text"], "received" if inbound else "delivered",
                cells["occurred_at"], "1", f"SM{number:032}", "inbound" if inbound else "outbound-api", "-0.0075",
                "USD",
            ))  # fmt: skip
