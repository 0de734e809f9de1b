"""Shares that move with time: how many of what counts at an instant are counted too, and where that was the most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from policies.runs.columns import Int64s


@dataclass(frozen=True, slots=True)
class Stays:
    """Things that count in a group from an instant (inclusive) until another one (exclusive), one an index."""

    group: Int64s
    since: Int64s
    until: Int64s


@dataclass(frozen=True, slots=True)
class Share:
    """``counted`` of ``size`` things of a group at an instant."""

    group: int
    at: int
    counted: int
    size: int


def worst_shares(counted: Stays, things: Stays, minimum: int, end: int) -> list[Share]:
    """Return the greatest share of each group and when it first stood, groups ascending.

    Every instant before ``end`` at which something begins or ceases to count is looked at, after all that happens at
    it; instants with fewer than ``minimum`` things are not judged, nor are groups that have no others.
    """
    group, at, counts, sizes = _levels(counted, things)
    last = np.append((group[1:] != group[:-1]) | (at[1:] != at[:-1]), True)[: len(at)]
    judged = np.flatnonzero(last & (at < end) & (sizes >= minimum))
    if not len(judged):
        return []
    share = counts[judged] / sizes[judged]
    starts = np.flatnonzero(np.diff(group[judged], prepend=-2))
    most = np.repeat(np.maximum.reduceat(share, starts), np.diff(starts, append=len(judged)))
    worst = judged[share == most]
    worst = worst[np.unique(group[worst], return_index=True)[1]]
    return [Share(*map(int, item)) for item in zip(group[worst], at[worst], counts[worst], sizes[worst], strict=True)]


def _levels(counted: Stays, things: Stays) -> tuple[Int64s, Int64s, Int64s, Int64s]:
    """Return group and instant of each change, in order, and how many are counted and count after it.

    What begins ceases, so that each group ends with none and the next one begins with none.
    """
    group = np.concatenate([counted.group, counted.group, things.group, things.group])
    at = np.concatenate([counted.since, counted.until, things.since, things.until])
    order = np.lexsort((at, group))
    few, many = 2 * len(counted.group), 2 * len(things.group)
    of_counted = np.repeat(np.array([1, -1, 0, 0], np.int8), [few // 2, few // 2, many // 2, many // 2])
    of_things = np.repeat(np.array([0, 0, 1, -1], np.int8), [few // 2, few // 2, many // 2, many // 2])
    counts, sizes = (np.cumsum(changes[order], dtype=np.int64) for changes in (of_counted, of_things))
    return group[order], at[order], counts, sizes
