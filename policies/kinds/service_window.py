"""Service window: free text only for some hours after the person wrote; outside it an approved template."""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined
from policies.kinds.base import A_AT, A_LAST_INBOUND, A_TEMPLATE_STATE, FAIL, P_0, P_1, PASS, UNKNOWN
from policies.kinds.template import APPROVED
from policies.records import HOUR, MISSING, NEVER

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "hours": {"description": "Length of the window.", "type": "number", "exclusiveMinimum": 0, "default": 24},
        "strict": {"description": "The last instant of the window is already outside.", "type": "boolean"},
    },
}


def prepare(params: dict[str, Any], context: object) -> list[list[int]]:
    """Return one row: length of the window in microseconds, 1 if its end belongs to it."""
    return [[round(params.get("hours", 24) * HOUR), int(not params.get("strict", True))]]


@inlined
def evaluate(p: list[int], a: list[int]) -> int:
    """Return PASS inside the window or with an approved template; UNKNOWN if what is missing could decide."""
    if a[A_TEMPLATE_STATE] == APPROVED:
        return PASS
    inbound = a[A_LAST_INBOUND]
    if inbound == MISSING:
        return UNKNOWN
    if inbound != -NEVER and a[A_AT] < inbound + p[P_0] + p[P_1]:
        return PASS
    return UNKNOWN if a[A_TEMPLATE_STATE] == MISSING else FAIL


def state_size(row: list[int]) -> int:
    """Return 0: the last message of the person stands in the attempt."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return the time since the person's message at which the window closes."""
    return [p[P_0] + p[P_1]]


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    if answer == PASS:
        return "inside the service window, or by an approved template"
    if answer == UNKNOWN:
        return "the person's last message or the state of the template is not known"
    return f"outside the {params.get('hours', 24):g} h service window and not an approved template"
