"""Times of a foreign log as instants, each distinct text once; well-formed ones by array operations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.calendars.zones import zone_tables
from policies.records import DAY, MISSING, NEVER, SECOND
from scenarios.audience.cells import BAD as NO_DATE
from scenarios.audience.cells import NOTHING, parse_date

Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

NONE_WORDS = frozenset({"none", "never", "нет", "никогда"})
"""Words that say: not at all. They differ from an empty cell, which says nothing."""
NONE = NEVER
"""What a cell with such a word becomes; the reader of the column knows what it says there."""

SECONDS, MILLIS, MICROS = 10, 13, 16
UNITS = {"unix_s": SECOND, "unix_ms": 1_000, "unix_us": 1}
FIRST, LAST = -70 * 366 * DAY, 230 * 366 * DAY
"""Instants outside 1900 to 2200 are taken for a mistake."""

NOT_A_TIME = "is no time"
NO_ZONE = "has no time zone"
ONLY_A_DAY = "is a day without a time of day"
SKIPPED = "did not occur: the clock skipped this hour"
DIGITS = "is a number that may be seconds, milliseconds or microseconds"
FAR = "lies outside 1900 to 2200"
NO_NONE = "must be a time"
FAULTS = (NOT_A_TIME, NO_ZONE, ONLY_A_DAY, SKIPPED, DIGITS, FAR, NO_NONE)

_PLAIN = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|\+00:?00)?$"
_OFFSET = re.compile(r":\d{2}(?:[.,]\d+)?\s*(?:Z|[+-](\d{2}):?(\d{2}))$", re.IGNORECASE)
_RFC_2822 = re.compile(
    r"(?:[a-z]{3}, ?)?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d{2}:\d{2}(?::\d{2})?) ?([+-]\d{4}|gmt|utc|z)?",
    re.ASCII | re.IGNORECASE,
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,9})?", re.ASCII)


@dataclass(slots=True)
class InstantReader:
    """Reads columns of times. ``zone`` is that of times without one, ``unit`` a key of UNITS, ``iso`` or ``auto``."""

    zone: str | None
    unit: str
    clocks: dict[tuple[int, int], tuple[Int64s, Int64s]] = field(default_factory=dict)

    def __call__(self, texts: pa.StringArray, *, exact: bool, none: bool) -> tuple[Int64s, Int64s]:
        """Return (instants, faults) of distinct texts: MISSING where empty, NONE for *none*; -1: no fault.

        ``exact``: a day alone is a fault; ``none``: the word *none* is allowed. A fault is an index in FAULTS.
        """
        plain = pc.utf8_trim_whitespace(texts)
        values, faults = np.full(len(texts), MISSING, np.int64), np.full(len(texts), -1, np.int64)
        naive = np.zeros(len(texts), np.bool_)
        done = self._by_arrays(plain, values, naive) | self._digits(plain, values)
        for place in np.flatnonzero(~done).tolist():
            values[place], naive[place], faults[place] = self._one(plain[place].as_py(), exact, none)
        self._to_utc(values, naive, faults)
        far = (faults < 0) & (values != MISSING) & (values != NONE) & ((values < FIRST) | (values > LAST))
        faults[far] = FAULTS.index(FAR)
        return np.where(faults >= 0, MISSING, values), faults

    def _by_arrays(self, plain: pa.StringArray, values: Int64s, naive: Mask) -> Mask:
        """Fill in what is written in full and exists; return which texts that are."""
        well = pc.match_substring_regex(plain, pattern=_PLAIN).fill_null(False)
        if self.unit not in ("auto", "iso"):
            well = pa.array(np.zeros(len(plain), np.bool_))
        done = np.asarray(well.to_numpy(zero_copy_only=False), np.bool_)
        chosen = plain.filter(well)
        stripped = pc.replace_substring_regex(chosen, pattern=r"(Z|\+00:?00)$", replacement="")
        try:
            instants = stripped.cast(pa.timestamp("us")).cast(pa.int64())
        except pa.ArrowInvalid:
            return np.zeros(len(plain), np.bool_)
        values[done] = instants.to_numpy(zero_copy_only=False)
        naive[done] = pc.equal(pc.utf8_length(stripped), pc.utf8_length(chosen)).to_numpy(zero_copy_only=False)
        return done

    def _digits(self, plain: pa.StringArray, values: Int64s) -> Mask:
        """Fill in what is a whole number of ten, thirteen or sixteen digits of known unit; return which that are."""
        done = np.zeros(len(plain), np.bool_)
        if self.unit == "iso":
            return done
        whole = pc.match_substring_regex(plain, pattern=r"^[0-9]{10}([0-9]{3}([0-9]{3})?)?$").fill_null(False)
        done[:] = whole.to_numpy(zero_copy_only=False)
        chosen = plain.filter(whole)
        numbers = chosen.cast(pa.int64()).to_numpy(zero_copy_only=False)
        digits = pc.utf8_length(chosen).to_numpy(zero_copy_only=False)
        scale = np.array([UNITS[self._unit(int(count))] for count in np.arange(MICROS + 1)], np.int64)[digits]
        safe = numbers <= LAST // scale
        values[np.flatnonzero(done)[safe]] = numbers[safe] * scale[safe]
        done[np.flatnonzero(done)[~safe]] = False  # so far away that it is a fault, told one by one
        return done

    def _unit(self, digits: int) -> str:
        """Return the unit of a number of so many digits; of other counts than three it is not used."""
        named = {SECONDS: "unix_s", MILLIS: "unix_ms"}
        return self.unit if self.unit != "auto" else named.get(digits, "unix_us")

    def _one(self, text: str | None, exact: bool, none: bool) -> tuple[int, bool, int]:
        """Return (value, whether it lacks a zone, fault) of one text."""
        word = (text or "").lower()
        if word in NONE_WORDS:
            return (NONE, False, -1) if none else (MISSING, False, FAULTS.index(NO_NONE))
        if not text or word in NOTHING:
            return MISSING, False, -1
        if _NUMBER.fullmatch(text) and (self.unit != "iso"):
            return self._number(text)
        text = _as_iso(text)
        value, offset = parse_date(text), _OFFSET.search(text)
        if value == NO_DATE or (offset is not None and not _possible(offset)):
            return MISSING, False, FAULTS.index(NOT_A_TIME)
        if ":" not in text and exact:
            return MISSING, False, FAULTS.index(ONLY_A_DAY)
        return value, offset is None, -1

    def _number(self, text: str) -> tuple[int, bool, int]:
        unit = self.unit
        if unit == "auto":
            digits = len(text.lstrip("+-").split(".")[0])
            named = {SECONDS: "unix_s", MILLIS: "unix_ms", MICROS: "unix_us"}
            if digits not in named:
                return MISSING, False, FAULTS.index(DIGITS)
            unit = named[digits]
        value = int(Decimal(text) * UNITS[unit])
        far = not FIRST <= value <= LAST
        return (MISSING, False, FAULTS.index(FAR)) if far else (value, False, -1)

    def _to_utc(self, values: Int64s, naive: Mask, faults: Int64s) -> None:
        """Turn wall clocks into instants; of a repeated hour the first pass is taken (*assumed*)."""
        rows = np.flatnonzero(naive & (faults < 0) & (values > FIRST) & (values < LAST))
        if not len(rows):
            return
        if self.zone is None:
            faults[rows] = FAULTS.index(NO_ZONE)
            return
        local = values[rows]
        begin, offset = self._clock(int(local.min()), int(local.max()))
        found = np.full(len(rows), MISSING, np.int64)
        for row in range(len(begin) - 1):
            at = local - offset[row]
            fits = (found == MISSING) & (at >= begin[row]) & (at < begin[row + 1])
            found[fits] = at[fits]
        values[rows] = found
        faults[rows[found == MISSING]] = FAULTS.index(SKIPPED)

    def _clock(self, first: int, last: int) -> tuple[Int64s, Int64s]:
        """Return the offsets of the zone and since when each holds, over whole years around these times."""
        span = first // (366 * DAY), last // (366 * DAY) + 1
        if span not in self.clocks:
            assert self.zone is not None
            _, at, off = zone_tables([self.zone], span[0] * 366 * DAY, span[1] * 366 * DAY)
            self.clocks[span] = at, off
        return self.clocks[span]


def _possible(offset: re.Match[str]) -> bool:
    """Say whether an offset from UTC is less than a day, in hours and minutes."""
    hours, minutes = (int(part or 0) for part in offset.groups())
    return hours < 24 and minutes < 60


def _as_iso(text: str) -> str:
    """Return a time as e-mail writes it (RFC 2822) in ISO form; any other text as it is."""
    found = _RFC_2822.fullmatch(text)
    if found is None or found[2].lower() not in MONTHS:
        return text
    day, month, year, clock, zone = found.groups()
    offset = zone if zone and zone[0] in "+-" else "Z" if zone else ""
    return f"{year}-{MONTHS.index(month.lower()) + 1:02}-{day}T{clock}{offset}"
