"""The order of first releases: by instant, then recipient key, then campaign."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from policies.kernels import kernel
from policies.people import Int64s
from simulator.engine.compiled.radix import passes_for, sort_top
from simulator.engine.compiled.release_items import BITS, Packing, first_bits, recipient_of

Keys = npt.NDArray[np.uint64]
LONG = 48
"""So many who share an instant are sorted by their keys as all are by time; fewer are put in order one by one."""


def moves(p: Packing) -> int:
    """Return how often ``put_in_order`` moves all items: they end in ``spare`` if that is odd."""
    return passes_for(BITS - p.hint - p.low)


def put_in_order(items: Int64s, spare: Int64s, counts: Int64s, keys: Keys, p: Packing) -> None:
    """Sort items; see ``moves`` for where they end. ``keys`` are those of all people."""
    if sort_top(items, spare, counts, BITS, BITS - p.hint - p.low):
        _settle(spare, items, counts, keys, p)
    else:
        _settle(items, spare, counts, keys, p)


@kernel
def _settle(items: Int64s, spare: Int64s, counts: Int64s, keys: Keys, p: Packing) -> None:
    """Put those in order who share an instant; ``items`` are sorted by time."""
    start, below = 0, p.hint + p.low
    while start < len(items):
        stop, when = start + 1, items[start] >> below
        while stop < len(items) and items[stop] >> below == when:
            stop += 1
        if stop - start > LONG:
            _sort_by_key(items[start:stop], spare[start:stop], counts, keys, p)
        elif stop - start > 1:
            _insert_each(items, start, stop, keys, p)
        start = stop


@kernel
def _sort_by_key(items: Int64s, spare: Int64s, counts: Int64s, keys: Keys, p: Packing) -> None:
    """Put many who share an instant in order; in place of the instant, items hold the first bits of keys meanwhile."""
    when, rest = items[0] >> p.hint >> p.low, (1 << p.low) - 1
    for place in range(len(items)):
        key = first_bits(keys[recipient_of(items[place], p)], BITS - p.low)
        items[place] = key << p.low | items[place] & rest
    if sort_top(items, spare, counts, BITS, min(_bits_of(len(items)) + 3, BITS - p.low)):
        for place in range(len(items)):
            items[place] = spare[place]
    _insert_each(items, 0, len(items), keys, p)
    for place in range(len(items)):
        items[place] = when << p.hint << p.low | items[place] & rest


@kernel
def _bits_of(number: int) -> int:
    bits = 0
    while number >> bits:
        bits += 1
    return bits


@kernel
def _insert_each(items: Int64s, start: int, stop: int, keys: Keys, p: Packing) -> None:
    """Put each of ``items[start:stop]`` before those that it precedes; they are few, or nearly in order."""
    for place in range(start + 1, stop):
        item, to = items[place], place
        while to > start and _precedes(item, items[to - 1], keys, p):
            items[to] = items[to - 1]
            to -= 1
        items[to] = item


@kernel
def _precedes(one: int, other: int, keys: Keys, p: Packing) -> bool:
    """Say whether one item stands before another; people are looked up where their first bits are the same."""
    if one >> p.low == other >> p.low:
        key, other_key = keys[recipient_of(one, p)], keys[recipient_of(other, p)]
        if key != other_key:
            return bool(key < other_key)
    return one < other
