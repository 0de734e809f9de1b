"""What stopped attempts, at which hour they were held, and how limits and qualities changed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np

from policies.instants import moment
from policies.records import EVENT_NAMES, MINUTE, MISSING, NEVER
from prelaunch.summary.columns import Int64s, Log
from prelaunch.summary.model import HoldHour, StateChange, Stop

STOPS = (
    "skipped", "absent", "held", "denied", "expired", "suppressed", "cancelled", "rejected", "failed", "lapsed",
)  # fmt: skip
STATES = ("limit_changed", "quality_changed", "template_state", "sender_state")
QUARTER = 15 * MINUTE  # every zone's offset has changed on a quarter of an hour since 1972


def stops(log: Log) -> tuple[Stop, ...]:
    """Return attempts that did not go out, or did not arrive, by event, rule, reason and channel; most frequent first
    within an event."""
    rows = log.take(log.is_(*STOPS))
    shape = (len(EVENT_NAMES) + 1, *(len(c.words) + 1 for c in (log.rule, log.reason, log.channel)))
    parts = (rows.event, rows.rule.codes + 1, rows.reason.codes + 1, rows.channel.codes + 1)
    keys, inverse, attempts = np.unique(np.ravel_multi_index(parts, shape), return_inverse=True, return_counts=True)
    pairs = max(len(log.pair_campaign), 1)
    with_pair = rows.pair >= 0
    distinct = np.unique(inverse[with_pair] * pairs + rows.pair[with_pair]) // pairs
    people = np.bincount(distinct, minlength=len(keys))
    found = []
    for i, (event, rule, reason, channel) in enumerate(zip(*np.unravel_index(keys, shape), strict=True)):
        words = (log.rule.word(int(rule) - 1), log.reason.word(int(reason) - 1), log.channel.word(int(channel) - 1))
        found.append(Stop(EVENT_NAMES[int(event)], *words, int(attempts[i]), int(people[i])))
    return tuple(sorted(found, key=lambda s: (STOPS.index(s.event), -s.attempts, s.rule or "", s.reason or "",
                                              s.channel or "")))  # fmt: skip


def _hours(at: Int64s, zone: ZoneInfo) -> Int64s:
    """Return how many instants fall into each hour of the local day, 24 counts."""
    at = at[(at != MISSING) & (np.abs(at) < NEVER)]
    quarters, counts = np.unique(at // QUARTER, return_counts=True)
    hours = np.zeros(24, np.int64)
    for quarter, count in zip(quarters.tolist(), counts.tolist(), strict=True):
        hours[moment(quarter * QUARTER, zone).hour] += count
    return hours


def hold_hours(log: Log, zone: str) -> tuple[HoldHour, ...]:
    """Return 24 rows: attempts held in each hour of the day of ``zone``, and until each hour; none without holds."""
    held = log.is_("held")
    if not held.any():
        return ()
    place = ZoneInfo(zone)
    at, until = _hours(log.occurred_at[held], place), _hours(log.until[held], place)
    return tuple(HoldHour(hour, int(at[hour]), int(until[hour])) for hour in range(24))


def states(log: Log) -> tuple[StateChange, ...]:
    """Return the changes of limits, qualities, templates and senders in order of time."""
    found = [
        StateChange(
            at=int(log.occurred_at[i]),
            event=EVENT_NAMES[log.event[i]],
            channel=log.channel.word(int(log.channel.codes[i])),
            sender=log.sender.word(int(log.sender.codes[i])),
            template=log.template.word(int(log.template.codes[i])),
            value=int(log.units[i]) if MISSING < log.units[i] < NEVER else None,
            unlimited=bool(log.units[i] >= NEVER),
            reason=log.reason.word(int(log.reason.codes[i])),
        )
        for i in np.flatnonzero(log.is_(*STATES))
    ]
    return tuple(sorted(found, key=lambda s: (s.at, STATES.index(s.event), s.sender or "", s.template or "",
                                              -1 if s.value is None else s.value)))  # fmt: skip
