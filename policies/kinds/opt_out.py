"""Opt-out: nothing is sent after the person asked to stop, a grace period apart."""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined
from policies.kinds.base import A_AT, A_OPT_OUT_AT, A_OPT_OUT_RECEIVED_AT, FAIL, P_0, P_1, PASS, UNKNOWN
from policies.records import MINUTE, MISSING, NEVER

BY = ("sent", "received")

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "grace_minutes": {"description": "Messages may still go out so long.", "type": "number", "minimum": 0},
        "by": {
            "description": "Counted from when the person sent the opt-out, or from when the company received it.",
            "enum": list(BY),
            "default": "sent",
        },
    },
}


def prepare(params: dict[str, Any], context: object) -> list[list[int]]:
    """Return one row: grace in microseconds, index in ``BY``."""
    return [[round(params.get("grace_minutes", 0) * MINUTE), BY.index(params.get("by", "sent"))]]


@inlined
def evaluate(p: list[int], a: list[int]) -> int:
    """Return FAIL for a message later than the opt-out and its grace; at that very instant it still passes."""
    opted_out = a[A_OPT_OUT_RECEIVED_AT] if p[P_1] == 1 else a[A_OPT_OUT_AT]
    if opted_out == MISSING:
        return UNKNOWN
    if opted_out == NEVER:
        return PASS
    return FAIL if a[A_AT] > opted_out + p[P_0] else PASS


def state_size(row: list[int]) -> int:
    """Return 0: the opt-out stands in the attempt."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return the grace: the time after the opt-out from which messages fail."""
    return [p[P_0]]


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    if answer == UNKNOWN:
        return "it is not known whether the person opted out"
    if answer == PASS:
        return "the person had not opted out"
    grace = params.get("grace_minutes", 0)
    opted_out = a[A_OPT_OUT_RECEIVED_AT] if params.get("by") == "received" else a[A_OPT_OUT_AT]
    minutes = (a[A_AT] - opted_out) // MINUTE
    return f"the person opted out {minutes} min before; a grace of {grace:g} min is allowed"
