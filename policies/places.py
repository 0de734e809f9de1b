"""Places: a country by its ISO 3166-1 code (``US``), or a part of one by its ISO 3166-2 code (``US-FL``).

A rule for a country speaks of all its parts. Of a person of whom only the country is known, a rule for a part *may*
speak.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

PLACE = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
"""The pattern of a place."""


def nation(place: str) -> str:
    """Return the country of a place: ``US`` for ``US-FL``."""
    return place.partition("-")[0]


def covers(names: Iterable[str], place: str) -> bool:
    """Say whether ``place`` is one of the names, or a part of one."""
    return not {place, nation(place)}.isdisjoint(names)


def may_cover(names: Iterable[str], place: str) -> bool:
    """Say whether one of the names is a part of ``place``, which itself is not covered."""
    known = set(names)
    return not covers(known, place) and place in map(nation, known)


def touches(names: Iterable[str], place: str) -> bool:
    """Say whether ``place`` lies in one of the names, or one of them in it."""
    known = set(names)
    return covers(known, place) or may_cover(known, place)


def markets(places: Sequence[str]) -> list[int]:
    """Return for each place the position of the first of its country: prices do not differ within one."""
    nations = [nation(place) for place in places]
    return [nations.index(name) for name in nations]
