"""People who answer replies: a finite staff, first come first served, on shifts."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Staff:
    """State of one team. ``waiting`` holds whoever waits for an answer, in order."""

    on_duty: int = 0
    busy: int = 0
    waiting: deque[int] = field(default_factory=deque)


def arrive(state: Staff, who: int) -> bool:
    """Take a reply in; return whether somebody starts on it at once."""
    if state.busy < state.on_duty:
        state.busy += 1
        return True
    state.waiting.append(who)
    return False


def finish(state: Staff) -> int:
    """End one conversation; return who is taken next, or -1. A shift that has ended takes nobody."""
    state.busy -= 1
    return _next(state)


def change_shift(state: Staff, people: int) -> list[int]:
    """Set the people on duty; return those whose conversations start now. Running conversations are completed."""
    state.on_duty = people
    started = []
    while (who := _next(state)) >= 0:
        started.append(who)
    return started


def _next(state: Staff) -> int:
    if state.waiting and state.busy < state.on_duty:
        state.busy += 1
        return state.waiting.popleft()
    return -1
