"""Waits: on a timer, or on the end of a hold; and how they are over.

Timers of one duration end in the order in which they began, so each duration has a queue; holds have slots.
"""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined, kernel
from policies.records import NEVER
from simulator.engine.compiled import decide, layout, queues, slots
from simulator.engine.compiled.numbers import word
from simulator.engine.compiled.prefetch import prefetch

STOPPED, FAILED, ENDS = range(3)
"""Why a wait is over."""
NOBODY = -1
NEAR, FAR = 4, 8
"""Entries ahead whose people, and whose chains, are asked for."""
VERSIONS = 1 << 16
"""Waits of a chain are numbered so far and then again from 0."""


@inlined
def start_wait(w: Any, c: int, sent: int) -> int:
    """Mark the chain as waiting; return the number of the wait, by which its end is known."""
    chain = w.chains[c]
    chain.version = (word(chain.version) + 1) % VERSIONS
    chain.bits = (word(chain.bits) & ~layout.SENT_ON) | layout.WAITING | sent
    return word(chain.version)


@kernel
def hold(w: Any, c: int, at: int, until: int) -> None:
    """Let the chain wait until a rule or an outage allows the message."""
    now = w.now[0]
    version = start_wait(w, c, 0)
    if until < now.end:
        slots.push(w, max(until, at), c, version)


@kernel
def wait(w: Any, c: int, at: int, until: int, ring: int, sent: int) -> None:
    """Let the chain wait on a timer; timers of one duration end in the order in which they began."""
    now = w.now[0]
    version = start_wait(w, c, sent)
    if until >= now.end:
        return
    number = now.timer_queue + ring
    if w.queues[number].waiting == 0 and (until < now.timer_at or (until == now.timer_at and ring < now.timer_ring)):
        now.timer_at, now.timer_ring = until, ring
    queues.push(w, number, until, c, version)


@inlined
def fetch_ahead(w: Any, place: int) -> None:
    """Ask for the chains and people that come next in a queue: they lie anywhere, and memory is slow.

    Behind the last entry of a queue lies what another one left there, whose number may be no chain's.
    """
    left = layout.BLOCK - 1 - place % layout.BLOCK
    far, near = word(w.pool[place + min(left, FAR)].chain), word(w.pool[place + min(left, NEAR)].chain)
    if max(far, near) < w.now[0].chains:
        prefetch(w.chains, far)
        prefetch(w.people, word(w.chains[near].who))


@kernel
def timer(w: Any, at: int) -> int:
    """End the wait whose timer is first; return whose it was, or NOBODY."""
    now = w.now[0]
    number = now.timer_queue + now.timer_ring
    place = queues.first(w, number)
    entry = w.pool[place]
    c, version = word(entry.chain), word(entry.extra)
    fetch_ahead(w, place)
    queues.drop(w, number)
    now.timer_at = NEVER
    for ring in range(len(w.timers)):
        number = now.timer_queue + ring
        if w.queues[number].waiting:
            ends = w.pool[queues.first(w, number)].at
            if ends < now.timer_at:
                now.timer_at, now.timer_ring = ends, ring
    return awake(w, c, version, at)


@kernel
def awake(w: Any, c: int, version: int, at: int) -> int:
    """The wait has come to its end, if it is still that one; a report that came before has ended the cascade then."""
    chain = w.chains[c]
    if not chain.bits & layout.WAITING or chain.version != version:
        return NOBODY
    if chain.at <= at:
        chain.bits = word(chain.bits) & ~layout.WAITING
        decide.after_stop(w, c, chain.at)
        return NOBODY
    return resume(w, c, at, ENDS)


@kernel
def resume(w: Any, c: int, at: int, why: int) -> int:
    """The wait is over: a report stops the cascade, a failure or the timer sends it on. Returns the chain."""
    chain = w.chains[c]
    chain.bits = word(chain.bits) & ~layout.WAITING
    if why == STOPPED:
        decide.after_stop(w, c, at)
    elif chain.bits & layout.SENT_ON:
        step = w.steps[chain.step]
        decide.go(chain, step.on_failed if why == FAILED else step.on_timeout)
    return c
