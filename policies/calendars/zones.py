"""Wall clocks of IANA zones as flat integer tables, and the two ways between an instant and a wall clock.

Zone ``z`` owns rows ``zone_ptr[z]:zone_ptr[z + 1]`` of ``trans_at`` (instants at which an offset begins) and
``trans_off`` (local minus UTC, microseconds). The last row of a zone is the end of the table: its offset is MISSING.
A wall clock is counted in microseconds since 1970-01-01 00:00 *local*; outside a table it is MISSING.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from policies.errors import InputError, Problem
from policies.kernels import kernel
from policies.records import DAY, HOUR, MISSING, SECOND

Int64s = npt.NDArray[np.int64]

MARGIN_DAYS = 35
"""Days before and after the horizon that the tables cover: a calendar month and a few days of holds (assumed)."""


def zone_tables(zone_names: Sequence[str], start: int, end: int) -> tuple[Int64s, Int64s, Int64s]:
    """Return ``(zone_ptr, trans_at, trans_off)`` for the zones from 35 days before ``start`` to 35 days after ``end``.

    Raises ``InputError`` naming every zone that the time zone database does not know.
    """
    zones = _zones(zone_names)
    first, last = start - MARGIN_DAYS * DAY, end + MARGIN_DAYS * DAY
    ptr, at, off = [0], [], []
    for zone in zones:
        rows = _offsets(zone, first, last)
        at += [row[0] for row in rows] + [last]
        off += [row[1] for row in rows] + [MISSING]
        ptr.append(len(at))
    return np.array(ptr, np.int64), np.array(at, np.int64), np.array(off, np.int64)


@kernel
def local_time(at: int, zone: int, zone_ptr: list[int], trans_at: list[int], trans_off: list[int]) -> int:
    """Return the wall clock of instant ``at`` in ``zone``; MISSING for an unknown zone (-1) or outside the table."""
    if zone < 0:
        return MISSING
    row = zone_ptr[zone + 1] - 1
    while row >= zone_ptr[zone]:
        if at >= trans_at[row]:
            return at + trans_off[row] if trans_off[row] != MISSING else MISSING
        row -= 1
    return MISSING


@kernel
def to_instant(
    local: int, after: int, zone: int, zone_ptr: list[int], trans_at: list[int], trans_off: list[int]
) -> int:
    """Return the first instant from ``after`` on at which the clock of ``zone`` shows ``local`` or later that day.

    A skipped hour gives the instant of the jump, a repeated one its first pass that is not before ``after``.
    MISSING for an unknown zone (-1) or where the table ends first.
    """
    if zone < 0:
        return MISSING
    for row in range(zone_ptr[zone], zone_ptr[zone + 1] - 1):
        found = max(local - trans_off[row], trans_at[row], after)
        if found < trans_at[row + 1]:
            return found
    return MISSING


@kernel
def clock_reaches(
    local: int, after: int, zone: int, zone_ptr: list[int], trans_at: list[int], trans_off: list[int]
) -> int:
    """Return the first instant from ``after`` on at which the clock of ``zone`` comes to ``local`` or jumps past it.

    Unlike ``to_instant`` it does not return ``after`` because the clock is past ``local`` already: in a repeated hour
    it gives the second pass. MISSING for an unknown zone (-1) or where the table ends first.
    """
    if zone < 0:
        return MISSING
    for row in range(zone_ptr[zone], zone_ptr[zone + 1] - 1):
        found = local - trans_off[row]
        if row > zone_ptr[zone] and local - trans_off[row - 1] >= trans_at[row]:
            found = max(found, trans_at[row])  # not reached before the offset changed: at the latest when it does
        if found >= after and trans_at[row] <= found < trans_at[row + 1]:
            return found
    return MISSING


def _zones(names: Sequence[str]) -> list[ZoneInfo]:
    zones, problems = [], []
    for name in names:
        try:
            zones.append(ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            problems.append(Problem("time zone", f"{name!r} is not an IANA time zone", "write e.g. Europe/Moscow"))
    if problems:
        raise InputError(problems)
    return zones


def _offset(zone: ZoneInfo, at: int) -> int:
    """Return local minus UTC at the instant, in microseconds."""
    shift = datetime.fromtimestamp(at // SECOND, UTC).astimezone(zone).utcoffset()
    assert shift is not None
    return int(shift.total_seconds()) * SECOND


def _offsets(zone: ZoneInfo, first: int, last: int) -> list[tuple[int, int]]:
    """Return (instant, offset) for the start and each change of offset, found by steps of six hours and halving."""
    rows = [(first, _offset(zone, first))]
    at = first
    while at < last:
        step = min(at + 6 * HOUR, last)
        if _offset(zone, step) != rows[-1][1]:
            step = _change(zone, at, step)
            rows.append((step, _offset(zone, step)))
        at = step
    return rows


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """Return the second at which the offset changes between two instants of different offset."""
    old = _offset(zone, before)
    low, high = before // SECOND, after // SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle * SECOND) == old:
            low = middle
        else:
            high = middle
    return high * SECOND
