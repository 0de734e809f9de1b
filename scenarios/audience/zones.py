"""Time zones: of an address, of a country; the names that are valid, and whether two show the same clock."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType
from zoneinfo import ZoneInfo, available_timezones

from policies.records import SECOND

ZoneSet = tuple[str, ...]
SAME_SINCE = 2021
SAME_UNTIL = 2028

KINDS = frozenset(
    word
    for words in (
        "г гор город city gorod пгт рп пос поселок с село д дер деревня",
        "обл область респ республика край ао аобл автономный автономная округ",
    )
    for word in words.split()
)
"""Words that say what sort of place it is; names are compared without them."""


@cache
def places() -> MappingProxyType[str, ZoneSet]:
    """Return the zones of each place in ``places.csv`` (larger cities and the regions of Russia, cities of the CIS)."""
    text = resources.files("scenarios.audience").joinpath("places.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({stem(row["place"]): tuple(row["zones"].split("|")) for row in rows})


@cache
def known_zones() -> frozenset[str]:
    """Return every IANA zone name that means a place (not Etc, not a bare abbreviation), and UTC."""
    return frozenset(name for name in available_timezones() if "/" in name) | {"UTC"}


@cache
def country_zones(country: str) -> ZoneSet:
    """Return one zone for each of the clocks of ``country``; () if the country is not known.

    Of zones that show the same time from 2021 to 2027 the first in tzdata's own table stands for all.
    """
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    first: dict[tuple[timedelta | None, ...], str] = {}
    for row in rows:
        if row[0] == country:
            first.setdefault(_clock(row[2]), row[2])
    return tuple(first.values())


def _clock(zone: str) -> tuple[timedelta | None, ...]:
    moments = (datetime(y, m, 1, tzinfo=UTC) for y in range(SAME_SINCE, SAME_UNTIL) for m in range(1, 13))
    return tuple(moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in moments)


def stem(place: str) -> str:
    """Return a place's name without case, the dots of ё and the words for its kind: "г. Орёл" becomes "орел"."""
    plain = place.casefold().replace("ё", "е").replace("–", "-")
    words = re.split(r"[\s.]+", plain.strip(" ."))
    return " ".join(word for word in words if word and word not in KINDS)


def place_zones(address: str) -> ZoneSet | None:
    """Return the zones of an address, from its most exact known part; None if no part is known.

    "г. Химки", "Московская обл., г. Химки" and "Химки" are all understood.
    """
    parts = [address, *reversed(re.split(r"[,;|]", address))]
    return next((zones for part in parts if (zones := places().get(stem(part)))), None)


def same_clock(left: ZoneSet, right: ZoneSet, now: int) -> bool:
    """True when the two sets share an offset from UTC at the instant ``now`` (microseconds UTC)."""
    moment = datetime.fromtimestamp(now // SECOND, tz=UTC)

    def offsets(zones: ZoneSet) -> set[timedelta | None]:
        return {moment.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones}

    return bool(offsets(left) & offsets(right))
