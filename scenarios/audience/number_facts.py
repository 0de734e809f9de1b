"""What is known of a telephone number: its range, operator, region, and the time zones in which it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import phonenumbers

from policies.errors import InputError, Problem
from scenarios.audience.number_ranges import NumberRanges
from scenarios.audience.phones import read_phone
from scenarios.audience.zones import ZoneSet, country_zones


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """``start`` and ``end`` are those of the range, None without one. ``by`` says from what the zones are known."""

    number: int
    country: str
    mobile: bool
    start: int | None
    end: int | None
    operator: str
    region: str
    zones: ZoneSet
    by: Literal["number_range", "country", "unknown"]


def facts_of(numbers: Sequence[str], ranges: NumberRanges, country: str) -> list[NumberFacts]:
    """Return what is known of each number. Raises ``InputError`` with all that are none, and for an unknown country."""
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise InputError([Problem("--country", f"{country!r} is no country", "two letters, such as RU")])
    phones = [read_phone(text, country) for text in numbers]
    problems = [
        Problem(repr(text[:40]), phone.fault or "no number", "write it as +79161234567")
        for text, phone in zip(numbers, phones, strict=True)
        if phone.fault or not phone.number
    ]
    if problems:
        raise InputError(problems)
    places = ranges.find(np.array([phone.number for phone in phones], np.int64)).tolist()
    return [
        _facts(phone.number, phone.country or country, phone.mobile, place, ranges)
        for phone, place in zip(phones, places, strict=True)
    ]


def _facts(number: int, country: str, mobile: bool, place: int, ranges: NumberRanges) -> NumberFacts:
    if place < 0:
        zones = country_zones(country)
        return NumberFacts(number, country, mobile, None, None, "", "", zones, "country" if zones else "unknown")
    own = ranges.zones[place]
    zones = own or country_zones(country)
    by: Literal["number_range", "country", "unknown"] = "number_range" if own else "country" if zones else "unknown"
    return NumberFacts(
        number, country, mobile, int(ranges.start[place]), int(ranges.end[place]), ranges.operators[place],
        ranges.regions[place], zones, by,
    )  # fmt: skip
