"""Tests of attributes at the moment a step starts, as data: what the scenario asks, ready for every scheduler.

A test of what is fixed about people is an answer for each of them; one of what changes is a table of answers by the
changing number. A missing value never passes, except where the condition asks whether it is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from policies.coded import Coded
from policies.records import NEVER

STATIC, PURCHASED, MESSAGES, DAYS = range(4)
"""What a test looks at: the person, purchases since the release, messages of 7 days, time since the last purchase."""


class View(Protocol):
    """What a condition may look at: the state of one recipient at one instant."""

    purchased_at: dict[int, int]

    def recent_messages(self, recipient: int, at: int) -> int: ...


@dataclass(frozen=True, slots=True)
class Condition:
    """One test. ``passes`` holds 0 or 1: by recipient (STATIC), for no and yes (PURCHASED), by number (MESSAGES).

    DAYS passes where the microseconds since the last purchase lie in one of ``stretches`` (from inclusive, to
    exclusive), and for somebody who never bought, or of whom that is not known, where ``never``; ``last_order_at`` is
    the last purchase before the run, by recipient.
    """

    about: int
    passes: bytes = b""
    stretches: tuple[tuple[int, int], ...] = ()
    never: bool = False
    last_order_at: Coded | None = None


def holds(condition: Condition, view: View, who: int, released: int, now: int) -> bool:
    """Return whether the test passes for a recipient taken up at ``released``, at the instant ``now``."""
    about = condition.about
    if about == STATIC:
        return condition.passes[who] == 1
    if about == PURCHASED:
        return condition.passes[released <= view.purchased_at.get(who, -NEVER) <= now] == 1
    if about == MESSAGES:
        return condition.passes[view.recent_messages(who, now)] == 1
    assert condition.last_order_at is not None
    last = max(int(condition.last_order_at[who]), view.purchased_at.get(who, -NEVER))
    if last <= -NEVER:
        return condition.never
    return any(start <= now - last < end for start, end in condition.stretches)


def at_release(condition: Condition, size: int, now: int) -> npt.NDArray[np.bool_]:
    """Return for each of ``size`` people whether the test passes at ``now`` when nothing has happened to anybody."""
    if condition.about == STATIC:
        return np.frombuffer(condition.passes, dtype=np.bool_)
    if condition.about in (PURCHASED, MESSAGES):
        return np.full(size, condition.passes[0] == 1)
    assert condition.last_order_at is not None
    last = condition.last_order_at.values
    since = now - np.maximum(last, -NEVER)
    passing = np.zeros(len(last), dtype=bool)
    for start, end in condition.stretches:
        passing |= (since >= start) & (since < end)
    answers: npt.NDArray[np.bool_] = np.where(last <= -NEVER, condition.never, passing)
    return answers[condition.last_order_at.codes]
