"""The event loop: true global time order over monotone streams, a heap for the rest.

The order is (time, class, order of scheduling) as in ``simulator.engine.order``. Streams that never go back need no
heap: releases, timers of one duration (a queue each; of two that end together the longer began first), what was
refused at once. Heaps hold coupling events, ends of holds, and the servers that are due.

``run`` may stop between any two micro-steps, because the log or a pool is full or to let the caller breathe, and
goes on where it stopped: a server's turn is cut into heads and results, purchases without a message into single ones.
"""

from __future__ import annotations

from typing import Any

from policies.bundle import pack
from policies.kernels import inlined, kernel
from policies.records import NEVER
from simulator.engine.compiled import agenda, decide, heaps, layout, queues, release
from simulator.engine.compiled.agenda import is_stopped
from simulator.engine.compiled.codes import R_EXHAUSTED
from simulator.engine.compiled.numbers import word
from simulator.engine.compiled.prefetch import prefetch
from simulator.engine.compiled.react import react, start_shift, stop
from simulator.engine.model import END, STOP_PURCHASED
from simulator.engine.order import FEEDBACK, HOLD, REJECT, RELEASE, SERVER, TIMER

REACHED, FULL, BREATH = range(3)
"""Why ``run`` came back: the instant is reached; something is too small; the caller may look round."""
RUN, SHIFT, FINISH = range(3)
"""What ``run`` is asked to do: play events, change the shift (``value`` people), close what reports have ended."""
STOPPED, FAILED, ENDS = range(3)
"""Why a wait is over."""
NOBODY = -1
NEAR, FAR = 4, 8
"""Entries ahead whose people, and whose chains, are asked for."""
VERSIONS = 1 << 16
"""Waits of a chain are numbered so far and then again from 0."""


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
        c = _serve(w, now.serving, now.at)
    elif w.queues[layout.WOKEN].waiting:
        c = word(w.pool[queues.first(w, layout.WOKEN)].chain)
        queues.drop(w, layout.WOKEN)
    else:
        at, order = _next(w)
        if at >= until:
            return False
        now.at = at
        if order == FEEDBACK:
            c = _feedback(w, at)
        elif order == SERVER:
            number = word(w.due[0].a)
            now.due_size = heaps.pop(w.due, now.due_size)
            w.servers[number].due = 0
            c = _serve(w, number, at)
        elif order == TIMER:
            c = _timer(w, at)
        elif order == REJECT:
            c = word(w.pool[queues.first(w, layout.REJECTS)].chain)
            queues.drop(w, layout.REJECTS)
        elif order == HOLD:
            c, version = word(w.holds[0].a), word(w.holds[0].b)
            now.hold_size = heaps.pop(w.holds, now.hold_size)
            c = _awake(w, c, version, at)
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
        return _resume(w, c, at, STOPPED) if stop(w, c, a) else NOBODY
    if kind == agenda.FAILURE_REPORT:
        chain = w.chains[c]
        if chain.bits & layout.WAITING and chain.version == (a + 1) % VERSIONS and not is_stopped(w, chain):
            return _resume(w, c, at, FAILED)
        return NOBODY
    for place in range(w.chain_ptr[a], w.chain_ptr[a + 1]):
        c = word(w.chain_ids[place])
        chain = w.chains[c]
        waits_for_it = chain.bits & layout.RELEASED and not chain.bits & layout.ENDED and chain.step > END
        if waits_for_it and w.steps[chain.step].stop_on == STOP_PURCHASED and stop(w, c, word(chain.step)):
            queues.push(w, layout.WOKEN, at, _resume(w, c, at, STOPPED), 0)
    return NOBODY


@kernel
def _serve(w: Any, number: int, at: int) -> int:
    """Decide about a head of the queue; when the turn is used or nobody is left, carry the decisions out in order.

    One call does one head, or one decision; usually that is the whole turn. Returns whom it sends on, or NOBODY.
    """
    now, server = w.now[0], w.servers[number]
    c, action, value = NOBODY, decide.DONE, 0
    now.serving = number
    if not now.carrying:
        if w.queues[server.queue].waiting and server.free_at <= at:
            place = queues.first(w, server.queue)
            entry = w.pool[place]
            c, nth, judged_at = word(entry.chain), word(entry.extra), entry.at
            if w.queues[server.queue].waiting > layout.BLOCK:
                _fetch_ahead(w, place)
            queues.drop(w, server.queue)
            last = nth == 1 or w.steps[w.chains[c].step].throttle < 0
            action, value = decide.at_head(w, c, last, judged_at, at)
            if action in (decide.PASSED, decide.SENT, decide.REJECTED):
                interval = (server.numerator + server.rest) // server.denominator
                server.rest = server.numerator + server.rest - interval * server.denominator
                server.free_at = at + interval
            if action == decide.PASSED:
                value = judged_at
            further = w.queues[server.queue].waiting and server.free_at <= at
            if further or w.queues[layout.RESULTS].waiting:
                queues.push(w, layout.RESULTS, value, c, action)
                c = NOBODY
                if further:
                    return NOBODY
        if w.queues[server.queue].waiting:
            _schedule(w, number, at)
        now.carrying = 1
    if c < 0 and w.queues[layout.RESULTS].waiting:
        entry = w.pool[queues.first(w, layout.RESULTS)]
        c, action, value = word(entry.chain), word(entry.extra), entry.at
        queues.drop(w, layout.RESULTS)
    if w.queues[layout.RESULTS].waiting == 0:
        now.carrying = 0
        now.serving = NOBODY
    if action == decide.NEXT:
        return c
    if action == decide.CANCELLED:
        decide.after_stop(w, c, at)
        return c
    if c >= 0:
        _settle(w, c, at, action, value)
    return NOBODY


@kernel
def _schedule(w: Any, number: int, at: int) -> None:
    """Let a server look at its queue as soon as it is free."""
    now, server = w.now[0], w.servers[number]
    server.due = 1
    now.order += 1
    now.due_size = heaps.push(w.due, now.due_size, max(at, server.free_at), now.order, 0, number, 0, 0)


@kernel
def _join(w: Any, c: int, nth: int, judged_at: int, at: int) -> None:
    """Join the chain's ``nth`` queue: the step's own throttle if it has one, then the sender's."""
    step = w.steps[w.chains[c].step]
    number = step.throttle if nth == 0 and step.throttle >= 0 else step.server
    queues.push(w, w.servers[number].queue, judged_at, c, nth)
    if not w.servers[number].due:
        _schedule(w, number, at)


@kernel
def _go_on(w: Any, c: int, at: int) -> None:
    """Start the chain's present step and carry the decision out."""
    while not w.chains[c].bits & layout.ENDED:
        action, value = decide.begin(w, c, at)
        if action != decide.CANCELLED:
            _settle(w, c, at, action, value)
            return
        decide.after_stop(w, c, at)


@kernel
def _settle(w: Any, c: int, at: int, action: int, value: int) -> None:
    """Let the chain wait, for a turn or an instant, or end."""
    if action == decide.QUEUE:
        _join(w, c, 0, at, at)
    elif action == decide.PASSED:
        _join(w, c, 1, value, at)
    elif action == decide.WAIT:
        _hold(w, c, at, value)
    elif action == decide.DELAYED:
        _wait(w, c, at, value, w.steps[w.chains[c].step].delay_ring, 0)
    elif action == decide.SENT and value >= 0:
        _wait(w, c, at, value, w.steps[w.chains[c].step].wait_ring, layout.SENT_ON)
    elif action == decide.SENT:
        decide.finish(w, c, at, R_EXHAUSTED)
    elif action == decide.REJECTED:
        queues.push(w, layout.REJECTS, at, c, 0)


@inlined
def _start_wait(w: Any, c: int, sent: int) -> int:
    """Mark the chain as waiting; return the number of the wait, by which its end is known."""
    chain = w.chains[c]
    chain.version = (word(chain.version) + 1) % VERSIONS
    chain.bits = (word(chain.bits) & ~layout.SENT_ON) | layout.WAITING | sent
    return word(chain.version)


@kernel
def _hold(w: Any, c: int, at: int, until: int) -> None:
    """Let the chain wait until a rule or an outage allows the message."""
    now = w.now[0]
    version = _start_wait(w, c, 0)
    if until < now.end:
        now.order += 1
        now.hold_size = heaps.push(w.holds, now.hold_size, max(until, at), now.order, 0, c, version, 0)


@kernel
def _wait(w: Any, c: int, at: int, until: int, ring: int, sent: int) -> None:
    """Let the chain wait on a timer; timers of one duration end in the order in which they began."""
    now = w.now[0]
    version = _start_wait(w, c, sent)
    if until >= now.end:
        return
    number = now.timer_queue + ring
    if w.queues[number].waiting == 0 and (until < now.timer_at or (until == now.timer_at and ring < now.timer_ring)):
        now.timer_at, now.timer_ring = until, ring
    queues.push(w, number, until, c, version)


@inlined
def _fetch_ahead(w: Any, place: int) -> None:
    """Ask for the chains and people that come next in a queue: they lie anywhere, and memory is slow."""
    left = layout.BLOCK - 1 - place % layout.BLOCK
    prefetch(w.chains, word(w.pool[place + min(left, FAR)].chain))
    prefetch(w.people, word(w.chains[w.pool[place + min(left, NEAR)].chain].who))


@kernel
def _timer(w: Any, at: int) -> int:
    """End the wait whose timer is first; return whose it was, or NOBODY."""
    now = w.now[0]
    number = now.timer_queue + now.timer_ring
    place = queues.first(w, number)
    entry = w.pool[place]
    c, version = word(entry.chain), word(entry.extra)
    _fetch_ahead(w, place)
    queues.drop(w, number)
    now.timer_at = NEVER
    for ring in range(len(w.timers)):
        number = now.timer_queue + ring
        if w.queues[number].waiting:
            ends = w.pool[queues.first(w, number)].at
            if ends < now.timer_at:
                now.timer_at, now.timer_ring = ends, ring
    return _awake(w, c, version, at)


@kernel
def _awake(w: Any, c: int, version: int, at: int) -> int:
    """The wait has come to its end, if it is still that one; a report that came before has ended the cascade then."""
    chain = w.chains[c]
    if not chain.bits & layout.WAITING or chain.version != version:
        return NOBODY
    if chain.at <= at:
        chain.bits = word(chain.bits) & ~layout.WAITING
        decide.after_stop(w, c, chain.at)
        return NOBODY
    return _resume(w, c, at, ENDS)


@kernel
def _resume(w: Any, c: int, at: int, why: int) -> int:
    """The wait is over: a report stops the cascade, a failure or the timer sends it on. Returns the chain."""
    chain = w.chains[c]
    chain.bits = word(chain.bits) & ~layout.WAITING
    if why == STOPPED:
        decide.after_stop(w, c, at)
    elif chain.bits & layout.SENT_ON:
        step = w.steps[chain.step]
        decide.go(chain, step.on_failed if why == FAILED else step.on_timeout)
    return c


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
