"""First contact: something came before this message, an earlier message on the channel, or a word of the person's.

What happened before the run no log shows. So an input may state it for everybody: true passes, false makes the first
contact of the run the very first; without it the answer to a first contact is unknown.
"""

from __future__ import annotations

from typing import Any

from policies.context import Context
from policies.kernels import inlined
from policies.kinds.base import (
    A_AT,
    A_CHANNEL,
    A_LAST_INBOUND,
    A_RECIPIENT,
    FAIL,
    P_0,
    P_1,
    P_CHANNELS,
    P_STATE,
    PASS,
    UNKNOWN,
)
from policies.records import MISSING, NEVER

REQUIRE = ("earlier_message", "person_wrote")

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["require", "input"],
    "properties": {
        "require": {
            "description": "A message on the channel before this one, or one from the person.",
            "enum": list(REQUIRE),
        },
        "input": {
            "description": "Name of the statement under `evidence` that it was so for everybody before the run.",
            "type": "string",
        },
    },
}


def prepare(params: dict[str, Any], context: Context) -> list[list[int]]:
    """Return one row: index in ``REQUIRE``, what was stated (PASS, FAIL, or UNKNOWN for nothing)."""
    stated = context.evidence.get(params["input"])
    told = UNKNOWN if not isinstance(stated, bool) else PASS if stated else FAIL
    return [[REQUIRE.index(params["require"]), told]]


def state_size(row: list[int]) -> int:
    """Return one cell: when the person last got a message on the rule's channels."""
    return 1


def initial(row: list[int]) -> list[int]:
    """Return the cell of a person who has received nothing."""
    return [-NEVER]


@inlined
def observe(p: list[int], a: list[int], s: list[int]) -> None:
    """Note that the person got a message, of whatever category."""
    if (p[P_CHANNELS] >> a[A_CHANNEL]) & 1:
        s[p[P_STATE]] = a[A_AT]


@inlined
def evaluate(p: list[int], a: list[int], s: list[int]) -> int:
    """Return PASS where something came before; for the first contact of the run, what was stated of the time before."""
    if p[P_1] == PASS:
        return PASS
    if a[A_RECIPIENT] < 0:
        return UNKNOWN
    if p[P_0] == 0:
        return p[P_1] if s[p[P_STATE]] == -NEVER else PASS
    if a[A_LAST_INBOUND] == MISSING:
        return UNKNOWN
    return p[P_1] if a[A_LAST_INBOUND] == -NEVER else PASS


def boundaries(p: list[int]) -> list[int]:
    """Return nothing: the answer changes with the first message."""
    return []


def spans(p: list[int]) -> list[int]:
    """Return nothing: how long ago the first message was does not matter."""
    return []


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    written = params.get("require") == "person_wrote"
    came = "the person had written" if written else "an earlier message had been sent"
    if answer == PASS:
        return f"{came} before"
    if answer == UNKNOWN:
        return f"whether {came} before is not known: state {params.get('input', '')} true or false under evidence"
    return f"nothing shows that {came} before"
