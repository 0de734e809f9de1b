"""Openings of time windows that were found before: a closed stretch of a zone's clock has one opening."""

from __future__ import annotations

from policies.arrays import Arrays
from policies.kernels import inlined, kernel
from policies.kinds import time_window
from policies.kinds.base import A_AT, A_CALENDAR, A_LOCAL, A_ZONE, P_ROW
from policies.records import DAY, HOUR

O_FROM, O_TO, O_ZONE, O_CALENDAR, O_ANSWER, O_ROW = range(6)
WIDTH = 8
"""Cells of a remembered stretch: from (inclusive) and to (exclusive) as instants, zone, calendar, answer, and the row
where rows share the entries; a line of the processor's cache, two cells of it empty."""
SHAPE = (1024, WIDTH)
"""Of what the gate remembers: the nights of a few days, windows and zones."""


@kernel
def opening(p: list[int], a: list[int], tables: Arrays) -> int:
    """Return ``time_window.opening``, found before or now."""
    entry = tables.openings[(entry_of(a) + 31 * p[P_ROW]) % len(tables.openings)]
    if entry[O_ROW] == p[P_ROW] and remembered(a, entry):
        return int(entry[O_ANSWER])
    entry[O_ROW] = p[P_ROW]
    return remember(p, a, tables, entry)


@inlined
def entry_of(a: list[int]) -> int:
    """Return a number that stretches of one zone and calendar seldom share: by quarters of the local day."""
    return a[A_LOCAL] // (6 * HOUR) + 127 * a[A_ZONE] + 61 * a[A_CALENDAR]


@inlined
def remembered(a: list[int], entry: list[int]) -> bool:
    """Say whether the entry is about the stretch in which the attempt lies; an entry of zeros is about none."""
    return entry[O_FROM] <= a[A_AT] < entry[O_TO] and entry[O_ZONE] == a[A_ZONE] and entry[O_CALENDAR] == a[A_CALENDAR]


@kernel
def remember(
    p: list[int],
    a: list[int],
    tables: Arrays,
    entry: list[int],
) -> int:
    """Return ``time_window.opening`` and note in the entry from when and until when the answer is the same."""
    entry[O_FROM], entry[O_TO] = stretch(p, a, tables.zone_ptr, tables.trans_at)
    entry[O_ZONE], entry[O_CALENDAR] = a[A_ZONE], a[A_CALENDAR]
    entry[O_ANSWER] = time_window.opening(
        p, a, tables.zone_ptr, tables.trans_at, tables.trans_off, tables.day_first, tables.day_class
    )
    return entry[O_ANSWER]


@kernel
def stretch(p: list[int], a: list[int], zone_ptr: list[int], trans_at: list[int]) -> tuple[int, int]:
    """Return from when and until when (instants) nothing changes for the row: no boundary, no midnight, no offset.

    Within it the row answers the same, and every later boundary is reached at the same instant.
    """
    offset = a[A_LOCAL] - a[A_AT]
    midnight = a[A_LOCAL] // DAY * DAY
    first, last = midnight - offset, midnight + DAY - offset
    for time in time_window.opens(p):
        first, last = narrowed(first, last, a[A_AT], midnight + time - offset)
    for time in time_window.closes(p):
        first, last = narrowed(first, last, a[A_AT], midnight + time - offset)
    for row in range(zone_ptr[a[A_ZONE]], zone_ptr[a[A_ZONE] + 1]):
        first, last = narrowed(first, last, a[A_AT], trans_at[row])
    return first, last


@kernel
def narrowed(first: int, last: int, at: int, change: int) -> tuple[int, int]:
    """Return the stretch ``[first, last)`` around ``at``, cut off where ``change`` lies in it."""
    if change <= at:
        return max(first, change), last
    return first, min(last, change)
