"""The counter of a messaging limit over queues and columns; its levels are those of ``simulator.feedback.limits``."""

from __future__ import annotations

from typing import Any

from policies.kernels import kernel
from policies.records import DAY, WEEK
from simulator.engine.compiled import queues
from simulator.feedback.limits import allowed, upgrade_due


@kernel
def open_places(w: Any, number: int, at: int, who: int) -> bool:
    """Return whether one more message to ``who`` fits the limit at ``at``: a person already counted costs nothing."""
    limit = w.limits[number]
    _expire(w, limit, at)
    return w.own[who, limit.own_last] > at - DAY or limit.distinct_day < allowed(limit)


@kernel
def count(w: Any, number: int, at: int, who: int) -> int:
    """Count a delivery to ``who``; return the instant at which an upgrade is due, or NEVER."""
    limit = w.limits[number]
    _expire(w, limit, at)
    last = w.own[who, limit.own_last]
    if last != at:  # two deliveries at one instant are one entry, or both would leave the count
        limit.distinct_day += last <= at - DAY
        limit.distinct_week += last <= at - WEEK
        w.own[who, limit.own_last] = at
        queues.push(w, limit.day_queue, at, who, 0)
        queues.push(w, limit.week_queue, at, who, 0)
    return upgrade_due(limit, at)


@kernel
def _expire(w: Any, limit: Any, at: int) -> None:
    """Drop what is older than the windows; an entry leaves a count only if it is still that person's latest."""
    while w.queues[limit.day_queue].waiting and w.pool[queues.first(w, limit.day_queue)].at <= at - DAY:
        entry = w.pool[queues.first(w, limit.day_queue)]
        limit.distinct_day -= w.own[entry.chain, limit.own_last] == entry.at
        queues.drop(w, limit.day_queue)
    while w.queues[limit.week_queue].waiting and w.pool[queues.first(w, limit.week_queue)].at <= at - WEEK:
        entry = w.pool[queues.first(w, limit.week_queue)]
        limit.distinct_week -= w.own[entry.chain, limit.own_last] == entry.at
        queues.drop(w, limit.week_queue)
