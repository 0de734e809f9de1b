"""A judged message in words: who, where, when by the recipient's clock, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from policies.evidence import Evidence
from policies.instants import moment, to_micros
from policies.kinds import KINDS, kind_index
from policies.kinds.base import (
    A_AT,
    A_CAMPAIGN,
    A_CHANNEL,
    A_LOCAL,
    A_RECIPIENT,
    A_SENDER,
    A_TEMPLATE,
)
from policies.messages import Messages
from policies.people import People
from policies.records import CHANNELS, MISSING, SECOND
from policies.rules import Check


def describe(word: str, answer: int, check: Check, number: int, messages: Messages) -> Evidence:
    """Return message ``number`` as evidence for what ``check`` answered; ``word`` is fail, review or unknown."""
    a = messages.attempt(number)
    local = local_clock(messages.people, a[A_RECIPIENT], a[A_AT])
    if a[A_LOCAL] == MISSING and local is not None:
        a[A_LOCAL] = to_micros(local.replace(tzinfo=UTC))
    return Evidence(
        answer=word,
        explanation=KINDS[kind_index(check.kind)].explain(dict(check.params), answer, a),
        recipient=messages.people.id_of(a[A_RECIPIENT]) if a[A_RECIPIENT] >= 0 else "",
        campaign=_name(messages.campaigns, a[A_CAMPAIGN]),
        channel=_name(CHANNELS, a[A_CHANNEL]),
        template=_name(messages.templates, a[A_TEMPLATE]),
        sender=_name(messages.senders, a[A_SENDER]),
        at=a[A_AT],
        local_time=f"{local:%Y-%m-%d %H:%M:%S} {local.tzinfo}" if local else "",
    )


def local_clock(people: People, recipient: int, at: int) -> datetime | None:
    """Return the instant on the recipient's clock, in the first of the possible zones; None when none is known."""
    zones = people.zone_sets[int(people.zone_set[recipient])] if recipient >= 0 and len(people) else ()
    if not zones or people.zone_set[recipient] < 0:
        return None
    return moment(at - at % SECOND, ZoneInfo(zones[0]))


def _name(names: Sequence[str], index: int) -> str:
    return names[index] if 0 <= index < len(names) else ""
