"""The time zones of a territory as registers of numbers write it: several regions, old and new spellings."""

from __future__ import annotations

import re
from functools import cache

from scenarios.audience.zones import ZoneSet, places, stem

REGIONS = re.compile(r"\s*[,*;]\s*|\s+и\s+")
"""What stands between two regions of one range: ``г. Москва * Московская область``, ``Москва и Московская область``."""


@cache
def territory_zones(territory: str) -> ZoneSet:
    """Return the zones of all regions of a territory; () where one of them is not known.

    Of ``р-н Усть-Майский|Республика Саха (Якутия)`` the most exact part that is known counts. Zones and names come
    from ``places.csv``; the register gives where a range was allotted, not where its people live.
    """
    regions = [_zones(region) for region in REGIONS.split(territory.strip()) if region]
    if not regions or not all(regions):
        return ()
    return tuple(dict.fromkeys(zone for zones in regions for zone in zones))


def _zones(region: str) -> ZoneSet:
    known = _by_plain_name()
    return next((known[plain] for part in region.split("|") if (plain := _plain(part)) in known), ())


@cache
def _by_plain_name() -> dict[str, ZoneSet]:
    return {_plain(name): zones for name, zones in places().items()}


def _plain(name: str) -> str:
    """Return a name as it is compared: ``Ханты - Мансийский - Югра АО`` is ``ханты-мансийский-югра``."""
    return re.sub(r"\s*[-/()]+\s*", "-", stem(name)).strip("-")
