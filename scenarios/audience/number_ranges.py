"""Number ranges: the region to which a number was allotted, from a CSV such as the regulator's open register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from policies.errors import InputError, Problem
from scenarios.audience.zones import ZoneSet, known_zones, place_zones
from scenarios.csv_text import csv_rows

Int64s = npt.NDArray[np.int64]

NAMES = {
    "from": ("from", "от", "begin", "start"),
    "to": ("to", "до", "end"),
    "zone": ("zone", "time_zone", "timezone", "часовой пояс"),
    "region": ("region", "регион", "place", "город"),
    "code": ("code", "авс/ def", "abc/ def", "авс/def", "abc/def", "код", "def"),
}


@dataclass(frozen=True, slots=True)
class NumberRanges:
    """Ranges of E.164 digits in rising order, both ends included; ``zones[i]`` belongs to range ``i``."""

    start: Int64s
    end: Int64s
    zones: tuple[ZoneSet, ...]
    unknown_regions: int

    def find(self, numbers: Int64s) -> Int64s:
        """Return for each number the index of its range, or -1."""
        if not len(self.start):
            return np.full(len(numbers), -1, dtype=np.int64)
        place = np.searchsorted(self.start, numbers, side="right") - 1
        inside = (place >= 0) & (numbers <= self.end[place])
        return np.where(inside, place, -1).astype(np.int64)


def load_ranges(path: Path) -> NumberRanges:
    """Return the ranges of a CSV with columns from, to and region or zone (or code, from, to, region).

    A code column holds the three digits after +7, as in the Russian register. A region that is no place of ours is
    left out and counted. Raises ``InputError`` with every bad line.
    """
    rows = csv_rows(path, "the list of number ranges", "see audience.file.number_ranges", strict=False)
    places = _places(next(rows, (1, []))[1], path)
    return _ranges(rows, places, path)


def _places(header: list[str], path: Path) -> dict[str, int]:
    plain = [name.strip().casefold() for name in header]
    found = {ours: plain.index(name) for ours, names in NAMES.items() for name in names if name in plain}
    if "from" not in found or "to" not in found or not ({"zone", "region"} & set(found)):
        what = f"needs the columns from, to and region or zone; it has: {', '.join(header)[:200]}"
        raise InputError([Problem(f"{path}:1", what)])
    return found


def _ranges(rows: Iterator[tuple[int, list[str]]], places: dict[str, int], path: Path) -> NumberRanges:
    problems: list[Problem] = []
    ranges: list[tuple[int, int, ZoneSet]] = []
    unknown = 0
    for line, row in rows:
        if not row:
            continue
        try:
            start, end, zones = _range(row, places)
        except (ValueError, IndexError) as error:
            problems.append(Problem(f"{path}:{line}", f"not a number range: {error}"))
            continue
        unknown += not zones
        ranges.append((start, end, zones))
    ranges.sort()
    if problems or not ranges:
        raise InputError(problems[:20] or [Problem(str(path), "holds no number range")])
    return NumberRanges(
        np.array([start for start, _, _ in ranges], dtype=np.int64),
        np.array([end for _, end, _ in ranges], dtype=np.int64),
        tuple(zones for _, _, zones in ranges),
        unknown,
    )


def _range(row: list[str], places: dict[str, int]) -> tuple[int, int, ZoneSet]:
    start, end = (int(row[places[name]].strip().lstrip("+")) for name in ("from", "to"))
    if "code" in places:
        base = (7_000 + int(row[places["code"]])) * 10_000_000
        start, end = base + start, base + end
    if start > end:
        raise ValueError(f"{start} is greater than {end}")
    if "zone" in places and (zone := row[places["zone"]].strip()):
        if zone not in known_zones():
            raise ValueError(f'"{zone}" is no IANA zone')
        return start, end, (zone,)
    return start, end, place_zones(row[places["region"]]) or () if "region" in places else ()
