"""Registry: the person stands, or does not stand, in a register when the message goes out."""

from __future__ import annotations

from typing import Any

from policies.context import Context
from policies.kernels import inlined, kernel
from policies.kinds import consent
from policies.kinds.base import A_AT, A_CONSENTS, FAIL, P_0, P_5, P_6, PASS, UNKNOWN
from policies.records import DAY, MISSING
from policies.registers import R_REGISTER, R_SINCE, REGISTER_NAMES

MUST = ("be_absent", "be_present")

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["register", "must"],
    "properties": {
        "register": {"description": "Name of the register.", "enum": list(REGISTER_NAMES)},
        "must": {"description": "Stand in it, or not.", "enum": list(MUST)},
        "effective_after_days": {
            "description": "An entry takes effect so long after its registration.",
            "type": "number",
            "minimum": 0,
            "default": 0,
        },
        "unless_consent": {
            "description": "A consent in force that covers category, channel and brand excuses.",
            "type": "boolean",
            "default": False,
        },
    },
}


def prepare(params: dict[str, Any], context: Context) -> list[list[int]]:
    """Return one row: the cells of a consent without further conditions, which may excuse, and two of its own.

    P_5 is ``register * 4 + (must stand in it) * 2 + (a consent excuses)``, P_6 the time after which an entry takes
    effect.
    """
    (agreed,) = consent.prepare({}, context)
    register = REGISTER_NAMES.index(params["register"])
    flags = 2 * MUST.index(params["must"]) + params.get("unless_consent", False)
    agreed[P_5 - P_0] = register * 4 + flags
    agreed[P_6 - P_0] = round(params.get("effective_after_days", 0) * DAY)
    return [agreed]


@inlined
def evaluate(
    p: list[int],
    a: list[int],
    register_ptr: list[int],
    registers: list[list[int]],
    consent_ptr: list[int],
    consents: list[list[int]],
) -> int:
    """Return PASS where the person stands as the rule asks, or is excused; UNKNOWN where either may be; else FAIL.

    The person's entries are the rows of the set A_CONSENTS; a set beyond ``register_ptr`` is one of people of whom
    nothing is known.
    """
    stands = standing(p, a, register_ptr, registers)
    answer = stands
    if p[P_5] & 2 == 0 and stands != UNKNOWN:
        answer = PASS if stands == FAIL else FAIL
    if answer == PASS or p[P_5] & 1 == 0:
        return answer
    agreed = consent.evaluate(p, a, consent_ptr, consents)
    return answer if agreed == FAIL else agreed


@kernel
def standing(p: list[int], a: list[int], register_ptr: list[int], registers: list[list[int]]) -> int:
    """Return PASS where an entry of the register is in effect, UNKNOWN where one may be, else FAIL."""
    given = a[A_CONSENTS]
    if given < 0 or given >= len(register_ptr) - 1:
        return UNKNOWN
    found = FAIL
    for row in range(register_ptr[given], register_ptr[given + 1]):
        entry = registers[row]
        if entry[R_REGISTER] == MISSING:
            found = UNKNOWN
        elif entry[R_REGISTER] == p[P_5] >> 2:
            if entry[R_SINCE] == MISSING:
                found = UNKNOWN
            elif a[A_AT] - entry[R_SINCE] >= p[P_6]:
                return PASS
    return found


def state_size(row: list[int]) -> int:
    """Return 0: an entry needs no history of messages."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return the age of an entry from which it is in effect, if it is not so at once."""
    return [p[P_6]] if p[P_6] else []


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    register = params["register"]
    if answer == UNKNOWN:
        return f"it is not known whether the person stands in the register {register}, or since when"
    if params["must"] == "be_present":
        return f"the person {'stands' if answer == PASS else 'does not stand'} in the register {register}"
    if answer == PASS:
        excused = ", or agreed" if params.get("unless_consent") else ""
        return f"no entry in the register {register} is in effect{excused}"
    return f"the person stands in the register {register}"
