"""Validity: a message handed over inside its window must not be able to arrive outside it; or its length has limits."""

from __future__ import annotations

from typing import Any

from policies.calendars.zones import clock_reaches, local_time
from policies.durations import lasting
from policies.kernels import kernel
from policies.kinds import time_window
from policies.kinds.base import (
    A_AT,
    A_CALENDAR,
    A_LOCAL,
    A_VALIDITY,
    A_ZONE,
    FAIL,
    P_0,
    P_1,
    P_7,
    PASS,
    UNKNOWN,
)
from policies.records import DAY, MISSING, NEVER, SECOND

RANGE = 2
"""In the last cell of a row: the row is a range of lengths, and no window."""
UNUSED = (0,) * (P_7 - P_1 - 1)

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "window": {"description": "Hours in which it may arrive.", **time_window.schema},
        "min_s": {"description": "Shortest validity allowed.", "type": "number", "minimum": 0},
        "max_s": {"description": "Longest validity allowed.", "type": "number", "exclusiveMinimum": 0},
    },
}


def prepare(params: dict[str, Any], context: object) -> list[list[int]]:
    """Return the rows of the time window, and one of the range: shortest and longest in microseconds."""
    rows = time_window.prepare(params["window"], context) if "window" in params else []
    if "min_s" in params or "max_s" in params:
        shortest = round(params["min_s"] * SECOND) if "min_s" in params else -NEVER
        longest = round(params["max_s"] * SECOND) if "max_s" in params else NEVER
        rows.append([shortest, longest, *UNUSED, RANGE])
    return rows


@kernel
def evaluate(
    p: list[int],
    a: list[int],
    zone_ptr: list[int],
    trans_at: list[int],
    trans_off: list[int],
    day_first: int,
    day_class: list[list[int]],
) -> int:
    """Return PASS if every instant from hand-over to the end of the validity lies inside the window.

    The answer can change only at midnight and at the ends of windows, so only these are looked at.
    """
    if p[P_7] == RANGE:
        return in_range(p, a)
    if a[A_LOCAL] == MISSING:
        return UNKNOWN
    last = a[A_AT] + a[A_VALIDITY]
    final = local_time(last, a[A_ZONE], zone_ptr, trans_at, trans_off)
    if final == MISSING:  # behind the tables; or the validity is MISSING, which lies before them
        return UNKNOWN
    worst = time_window.answer_at(p, a[A_LOCAL], a[A_CALENDAR], day_first, day_class)
    for day in range(a[A_LOCAL] // DAY, final // DAY + 1):
        for end in time_window.closes(p):
            at = clock_reaches(day * DAY + end, a[A_AT], a[A_ZONE], zone_ptr, trans_at, trans_off)
            if at != MISSING and at <= last:
                local = local_time(at, a[A_ZONE], zone_ptr, trans_at, trans_off)
                worst = graver(worst, time_window.answer_at(p, local, a[A_CALENDAR], day_first, day_class))
                if worst == FAIL:
                    return FAIL
    return worst


@kernel
def in_range(p: list[int], a: list[int]) -> int:
    """Return whether the validity lies between the shortest and the longest allowed, both included."""
    if a[A_VALIDITY] == MISSING:
        return UNKNOWN
    return PASS if p[P_0] <= a[A_VALIDITY] <= p[P_1] else FAIL


@kernel
def graver(one: int, other: int) -> int:
    """Return the graver of two answers: FAIL, then UNKNOWN, then REVIEW, then PASS."""
    return FAIL if FAIL in (one, other) else min(one, other)


def state_size(row: list[int]) -> int:
    """Return 0: a validity needs no history."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return the times of a local day by which the message must arrive; nothing for a range of lengths."""
    return [] if p[P_7] == RANGE else time_window.boundaries(p)


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    if a[A_VALIDITY] == MISSING:
        return "the validity of the message is not known"
    if "window" not in params:
        least, most = params.get("min_s", 0), params.get("max_s")
        said = f"{least:g} s or more" if most is None else f"{least:g} to {most:g} s"
        return f"the validity is {a[A_VALIDITY] // SECOND} s; {said} is allowed"
    if answer == PASS:
        return "the message cannot arrive outside the allowed hours"
    if answer == UNKNOWN:
        return "the recipient's clock or calendar is not known"
    return f"with a validity of {lasting(a[A_VALIDITY])} the message may arrive outside the allowed hours"
