"""Tests of attributes at the moment a step starts: the flat twin of ``simulator.engine.conditions``."""

from __future__ import annotations

from typing import Any

from policies.kernels import kernel
from policies.records import NEVER
from simulator.engine.compiled.numbers import word
from simulator.engine.compiled.people import recent_messages
from simulator.engine.conditions import MESSAGES, PURCHASED, STATIC


@kernel
def holds(w: Any, condition: Any, c: int, at: int) -> bool:
    """Return whether the test passes for the person of a chain at the instant ``at``."""
    now, chain = w.now[0], w.chains[c]
    who = word(chain.who)
    about = condition.about
    if about == STATIC:
        return w.flags[condition.column, w.people[who].recipient] == 1
    bought_at = w.own[who, now.own_bought_at] if now.own_bought_at >= 0 else -NEVER
    if about == PURCHASED:
        number = 1 if w.released_at[c] <= bought_at <= at else 0
        return (word(condition.passes) >> number) & 1 == 1
    if about == MESSAGES:
        return (word(condition.passes) >> recent_messages(w, who, at)) & 1 == 1
    last = max(w.own[who, now.own_last_order], bought_at)
    if last <= -NEVER:
        return condition.never == 1
    for place in range(condition.stretch_from, condition.stretch_to):
        if w.stretches[place, 0] <= at - last < w.stretches[place, 1]:
            return True
    return False
