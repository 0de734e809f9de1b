"""The order in which an audit reads: person by person, each in order of time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Int64s = npt.NDArray[np.int64]
Ints = npt.NDArray[np.signedinteger[Any]]

COUNTED_FROM = 100_000
"""Rows from which counting places beats sorting, its compilation included (measured)."""
MOST_SHIFTED = 64
"""A person's messages are put in order one by one up to so many; more are left to a sort."""


def by_recipient(who: Ints, at: Int64s) -> Int64s:
    """Return the order by recipient (from -1), then instant, then place; ``who`` may be of any width."""
    if len(who) >= COUNTED_FROM:
        return by_counting(who, at)
    return _sorted(who, at)


def _sorted(who: Ints, at: Int64s) -> Int64s:
    """Pack recipient and rank in time into one integer, so that a plain sort of integers is stable and fast."""
    in_time = np.argsort(at, kind="stable") if (np.diff(at) < 0).any() else np.arange(len(at))
    bits = max(len(at) - 1, 1).bit_length()
    packed = ((who[in_time].astype(np.int64) + 1) << bits) | np.arange(len(at))
    packed.sort()
    order: Int64s = in_time[packed & ((1 << bits) - 1)]
    return order


def by_counting(who: Ints, at: Int64s) -> Int64s:
    """Return the same order: each person gets as many places as messages, and what is out of order is put right.

    For part of a long log: time goes by the span from the first recipient to the last.
    """
    if not len(who):
        return np.empty(0, np.int64)
    base = int(who.min()) + 1
    starts = np.zeros(int(who.max()) - base + 3, np.int64)
    order, open_groups = np.empty(len(who), np.int64), np.empty(len(starts), np.int64)
    unsorted = _machine()((who - base).astype(np.int32), np.ascontiguousarray(at), starts, order, open_groups)
    for group in open_groups[:unsorted]:
        own = slice(starts[group - 1] if group else 0, starts[group])
        order[own] = order[own][np.argsort(at[order[own]], kind="stable")]
    return order


@cache
def _machine() -> Callable[..., int]:
    """Return ``group_rows`` compiled."""
    from policies.jit import compiled

    return compiled(group_rows)


def group_rows(who: Any, at: Any, starts: Any, order: Any, open_groups: Any) -> int:
    """Fill ``order``; return how many groups are left to be sorted by time, and which in ``open_groups``.

    ``starts`` (zeros, one more than people with nobody) becomes the end of each group: nobody's is the first.
    """
    in_time = True
    for row in range(len(who)):
        starts[who[row] + 2] += 1
        in_time = in_time and at[row] >= at[max(row - 1, 0)]
    for group in range(1, len(starts)):
        starts[group] += starts[group - 1]
    for row in range(len(who)):
        place = starts[who[row] + 1]
        order[place] = row
        starts[who[row] + 1] = place + 1
    left = first = 0
    for group in range(len(starts) if in_time else 0, len(starts)):
        last = starts[group]
        for index in range(first + 1, last):
            row = order[index]
            if at[row] < at[order[index - 1]]:
                if last - first > MOST_SHIFTED:
                    open_groups[left] = group
                    left += 1
                    break
                place = index
                while place > first and at[row] < at[order[place - 1]]:
                    order[place] = order[place - 1]
                    place -= 1
                order[place] = row
        first = last
    return left
