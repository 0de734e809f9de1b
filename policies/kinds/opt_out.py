"""Opt-out: nothing is sent after the person asked to stop, a grace period apart.

A grace of business days ends with the last moment of the last of them, by the person's own clock and calendar: the day
of the opt-out is day 0, and a holiday of a region only counts as a business day (the shorter grace; *assumed*).
"""

from __future__ import annotations

from typing import Any

from policies.calendars.workdays import DAYOFF, HOLIDAY, UNKNOWN_DAY
from policies.calendars.zones import local_time
from policies.durations import lasting, roughly
from policies.kernels import inlined, kernel
from policies.kinds.base import (
    A_AT,
    A_CALENDAR,
    A_LOCAL,
    A_OPT_OUT_AT,
    A_OPT_OUT_RECEIVED_AT,
    A_ZONE,
    FAIL,
    P_0,
    P_1,
    P_2,
    PASS,
    UNKNOWN,
)
from policies.kinds.time_window import day_class_of
from policies.records import DAY, MINUTE, MISSING, NEVER

BY = ("sent", "received")
MOST_DAYS = 15
LONGEST = 35 * DAY
"""So many business days are over by then, whatever the calendar (*assumed*); clocks are known so far back."""

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "grace_minutes": {"description": "Messages may still go out so long.", "type": "number", "minimum": 0},
        "grace_business_days": {
            "description": "Or to the end of the so many-th business day after, by the person's clock and calendar.",
            "type": "integer",
            "minimum": 1,
            "maximum": MOST_DAYS,
        },
        "by": {
            "description": "Counted from when the person sent the opt-out, or from when the company received it.",
            "enum": list(BY),
            "default": "sent",
        },
    },
    "not": {"required": ["grace_minutes", "grace_business_days"]},
}


def prepare(params: dict[str, Any], context: object) -> list[list[int]]:
    """Return one row: grace in microseconds, index in ``BY``, grace in business days (0: none)."""
    grace = round(params.get("grace_minutes", 0) * MINUTE)
    return [[grace, BY.index(params.get("by", "sent")), params.get("grace_business_days", 0)]]


@inlined
def evaluate(
    p: list[int],
    a: list[int],
    zone_ptr: list[int],
    trans_at: list[int],
    trans_off: list[int],
    day_first: int,
    day_class: list[list[int]],
) -> int:
    """Return FAIL for a message later than the opt-out and its grace; at that very instant it still passes."""
    opted_out = a[A_OPT_OUT_RECEIVED_AT] if p[P_1] == 1 else a[A_OPT_OUT_AT]
    if opted_out == MISSING:
        return UNKNOWN
    if opted_out == NEVER:
        return PASS
    if a[A_AT] <= opted_out + p[P_0]:
        return PASS
    if p[P_2] == 0 or a[A_AT] - opted_out > LONGEST:
        return FAIL
    then = local_time(opted_out, a[A_ZONE], zone_ptr, trans_at, trans_off)
    if then == MISSING or a[A_LOCAL] == MISSING:
        return UNKNOWN
    return in_business_days(p[P_2], then // DAY, a[A_LOCAL] // DAY, a[A_CALENDAR], day_first, day_class)


@kernel
def in_business_days(
    days: int, first: int, today: int, calendar: int, day_first: int, day_class: list[list[int]]
) -> int:
    """Return PASS up to the ``days``-th business day after the day ``first``, FAIL later, UNKNOWN if days are."""
    worked = unknown = 0
    for day in range(first + 1, today):
        kind = day_class_of(calendar, day, day_first, day_class)
        if kind == UNKNOWN_DAY:
            unknown += 1
        elif kind not in (DAYOFF, HOLIDAY):
            worked += 1
    if worked >= days:
        return FAIL
    return UNKNOWN if worked + unknown >= days else PASS


def state_size(row: list[int]) -> int:
    """Return 0: the opt-out stands in the attempt."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return the grace: the time after the opt-out from which messages fail."""
    return [p[P_0]] if p[P_2] == 0 else []


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    if answer == UNKNOWN:
        return "it is not known whether, or how many business days ago, the person opted out"
    if answer == PASS:
        return "the person had not opted out"
    grace = params.get("grace_minutes", 0)
    opted_out = a[A_OPT_OUT_RECEIVED_AT] if params.get("by") == "received" else a[A_OPT_OUT_AT]
    days = params.get("grace_business_days")
    allowed = f"{days} business days" if days else lasting(round(grace * MINUTE))
    return f"the person opted out {roughly(a[A_AT] - opted_out)} before; a grace of {allowed} is allowed"
