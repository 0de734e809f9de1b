"""Consent: the person agreed beforehand to this category, on this channel, from this brand."""

from __future__ import annotations

from typing import Any

from policies.context import Context, date_instant
from policies.kernels import inlined, kernel
from policies.kinds.base import (
    A_AT,
    A_BRAND,
    A_CATEGORY,
    A_CHANNEL,
    A_CONSENTS,
    A_LAST_ORDER_AT,
    A_ORDERS,
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
    UNKNOWN,
)
from policies.kinds.channel_ban import DATE
from policies.people import BASES, C_BRAND, C_CATEGORIES, C_CHANNELS, C_EVIDENCE, C_FROM, C_TO, EVIDENCE
from policies.records import DAY, MISSING, NEVER

MATCH = ("category", "channel", "brand")
ANSWERS = {"unknown": UNKNOWN, "fail": FAIL}
WIDTH = 20
"""Bits of evidence in P_4: those of the basis, and above them those of what it asks."""
EVIDENCE_WORDS = {"type": "array", "items": {"enum": list(EVIDENCE)}}

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "match": {
            "description": "What a consent must cover.",
            "type": "array",
            "items": {"enum": list(MATCH)},
            "default": list(MATCH),
        },
        "evidence": {
            "description": "What must be known of how it was given.",
            "default": [],
            **EVIDENCE_WORDS,
        },
        "missing_evidence": {
            "description": "The answer for a consent whose evidence is not known: unknown (needs input) or fail.",
            "enum": list(ANSWERS),
            "default": "unknown",
        },
        "max_age_days": {"description": "It lapses after so many days.", "type": "number", "exclusiveMinimum": 0},
        "basis": {
            "description": "What is asked of somebody whose consent is none, but rests on something else.",
            "type": "object",
            "additionalProperties": False,
            "required": ["rests_on"],
            "properties": {
                "rests_on": {"description": "What it rests on.", "enum": list(BASES)},
                "evidence": {"description": "What must be known, in place of `evidence`.", **EVIDENCE_WORDS},
                "max_age_days": {"description": "It lapses so; 0: it never counts.", "type": "number", "minimum": 0},
                "given_from": {"description": "It counts if given on this day or later.", **DATE},
            },
        },
        "or_order_within_days": {
            "description": "An order at most so long ago is as good as a consent.",
            "type": "number",
            "exclusiveMinimum": 0,
        },
    },
}


def prepare(params: dict[str, Any], context: Context) -> list[list[int]]:
    """Return one row: bits of what must match, bits of evidence, greatest age, answer without evidence.

    Of a basis: bits of it and, above, of what it asks; its greatest age; the first instant. Then the age of an order.
    """
    match = sum(1 << MATCH.index(name) for name in params.get("match", MATCH))
    row = [match, _bits(params), _age(params, "max_age_days"), ANSWERS[params.get("missing_evidence", "unknown")]]
    basis = params.get("basis", {})
    on = 1 << EVIDENCE.index(basis["rests_on"]) if basis else 0
    first = date_instant(basis.get("given_from"), context.zone, -NEVER)
    order = round(params.get("or_order_within_days", 0) * DAY)
    return [[*row, on | _bits(basis) << WIDTH, _age(basis, "max_age_days"), first, order]]


def _bits(params: dict[str, Any]) -> int:
    return sum(1 << EVIDENCE.index(name) for name in params.get("evidence", ()))


def _age(params: dict[str, Any], name: str) -> int:
    return round(params[name] * DAY) if name in params else NEVER


@inlined
def evaluate(p: list[int], a: list[int], consent_ptr: list[int], consents: list[list[int]]) -> int:
    """Return PASS if one consent (or an order) covers the message, else UNKNOWN if one might, else FAIL.

    The recipient's consents are the rows of its set, A_CONSENTS; where the recipient is not known, neither is the set.
    A consent counts from the microsecond after it was given until it is withdrawn, expires or grows too old.
    """
    given = a[A_CONSENTS]
    if given < 0:
        return UNKNOWN
    ordered = _ordered(p, a)
    if ordered == PASS:
        return PASS
    best = FAIL
    for row in range(consent_ptr[given], consent_ptr[given + 1]):
        answer = _judge(p, a, consents[row])
        if answer == PASS:
            return PASS
        if answer == UNKNOWN:
            best = UNKNOWN
    return UNKNOWN if ordered == UNKNOWN else best


@kernel
def _ordered(p: list[int], a: list[int]) -> int:
    """Return PASS where an order is asked for and recent enough, UNKNOWN where one may be."""
    if p[P_7] == 0 or a[A_ORDERS] == 0:
        return FAIL
    if a[A_LAST_ORDER_AT] == MISSING:
        return UNKNOWN
    return PASS if a[A_AT] - a[A_LAST_ORDER_AT] <= p[P_7] else FAIL


@kernel
def _judge(p: list[int], a: list[int], consent: list[int]) -> int:
    """Return what one consent says of the message."""
    covered = _covers(p, a, consent)
    if covered == FAIL:
        return FAIL
    if consent[C_TO] != MISSING and a[A_AT] >= consent[C_TO]:
        return FAIL
    if consent[C_FROM] != MISSING:
        if a[A_AT] <= consent[C_FROM]:
            return FAIL
        if a[A_AT] - consent[C_FROM] >= p[P_2]:
            return FAIL
    evidenced = _evidenced(p, a, consent)
    if evidenced != PASS:
        return evidenced
    if consent[C_FROM] == MISSING or consent[C_TO] == MISSING:
        return UNKNOWN
    return covered


@kernel
def _evidenced(p: list[int], a: list[int], consent: list[int]) -> int:
    """Return PASS where what is asked of how the consent was given is known; FAIL where its basis does not count."""
    known, asked = consent[C_EVIDENCE], p[P_1]
    if known == MISSING:
        return PASS if asked == 0 and p[P_4] == 0 else p[P_3]
    if known & p[P_4] != 0:
        if consent[C_FROM] != MISSING and a[A_AT] - consent[C_FROM] >= p[P_5]:
            return FAIL
        if consent[C_FROM] != MISSING and consent[C_FROM] < p[P_6]:
            return FAIL
        asked = p[P_4] >> WIDTH
    return PASS if known & asked == asked else p[P_3]


@kernel
def _covers(p: list[int], a: list[int], consent: list[int]) -> int:
    """Return whether the consent speaks of the category, the channel and the brand that must match."""
    covered = PASS
    if p[P_0] & 1 and consent[C_CATEGORIES] != -1:
        if consent[C_CATEGORIES] == MISSING or a[A_CATEGORY] < 0:
            covered = UNKNOWN
        elif (consent[C_CATEGORIES] >> a[A_CATEGORY]) & 1 == 0:
            return FAIL
    if p[P_0] & 2:
        if consent[C_CHANNELS] == MISSING:
            covered = UNKNOWN
        elif (consent[C_CHANNELS] >> a[A_CHANNEL]) & 1 == 0:
            return FAIL
    if p[P_0] & 4 and consent[C_BRAND] != -1:
        if consent[C_BRAND] == MISSING or a[A_BRAND] < 0:
            covered = UNKNOWN
        elif consent[C_BRAND] != a[A_BRAND]:
            return FAIL
    return covered


def state_size(row: list[int]) -> int:
    """Return 0: a consent needs no history of messages."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return the ages of a consent at which the answer changes, if there are any."""
    return sorted(age for age in (p[P_2], p[P_5] or NEVER) if age != NEVER)


def spans(p: list[int]) -> list[int]:
    """Return the ages of a consent, or of an order, at which the answer may change."""
    return sorted(age for age in (p[P_2], p[P_5], p[P_7]) if 0 < age < NEVER)


def givens(p: list[int]) -> list[int]:
    """Return the instants of giving a consent at which the answer changes, if there are any."""
    return [p[P_6]] if abs(p[P_6]) < NEVER and p[P_4] else []


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    what = ", ".join(params.get("match", MATCH))
    order = " or an order" if "or_order_within_days" in params else ""
    if answer == PASS:
        return f"a consent in force{order} covers the {what}"
    if answer == UNKNOWN and (asked_for := _asked(params)):
        asked = ", ".join(name.replace("_", " ") for name in dict.fromkeys(asked_for))
        return f"of a consent that covers the {what} it is not known: {asked}, or its date or scope"
    if answer == UNKNOWN:
        return f"it is not known whether a consent covers the {what}: its date, scope or evidence is missing"
    return f"no consent in force{order} covers the {what}"


def _asked(params: dict[str, Any]) -> list[str]:
    """Return the evidence that is asked for, or the basis whose evidence is."""
    return [*params.get("evidence", ()), *params.get("basis", {}).get("evidence", ())]
