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
    F_REASON,
    F_RECEIVED_AT,
    F_RULE,
    F_SENDER,
    F_STATE,
    F_TEMPLATE,
    F_UNITS,
    F_UNTIL,
    WIDTH,
)


@kernel
def row(
    w: Any, event: int, at: int, recipient: int, place: int, attempt: int, other: int, extra: int, reason: int
) -> None:
    """Add a row about a person that costs nothing; ``other`` and ``extra`` as in ``layout.ROW``, -1 for no extra."""
    now = w.now[0]
    now.wrote = 0
    if at >= now.end:
        return
    if not w.kept[event]:
        return
    now.wrote = 1
    r = w.log[now.rows]
    r.at = at
    r.other = other
    r.recipient = recipient
    r.units = NO_UNITS
    r.place = place
    r.attempt = attempt
    r.extra = extra
    r.event = event
    r.reason = reason
    now.rows += 1


@kernel
def charge(w: Any, units: int, cost: int) -> None:
    """Let the row written last say what it cost, if it was written at all."""
    now = w.now[0]
    if not now.wrote:
        return
    w.log[now.rows - 1].units = units
    w.costs[now.costs] = cost
    now.costs += 1


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
