"""Cool-down: people with few orders who have been silent for long are left in peace for a while."""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined
from policies.kinds.base import A_AT, A_LAST_ORDER_AT, A_ORDERS, FAIL, P_0, P_1, P_2, PASS, UNKNOWN
from policies.records import DAY, MISSING, NEVER

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["inactive_days"],
    "properties": {
        "orders": {
            "description": "For people with 1 to so many orders.",
            "type": "integer",
            "minimum": 1,
            "default": 1,
        },
        "inactive_days": {"description": "Silent for at least so long.", "type": "number", "minimum": 0},
        "pause_days": {
            "description": "Paused for so long; left out: until they order.",
            "type": ["number", "null"],
            "minimum": 0,
        },
    },
}


def prepare(params: dict[str, Any], context: object) -> list[list[int]]:
    """Return one row: greatest number of orders, days of silence, length of the pause (microseconds)."""
    pause = round(params["pause_days"] * DAY) if params.get("pause_days") is not None else NEVER
    return [[params.get("orders", 1), round(params["inactive_days"] * DAY), pause]]


@inlined
def evaluate(p: list[int], a: list[int]) -> int:
    """Return until when the pause lasts; FAIL where it has no end; UNKNOWN where orders are not known."""
    if a[A_LAST_ORDER_AT] == -NEVER or a[A_ORDERS] == 0 or a[A_ORDERS] > p[P_0]:
        return PASS
    if a[A_LAST_ORDER_AT] == MISSING:
        return UNKNOWN
    paused_at = a[A_LAST_ORDER_AT] + p[P_1]
    if a[A_AT] < paused_at:
        return PASS
    if p[P_2] != NEVER and a[A_AT] >= paused_at + p[P_2]:
        return PASS
    if a[A_ORDERS] == MISSING:
        return UNKNOWN
    return FAIL if p[P_2] == NEVER else paused_at + p[P_2]


def state_size(row: list[int]) -> int:
    """Return 0: orders stand in the attempt."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return the times since the last order at which the pause begins and ends."""
    return [p[P_1]] if p[P_2] == NEVER else [p[P_1], p[P_1] + p[P_2]]


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    if answer == UNKNOWN:
        return "the number of orders or the date of the last one is not known"
    if answer == PASS:
        return "no cool-down applies to this customer"
    days = (a[A_AT] - a[A_LAST_ORDER_AT]) // DAY
    return f"{a[A_ORDERS]} order(s), the last {days} days ago: messages pause from day {params['inactive_days']:g}"
