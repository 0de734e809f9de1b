"""Ends of holds: slots of time that are queues, finer slots of the slot that has begun, and a heap for the finest.

Holds do not end in the order in which they began, and of a large audience half may wait for the same morning. One heap
of them all would not fit the processor's cache, and each step down it would wait for memory. When a slot begins, before
any event that falls into it, its entries go to the slots of the next level, and from the last level to the heap; what
is pushed later than that goes there at once.
"""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined, kernel
from policies.records import NEVER
from simulator.engine.compiled import heaps, layout, queues
from simulator.engine.compiled.numbers import word
from simulator.engine.compiled.prefetch import prefetch
from simulator.engine.compiled.tables import Records, records

SHARED = 256
"""People to a slot of the first level: its last block of entries is half empty, two bytes a person."""
FINE_BITS = 8
"""A slot of the first level has 2**8 of the second."""
COARSE, FINE = 0, 1


def flat_levels(start: int, end: int, people: int, queue: int) -> Records:
    """Return the levels of a horizon (microseconds) for so many people, whose slots are queues from ``queue`` on."""
    levels = records(layout.LEVEL, 2)
    coarse, fine = levels[COARSE], levels[FINE]
    wanted = min(max(people // SHARED, 1), 1 << 20)
    coarse.shift = max((end - start) // wanted, 1).bit_length()
    fine.shift = max(int(coarse.shift) - FINE_BITS, 0)
    coarse.slots, fine.slots = (max(end - start, 0) >> int(coarse.shift)) + 1, 1 << FINE_BITS
    coarse.queue, fine.queue = queue, queue + int(coarse.slots)
    coarse.start = start
    fine.start = NEVER  # no slot has begun
    coarse.loaded, fine.loaded = -1, fine.slots
    coarse.next, fine.next = coarse.slots, fine.slots
    levels.at = NEVER
    return levels


@kernel
def push(w: Any, at: int, chain: int, version: int) -> None:
    """Note the end of a hold, within the horizon and not before now."""
    if not _pushed(w, w.levels[COARSE], at, chain, version):
        _push_fine(w, at, chain, version)


@kernel
def _push_fine(w: Any, at: int, chain: int, version: int) -> None:
    if not _pushed(w, w.levels[FINE], at, chain, version):
        now = w.now[0]
        now.order += 1
        now.hold_size = heaps.push(w.holds, now.hold_size, at, now.order, 0, chain, version, 0)


@kernel
def _pushed(w: Any, level: Any, at: int, chain: int, version: int) -> bool:
    """Put the end of a hold into its slot of the level; return False where that slot has begun."""
    slot = (at - level.start) >> level.shift
    if slot <= level.loaded:
        return False
    queues.push(w, level.queue + slot, at, chain, version)
    if slot < level.next:
        level.next = slot
        level.at = level.start + (slot << level.shift)
    return True


@inlined
def has_begun(w: Any, at: int, until: int) -> bool:
    """Say whether there is a slot to ``load`` before an event at ``at`` and before ``until``."""
    first = min(w.levels[FINE].at, w.levels[COARSE].at)
    return first <= at and first < until


@kernel
def load(w: Any) -> None:
    """Hand entries of the slot that begins first down, as many as one micro-step may push; empty, it is done with."""
    level, coarse = w.levels[FINE], w.levels[COARSE]
    fine = level.at < NEVER and coarse.loaded != coarse.next
    if not fine:
        _divide(level, coarse)
        level = coarse
    number = level.queue + level.next
    level.loaded = level.next
    for _ in range(w.now[0].push_room):
        if w.queues[number].waiting == 0:
            break
        entry = w.pool[queues.first(w, number)]
        at, c, version = entry.at, word(entry.chain), word(entry.extra)
        queues.drop(w, number)
        if fine:
            prefetch(w.chains, c)
        _push_fine(w, at, c, version)
    if w.queues[number].waiting == 0:
        _find_next(w, level)


@kernel
def _divide(fine: Any, coarse: Any) -> None:
    """Let the finer slots be those of the next coarse one."""
    if coarse.loaded != coarse.next:
        fine.start = coarse.start + (coarse.next << coarse.shift)
        fine.loaded = -1


@kernel
def _find_next(w: Any, level: Any) -> None:
    slot = level.next + 1
    while slot < level.slots and w.queues[level.queue + slot].waiting == 0:
        slot += 1
    level.next = slot
    level.at = level.start + (slot << level.shift) if slot < level.slots else NEVER


@kernel
def pop(w: Any) -> tuple[int, int]:
    """Take the first end of a hold off the heap; return (chain, number of its wait)."""
    now = w.now[0]
    c, version = word(w.holds[0].a), word(w.holds[0].b)
    now.hold_size = heaps.pop(w.holds, now.hold_size)
    if now.hold_size:
        prefetch(w.people, word(w.chains[w.holds[0].a].who))
    return c, version
