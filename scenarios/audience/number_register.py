"""Reads a register of number ranges: files such as DEF-9xx.csv of the Russian regulator, all faults at once.

The form (semicolons; ``АВС/ DEF;От;До;Емкость;Оператор;Регион;Территория ГАР;ИНН``; UTF-8 with a mark, or cp1251) is
that of a copy of April 2026, read on 2026-11-29. The register tells to whom and where a range was allotted; a number
that its owner took to another operator is not marked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from policies.errors import InputError, Problem
from scenarios.audience.number_regions import territory_zones
from scenarios.audience.zones import ZoneSet, known_zones
from scenarios.csv_text import csv_rows_of, name_of, read_file

NAMES = {
    "from": ("from", "от", "begin", "start"),
    "to": ("to", "до", "end"),
    "zone": ("zone", "time_zone", "timezone", "часовой пояс"),
    "territory": ("territory", "территория гар"),
    "region": ("region", "регион", "place", "город"),
    "operator": ("operator", "оператор"),
    "code": ("code", "авс/ def", "abc/ def", "авс/def", "abc/def", "код", "def"),
}
ENCODINGS = ("utf-8-sig", "cp1251")
NOTHING = ("", "-", "—")
WHAT, REMEDY = "the list of number ranges", "see audience.file.number_ranges"


@dataclass(frozen=True, slots=True, order=True)
class NumberRange:
    """Numbers ``start`` to ``end`` (E.164 digits, both included). ``where`` is file and line, for messages."""

    start: int
    end: int
    operator: str
    region: str
    zones: ZoneSet
    where: str


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a register."""

    name: str
    sha256: str
    ranges: int


@dataclass(frozen=True, slots=True)
class Register:
    """Ranges in rising order, none of which overlap; ``unknown`` counts ranges by a territory that has no zones."""

    ranges: tuple[NumberRange, ...]
    sources: tuple[Source, ...]
    unknown: Counter[str]


def read_register(paths: Sequence[Path]) -> Register:
    """Return the ranges of some CSV files (``-``: standard input). Raises ``InputError`` with all their faults.

    A code column holds the three digits after +7. A territory that is no place of ours is kept, without zones.
    """
    problems: list[Problem] = []
    ranges: list[NumberRange] = []
    sources: list[Source] = []
    for path in paths:
        try:
            data = read_file(path, WHAT, REMEDY)
            own = _of_file(data, name_of(path), problems)
        except InputError as error:
            problems += error.problems
            continue
        sources.append(Source(Path(name_of(path)).name, sha256(data).hexdigest(), len(own)))
        ranges += own
    ranges.sort()
    problems += _overlaps(ranges)
    if problems:
        raise InputError(problems)
    unknown = Counter(each.region or "(no region)" for each in ranges if not each.zones)
    return Register(tuple(ranges), tuple(sources), unknown)


def _of_file(data: bytes, name: str, problems: list[Problem]) -> list[NumberRange]:
    rows = csv_rows_of(data, name, WHAT, strict=False, encodings=ENCODINGS)
    _, header = next(rows, (1, []))
    places = _places(header, name)
    found: list[NumberRange] = []
    before = len(problems)
    for line, row in rows:
        if not row:
            continue
        where = f"{name}:{line}"
        if len(row) != len(header):
            problems.append(Problem(where, f"not a number range: {len(row)} cells instead of {len(header)}"))
            continue
        try:
            found.append(_range(row, places, where))
        except ValueError as error:
            problems.append(Problem(where, f"not a number range: {error}"))
    if not found and len(problems) == before:
        raise InputError([Problem(name, "holds no number range", "download the register again")])
    return found


def _places(header: list[str], name: str) -> dict[str, int]:
    plain = [name.strip().casefold() for name in header]
    found = {ours: plain.index(name) for ours, names in NAMES.items() for name in names if name in plain}
    if "from" not in found or "to" not in found or not ({"zone", "region", "territory"} & set(found)):
        what = f"needs the columns from, to and region or zone; it has: {', '.join(header)[:200]}"
        raise InputError([Problem(f"{name}:1", what)])
    return found


def _range(row: list[str], places: dict[str, int], where: str) -> NumberRange:
    cells = {name: row[place].strip() for name, place in places.items()}
    start, end = _digits(cells["from"]), _digits(cells["to"])
    if "code" in places:
        base = (7_000 + _digits(cells["code"])) * 10_000_000
        start, end = base + start, base + end
    if start > end:
        raise ValueError(f"{start} is greater than {end}")
    region = next((cells[name] for name in ("territory", "region") if cells.get(name, "") not in NOTHING), "")
    zone = cells.get("zone", "")
    if zone and zone not in known_zones():
        raise ValueError(f'"{zone}" is no IANA zone')
    zones = (zone,) if zone else territory_zones(region)
    return NumberRange(start, end, cells.get("operator", ""), region, zones, where)


def _digits(text: str) -> int:
    plain = text.lstrip("+")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 15):
        raise ValueError(f"{text[:30]!r} is no number")
    return int(plain)


def _overlaps(ranges: Sequence[NumberRange]) -> Iterator[Problem]:
    """Yield a problem for each range that shares numbers with an earlier one; ranges come in rising order."""
    last: NumberRange | None = None
    for each in ranges:
        if last is not None and each.start <= last.end:
            shared = f"+{each.start} to +{min(each.end, last.end)}"
            yield Problem(each.where, f"overlaps {last.where}: both hold {shared}", "keep one of the two")
        if last is None or each.end > last.end:
            last = each
