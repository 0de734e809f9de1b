"""The quality rating of a sender or template: complaints over deliveries of the last seven days, newer days weigh more.

No provider publishes thresholds or weights (facts: WhatsApp documents only "last 7 days, newer events weigh more").
The half-life of two days and the default thresholds of the channel modules are *assumed* and may be set.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from policies.kernels import kernel
from policies.records import DAY

GREEN, YELLOW, RED = 0, 1, 2
RATINGS = ("green", "yellow", "red")
WEIGHTS = (256, 181, 128, 91, 64, 45, 32)
"""Integer weight of a day by its age: 256 * 2**(-age / 2 days)."""
MILLION = 1_000_000


@dataclass(slots=True)
class Quality:
    """State of one rating: seven day buckets, the rating last announced."""

    yellow_ppm: int
    red_ppm: int
    minimum: int
    rating: int = GREEN
    day: int = -1
    delivered: list[int] = field(default_factory=lambda: [0] * 7)
    negative: list[int] = field(default_factory=lambda: [0] * 7)


@kernel
def count(state: Quality, at: int, delivered: int, negative: int) -> bool:
    """Count deliveries and complaints at instant ``at`` (not decreasing); return whether the rating changed."""
    _turn(state, at // DAY)
    slot = state.day % 7
    state.delivered[slot] += delivered
    state.negative[slot] += negative
    new = rate(state)
    changed = new != state.rating
    state.rating = new
    return changed


@kernel
def reset(state: Quality) -> None:
    """Forget what was counted, as at the end of a template's pause."""
    for slot in range(7):
        state.delivered[slot] = state.negative[slot] = 0
    state.rating = GREEN


@kernel
def rate(state: Quality) -> int:
    """Return the rating that the buckets give now; too small a sample is GREEN."""
    total = weighed = bad = 0
    for age in range(7):
        slot = (state.day - age) % 7
        total += state.delivered[slot]
        weighed += state.delivered[slot] * WEIGHTS[age]
        bad += state.negative[slot] * WEIGHTS[age]
    if total < state.minimum:
        return GREEN
    if bad * MILLION >= state.red_ppm * weighed:
        return RED
    return YELLOW if bad * MILLION >= state.yellow_ppm * weighed else GREEN


@kernel
def _turn(state: Quality, day: int) -> None:
    if state.day < 0:
        state.day = day
    for passed in range(state.day + 1, min(day, state.day + 7) + 1):
        state.delivered[passed % 7] = state.negative[passed % 7] = 0
    state.day = max(state.day, day)
