"""Duplicate: the same text does not go to the same person twice within some minutes.

Texts are compared by channel and written words (policies.content.same_words), whoever sends them, so that two messages
of one template count as the same whatever fills their variables. The last texts and their instants are remembered.
"""

from __future__ import annotations

from typing import Any

from policies.durations import lasting
from policies.kernels import inlined, kernel
from policies.kinds.base import (
    A_AT,
    A_CATEGORY,
    A_CHANNEL,
    A_RECIPIENT,
    A_TEXT,
    FAIL,
    P_0,
    P_1,
    P_2,
    P_CATEGORIES,
    P_CHANNELS,
    P_STATE,
    PASS,
    REVIEW,
    UNKNOWN,
)
from policies.records import MINUTE, MISSING, NEVER

ANSWERS = {"fail": FAIL, "review": REVIEW}
REMEMBERED = 8
"""Messages of one person that are remembered; *assumed*: who gets more within the minutes is not judged as passing."""

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["minutes"],
    "properties": {
        "minutes": {"description": "Not again so long.", "type": "number", "exclusiveMinimum": 0},
        "answer": {"description": "What a repetition becomes.", "enum": list(ANSWERS), "default": "fail"},
        "remember": {
            "description": "Messages of a person that are looked back at.",
            "type": "integer",
            "minimum": 1,
            "maximum": 64,
            "default": REMEMBERED,
        },
    },
}


def prepare(params: dict[str, Any], context: object) -> list[list[int]]:
    """Return one row: minutes in microseconds, the answer to a repetition, size of the ring."""
    return [
        [round(params["minutes"] * MINUTE), ANSWERS[params.get("answer", "fail")], params.get("remember", REMEMBERED)]
    ]


def state_size(row: list[int]) -> int:
    """Return the place of the oldest message, and two cells a message: its text and its instant."""
    return 1 + 2 * row[P_2]


def initial(row: list[int]) -> list[int]:
    """Return the cells of a person who has received nothing."""
    return [0] + [MISSING, -NEVER] * row[P_2]


@kernel
def remembers(p: list[int], a: list[int]) -> bool:
    """Say whether a message that was handed over is of the rule's channels and categories; an unknown one may be."""
    if not (p[P_CHANNELS] >> a[A_CHANNEL]) & 1:
        return False
    return a[A_CATEGORY] < 0 or (p[P_CATEGORIES] >> a[A_CATEGORY]) & 1 == 1


@inlined
def observe(p: list[int], a: list[int], s: list[int]) -> None:
    """Put a message in the place of the oldest one."""
    if remembers(p, a):
        first = p[P_STATE]
        place = first + 1 + 2 * s[first]
        s[place] = a[A_TEXT]
        s[place + 1] = a[A_AT]
        s[first] = (s[first] + 1) % p[P_2]


@kernel
def evaluate(p: list[int], a: list[int], s: list[int], wordings: list[int]) -> int:
    """Return until when the text is too early, or REVIEW; UNKNOWN where a text is not known, or the ring too short.

    ``wordings`` gives for each text the first one that says the same.
    """
    if a[A_RECIPIENT] < 0:
        return UNKNOWN
    wording = wording_of(a[A_TEXT], wordings)
    first, recent = p[P_STATE] + 1, 0
    latest, known = -NEVER, True
    for place in range(first, first + 2 * p[P_2], 2):
        if a[A_AT] - s[place + 1] < p[P_0]:
            recent += 1
            if s[place] < 0 or a[A_TEXT] < 0:
                known = False
            elif wording_of(s[place], wordings) == wording:
                latest = max(latest, s[place + 1])
    if latest != -NEVER:
        return latest + p[P_0] if p[P_1] == FAIL else p[P_1]
    return PASS if known and recent < p[P_2] else UNKNOWN


@inlined
def wording_of(text: int, wordings: list[int]) -> int:
    """Return the first text that says the same; a text that is not listed stands for itself."""
    return wordings[text] if 0 <= text < len(wordings) else text


def boundaries(p: list[int]) -> list[int]:
    """Return the time after the first message from which the text may go again."""
    return [p[P_0]]


def spans(p: list[int]) -> list[int]:
    """Return the age from which a message of the text no longer stands against it."""
    return [p[P_0]]


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    time = lasting(round(params.get("minutes", 0) * MINUTE))
    if answer == PASS:
        return f"no message of this text went to the person within {time}"
    if answer == UNKNOWN:
        return f"whether the person got this text within {time} is not known: a text is missing, or too many came"
    return f"the same text went to the person less than {time} before"
