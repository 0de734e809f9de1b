"""Writing the log: rows about people in ``w.log``, rows about providers, staff and money in ``w.wide``.

The caller has made sure that there is room for what one event can write (``NOW.row_room``).
"""

from __future__ import annotations

from typing import Any

from policies.kernels import kernel
from policies.records import MISSING
from simulator.engine.compiled.layout import NO_UNITS
from simulator.engine.log import (
    F_CAMPAIGN,
    F_CHANNEL,
    F_CHARGE,
    F_COST,
    F_EVENT,
    F_OCCURRED_AT,
    F_RULE,
    F_RECEIVED_AT,
    F_REASON,
    F_SENDER,
    F_STATE,
    F_TEMPLATE,
    F_UNITS,
    F_UNTIL,
    WIDTH,
)


@kernel
def row(
    w: Any, event: int, at: int, recipient: int, place: int, attempt: int, other: int, rule: int, reason: int,
    state: int,
) -> None:  # fmt: skip
    """Add a row about a person that costs nothing. ``other`` is until or received_at, by event; -1: no state."""
    now = w.now[0]
    if at >= now.end:
        return
    r = w.log[now.rows]
    r.at = at
    r.other = other
    r.cost = MISSING
    r.recipient = recipient
    r.units = NO_UNITS
    r.place = place
    r.attempt = attempt
    r.rule = rule
    r.state = state
    r.event = event
    r.reason = reason
    r.charge = -1
    now.rows += 1


@kernel
def charge(w: Any, which: int, units: int, cost: int) -> None:
    """Let the row written last say what it cost."""
    r = w.log[w.now[0].rows - 1]
    r.charge = which
    r.units = units
    r.cost = cost


@kernel
def wide(
    w: Any, event: int, at: int, campaign: int, channel: int, sender: int, template: int, units: int, cost: int,
    until: int, reason: int,
) -> None:  # fmt: skip
    """Add a row about a sender, a template, staff or money."""
    now = w.now[0]
    if at >= now.end:
        return
    r = w.wide[now.wide_rows]
    for field in range(WIDTH):
        r[field] = -1
    r[F_RECEIVED_AT] = MISSING
    r[F_EVENT] = event
    r[F_OCCURRED_AT] = at
    r[F_CAMPAIGN] = campaign
    r[F_CHANNEL] = channel
    r[F_SENDER] = sender
    r[F_TEMPLATE] = template
    r[F_UNITS] = units
    r[F_COST] = cost
    r[F_CHARGE] = -1
    r[F_RULE] = -1
    r[F_UNTIL] = until
    r[F_REASON] = reason
    r[F_STATE] = MISSING
    now.wide_rows += 1
