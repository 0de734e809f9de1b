"""Rows about a chain: what was decided about its step, or about it as a whole."""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined, kernel
from policies.records import MISSING
from simulator.engine.compiled import layout
from simulator.engine.compiled.numbers import word
from simulator.engine.compiled.people import attempt_of
from simulator.engine.compiled.rows import row


@kernel
def note(w: Any, c: int, event: int, at: int, other: int, rule: int, reason: int) -> None:
    """Log a decision about the chain's present step."""
    chain = w.chains[c]
    step = w.steps[chain.step]
    who, place = word(w.people[chain.who].recipient), word(chain.step)
    row(w, event, at, who, place, attempt_of(w, c, step), other, rule, reason)


@kernel
def note_chain(w: Any, c: int, event: int, at: int, reason: int) -> None:
    """Log something about the chain as a whole."""
    chain = w.chains[c]
    who, place = word(w.people[chain.who].recipient), -2 - word(chain.campaign)
    row(w, event, at, who, place, -1, MISSING, -1, reason)


@inlined
def close(w: Any, c: int) -> None:
    """Count the chain as ended."""
    w.chains[c].bits |= layout.ENDED
    w.now[0].finished += 1
