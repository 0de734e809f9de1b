"""Binary heaps of events by (instant, order of scheduling), each in an array that the caller has made large enough."""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined, kernel
from simulator.engine.compiled.numbers import word


@inlined
def _move(heap: Any, source: int, target: int) -> None:
    """Copy an entry; field by field, since a record is copied byte by byte."""
    entry, place = heap[source], heap[target]
    place.at = entry.at
    place.order = entry.order
    place.kind = entry.kind
    place.a = entry.a
    place.b = entry.b
    place.c = entry.c


@kernel
def push(heap: Any, size: int, at: int, order: int, kind: int, a: int, b: int, c: int) -> int:
    """Put an event in; return the new size."""
    place = word(size)
    while place > 0:
        above = (place - 1) >> 1
        if heap[above].at < at or (heap[above].at == at and heap[above].order < order):
            break
        _move(heap, above, place)
        place = above
    entry = heap[place]
    entry.at = at
    entry.order = order
    entry.kind = kind
    entry.a = a
    entry.b = b
    entry.c = c
    return word(size) + 1


@kernel
def pop(heap: Any, size: int) -> int:
    """Take the first event off; return the new size."""
    last = word(size) - 1
    at, order = heap[last].at, heap[last].order
    place = 0
    while True:
        below = 2 * place + 1
        if below >= last:
            break
        if below + 1 < last and (
            heap[below + 1].at < heap[below].at
            or (heap[below + 1].at == heap[below].at and heap[below + 1].order < heap[below].order)
        ):
            below += 1
        if at < heap[below].at or (at == heap[below].at and order < heap[below].order):
            break
        _move(heap, below, place)
        place = below
    _move(heap, last, place)
    return last
