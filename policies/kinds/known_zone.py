"""Known zone: the recipient's clock is known well enough to judge hours by it."""

from __future__ import annotations

from typing import Any

from policies.calendars.zones import local_time
from policies.kernels import kernel
from policies.kinds.base import A_AT, A_RECIPIENT, FAIL, PASS, REVIEW, UNKNOWN
from policies.records import MISSING

schema: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": {}}


def prepare(params: dict[str, Any], context: object) -> list[list[int]]:
    """Return one row without cells of its own."""
    return [[]]


@kernel
def evaluate(
    p: list[int],
    a: list[int],
    zone_from: int,
    zone_to: int,
    set_zones: list[int],
    zone_ptr: list[int],
    trans_at: list[int],
    trans_off: list[int],
) -> int:
    """Return PASS if all candidate zones ``set_zones[zone_from:zone_to]`` show one clock at that instant.

    REVIEW where they differ, FAIL without any zone; UNKNOWN for nobody, and for an instant behind the tables.
    """
    if a[A_RECIPIENT] < 0:
        return UNKNOWN
    if zone_to == zone_from:
        return FAIL
    clock = local_time(a[A_AT], set_zones[zone_from], zone_ptr, trans_at, trans_off)
    if clock == MISSING:
        return UNKNOWN
    for place in range(zone_from, zone_to):
        if local_time(a[A_AT], set_zones[place], zone_ptr, trans_at, trans_off) != clock:
            return REVIEW
    return PASS


def state_size(row: list[int]) -> int:
    """Return 0: a clock needs no history."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return nothing: zones may part or meet at any instant."""
    return []


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    words = {
        PASS: "the recipient's clock is known",
        REVIEW: "the recipient may live in zones whose clocks differ",
        FAIL: "no time zone of the recipient is known",
    }
    return words.get(answer, "who the recipient is, or the zone's clock at that time, is not known")
