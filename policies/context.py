"""What rules need to know of a run besides the people and the messages: who sends, when, and what was stated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from policies.errors import InputError, Problem
from policies.places import covers, may_cover
from policies.records import SECOND

MOST_COUNTRIES = 62
"""Bits of a country mask: an int64 without its sign and one spare."""


@dataclass(frozen=True, slots=True)
class Context:
    """One run as the rules see it. Instants are int64 microseconds UTC; ``end`` is the end of the horizon.

    ``countries`` are those of the audience, or parts of them (policies.places), ``texts`` the distinct texts in the
    order of A_TEXT, ``content_facts`` what the kind ``content`` needs. ``zone`` is the zone in which dates of laws
    begin. ``as_of`` fixes the law. ``regional`` gives holidays of regional calendars such as ``RU-BA``; ``calendars``
    names the calendar of a country where it is not the country's own.
    """

    start: int
    end: int
    now: int = 0
    zone: str = "UTC"
    organisation_kind: str | None = None
    organisation_country: str | None = None
    brands: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    countries: tuple[str, ...] = ()
    texts: tuple[Any, ...] = ()
    content_facts: Any = None
    as_of: date | None = None
    regional: Mapping[str, Iterable[date]] = field(default_factory=dict)
    calendars: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.countries) > MOST_COUNTRIES:
            what = f"{len(self.countries)} countries, at most {MOST_COUNTRIES} can be judged together"
            raise InputError([Problem("audience", what, "split the audience by country")])

    def country_mask(self, names: Iterable[str] | None) -> int:
        """Return the bits of the named countries that the audience has, their parts too; -1 (everywhere) for None."""
        if names is None:
            return -1
        wanted = set(names)
        return sum(1 << index for index, country in enumerate(self.countries) if covers(wanted, country))

    def part_mask(self, names: Iterable[str] | None) -> int:
        """Return the bits of the countries of which only a part is named: people there may live in that part."""
        wanted = set(names or ())
        return sum(1 << index for index, country in enumerate(self.countries) if may_cover(wanted, country))


def date_instant(day: date | str | None, zone: str, otherwise: int) -> int:
    """Return the first microsecond of ``day`` in ``zone``; ``otherwise`` for None."""
    if day is None:
        return otherwise
    if isinstance(day, str):
        day = date.fromisoformat(day)
    moment = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    return int(moment.timestamp()) * SECOND
