"""Coupling events to come: kinds, and how they are planned. Past the horizon nothing happens."""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined, kernel
from simulator.engine.compiled import heaps
from simulator.engine.compiled.layout import ENDED, STOPPED

(
    DELIVERED, COMPLAINED, STOP_REPORT, FAILURE_REPORT, REPLY, OPT_OUT, OPT_OUT_LEARNED, PURCHASE,
    NUMBER_REPORT, STAFF_DONE, LIMIT_UPGRADE, LIMIT_DOWNGRADE, TEMPLATE_RESUME, SENDER_RELEASE,
) = range(14)  # fmt: skip
"""Kinds of event; ``react`` tells what the numbers of each say."""


@kernel
def plan(w: Any, at: int, kind: int, a: int, b: int, c: int) -> None:
    """Put a coupling event on the list; events at one instant keep the order in which they were planned."""
    now = w.now[0]
    if at < now.plans_until:
        now.order += 1
        now.feedback_size = heaps.push(w.feedback, now.feedback_size, at, now.order, kind, a, b, c)


@kernel
def plan_stop(w: Any, at: int, step: int, c: int) -> None:
    """Note that a report which stops the cascade arrives at ``at``.

    Where it can only end the cascade, the earliest such instant is kept with the chain and needs no event: whoever
    looks at the chain next sees it. Of two at one instant the first planned counts, as with events.
    """
    now, chain = w.now[0], w.chains[c]
    if at >= now.plans_until:
        return
    if w.campaigns[chain.campaign].lazy == 0:
        plan(w, at, STOP_REPORT, step, 0, c)
    elif at < chain.at and not chain.bits & ENDED:
        chain.at = at
        chain.stopped_by = w.steps[step].stop_on


@inlined
def is_stopped(w: Any, chain: Any) -> bool:
    """Say whether a report that stops the cascade has arrived by now."""
    return chain.bits & STOPPED != 0 or chain.at <= w.now[0].at
