"""Servers: queues with a fixed time a message, and what becomes of the decisions at their heads."""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined, kernel
from simulator.engine.compiled import decide, heaps, layout, queues
from simulator.engine.compiled.codes import R_EXHAUSTED
from simulator.engine.compiled.numbers import word
from simulator.engine.compiled.waits import NOBODY, fetch_ahead, hold, wait


@kernel
def schedule(w: Any, number: int, at: int) -> None:
    """Let a server look at its queue as soon as it is free."""
    now, server = w.now[0], w.servers[number]
    server.due = 1
    now.order += 1
    now.due_size = heaps.push(w.due, now.due_size, max(at, server.free_at), now.order, 0, number, 0, 0)


@kernel
def join(w: Any, c: int, nth: int, judged_at: int, at: int) -> None:
    """Join the chain's ``nth`` queue: the step's own throttle if it has one, then the sender's."""
    step = w.steps[w.chains[c].step]
    number = step.throttle if nth == 0 and step.throttle >= 0 else step.server
    queues.push(w, w.servers[number].queue, judged_at, c, nth)
    if not w.servers[number].due:
        schedule(w, number, at)


@kernel
def settle(w: Any, c: int, at: int, action: int, value: int) -> None:
    """Let the chain wait, for a turn or an instant, or end."""
    if action == decide.QUEUE:
        join(w, c, 0, at, at)
    elif action == decide.PASSED:
        join(w, c, 1, value, at)
    elif action == decide.WAIT:
        hold(w, c, at, value)
    elif action == decide.DELAYED:
        wait(w, c, at, value, w.steps[w.chains[c].step].delay_ring, 0)
    elif action == decide.SENT and value >= 0:
        wait(w, c, at, value, w.steps[w.chains[c].step].wait_ring, layout.SENT_ON)
    elif action == decide.SENT:
        decide.finish(w, c, at, R_EXHAUSTED)
    elif action == decide.REJECTED:
        queues.push(w, layout.REJECTS, at, c, 0)


@inlined
def use_turn(server: Any, action: int, at: int) -> None:
    """Let the server be busy for its interval, if what was decided takes its turn."""
    if action in (decide.PASSED, decide.SENT, decide.REJECTED):
        interval = (server.numerator + server.rest) // server.denominator
        server.rest = server.numerator + server.rest - interval * server.denominator
        server.free_at = at + interval


@kernel
def at_once(w: Any, c: int, at: int) -> tuple[int, int]:
    """Decide about a chain that the gate has just allowed at servers that are idle, without their queues.

    Only where no other event of this instant could come first. Where a server is busy the chain is to queue there:
    QUEUE for the first, PASSED for the second.
    """
    if not _is_alone(w, at):
        return decide.QUEUE, 0
    step = w.steps[w.chains[c].step]
    if step.throttle >= 0:
        server = w.servers[step.throttle]
        if server.due or server.free_at > at:
            return decide.QUEUE, 0
        action, value = decide.at_head(w, c, False, at, at, True)
        use_turn(server, action, at)
        if action != decide.PASSED:
            return action, value
    server = w.servers[step.server]
    if server.due or server.free_at > at:
        return (decide.PASSED, at) if step.throttle >= 0 else (decide.QUEUE, 0)
    action, value = decide.at_head(w, c, True, at, at, True)
    use_turn(server, action, at)
    return action, value


@inlined
def _is_alone(w: Any, at: int) -> bool:
    """Say whether a server's turn that begins now would be the next event."""
    now = w.now[0]
    return (
        now.serving < 0
        and now.buying < 0
        and w.queues[layout.WOKEN].waiting == 0
        and (now.feedback_size == 0 or w.feedback[0].at > at)
        and (now.due_size == 0 or w.due[0].at > at)
    )


@kernel
def serve(w: Any, number: int, at: int) -> int:
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
                fetch_ahead(w, place)
            queues.drop(w, server.queue)
            last = nth == 1 or w.steps[w.chains[c].step].throttle < 0
            action, value = decide.at_head(w, c, last, judged_at, at, False)
            use_turn(server, action, at)
            if action == decide.PASSED:
                value = judged_at
            further = w.queues[server.queue].waiting and server.free_at <= at
            if further or w.queues[layout.RESULTS].waiting:
                queues.push(w, layout.RESULTS, value, c, action)
                c = NOBODY
                if further:
                    return NOBODY
        if w.queues[server.queue].waiting:
            schedule(w, number, at)
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
        settle(w, c, at, action, value)
    return NOBODY
