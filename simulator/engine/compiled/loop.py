"""The event loop: true global time order over monotone streams, a heap for the rest.

The order is (time, class, order of scheduling) as in ``simulator.engine.order``. Streams that never go back need no
heap: releases, timers of one duration (a queue each; of two that end together the longer began first), what was
refused at once. Heaps hold coupling events, ends of holds (``slots``), and the servers that are due.

``run`` may stop between any two micro-steps, because the log or a pool is full or to let the caller breathe, and
goes on where it stopped: a server's turn is cut into heads and results, purchases without a message into single ones.
"""

from __future__ import annotations

from typing import Any

from policies.bundle import pack
from policies.kernels import inlined, kernel
from policies.records import NEVER
from simulator.engine.compiled import agenda, decide, heaps, layout, queues, release, slots
from simulator.engine.compiled.agenda import is_stopped
from simulator.engine.compiled.numbers import word
from simulator.engine.compiled.react import react, start_shift, stop
from simulator.engine.compiled.servers import at_once, serve, settle
from simulator.engine.compiled.waits import FAILED, NOBODY, STOPPED, VERSIONS, awake, resume, timer
from simulator.engine.model import END, STOP_PURCHASED
from simulator.engine.order import FEEDBACK, HOLD, REJECT, RELEASE, SERVER, TIMER

REACHED, FULL, BREATH = range(3)
"""Why ``run`` came back: the instant is reached; something is too small; the caller may look round."""
RUN, SHIFT, FINISH = range(3)
"""What ``run`` is asked to do: play events, change the shift (``value`` people), close what reports have ended."""


def run(world: Any, command: int, until: int, value: int) -> int:
    """Execute events strictly before ``until``, ``value`` micro-steps at the most; return REACHED, FULL or BREATH."""
    w = pack(world)
    if command == SHIFT:
        start_shift(w, until, value)
        return REACHED
    if command == FINISH:
        return _close_stopped(w)
    for _ in range(value):
        if _lacks_room(w):
            return FULL
        if not _micro_step(w, until):
            return REACHED
    return BREATH


@kernel
def _lacks_room(w: Any) -> bool:
    """Say whether one micro-step might write past the end of the log or of a pool."""
    now = w.now[0]
    return (
        now.rows + now.row_room > len(w.log)
        or now.free_blocks < now.push_room
        or now.feedback_size + now.push_room > len(w.feedback)
        or now.hold_size + now.push_room > len(w.holds)
        or now.wide_rows + now.push_room > len(w.wide)
        or now.replies + 1 >= len(w.replies)
    )


@kernel
def _micro_step(w: Any, until: int) -> bool:
    """Do the next piece of work before ``until``; return False when there is none.

    Whatever happens concerns one chain at most, which then goes on from its present step.
    """
    now = w.now[0]
    if now.buying >= 0:
        release.buy_next(w)
        c = NOBODY if now.buying >= 0 else now.released - 1
    elif now.serving >= 0:
        c = serve(w, now.serving, now.at)
    elif w.queues[layout.WOKEN].waiting:
        c = word(w.pool[queues.first(w, layout.WOKEN)].chain)
        queues.drop(w, layout.WOKEN)
    else:
        at, order = _next(w)
        if slots.has_begun(w, at, until):
            slots.load(w)
            return True
        if at >= until:
            return False
        now.at = at
        if order == FEEDBACK:
            c = _feedback(w, at)
        elif order == SERVER:
            number = word(w.due[0].a)
            now.due_size = heaps.pop(w.due, now.due_size)
            w.servers[number].due = 0
            c = serve(w, number, at)
        elif order == TIMER:
            c = timer(w, at)
        elif order == REJECT:
            c = word(w.pool[queues.first(w, layout.REJECTS)].chain)
            queues.drop(w, layout.REJECTS)
        elif order == HOLD:
            c, version = slots.pop(w)
            c = awake(w, c, version, at)
        else:
            c = now.released
            now.released += 1
            release.release(w, c, at)
            if now.buying >= 0:
                c = NOBODY
    if c >= 0:
        _go_on(w, c, now.at)
    return True


@inlined
def _next(w: Any) -> tuple[int, int]:
    """Return instant and class of the next event: the first by both."""
    now = w.now[0]
    at, order = NEVER, 0
    if now.feedback_size:
        at, order = w.feedback[0].at, FEEDBACK
    if now.due_size and w.due[0].at < at:
        at, order = w.due[0].at, SERVER
    if now.timer_at < at:
        at, order = now.timer_at, TIMER
    if w.queues[layout.REJECTS].waiting and now.at < at:
        at, order = now.at, REJECT
    if now.hold_size and w.holds[0].at < at:
        at, order = w.holds[0].at, HOLD
    if now.released < now.chains and w.chains[now.released].at < at:
        at, order = w.chains[now.released].at, RELEASE
    return at, order


@kernel
def _feedback(w: Any, at: int) -> int:
    """Let the first coupling event take effect; return whom it wakes, or NOBODY. A purchase may wake several."""
    event = w.feedback[0]
    kind, a, b, c = word(event.kind), word(event.a), word(event.b), word(event.c)
    w.now[0].feedback_size = heaps.pop(w.feedback, w.now[0].feedback_size)
    if not react(w, at, kind, a, b, c):
        return NOBODY
    if kind == agenda.STOP_REPORT:
        return resume(w, c, at, STOPPED) if stop(w, c, a) else NOBODY
    if kind == agenda.FAILURE_REPORT:
        chain = w.chains[c]
        if chain.bits & layout.WAITING and chain.version == (a + 1) % VERSIONS and not is_stopped(w, chain):
            return resume(w, c, at, FAILED)
        return NOBODY
    for place in range(w.chain_ptr[a], w.chain_ptr[a + 1]):
        c = word(w.chain_ids[place])
        chain = w.chains[c]
        waits_for_it = chain.bits & layout.RELEASED and not chain.bits & layout.ENDED and chain.step > END
        if waits_for_it and w.steps[chain.step].stop_on == STOP_PURCHASED and stop(w, c, word(chain.step)):
            queues.push(w, layout.WOKEN, at, resume(w, c, at, STOPPED), 0)
    return NOBODY


@kernel
def _go_on(w: Any, c: int, at: int) -> None:
    """Start the chain's present step and carry the decision out."""
    while not w.chains[c].bits & layout.ENDED:
        action, value = decide.begin(w, c, at)
        if action == decide.QUEUE:
            action, value = at_once(w, c, at)
        if action == decide.CANCELLED:
            decide.after_stop(w, c, at)
        elif action != decide.NEXT:
            settle(w, c, at, action, value)
            return


@kernel
def _close_stopped(w: Any) -> int:
    """Close the cascades that a report ended while they waited, and that nobody has looked at since."""
    now = w.now[0]
    while now.closing < now.released:
        if now.rows + now.row_room > len(w.log):
            return FULL
        chain = w.chains[now.closing]
        if chain.bits & layout.WAITING and not chain.bits & layout.ENDED and chain.at < now.end:
            decide.after_stop(w, now.closing, chain.at)
        now.closing += 1
    return REACHED
