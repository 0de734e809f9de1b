"""What a rule is: a record with a statement, a source, dates, and checks that a machine can answer.

A *check* names a kind and its parameters. Kinds in ``policies/kinds`` judge one message; those in ``policies/runs``
judge a whole run (``RUN_KINDS``). A check may be narrower than its rule: in channels, categories, countries or time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from policies.places import covers
from policies.records import CATEGORIES, CHANNELS, NEVER

Severity = Literal["block", "error", "warn", "info"]
Confidence = Literal["documented", "statute-known", "reported", "guessed"]
Status = Literal["in_force", "announced", "disputed", "repealed"]
SEVERITY_ORDER: tuple[Severity, ...] = get_args(Severity)

RUN_KINDS = (
    "cascade_order",
    "cascade_stop",
    "metric_threshold",
    "other_channel",
    "pilot",
    "quota",
    "rating_gate",
    "response_time",
    "retry_pause",
    "review_record",
    "send_rate",
    "sender_name",
    "statement",
)
"""Kinds that judge a whole run; every other kind judges one message."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule comes from. ``read_on`` is the day on which the source was read; ``url`` may be empty."""

    act: str
    clause: str = ""
    url: str = ""
    read_on: date | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One question that a kind answers. Empty scope fields mean: as wide as the rule.

    ``when`` and ``unless`` are expressions over the facts of a message (policies.expressions): the check speaks of it
    if both its own and its rule's ``when`` are true and ``unless`` is false.

    ``effective_from`` is inclusive, ``effective_to`` exclusive; both lie within the rule's own dates.
    """

    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"
    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    when: str = ""
    unless: str = ""

    @property
    def run_scoped(self) -> bool:
        """Say whether the check judges a whole run instead of one message."""
        return self.kind in RUN_KINDS


@dataclass(frozen=True, slots=True)
class Examples:
    """A case in words that keeps the rule and one that breaks it."""

    passes: str = ""
    fails: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in one of its versions. Empty ``channels``, ``categories`` or ``countries`` mean: all of them.

    In force from the first moment of ``effective_from`` to the first moment of ``effective_to`` (exclusive) in
    ``zone``; None means without bound. ``written`` keeps the dates of the record when ``as_of`` has removed them.
    ``languages`` gives title, statement, fix, note and source in other languages, by ISO 639 code. The source is the
    act and clause of the citation; an act of a country with another language may keep its own name there.
    """

    id: str
    pack: str
    version: int
    title: str
    statement: str
    rationale: str
    citation: Citation
    confidence: Confidence
    checks: tuple[Check, ...]
    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None
    status: Status = "in_force"
    fix: str = ""
    examples: Examples = Examples()
    zone: str = "UTC"
    note: str = ""
    when: str = ""
    unless: str = ""
    written: tuple[date | None, date | None] | None = None
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """Return the gravest severity of its checks; *info* for a rule without a check."""
        return min((check.severity for check in self.checks), key=SEVERITY_ORDER.index, default="info")

    @property
    def dates(self) -> tuple[date | None, date | None]:
        """Return the dates of the record, also when the rule was chosen by ``as_of``."""
        return self.written or (self.effective_from, self.effective_to)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and when one check of a rule applies: names in full, instants in microseconds UTC.

    ``countries`` is empty where it applies everywhere. ``start`` is inclusive, ``end`` exclusive.
    """

    channels: tuple[str, ...]
    categories: tuple[str, ...]
    countries: tuple[str, ...]
    start: int
    end: int


def scope(rule: Rule, check: Check) -> Scope:
    """Return where and when ``check`` of ``rule`` applies, the rule's own limits included."""
    start = max(_instant(rule.effective_from, rule.zone, -NEVER), _instant(check.effective_from, rule.zone, -NEVER))
    end = min(_instant(rule.effective_to, rule.zone, NEVER), _instant(check.effective_to, rule.zone, NEVER))
    return Scope(
        channels=_within(check.channels, rule.channels or CHANNELS),
        categories=_within(check.categories, rule.categories or CATEGORIES),
        countries=_places(check.countries, rule.countries),
        start=start,
        end=end,
    )


def _within(narrow: tuple[str, ...], wide: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of ``wide`` that ``narrow`` keeps; all of them when it is empty."""
    return tuple(name for name in wide if name in narrow) if narrow else wide


def _places(narrow: tuple[str, ...], wide: tuple[str, ...]) -> tuple[str, ...]:
    """Return the places that both name: of a country and a part of it, the part; either alone where one is empty."""
    if not narrow or not wide:
        return narrow or wide
    inside = [place for place in narrow if covers(wide, place)]
    return (*inside, *(place for place in wide if place not in inside and covers(narrow, place)))


def _instant(day: date | None, zone: str, otherwise: int) -> int:
    """Return the first microsecond of ``day`` in ``zone``."""
    if day is None:
        return otherwise
    moment = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    return int(moment.timestamp()) * 1_000_000
