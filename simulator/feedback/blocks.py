"""Blocks by Viber and VK for advertising in a service channel: complaints over deliveries of 24 hours.

Neither publishes a threshold; the defaults (warning at 1 %, suspension at 3 % of at least 1,000 deliveries) are
*assumed*. Pure advertising in a service channel risks the block (seed S6).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from policies.kernels import kernel
from policies.records import HOUR, NEVER

MILLION = 1_000_000
HOURS = 24
QUIET, WARNED, BLOCKED = 0, 1, 2
"""What a count may bring about."""
WORDS = ("", "warned", "blocked")


@dataclass(slots=True)
class Blocking:
    """Twenty-four hourly buckets, and how the sender stands."""

    warn_ppm: int
    block_ppm: int
    minimum: int
    block_for: int  # microseconds; NEVER: until somebody intervenes
    warned: bool = False
    blocked_until: int = -NEVER
    hour: int = -1
    delivered: list[int] = field(default_factory=lambda: [0] * HOURS)
    negative: list[int] = field(default_factory=lambda: [0] * HOURS)


@kernel
def count(state: Blocking, at: int, delivered: int, negative: int) -> int:
    """Count at ``at`` (not decreasing); return QUIET, WARNED or BLOCKED for what this brings about."""
    _turn(state, at // HOUR)
    slot = state.hour % HOURS
    state.delivered[slot] += delivered
    state.negative[slot] += negative
    if not negative or at < state.blocked_until:
        return QUIET
    total = bad = 0
    for hour in range(HOURS):
        total += state.delivered[hour]
        bad += state.negative[hour]
    if total < state.minimum:
        return QUIET
    if bad * MILLION >= state.block_ppm * total:
        state.blocked_until = min(at + state.block_for, NEVER)
        return BLOCKED
    if bad * MILLION >= state.warn_ppm * total and not state.warned:
        state.warned = True
        return WARNED
    return QUIET


@kernel
def blocked(state: Blocking, at: int) -> bool:
    """Return whether the provider refuses this sender at ``at``."""
    return at < state.blocked_until


@kernel
def _turn(state: Blocking, hour: int) -> None:
    if state.hour < 0:
        state.hour = hour
    for passed in range(state.hour + 1, min(hour, state.hour + HOURS) + 1):
        state.delivered[passed % HOURS] = state.negative[passed % HOURS] = 0
    state.hour = max(state.hour, hour)
