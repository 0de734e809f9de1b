"""Time window: messages go out only between two times of the recipient's own day, by kind of day.

The start belongs to the window; the end only with ``end_inclusive`` (laws say "until" or "not after"). Equal times
never open.
"""

from __future__ import annotations

from typing import Any

from policies.calendars.zones import clock_reaches, local_time
from policies.kernels import inlined, kernel
from policies.kinds.base import (
    A_AT,
    A_CALENDAR,
    A_LOCAL,
    A_ZONE,
    FAIL,
    P_0,
    P_1,
    P_2,
    P_3,
    P_4,
    P_5,
    P_6,
    P_7,
    PASS,
    REVIEW,
    UNKNOWN,
)
from policies.records import DAY, MINUTE, MISSING, NEVER

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = 127
CLOSED = 0
SEARCH_DAYS = 15
"""Days ahead in which the next opening is sought (assumed): longer than any run of holidays."""


TIME = {"type": "string", "pattern": r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$"}
WINDOW = {"type": ["array", "null"], "items": TIME, "minItems": 2, "maxItems": 2}

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["workday"],
    "properties": {
        "workday": {"description": 'From and to, as ["08:00", "22:00"]; null: never.', **WINDOW},
        "dayoff": {"description": "Weekends and days off moved by decree; left out: as a workday.", **WINDOW},
        "holiday": {"description": "Public holidays; left out: as a day off.", **WINDOW},
        "shifted_workday": {"description": "A weekend day made working; left out: compare both.", **WINDOW},
        "end_inclusive": {"description": "The end itself is still allowed.", "type": "boolean", "default": False},
        "pause": {
            "description": "Hours inside the window that are closed; whether its first instant is, is disputed.",
            **WINDOW,
        },
        "weekdays": {
            "description": "Windows of single weekdays, whatever the kind of day.",
            "type": "object",
            "additionalProperties": False,
            "properties": {day: {"description": "From and to, or null.", **WINDOW} for day in WEEKDAYS},
        },
    },
}


def prepare(params: dict[str, Any], context: object) -> list[list[int]]:
    """Return a row for the ordinary weekdays and one for each weekday with a window of its own.

    Cells: windows of workday, day off, holiday, working weekend day; bits of weekdays; 1 where the end is inclusive;
    pause; 1 where a working weekend day has no window of its own and is compared with both kinds of day.
    """
    workday = window(params["workday"])
    dayoff = window(params["dayoff"]) if "dayoff" in params else workday
    holiday = window(params["holiday"]) if "holiday" in params else dayoff
    compare = int("shifted_workday" not in params)
    shifted = window(params.get("shifted_workday"))
    inclusive = int(params.get("end_inclusive", False))
    own = {WEEKDAYS.index(name): window(value) for name, value in params.get("weekdays", {}).items()}
    pause = window(params.get("pause"))
    rows = [[only, only, only, only, 1 << day, inclusive, pause] for day, only in sorted(own.items())]
    rest = EVERY_DAY - sum(1 << day for day in own)
    return [[workday, dayoff, holiday, shifted, rest, inclusive, pause, compare], *rows] if rest else rows


def window(value: list[str] | None) -> int:
    """Return the integer of a window such as ``["08:00", "22:00"]``; None is CLOSED.

    It is ``start * 2048 + end``, both in minutes of the day.
    """
    if value is None:
        return CLOSED
    start, end = (int(text[:2]) * 60 + int(text[3:]) for text in value)
    return start * 2048 + end


@kernel
def inside(hours: int, time: int, inclusive: int) -> bool:
    """Say whether a time of day (microseconds) lies inside a window."""
    return ((hours >> 11) * MINUTE <= time) & (time < (hours & 2047) * MINUTE + inclusive)  # one branch less


@kernel
def day_class_of(calendar: int, day: int, day_first: int, day_class: list[list[int]]) -> int:
    """Return the class of a local day; 255 for an unknown calendar. Days reach beyond the clocks on either side."""
    if calendar < 0:
        return 255
    return int(day_class[calendar][day - day_first])


@inlined
def answer_at(p: list[int], local: int, calendar: int, day_first: int, day_class: list[list[int]]) -> int:
    """Return PASS, FAIL, REVIEW or UNKNOWN for a wall clock."""
    day = local // DAY
    time = local - day * DAY
    if not (p[P_4] >> ((day + 3) % 7)) & 1:
        return PASS
    if inside(p[P_6], time, 0):
        return REVIEW if time == (p[P_6] >> 11) * MINUTE else FAIL
    kind = day_class_of(calendar, day, day_first, day_class)
    if kind < 3 or (kind == 3 and not p[P_7]):
        return PASS if inside(p[P_0 + kind], time, p[P_5]) else FAIL
    classes = 2 if kind == 3 else 3 if kind == 4 or p[P_7] else 4
    yes = 0
    for other in range(classes):
        yes += inside(p[P_0 + other], time, p[P_5])
    if yes == classes:
        return PASS
    if yes == 0:
        return FAIL
    return UNKNOWN if kind == 255 else REVIEW


@inlined
def evaluate(p: list[int], a: list[int], day_first: int, day_class: list[list[int]]) -> int:
    """Return PASS, FAIL, REVIEW or UNKNOWN for the attempt's own clock; when a failing one may go says ``opening``."""
    if a[A_LOCAL] == MISSING:
        return UNKNOWN
    return answer_at(p, a[A_LOCAL], a[A_CALENDAR], day_first, day_class)


@kernel
def opens(p: list[int]) -> tuple[int, ...]:
    """Return the times of day at which a row may begin to pass: midnight, the starts of windows, the pause's end."""
    return (
        0,
        (p[P_0] >> 11) * MINUTE,
        (p[P_1] >> 11) * MINUTE,
        (p[P_2] >> 11) * MINUTE,
        (p[P_3] >> 11) * MINUTE,
        (p[P_6] & 2047) * MINUTE,
    )


@kernel
def closes(p: list[int]) -> tuple[int, ...]:
    """Return the times of day at which a row may cease to pass: midnight, the ends of windows, the pause's start."""
    return (
        0,
        (p[P_0] & 2047) * MINUTE + p[P_5],
        (p[P_1] & 2047) * MINUTE + p[P_5],
        (p[P_2] & 2047) * MINUTE + p[P_5],
        (p[P_3] & 2047) * MINUTE + p[P_5],
        (p[P_6] >> 11) * MINUTE,
        (p[P_6] >> 11) * MINUTE + 1,
    )


@kernel
def opening(
    p: list[int],
    a: list[int],
    zone_ptr: list[int],
    trans_at: list[int],
    trans_off: list[int],
    day_first: int,
    day_class: list[list[int]],
) -> int:
    """Return the first instant after ``a`` that passes; FAIL if none is found within 15 days or the tables."""
    today = a[A_LOCAL] // DAY
    for day in range(today, today + SEARCH_DAYS):
        found = NEVER
        for start in opens(p):
            at = clock_reaches(day * DAY + start, a[A_AT], a[A_ZONE], zone_ptr, trans_at, trans_off)
            if at != MISSING:
                local = local_time(at, a[A_ZONE], zone_ptr, trans_at, trans_off)
                if answer_at(p, local, a[A_CALENDAR], day_first, day_class) == PASS:
                    found = min(found, at)
        if found != NEVER:
            return found
    return FAIL


def state_size(row: list[int]) -> int:
    """Return 0: a window needs no history."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return the times of a local day (microseconds) at which the answer may change."""
    windows = [hours for hours in p[P_0 : P_3 + 1] if hours != CLOSED]
    pause = [p[P_6]] if p[P_6] != CLOSED else []
    starts = {(hours >> 11) * MINUTE for hours in windows + pause}
    ends = {(hours & 2047) * MINUTE + p[P_5] for hours in windows} | {(hours & 2047) * MINUTE for hours in pause}
    return sorted(starts | ends)


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    if a[A_LOCAL] == MISSING:
        return "the recipient's time zone is not known"
    minutes = a[A_LOCAL] % DAY // MINUTE
    clock = f"{minutes // 60:02}:{minutes % 60:02} by the recipient's clock"
    if answer == PASS:
        return f"{clock} is an allowed time"
    if answer == REVIEW:
        return f"{clock} is allowed on a working day and not on a day off, or in one possible zone only"
    if answer == UNKNOWN:
        return f"{clock}: it is not known whether the day is a working day"
    return f"{clock} is outside the allowed hours"
