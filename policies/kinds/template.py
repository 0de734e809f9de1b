"""Template: the text was registered with the provider before use, or is approved by it."""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined
from policies.kinds.base import (
    A_AT,
    A_TEMPLATE_SINCE,
    A_TEMPLATE_STATE,
    FAIL,
    P_0,
    PASS,
    TEMPLATE_STATES,
    UNKNOWN,
)
from policies.records import MISSING, NEVER

REQUIRE = ("registered", "approved")
APPROVED = TEMPLATE_STATES.index("approved")

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "require": {
            "description": "Registered before the message, or approved at that moment.",
            "enum": list(REQUIRE),
            "default": "registered",
        }
    },
}


def prepare(params: dict[str, Any], context: object) -> list[list[int]]:
    """Return one row: index in ``REQUIRE``."""
    return [[REQUIRE.index(params.get("require", "registered"))]]


@inlined
def evaluate(p: list[int], a: list[int]) -> int:
    """Return whether the template may be used; before a known registration, the first instant after it."""
    if p[P_0] == 1:
        if a[A_TEMPLATE_STATE] == MISSING:
            return UNKNOWN
        return PASS if a[A_TEMPLATE_STATE] == APPROVED else FAIL
    since = a[A_TEMPLATE_SINCE]
    if since == MISSING:
        return UNKNOWN
    if since == NEVER:
        return FAIL
    return PASS if since < a[A_AT] else since + 1


def state_size(row: list[int]) -> int:
    """Return 0: the state of the template stands in the attempt."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return nothing: the answer changes at the registration of each template."""
    return []


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    if params.get("require", "registered") == "registered":
        words = {PASS: "the template was registered before", UNKNOWN: "the date of registration is not known"}
        return words.get(answer, "the template was not registered before the message")
    if answer == UNKNOWN:
        return "the state of the template is not known"
    return f"the template is {TEMPLATE_STATES[a[A_TEMPLATE_STATE]]}"
