"""Frequency cap: at most so many messages to a person in a day, a week, a month."""

from __future__ import annotations

from typing import Any

from policies.calendars.zones import local_time, to_instant
from policies.context import Context
from policies.kernels import inlined, kernel
from policies.kinds.base import (
    A_AT,
    A_CATEGORY,
    A_CHANNEL,
    A_LOCAL,
    A_RECIPIENT,
    A_ZONE,
    FAIL,
    P_0,
    P_1,
    P_2,
    P_3,
    P_CATEGORIES,
    P_CHANNELS,
    P_STATE,
    PASS,
    UNKNOWN,
)
from policies.records import CATEGORIES, CHANNELS, DAY, MISSING, NEVER

PERIODS = ("cal_day", "cal_week", "cal_month", "roll_24h", "roll_7d", "roll_30d", "cal_7d")
"""``cal_7d``: seven days of the calendar in a row, the message's own day included."""
CAL_DAY, CAL_WEEK, CAL_MONTH, CAL_7D = 0, 1, 2, 6
ROLL_DAYS = (1, 7, 30)
MOST_DAYS = {CAL_DAY: 1, CAL_WEEK: 7, CAL_MONTH: 31, CAL_7D: 7}
SLACK_DAYS = 2
"""So much more than its days a period of the calendar takes at most: clocks are put back by a day at the worst."""
MARCH_1972 = 790
"""Days from 1970-01-01 to the first day after a leap day."""

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["caps"],
    "properties": {
        "caps": {
            "description": "One cap or several; all of them hold.",
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["count", "period"],
                "properties": {
                    "count": {"description": "Most messages.", "type": "integer", "minimum": 1, "maximum": 1000},
                    "period": {
                        "description": "Of the person's calendar (cal_7d: seven days of it in a row), or rolling.",
                        "enum": list(PERIODS),
                    },
                },
            },
        },
        "count_channels": {
            "description": "Left out: those of the rule.",
            "type": "array",
            "items": {"enum": list(CHANNELS)},
        },
        "count_categories": {
            "description": "Left out: those of the rule.",
            "type": "array",
            "items": {"enum": list(CATEGORIES)},
        },
    },
}


def prepare(params: dict[str, Any], context: Context) -> list[list[int]]:
    """Return one row a cap: count, index in ``PERIODS``, bits of counted channels and categories (-1: the rule's)."""
    channels = _bits(params.get("count_channels"), CHANNELS, -1)
    categories = _bits(params.get("count_categories"), CATEGORIES, -1)
    return [[cap["count"], PERIODS.index(cap["period"]), channels, categories] for cap in params["caps"]]


def _bits(names: list[str] | None, words: tuple[str, ...], otherwise: int) -> int:
    return otherwise if names is None else sum(1 << words.index(name) for name in names)


def state_size(row: list[int]) -> int:
    """Return the ring of the last ``count`` instants and the place of the oldest: one comparison decides."""
    return row[P_0] + 1


def initial(row: list[int]) -> list[int]:
    """Return the cells of a person who has received nothing."""
    return [0] + [-NEVER] * row[P_0]


@kernel
def counts(p: list[int], a: list[int]) -> bool:
    """Say whether a message that was handed over counts towards this cap; one of unknown category does."""
    categories = p[P_CATEGORIES] if p[P_3] == -1 else p[P_3]
    channels = p[P_CHANNELS] if p[P_2] == -1 else p[P_2]
    if not (channels >> a[A_CHANNEL]) & 1:
        return False
    return a[A_CATEGORY] < 0 or (categories >> a[A_CATEGORY]) & 1 == 1


@inlined
def observe(p: list[int], a: list[int], s: list[int]) -> None:
    """Put the instant of a counted message in the place of the oldest one."""
    if counts(p, a):
        first = p[P_STATE]
        s[first + 1 + s[first]] = a[A_AT]
        s[first] = (s[first] + 1) % p[P_0]


@inlined
def evaluate(
    p: list[int], a: list[int], s: list[int], zone_ptr: list[int], trans_at: list[int], trans_off: list[int]
) -> int:
    """Return PASS below the cap, else the instant at which the oldest counted message no longer counts."""
    if a[A_RECIPIENT] < 0:
        return UNKNOWN
    oldest = s[p[P_STATE] + 1 + s[p[P_STATE]]]
    if oldest == -NEVER:
        return PASS
    if CAL_MONTH < p[P_1] < CAL_7D:
        until = oldest + ROLL_DAYS[p[P_1] - 3] * DAY
        return PASS if a[A_AT] >= until else until
    if a[A_LOCAL] == MISSING:
        return UNKNOWN
    then = local_time(oldest, a[A_ZONE], zone_ptr, trans_at, trans_off)
    if then == MISSING:  # before the tables, more than a month ago
        return PASS
    end = period_end(then // DAY, p[P_1]) * DAY
    if a[A_LOCAL] >= end:
        return PASS
    until = to_instant(end, a[A_AT], a[A_ZONE], zone_ptr, trans_at, trans_off)
    return FAIL if until == MISSING else until


@kernel
def period_end(day: int, period: int) -> int:
    """Return the first day after the calendar day, week (Monday to Sunday) or month of a day since 1970-01-01.

    Of seven days in a row: the first for which that day no longer counts.
    """
    if period == CAL_DAY:
        return day + 1
    if period == CAL_WEEK:
        return day + 7 - (day + 3) % 7
    if period == CAL_7D:
        return day + 7
    return next_month(day)


@kernel
def next_month(day: int) -> int:
    """Return the first day of the month after that of ``day`` (days since 1970-01-01; right from 1970 to 2099).

    Years begin in March here, so that a leap day ends its year, and four of them have 1461 days.
    """
    of_cycle = (day - MARCH_1972) % 1461
    year = min(of_cycle // 365, 3)
    of_year = of_cycle - 365 * year
    month = (5 * of_year + 2) // 153
    if month == 11:
        return day - of_year + (366 if year == 3 else 365)
    return day - of_year + (153 * (month + 1) + 2) // 5


def boundaries(p: list[int]) -> list[int]:
    """Return the number of messages at which the answer changes."""
    return [p[P_0]]


def spans(p: list[int]) -> list[int]:
    """Return the age from which a counted message no longer counts; of periods of the calendar midnight tells it."""
    return [ROLL_DAYS[p[P_1] - 3] * DAY] if CAL_MONTH < p[P_1] < CAL_7D else []


def begins(p: list[int], day: int) -> bool:
    """Say whether a period of the cap's calendar may begin with a local day (days since 1970-01-01)."""
    return p[P_1] == CAL_7D or (p[P_1] <= CAL_MONTH and period_end(day - 1, p[P_1]) == day)


def lasts(p: list[int]) -> int:
    """Return an age at which a counted message surely no longer counts, whatever the clock does meanwhile."""
    if CAL_MONTH < p[P_1] < CAL_7D:
        return ROLL_DAYS[p[P_1] - 3] * DAY
    return (MOST_DAYS[p[P_1]] + SLACK_DAYS) * DAY


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    caps = ", ".join(f"{cap['count']} in {cap['period'].replace('_', ' ')}" for cap in params["caps"])
    if answer == PASS:
        return f"within the cap: {caps}"
    if answer == UNKNOWN:
        return f"the recipient or the time zone is not known, so the cap cannot be counted: {caps}"
    return f"one message too many: {caps}"
