"""Session cap: in a session that a person opened by writing, so many messages at most, and so many without a reply.

A session begins with the person's message when none is open, and lasts some hours from then. Of several messages of
the person between two of ours only the last is seen. Outside a session the duty is silent.
"""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined, kernel
from policies.kinds.base import (
    A_AT,
    A_CHANNEL,
    A_LAST_INBOUND,
    A_RECIPIENT,
    P_0,
    P_1,
    P_2,
    P_CHANNELS,
    P_STATE,
    PASS,
    UNKNOWN,
)
from policies.records import HOUR, MISSING, NEVER

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["hours", "unanswered", "per_session"],
    "properties": {
        "hours": {"description": "Length of a session.", "type": "number", "exclusiveMinimum": 0},
        "unanswered": {"description": "Most messages in a row without a reply.", "type": "integer", "minimum": 1},
        "per_session": {"description": "Most messages of one session.", "type": "integer", "minimum": 1},
    },
}
REPLIED, SINCE, BEGAN, COUNT = 0, 1, 2, 3
"""Cells: the person's last message as of our last one, our messages since; the session's start, and its messages."""


def prepare(params: dict[str, Any], context: object) -> list[list[int]]:
    """Return one row: length of a session in microseconds, most without a reply, most of a session."""
    return [[round(params["hours"] * HOUR), params["unanswered"], params["per_session"]]]


def state_size(row: list[int]) -> int:
    """Return the four cells of a session."""
    return 4


def initial(row: list[int]) -> list[int]:
    """Return the cells of a person without a session."""
    return [-NEVER] * 4


@kernel
def opens(p: list[int], a: list[int], s: list[int]) -> bool:
    """Say whether the person's last message opened a session after the one that is remembered."""
    return a[A_LAST_INBOUND] >= s[p[P_STATE] + BEGAN] + p[P_0]


@inlined
def observe(p: list[int], a: list[int], s: list[int]) -> None:
    """Count a message of the rule's channels to the session; one outside of any, or of unknown place, is left out."""
    if not (p[P_CHANNELS] >> a[A_CHANNEL]) & 1 or a[A_LAST_INBOUND] in (MISSING, -NEVER):
        return
    first = p[P_STATE]
    if opens(p, a, s):
        s[first + BEGAN] = a[A_LAST_INBOUND]
        s[first + COUNT] = 0
    if a[A_LAST_INBOUND] != s[first + REPLIED]:
        s[first + REPLIED] = a[A_LAST_INBOUND]
        s[first + SINCE] = 0
    s[first + SINCE] += 1
    s[first + COUNT] += 1


@inlined
def evaluate(p: list[int], a: list[int], s: list[int]) -> int:
    """Return PASS below both caps or outside a session, else the end of the session.

    A session that the person has opened since our last message has no messages yet, and its forerunner is over.
    """
    if a[A_RECIPIENT] < 0 or a[A_LAST_INBOUND] == MISSING:
        return UNKNOWN
    first = p[P_STATE]
    end = s[first + BEGAN] + p[P_0]
    if a[A_AT] >= end:
        return PASS
    unanswered = a[A_LAST_INBOUND] == s[first + REPLIED] and s[first + SINCE] >= p[P_1]
    return end if unanswered or s[first + COUNT] >= p[P_2] else PASS


def boundaries(p: list[int]) -> list[int]:
    """Return the numbers of messages from which the next one fails."""
    return sorted({p[P_1], p[P_2]})


def spans(p: list[int]) -> list[int]:
    """Return the age at which a session ends."""
    return [p[P_0]]


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    if answer == PASS:
        return "no session is open, or it has room for this message"
    if answer == UNKNOWN:
        return "when the person last wrote on this channel is not known"
    most, row = params.get("per_session", 0), params.get("unanswered", 0)
    return f"the session has {most} messages already, or {row} in a row without a reply"
