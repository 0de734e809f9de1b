"""Sorting whole numbers by some of their bits: group by group of bits, lowest first, what is equal staying in order."""

from __future__ import annotations

import numpy as np

from policies.kernels import kernel
from policies.people import Int64s

DIGIT = 11
"""Most bits taken at a time: so many places are written to by turns, and their counts stay near the processor."""


def new_counts() -> Int64s:
    """Return the room for counting that sorting needs."""
    return np.zeros(1 << DIGIT, dtype=np.int64)


@kernel
def passes_for(bits: int) -> int:
    """Return how often items are moved to be sorted by so many bits."""
    return (bits + DIGIT - 1) // DIGIT


@kernel
def sort_top(items: Int64s, spare: Int64s, counts: Int64s, whole: int, bits: int) -> bool:
    """Sort numbers of ``whole`` bits by their first ``bits``, or some more; say whether they end in ``spare``.

    ``spare`` is as long as ``items``; the other one holds nothing of use afterwards.
    """
    passes = passes_for(bits)
    width = (bits + passes - 1) // passes
    lowest = max(whole - passes * width, 0)
    for number in range(passes):
        if number % 2 == 0:
            _move(items, spare, counts, lowest + number * width, width)
        else:
            _move(spare, items, counts, lowest + number * width, width)
    return passes % 2 == 1


@kernel
def _move(source: Int64s, target: Int64s, counts: Int64s, shift: int, width: int) -> None:
    """Copy numbers in the order of ``width`` of their bits."""
    mask = (1 << width) - 1
    counts[: mask + 1] = 0
    for place in range(len(source)):
        counts[source[place] >> shift & mask] += 1
    before = 0
    for digit in range(mask + 1):
        number = counts[digit]
        counts[digit] = before
        before += number
    for place in range(len(source)):
        item = source[place]
        digit = item >> shift & mask
        target[counts[digit]] = item
        counts[digit] += 1
