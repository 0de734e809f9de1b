"""Small rehearsals for tests: a scenario in a few words, run, and its log as rows that can be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from policies.people import Int64s, People
from policies.records import CATEGORIES, CHANNELS, CHARGE_EVENTS, EVENT_NAMES
from scenarios.compile.model import Compiled, compile_scenario
from scenarios.model import decode
from simulator.engine.log import REASONS, Matrix, log_hash
from simulator.engine.run import EngineName, run

Raw = dict[str, Any]
START = "2021-10-04T09:00"
"""A Monday morning in Moscow, before the limits of WhatsApp knew portfolios."""
SEEN = ("push", "email", "viber", "vk", "whatsapp", "voice")
"""Channels that report reading."""


def constant(seconds: float) -> Raw:
    """A latency that is always the same; nought needs points, a median is positive."""
    return {"p50_s": seconds} if seconds else {"points": [[0, 0], [1, 0]]}


def sure(**changes: Any) -> Raw:
    """A channel on which everything arrives after a second, is reported a second later, and nobody does anything."""
    still = dict.fromkeys(("read", "clicked", "replied", "purchased", "complained", "unsubscribed"), 0)
    receipts = {"lost": 0, "repeated": 0, "read_hidden": 0, "delay": constant(1)}
    latencies = {"delivery": constant(1), "reading": constant(60), "acting": constant(60)}
    sent = {"accepted": 1, "delivered": 1, "throughput_per_s": 1e9, "prices": []}
    return {**sent, **still, **latencies, "receipts": receipts, **changes}


def step(channel: str, **changes: Any) -> Raw:
    """A step with the template of its channel, which stops nothing unless said so."""
    return {"channel": channel, "template": f"t-{channel}", "stop_on": "never", **changes}


def campaign(*steps: Raw, **changes: Any) -> Raw:
    return {"id": "offer", "category": "promo", "release_at": START, "cascade": list(steps), **changes}


def template(channel: str, **changes: Any) -> Raw:
    return {"channel": channel, "body": "Hello", "category": "promo", **changes}


def scenario(*campaigns: Raw, **changes: Any) -> Raw:
    """A scenario of these campaigns on sure channels; ``channels`` and ``templates`` are laid over, others replace."""
    used = sorted({one["channel"] for each in campaigns for one in each["cascade"]})
    channels = {name: sure() for name in used} | changes.pop("channels", {})
    templates = {f"t-{name}": template(name) for name in used} | changes.pop("templates", {})
    flat: Raw = {"engagement_sigma": 0, "fatigue_per_message": 0, "activity": "flat"} | changes.pop("people", {})
    base: Raw = {
        "name": "small",
        "clock": {"start": START, "horizon_days": 3},
        "as_of": "2021-10-01",
        "audience": {"synthetic": {"size": 1}},
    }
    return {
        **base,
        "people": flat,
        "channels": channels,
        "templates": templates,
        "campaigns": list(campaigns),
        **changes,
    }


def instant(text: str, zone: str = "Europe/Moscow") -> int:
    """Microseconds since 1970 of a local time."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One event with names in place of indices; the recipient stays a position."""

    event: str
    at: int
    recipient: int
    campaign: str = ""
    step: str = ""
    channel: str = ""
    category: str = ""
    attempt: int = -1
    received: int | None = None
    charge: str = ""
    units: int | None = None
    cost: int | None = None
    rule: str = ""
    until: int | None = None
    reason: str = ""
    state: int | None = None


@dataclass(slots=True)
class Ran:
    """A finished rehearsal."""

    compiled: Compiled
    matrix: Int64s
    replication: int = 0
    rows: list[Row] = field(default_factory=list)

    @property
    def hash(self) -> int:
        return log_hash(Matrix(self.matrix), self.compiled.model, self.replication)

    def all(self, *events: str, where: Callable[[Row], bool] = lambda row: True) -> list[Row]:
        """The rows of these events, in order of birth."""
        return [row for row in self.rows if row.event in events and where(row)]

    def count(self, event: str, **fields: Any) -> int:
        """How many rows of this event have these fields."""
        return sum(all(getattr(row, key) == value for key, value in fields.items()) for row in self.all(event))

    def seconds(self, *events: str) -> list[float]:
        """When these events happened, in seconds since the start, sorted."""
        return sorted((row.at - self.compiled.model.start) / 1e6 for row in self.all(*events))

    def reasons(self, event: str) -> set[str]:
        return {row.reason for row in self.all(event)}

    def people(self, event: str) -> set[int]:
        return {row.recipient for row in self.all(event)}


def compiled(raw: Raw, people: People) -> Compiled:
    return compile_scenario(decode(raw), people)


def rehearse(raw: Raw, people: People, *, engine: EngineName = "reference", replication: int = 0) -> Ran:
    """Run a raw scenario and return its log."""
    return ran(compiled(raw, people), engine=engine, replication=replication)


def ran(model: Compiled, *, engine: EngineName = "reference", replication: int = 0) -> Ran:
    matrix = run(model.model, replication, engine).matrix()
    return Ran(model, matrix, replication, list(_rows(matrix, model)))


def _rows(matrix: Int64s, of: Compiled) -> Iterable[Row]:
    model = of.model

    def name(words: Any, index: int) -> str:
        return str(words[index]) if index >= 0 else ""

    def known(value: int) -> int | None:
        return value if value > -(2**62) else None

    campaigns = [one.id for one in model.campaigns]
    steps = [one.id for one in model.steps]
    for line in matrix.tolist():
        (
            where,
            who,
            attempt,
            at_step,
            channel,
            _,
            _,
            category,
            event,
            at,
            received,
            charge,
            units,
            cost,
            rule,
            until,
            why,
            state,
        ) = line
        yield Row(
            EVENT_NAMES[event], at, who, name(campaigns, where), name(steps, at_step), name(CHANNELS, channel),
            name(CATEGORIES, category), attempt, known(received), name(CHARGE_EVENTS, charge), known(units),
            known(cost), name(model.rule_names, rule), known(until), REASONS[why], known(state),
        )  # fmt: skip
