"""Logs in which every breach is known because it was planted: clean messages to many people, and one breach each.

The planter never asks the rules. What it expects follows from what it did: it knows the pack below by its words
(between nine and nine, two a day, ...), breaks one rule in one message, and notes the message and the rule. Every
breach has a person of its own, so that no breach brings about another.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

RULES: tuple[tuple[str, str, str, str], ...] = (
    ("HOUR", "time_window", "", '{workday: ["09:00", "21:00"]}'),
    ("CAP", "frequency_cap", "", "{caps: [{count: 2, period: roll_24h}]}"),
    ("CONS", "consent", "channels: [sms]", "{match: [channel]}"),
    ("OUT", "opt_out", "", "{}"),
    ("BAN", "channel_ban", "channels: [telegram]", "{countries: [RU]}"),
    ("TPL", "template", "", "{}"),
    ("TEXT", "content", "channels: [sms]", "{check: opt_out_instruction, answer: fail}"),
    ("COOL", "cool_down", "", "{inactive_days: 60, pause_days: 75}"),
    ("DUP", "duplicate", "", "{minutes: 1440}"),
    ("FIRST", "first_contact", "channels: [viber]", "{require: earlier_message, input: wrote_before}"),
    ("ZONE", "known_zone", "", "{}"),
    ("REG", "registry", "", "{register: us-dnc, must: be_absent}"),
    ("WINDOW", "service_window", "channels: [whatsapp]", "{hours: 24}"),
    ("SESSION", "session_cap", "channels: [vk]", "{hours: 72, unanswered: 1, per_session: 5}"),
    ("VALID", "validity", "", "{max_s: 3600}"),
    ("STATED", "attestation", "channels: [push]", "{input: list_checked}"),
    ("PAUSE", "retry_pause", "", "{reasons: [limit], hours: 24}"),
    ("STOP", "cascade_stop", "", "{after: read}"),
    ("RATE", "send_rate", "", "{scope: sender, count: 1, seconds: 2}"),
    ("NAME", "sender_name", "", '{shortest: 3, longest: 11, signs: ""}'),
    ("ANSWER", "response_time", "", "{answer_within_min: 60, auto_reply_within_s: 60}"),
)
"""Rule, kind, scope, parameters. The last five look at the whole run."""
OF_THE_RUN = ("PAUSE", "STOP", "RATE", "NAME", "ANSWER")
HEADER = (
    "recipient", "channel", "category", "event", "occurred_at", "received_at", "campaign", "sender", "text", "reason",
    "until", "opted_out_at", "template_registered_at", "template_state", "validity_s", "last_inbound_at",
)  # fmt: skip
MONDAY = datetime(2026, 11, 9, tzinfo=UTC)
MOSCOW = timedelta(hours=3)
GOOD_TEXT = "Скидка {} % на новинки недели. Отписаться: СТОП"
BAD_TEXT = "Скидка {} % на новинки недели."


@dataclass(slots=True)
class Person:
    """Somebody of the audience; ``known`` is False for a stranger, of whom nobody knows where he lives."""

    name: str
    consent: str = "all"
    orders: int = 3
    last_order: str = "2026-11-01"
    registers: str = ""
    known: bool = True


@dataclass(slots=True)
class Row:
    """A row of the log, and the rule that it breaks ("": none)."""

    cells: dict[str, str]
    breaks: str = ""


@dataclass(slots=True)
class Planted:
    """People and rows; ``rows`` are written in a shuffled order."""

    people: list[Person] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def expected(self) -> dict[str, set[int]]:
        """Return, a rule, the lines of the log that break it."""
        found: dict[str, set[int]] = {name: set() for name, *_ in RULES}
        for line, row in enumerate(self.rows, 2):
            if row.breaks:
                found[row.breaks].add(line)
        return found


class Planter:
    """Makes clean people and plants breaches among them, by a seeded generator."""

    def __init__(self, seed: int, second: str = "email") -> None:
        self.random, self.made, self.log, self.second = random.Random(seed), 0, Planted(), second

    def plant(self, breaches: int, clean: int, names: Sequence[str] = ()) -> Planted:
        """Return a log with so many clean people and so many breaches, of these rules (all of them) in turn."""
        for _ in range(clean):
            self.clean(self.person())
            self.at_the_limit()
        names = names or list(PLANTS)
        for number in range(breaches):
            PLANTS[names[number % len(names)]](self)
        self.random.shuffle(self.log.rows)
        return self.log

    def person(self, **facts: object) -> Person:
        """Return a new person of the audience, or a stranger."""
        self.made += 1
        person = Person(f"+79{100_000_000 + self.made}", **facts)  # type: ignore[arg-type]
        if not person.known:
            person.name = f"stranger-{self.made}"
        self.log.people.append(person)
        return person

    def clean(self, person: Person) -> None:
        """Write to a person as the rules allow: two messages on two days, by sms and a second channel."""
        self.send(person, self.at(0), "sms")
        self.send(person, self.at(2), self.second)
        which = self.random.randrange(8) if self.second == "email" else 3
        if which == 0:  # an answer opened the window, two hours before
            at = self.at(4)
            self.send(person, at, "whatsapp", template_state="rejected", last_inbound_at=iso(at - timedelta(hours=2)))
        elif which == 1:
            self.send(person, self.at(4), "whatsapp", last_inbound_at="never")
        elif which == 2:  # two in a session, an answer between them
            at = self.at(4)
            self.send(person, at, "vk", last_inbound_at=iso(at - timedelta(minutes=5)))
            self.send(person, at + timedelta(hours=1), "vk", last_inbound_at=iso(at + timedelta(minutes=50)))
        elif which == 3:  # exactly a day apart, and the second of the evening, the first of the day
            nine = MONDAY + timedelta(days=10, hours=9) - MOSCOW
            self.send(person, nine, "sms")
            self.send(person, nine + timedelta(hours=11, minutes=59, seconds=59), self.second)
            self.send(person, nine + timedelta(days=1, seconds=1), "sms")
        elif which == 4:  # asks, and is answered within the hour
            at = self.at(4)
            name = self.add(person, at, "sms", event="replied", text="Во сколько закрываетесь?").cells["campaign"]
            self.add(person, at + timedelta(minutes=20), "sms", event="answered", until=iso(at), campaign=name)

    def at_the_limit(self) -> None:
        """Write to people exactly where a rule just allows it: a day, a pause, a length or a rate is over."""
        ten = MONDAY + timedelta(days=8, hours=10) - MOSCOW
        day = timedelta(days=1)
        again, silent, name = self.person(), self.person(orders=1, last_order="2026-09-01"), f"L{self.made:010}"
        for at in (ten, ten + day):  # the same text, a day apart
            self.send(again, at, self.second, text=GOOD_TEXT.format(5))
        late = datetime(2026, 9, 1, 9, tzinfo=UTC) + timedelta(days=self.random.choice([59, 135]))
        self.send(silent, late, self.second)
        self.send(self.person(), ten, self.second, sender=name)  # two of a sender whose name is as long as may be
        self.send(self.person(), ten + timedelta(seconds=2), self.second, sender=name)
        if self.second == "email":
            person = self.person()
            self.send(person, ten, "sms")
            failed_at = ten + timedelta(minutes=1)
            self.add(person, failed_at, "sms", event="failed", reason="limit")
            self.send(person, failed_at + day, "sms")

    def at(self, day: int) -> datetime:
        """Return a moment of a day, between ten and seven in Moscow."""
        second = self.random.randrange(10 * 3600, 19 * 3600)
        return MONDAY + timedelta(days=day, seconds=second) - MOSCOW

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


def iso(at: datetime) -> str:
    """Return an instant as text with a zone."""
    return at.isoformat().replace("+00:00", "Z")


def hour(p: Planter) -> None:
    """By night, or at the first second outside."""
    person = p.person()
    p.clean(person)
    second = p.random.choice([21 * 3600, 9 * 3600 - 1, p.random.randrange(0, 9 * 3600)])
    p.send(person, MONDAY + timedelta(days=8, seconds=second) - MOSCOW, p.second, "HOUR")


def cap(p: Planter) -> None:
    """A third message within a day."""
    person = p.person()
    first = MONDAY + timedelta(days=8, hours=10) - MOSCOW
    p.send(person, first, p.second)
    p.send(person, first + timedelta(hours=p.random.randrange(1, 5)), "sms")
    late = p.random.choice([timedelta(hours=6), timedelta(hours=23, minutes=59, seconds=59)])
    p.send(person, first + late, p.second, "CAP")


def consent(p: Planter) -> None:
    """An SMS to somebody who agreed to the second channel alone."""
    person = p.person(consent=p.second)
    p.send(person, p.at(1), p.second)
    p.send(person, p.at(3), "sms", "CONS")


def opt_out(p: Planter) -> None:
    """After the person asked to stop: by the list, or by an answer that the log has."""
    person, at = p.person(), p.at(13)
    p.clean(person)
    if p.second == "email" and p.random.random() < 0.5:
        p.send(person, at, p.second, "OUT", opted_out_at=iso(at - timedelta(seconds=1)))
    else:
        p.add(person, at - timedelta(days=1), p.second, event="unsubscribed", received_at=iso(at - timedelta(days=1)))
        p.send(person, at, p.second, "OUT")


def ban(p: Planter) -> None:
    """By a channel that is banned."""
    person = p.person()
    p.clean(person)
    p.send(person, p.at(8), "telegram", "BAN")


def template(p: Planter) -> None:
    """By a template that was never registered, or a minute later."""
    person, at = p.person(), p.at(8)
    p.clean(person)
    since = p.random.choice(["none", iso(at + timedelta(minutes=1))])
    p.send(person, at, p.second, "TPL", template_registered_at=since)


def text(p: Planter) -> None:
    """Without a word on how to stop."""
    person = p.person()
    p.clean(person)
    p.send(person, p.at(8), "sms", "TEXT", text=BAD_TEXT.format(p.random.randrange(30)))


def cool_down(p: Planter) -> None:
    """To a buyer of one thing who has been silent for sixty days or more."""
    person = p.person(orders=1, last_order="2026-09-01")
    days = p.random.choice([60, 61, 100, 134])
    p.send(person, datetime(2026, 9, 1, 9, tzinfo=UTC) + timedelta(days=days), p.second, "COOL")


def duplicate(p: Planter) -> None:
    """The same text again within a day, by whatever sender."""
    person, at = p.person(), MONDAY + timedelta(days=8, hours=10) - MOSCOW
    name = p.send(person, at, p.second, text=GOOD_TEXT.format(5)).cells["sender"]
    again = at + p.random.choice([timedelta(minutes=p.random.randrange(1, 600)), timedelta(days=1, seconds=-1)])
    same = {"sender": name} if p.random.random() < 0.5 else {}
    p.send(person, again, p.second, "DUP", text=GOOD_TEXT.format(5), **same)


def first_contact(p: Planter) -> None:
    """The first message on a channel that allows no first message."""
    person = p.person()
    p.clean(person)
    p.send(person, p.at(8), "viber", "FIRST")


def zone(p: Planter) -> None:
    """To somebody of whom nobody knows where he lives."""
    p.send(p.person(known=False), p.at(3), p.second, "ZONE")


def registry(p: Planter) -> None:
    """To somebody who stands in a register."""
    person = p.person(registers="us-dnc@2026-01-05")
    p.send(person, p.at(3), p.second, "REG")


def service_window(p: Planter) -> None:
    """Free text, more than a day after the person wrote, or though he never did."""
    person, at = p.person(), p.at(8)
    p.clean(person)
    wrote = p.random.choice(["never", iso(at - timedelta(hours=24))])
    p.send(person, at, "whatsapp", "WINDOW", template_state="rejected", last_inbound_at=wrote)


def session_cap(p: Planter) -> None:
    """A second message without an answer to the first."""
    person = p.person()
    at = MONDAY + timedelta(days=8, hours=10) - MOSCOW
    wrote = iso(at - timedelta(minutes=10))
    p.send(person, at, "vk", last_inbound_at=wrote)
    p.send(person, at + timedelta(hours=p.random.randrange(1, 6)), "vk", "SESSION", last_inbound_at=wrote)


def validity(p: Planter) -> None:
    """Valid for a second too long."""
    person = p.person()
    p.clean(person)
    p.send(person, p.at(8), p.second, "VALID", validity_s=p.random.choice(["3601", "86400"]))


def attestation(p: Planter) -> None:
    """By the channel of which it was stated that its list is not checked."""
    person = p.person()
    p.clean(person)
    p.send(person, p.at(8), "push", "STATED")


def retry_pause(p: Planter) -> None:
    """Again within a day of a failure that means: enough."""
    person, at = p.person(), MONDAY + timedelta(days=8, hours=10) - MOSCOW
    p.send(person, at, p.second)
    p.add(person, at + timedelta(minutes=1), p.second, event="failed", reason="limit")
    p.send(person, at + timedelta(hours=p.random.randrange(1, 10)), p.second, "PAUSE")


def cascade_stop(p: Planter) -> None:
    """Again in the same campaign, though the company knew that it was read."""
    person, at = p.person(), MONDAY + timedelta(days=8, hours=10) - MOSCOW
    name = p.send(person, at, p.second).cells["campaign"]
    known = at + timedelta(hours=1)
    p.add(person, known, p.second, event="read", received_at=iso(known), campaign=name)
    p.send(person, known + timedelta(seconds=1), "sms", "STOP", campaign=name)


def send_rate(p: Planter) -> None:
    """Two messages of one sender within two seconds."""
    one, other, at = p.person(), p.person(), p.at(8)
    name = p.send(one, at, p.second).cells["sender"]
    p.send(other, at + timedelta(seconds=1), p.second, "RATE", sender=name)


def sender_name(p: Planter) -> None:
    """By a sender whose name is too long."""
    person = p.person()
    p.send(person, p.at(8), p.second, "NAME", sender=f"SENDERNAME{p.made}")


def response_time(p: Planter) -> None:
    """A question that nobody answered within the hour."""
    person, at = p.person(), p.at(4)
    p.clean(person)
    p.add(person, at, "sms", "ANSWER", event="replied", text="Где мой заказ?")


PLANTS: dict[str, Callable[[Planter], None]] = {
    "HOUR": hour, "CAP": cap, "CONS": consent, "OUT": opt_out, "BAN": ban, "TPL": template, "TEXT": text,
    "COOL": cool_down, "DUP": duplicate, "FIRST": first_contact, "ZONE": zone, "REG": registry,
    "WINDOW": service_window, "SESSION": session_cap, "VALID": validity, "STATED": attestation, "PAUSE": retry_pause,
    "STOP": cascade_stop, "RATE": send_rate, "NAME": sender_name, "ANSWER": response_time,
}  # fmt: skip


def write_log(log: Planted, path: Path) -> None:
    """Write the rows in our own columns; line 1 is the header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(row.cells for row in log.rows)


IN_TWILIO = ("HOUR", "CAP", "CONS", "OUT", "TEXT", "COOL", "DUP", "ZONE", "REG", "RATE", "NAME")
"""Rules whose inputs stand in an export of Twilio's and the audience."""


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


def write_people(log: Planted, path: Path) -> None:
    """Write the audience."""
    names = ("customer_id", "phone", "time_zone", "orders", "last_order_at", "ads_consent_at", "ads_consent_channels",
             "ads_consent_topics", "consent_evidence", "registers")  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for person in log.people:
            if person.known:
                writer.writerow((person.name, person.name, "Europe/Moscow", person.orders,
                                 f"{person.last_order}T09:00:00Z", "2020-01-01", person.consent,
                                 "offers|recommendations", "checkbox:1", person.registers))  # fmt: skip


def pack() -> str:
    """Return the pack of the rules as YAML."""
    return "\n".join(["pack: planted", "title: Planted", 'version: "1"', "rules:", *_rules()])


def _rules() -> Iterator[str]:
    for name, kind, scope, params in RULES:
        yield (
            f"  - {{id: P-{name}-01, title: T, statement: S, rationale: R, citation: {{act: own}}, confidence: guessed,"
            f" fix: F, examples: {{passes: a, fails: b}}, {scope + ',' if scope else ''}"
            f" checks: [{{kind: {kind}, severity: error, params: {params}}}]}}"
        )
