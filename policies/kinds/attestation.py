"""Attestation: a person states a fact that no message shows; without the statement the answer is unknown.

Where a fact grows old (a list that was checked), the day on which it was true is stated, and counts for so many days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from policies.context import Context, date_instant
from policies.kernels import inlined
from policies.kinds.base import A_AT, FAIL, P_0, P_1, P_2, PASS, UNKNOWN
from policies.records import NEVER

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["input"],
    "properties": {
        "input": {"description": "Name of the statement under `evidence`.", "type": "string"},
        "max_age_days": {
            "description": "The statement is a day, YYYY-MM-DD; messages of that day and so many later ones pass.",
            "type": "integer",
            "minimum": 0,
        },
    },
}


def prepare(params: dict[str, Any], context: Context) -> list[list[int]]:
    """Return one row: the answer, and from when (inclusive) to when (exclusive) it holds; outside a PASS is FAIL.

    Only true, false and, with ``max_age_days``, a day are answers: ``no`` is a text.
    """
    stated = context.evidence.get(params["input"])
    if stated is False or (stated is True and "max_age_days" not in params):
        return [[PASS if stated else FAIL, -NEVER, NEVER]]
    day = _day(stated) if "max_age_days" in params else None
    if day is None:
        return [[UNKNOWN, -NEVER, NEVER]]
    last = day + timedelta(days=params["max_age_days"] + 1)
    return [[PASS, date_instant(day, context.zone, -NEVER), date_instant(last, context.zone, NEVER)]]


def _day(stated: Any) -> date | None:
    """Return the day that was stated; None for what is none."""
    try:
        return date.fromisoformat(str(stated))
    except ValueError:
        return None


@inlined
def evaluate(p: list[int], a: list[int]) -> int:
    """Return what was stated; a statement that is too old, or younger than the message, fails."""
    if p[P_0] == PASS and (a[A_AT] < p[P_1] or a[A_AT] >= p[P_2]):
        return FAIL
    return p[P_0]


def state_size(row: list[int]) -> int:
    """Return 0: a statement needs no history."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return from when and until when the statement holds, where it has a day."""
    return [at for at in (p[P_1], p[P_2]) if abs(at) != NEVER]


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    days = params.get("max_age_days")
    asked = "true or false" if days is None else "the day, as YYYY-MM-DD,"
    old = "is denied" if days is None else f"is denied, or its day is not within the {days} days before the message"
    words = {PASS: "is confirmed", FAIL: old, UNKNOWN: f"was not given: state {asked} under evidence"}
    return f"{params['input']} {words.get(answer, '')}".strip()
