"""When each recipient of each campaign was taken up and first reached, by fate and by report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from policies.records import MISSING, NEVER
from prelaunch.summary.columns import Int64s, Log
from prelaunch.summary.model import Reach, ReachPoint, Spread, TimeToReach

CURVES = ("delivered_fate", "delivered_report", "read_fate", "read_report")
POINTS = 240
"""The most points of a reach curve; enough for a picture, few enough for a summary file."""


@dataclass(frozen=True, slots=True)
class FirstTimes:
    """By pair (recipient x campaign): instants, ``NEVER`` where it did not happen; codes, -1 where none.

    ``taken_at`` is the instant of ``released`` or ``held_out``. ``channel`` and ``step`` are those of the first
    message delivered; of two at one instant the one whose channel, then step, comes first by name.
    """

    taken_at: Int64s
    held_out: Int64s  # 1: in the hold-out group
    delivered_fate: Int64s
    delivered_report: Int64s
    read_fate: Int64s
    read_report: Int64s
    channel: Int64s
    step: Int64s

    def messaged(self) -> Int64s:
        """Return the pairs that were taken up and not held out."""
        return np.flatnonzero((self.held_out == 0) & (self.taken_at < NEVER))

    def within(self, low: int, high: int) -> FirstTimes:
        """Return the pairs ``low`` to ``high`` (exclusive)."""
        return FirstTimes(*(getattr(self, name)[low:high] for name in self.__slots__))


def _first(pair: Int64s, at: Int64s, pairs: int) -> Int64s:
    known = (pair >= 0) & (at != MISSING)
    first = np.full(pairs, NEVER, np.int64)
    np.minimum.at(first, pair[known], at[known])
    return first


def _first_places(log: Log, pairs: int) -> tuple[Int64s, Int64s]:
    """Return channel and step codes of the first delivery of each pair."""
    rows = np.flatnonzero(log.is_("delivered", "read") & (log.pair >= 0))
    order = rows[np.lexsort((log.step.codes[rows], log.channel.codes[rows], log.occurred_at[rows], log.pair[rows]))]
    lead = order[np.diff(log.pair[order], prepend=-1) != 0]
    channel, step = np.full(pairs, -1, np.int64), np.full(pairs, -1, np.int64)
    channel[log.pair[lead]], step[log.pair[lead]] = log.channel.codes[lead], log.step.codes[lead]
    return channel, step


def first_times(log: Log) -> FirstTimes:
    """Return the first instants of every pair; a report of reading also proves delivery."""
    pairs = len(log.pair_campaign)
    taken, out = log.is_("released", "held_out"), log.is_("held_out") & (log.pair >= 0)
    reached, read = log.is_("delivered", "read"), log.is_("read")
    held_out = np.zeros(pairs, np.int64)
    held_out[log.pair[out]] = 1
    channel, step = _first_places(log, pairs)
    return FirstTimes(
        _first(log.pair[taken], log.occurred_at[taken], pairs),
        held_out,
        _first(log.pair[reached], log.occurred_at[reached], pairs),
        _first(log.pair[reached], log.received_at[reached], pairs),
        _first(log.pair[read], log.occurred_at[read], pairs),
        _first(log.pair[read], log.received_at[read], pairs),
        channel,
        step,
    )


def nearest_rank(ordered: Int64s, percent: int) -> int | None:
    """Return the smallest value with at least ``percent`` % of the ascending values at or below it."""
    return int(ordered[(percent * len(ordered) + 99) // 100 - 1]) if len(ordered) else None


def _spread(start: Int64s, end: Int64s) -> Spread:
    known = (start < NEVER) & (end < NEVER)
    took = np.sort(end[known] - start[known])
    return Spread(len(took), nearest_rank(took, 50), nearest_rank(took, 90), nearest_rank(took, 95))


def reach_of(times: FirstTimes) -> Reach:
    """Return how many pairs were reached."""
    return Reach(*(int(np.count_nonzero(getattr(times, name) < NEVER)) for name in CURVES))


def time_to_reach(times: FirstTimes) -> TimeToReach:
    """Return how long it took to reach those who were reached."""
    return TimeToReach(*(_spread(times.taken_at, getattr(times, name)) for name in CURVES))


def _grid(instants: Int64s) -> Int64s:
    """Return at most ``POINTS`` instants: half evenly spaced, half where most happens."""
    if not len(instants):
        return instants
    even = np.linspace(int(instants[0]), int(instants[-1]), POINTS // 2).astype(np.int64)
    dense = instants[(np.arange(1, POINTS // 2) * (len(instants) - 1)) // (POINTS // 2)]
    return np.unique(np.concatenate([even[1:-1], dense, instants[[0, -1]]]))


def reach_over_time(times: FirstTimes) -> tuple[ReachPoint, ...]:
    """Return the cumulative curves of the pairs messaged, from the first release to the last reading."""
    chosen = times.messaged()
    curves = [np.sort(getattr(times, name)[chosen]) for name in ("taken_at", *CURVES)]
    curves = [curve[curve < NEVER] for curve in curves]
    grid = _grid(np.sort(np.concatenate(curves)))
    counts = [np.searchsorted(curve, grid, side="right").tolist() for curve in curves]
    return tuple(ReachPoint(*point) for point in zip(grid.tolist(), *counts, strict=True))
