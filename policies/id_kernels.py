"""The kernels that find external ids: text ``i`` is ``data[starts[i]:starts[i + 1]]``, bytes of UTF-8."""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined

ZERO, NINE = 48, 57
"""The bytes of the digits."""
LONGEST = 18
"""Digits of the longest running number."""
OFFSET, PRIME = 2166136261, 16777619
"""Of the hash FNV-1a of 32 bits."""
BITS = 0xFFFFFFFF


def read_numbers(starts: Any, data: Any, prefix: Any, digits: int, first: int, size: int, out: Any) -> None:
    """Fill ``out`` with the places of ids that are a prefix and a running number; -1 for all others."""
    for name in range(len(out)):
        at, end = starts[name] + len(prefix), starts[name + 1]
        long = end - at
        out[name] = -1
        well = long == digits or (digits < long <= LONGEST and data[at] != ZERO)
        for place in range(len(prefix)):
            well = well and data[starts[name] + place] == prefix[place]
        number = 0
        for place in range(at, end if well else at):
            well = well and ZERO <= data[place] <= NINE
            number = 10 * number + data[place] - ZERO
        if well and first <= number < first + size:
            out[name] = number - first


@inlined
def hash_of(data: list[int], start: int, end: int) -> int:
    """Return a number below 2**32 that different texts seldom share."""
    value = OFFSET
    for place in range(start, end):
        value = ((value ^ data[place]) * PRIME) & BITS
    return value


@inlined
def same(data: list[int], start: int, end: int, others: list[int], other: int, other_end: int) -> bool:
    """Say whether two texts are the same bytes."""
    if end - start != other_end - other:
        return False
    place = 0
    while place < end - start and data[start + place] == others[other + place]:
        place += 1
    return place == end - start


@inlined
def slot_of(
    starts: list[int], data: list[int], slots: list[int], names: list[int], name_data: list[int], name: int
) -> int:
    """Return the slot in which a text's place stands, or the empty one (-1) in which it would; one of 2**k."""
    mask = len(slots) - 1
    slot = hash_of(name_data, names[name], names[name + 1]) & mask
    while slots[slot] >= 0:
        held = slots[slot]
        if same(data, starts[held], starts[held + 1], name_data, names[name], names[name + 1]):
            break
        slot = (slot + 1) & mask
    return slot


def fill_slots(starts: Any, data: Any, slots: Any) -> None:
    """Note the place of each text in ``slots`` (-1, twice as many as texts or more); of equal texts the first."""
    for name in range(len(starts) - 1):
        slot = slot_of(starts, data, slots, starts, data, name)
        if slots[slot] < 0:
            slots[slot] = name


def look_up(starts: Any, data: Any, slots: Any, names: Any, name_data: Any, out: Any) -> None:
    """Fill ``out`` with the place of each name among the texts, -1 where it is none."""
    for name in range(len(out)):
        out[name] = slots[slot_of(starts, data, slots, names, name_data, name)]
