"""Which zones are possible for each recipient, and from which source that is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.people import ZONE_SOURCES
from scenarios.audience.cellblock import Cells
from scenarios.audience.cells import take
from scenarios.audience.number_ranges import NumberRanges
from scenarios.audience.subdivisions import place_clocks
from scenarios.audience.zones import ZoneSet, known_zones, place_zones, same_clock

Int64s = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

ADDRESS, EXPLICIT, RANGE, COUNTRY, UNKNOWN = (
    ZONE_SOURCES.index(name) for name in ("address", "explicit", "number_range", "country", "unknown")
)
NONE, BAD = -1, -2


@dataclass(slots=True)
class ZoneFinder:
    """Finds zones by address, explicit column, number range and country, in this order of trust."""

    now: int
    ranges: NumberRanges | None
    zone_sets: dict[ZoneSet, int] = field(default_factory=dict)
    memo: dict[tuple[str, str], int] = field(default_factory=dict)

    def __call__(self, cells: Cells, phone: Int64s, countries: list[str], country: Int64s) -> tuple[Int64s, Bytes]:
        """Return the index of each row's zone set and the index of its source in ZONE_SOURCES."""
        by_address = self._column(cells.coded("city"), "city", place_zones)
        by_column = self._column(cells.coded("time_zone"), "zone", _explicit)
        cells.note("address not in the table of places", by_address == BAD)
        cells.note("time zone not known", by_column == BAD)
        self._disagreements(cells, by_address, by_column)
        by_range = self._by_range(phone)
        home = np.array([self.intern(place_clocks(name)) for name in countries], dtype=np.int64)
        candidates = (by_address, by_column, by_range, home[country])
        found = np.select([values >= 0 for values in candidates[:3]], candidates[:3], candidates[3])
        sources = [np.uint8(ADDRESS), np.uint8(EXPLICIT), np.uint8(RANGE)]
        source = np.select([values >= 0 for values in candidates[:3]], sources, np.uint8(COUNTRY)).astype(np.uint8)
        source[found == self.zone_sets.get((), NONE)] = UNKNOWN
        cells.note("zone known only by country", source == COUNTRY)
        cells.note("zone not known at all", source == UNKNOWN)
        return found.astype(np.int64), source

    def intern(self, zones: ZoneSet) -> int:
        """Return the index of a set of zones."""
        return self.zone_sets.setdefault(zones, len(self.zone_sets))

    def _column(self, column: pa.DictionaryArray, sort: str, find: Callable[[str], ZoneSet | None]) -> Int64s:
        codes = [self._code(text or "", sort, find) for text in column.dictionary.to_pylist()]
        return take(np.array([*codes, NONE], dtype=np.int64), column)

    def _code(self, text: str, sort: str, find: Callable[[str], ZoneSet | None]) -> int:
        plain = text.strip()
        if plain.strip("-—") == "":
            return NONE
        code = self.memo.get((sort, plain))
        if code is None:
            zones = find(plain)
            code = self.memo[sort, plain] = BAD if zones is None else self.intern(zones)
        return code

    def _by_range(self, phone: Int64s) -> Int64s:
        if self.ranges is None:
            return np.full(len(phone), NONE, dtype=np.int64)
        sets = np.array([self.intern(zones) if zones else NONE for zones in self.ranges.zones] + [NONE], dtype=np.int64)
        return np.asarray(sets[self.ranges.find(phone)], dtype=np.int64)

    def _disagreements(self, cells: Cells, left: Int64s, right: Int64s) -> None:
        both = (left >= 0) & (right >= 0) & (left != right)
        names = tuple(self.zone_sets)
        pairs = left[both] * len(names) + right[both]
        clash = [
            pair
            for pair in np.unique(pairs).tolist()
            if not same_clock(names[pair // len(names)], names[pair % len(names)], self.now)
        ]
        wrong = np.zeros(len(left), dtype=np.bool_)
        wrong[both] = np.isin(pairs, clash)
        cells.note("address and time zone disagree", wrong)


def _explicit(name: str) -> ZoneSet | None:
    return (name,) if name in known_zones() else None
