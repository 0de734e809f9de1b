"""What lies before a message in the log: the last event of its group, the first one.

A *group* is whatever the events are counted by (a recipient, a recipient on a channel, a template), as one integer.
Most messages have no event before them, so only those whose group has one at all are looked at closely.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from policies.records import NEVER

Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FEW = 16
"""So many groups are gone through one by one; more are sorted together with those who ask."""


def last_before(
    group: Int64s, at: Int64s, value: Int64s, asked_group: Int64s, asked_at: Int64s, otherwise: int
) -> Int64s:
    """Return, for each asked (group, instant), the value of the group's last event at or before it."""
    out = np.full(len(asked_group), otherwise, np.int64)
    if not len(group):
        return out
    names = np.unique(group)
    if len(names) <= FEW:
        for name in names:
            mine, theirs = np.flatnonzero(asked_group == name), np.flatnonzero(group == name)
            theirs = theirs[np.argsort(at[theirs], kind="stable")]
            place = np.searchsorted(at[theirs], asked_at[mine], side="right")
            out[mine] = np.append(value[theirs], otherwise)[place - 1]
        return out
    asking = np.flatnonzero(_among(asked_group, names))
    out[asking] = _last_before(group, at, value, asked_group[asking], asked_at[asking], otherwise)
    return out


def _last_before(
    group: Int64s, at: Int64s, value: Int64s, asked_group: Int64s, asked_at: Int64s, otherwise: int
) -> Int64s:
    n = len(group)
    groups, times = np.concatenate((group, asked_group)), np.concatenate((at, asked_at))
    asking = np.arange(len(groups)) >= n
    order = np.lexsort((asking, times, groups))
    event_place = np.where(~asking[order], np.arange(len(order)), -1)
    latest = np.maximum.accumulate(event_place) if len(order) else event_place
    out = np.full(len(groups), otherwise, np.int64)
    found = latest >= 0
    source = order[np.where(found, latest, 0)] if len(order) else order
    same = found & (groups[source] == groups[order])
    out[order[same]] = np.append(value, otherwise)[np.where(same, source, -1)][same]
    return out[n:]


def first_before(group: Int64s, at: Int64s, asked_group: Int64s, asked_at: Int64s) -> Int64s:
    """Return, for each asked (group, instant), the group's first event if it lies at or before it, else NEVER."""
    out = np.full(len(asked_group), NEVER, np.int64)
    if not len(group):
        return out
    order = np.lexsort((at, group))
    names, first = np.unique(group[order], return_index=True)
    asking = np.flatnonzero(_among(asked_group, names))
    earliest = at[order][first][np.searchsorted(names, asked_group[asking])]
    out[asking] = np.where(earliest <= asked_at[asking], earliest, NEVER)
    return out


def _among(asked: Int64s, names: Int64s) -> Bools:
    """Say for each asked group whether it is one of ``names`` (sorted), by a table of all groups between them."""
    least, width = int(names[0]), int(names[-1] - names[0]) + 1
    known = np.zeros(width + 1, np.bool_)
    known[names - least] = True
    inside = (asked >= least) & (asked < least + width)
    found: Bools = known[np.where(inside, asked - least, width)]
    return found


def nth(group: Int64s, at: Int64s) -> Int64s:
    """Return for each event that it is its group's first, second, ... in order of time."""
    order = np.lexsort((at, group))
    groups = group[order]
    starts = np.searchsorted(groups, groups, side="left")
    out = np.empty(len(group), np.int64)
    out[order] = np.arange(1, len(group) + 1) - starts
    return out
