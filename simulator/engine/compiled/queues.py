"""First-come-first-served queues of any number and length in one pool of blocks, sized by what waits.

A queue is a chain of blocks of ``layout.BLOCK`` entries; it owns a block exactly while something waits in it.
"""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined, kernel
from simulator.engine.compiled.layout import BLOCK
from simulator.engine.compiled.numbers import word


@kernel
def push(w: Any, number: int, at: int, chain: int, extra: int) -> None:
    """Put an entry at the end of a queue. The caller has made sure that a block is free."""
    queue = w.queues[number]
    if queue.waiting == 0 or queue.last == BLOCK:
        now = w.now[0]
        block = now.free_block
        now.free_block = w.next_block[block]
        now.free_blocks -= 1
        if queue.waiting == 0:
            queue.head = block
            queue.first = 0
        else:
            w.next_block[queue.tail] = block
        queue.tail = block
        queue.last = 0
    entry = w.pool[queue.tail * BLOCK + queue.last]
    entry.at = at
    entry.chain = chain
    entry.extra = extra
    queue.last += 1
    queue.waiting += 1


@inlined
def first(w: Any, number: int) -> int:
    """Return the place in the pool of the entry at the head of a queue that is not empty."""
    queue = w.queues[number]
    return word(queue.head) * BLOCK + word(queue.first)


@kernel
def drop(w: Any, number: int) -> None:
    """Take the entry off the head of a queue that is not empty."""
    queue = w.queues[number]
    queue.first += 1
    queue.waiting -= 1
    if queue.waiting == 0 or queue.first == BLOCK:
        now = w.now[0]
        block = queue.head
        queue.head = w.next_block[block]
        queue.first = 0
        w.next_block[block] = now.free_block
        now.free_block = block
        now.free_blocks += 1
