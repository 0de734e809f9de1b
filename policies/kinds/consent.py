"""Consent: the person agreed beforehand to this category, on this channel, from this brand."""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined, kernel
from policies.kinds.base import (
    A_AT,
    A_BRAND,
    A_CATEGORY,
    A_CHANNEL,
    A_CONSENTS,
    FAIL,
    P_0,
    P_1,
    P_2,
    P_3,
    PASS,
    UNKNOWN,
)
from policies.people import C_BRAND, C_CATEGORIES, C_CHANNELS, C_EVIDENCE, C_FROM, C_TO, EVIDENCE
from policies.records import DAY, MISSING, NEVER

MATCH = ("category", "channel", "brand")
ANSWERS = {"unknown": UNKNOWN, "fail": FAIL}

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
            "type": "array",
            "items": {"enum": list(EVIDENCE)},
            "default": [],
        },
        "missing_evidence": {
            "description": "The answer for a consent whose evidence is not known: unknown (needs input) or fail.",
            "enum": list(ANSWERS),
            "default": "unknown",
        },
        "max_age_days": {"description": "It lapses after so many days.", "type": "number", "exclusiveMinimum": 0},
    },
}


def prepare(params: dict[str, Any], context: object) -> list[list[int]]:
    """Return one row: bits of what must match, bits of evidence, greatest age, answer without evidence."""
    match = sum(1 << MATCH.index(name) for name in params.get("match", MATCH))
    evidence = sum(1 << EVIDENCE.index(name) for name in params.get("evidence", ()))
    age = round(params["max_age_days"] * DAY) if "max_age_days" in params else NEVER
    return [[match, evidence, age, ANSWERS[params.get("missing_evidence", "unknown")]]]


@inlined
def evaluate(p: list[int], a: list[int], consent_ptr: list[int], consents: list[list[int]]) -> int:
    """Return PASS if one consent covers the message, else UNKNOWN if one might, else FAIL.

    The recipient's consents are the rows of its set, A_CONSENTS; where the recipient is not known, neither is the set.
    A consent counts from the microsecond after it was given until it is withdrawn, expires or grows too old.
    """
    given = a[A_CONSENTS]
    if given < 0:
        return UNKNOWN
    best = FAIL
    for row in range(consent_ptr[given], consent_ptr[given + 1]):
        answer = _judge(p, a, consents[row])
        if answer == PASS:
            return PASS
        if answer == UNKNOWN:
            best = UNKNOWN
    return best


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
    if consent[C_EVIDENCE] != MISSING and (consent[C_EVIDENCE] & p[P_1]) != p[P_1]:
        return p[P_3]
    if consent[C_EVIDENCE] == MISSING and p[P_1] != 0:
        return p[P_3]
    if consent[C_FROM] == MISSING or consent[C_TO] == MISSING:
        return UNKNOWN
    return covered


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
    """Return the age of a consent at which the answer changes, if there is one."""
    return [p[P_2]] if p[P_2] != NEVER else []


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    what = ", ".join(params.get("match", MATCH))
    if answer == PASS:
        return f"a consent in force covers the {what}"
    if answer == UNKNOWN and params.get("evidence"):
        asked = ", ".join(name.replace("_", " ") for name in params["evidence"])
        return f"of a consent that covers the {what} it is not known: {asked}, or its date or scope"
    if answer == UNKNOWN:
        return f"it is not known whether a consent covers the {what}: its date, scope or evidence is missing"
    return f"no consent in force covers the {what}"
