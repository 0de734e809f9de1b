"""How people differ, tire and sleep: engagement, fatigue, the activity curve; integers once the tables are made."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from statistics import NormalDist

from policies.kernels import kernel
from policies.records import DAY, HOUR
from simulator.draws import threshold

LEVELS = 256
"""Engagement has this many equally likely levels; a person's level is the top byte of one draw."""
FATIGUE_LEVELS = 16
"""Messages of the last seven days are counted up to this many."""
UNIT = 1 << 16
"""One, in the fixed-point multipliers."""

WAKING = (1, 1, 1, 1, 1, 2, 6, 12, 16, 16, 16, 16, 18, 18, 16, 16, 16, 18, 20, 22, 22, 18, 10, 4)
"""Relative chance of looking at the phone by local hour: *assumed*, from a diurnal pattern with a trough at 2-5."""


def engagement_thresholds(probability: float, sigma: float) -> list[int]:
    """Return, for each engagement level, the 64-bit bound of an event of this mean probability.

    The trait is lognormal with ``sigma`` and mean 1; its scale is chosen so that the mean over the levels, after the
    cut at 1, is the declared probability (to 1e-9).
    """
    if probability <= 0 or probability >= 1 or sigma == 0:
        return [threshold(min(max(probability, 0.0), 1.0))] * LEVELS
    normal = NormalDist()
    weights = [Decimal(repr(sigma * normal.inv_cdf((k + 0.5) / LEVELS))).exp() for k in range(LEVELS)]
    traits = [float(weight) for weight in weights]
    low, high = 0.0, 1.0
    while _mean(high, traits) < probability:
        high *= 2
    for _ in range(200):
        scale = (low + high) / 2
        low, high = (scale, high) if _mean(scale, traits) < probability else (low, scale)
        if high - low < 1e-12:
            break
    return [threshold(min(1.0, round(high * trait, 12))) for trait in traits]


def _mean(scale: float, traits: Sequence[float]) -> float:
    return sum(min(1.0, scale * trait) for trait in traits) / LEVELS


def fatigue_multipliers(per_message: float) -> list[int]:
    """Return by messages of the last 7 days the factor on reading, in 1/65536; each takes ``per_message`` off."""
    return [round(UNIT * (1 - per_message) ** count) for count in range(FATIGUE_LEVELS)]


def annoyance_multipliers(per_message: float) -> list[int]:
    """Return by messages of the last 7 days the factor on complaining and leaving, in 1/65536 (*assumed*: linear)."""
    return [round(UNIT * (1 + per_message * count)) for count in range(FATIGUE_LEVELS)]


def scaled(bound: int, multiplier: int) -> int:
    """Return the 64-bit bound times a 1/65536 multiplier, cut at certainty."""
    return min((bound >> 16) * multiplier, 2**64)


@lru_cache(maxsize=64)
def activity_weights(curve: tuple[float, ...]) -> tuple[int, ...]:
    """Return integer weights by local hour, summing to about 24 * 65536 (mean 1); zero hours stay zero."""
    total = sum(curve)
    return tuple(round(UNIT * 24 * weight / total) for weight in curve)


@kernel
def waking_delay(start_local: int, delay: int, weights: Sequence[int]) -> int:
    """Return the microseconds of clock time that pass until ``delay`` microseconds of waking time have.

    ``start_local`` is the person's wall clock. A flat curve returns ``delay``. Changes of summer time on the way are
    not followed.
    """
    needed = delay * UNIT
    day_total = sum(weights) * HOUR
    days = needed // day_total
    needed -= days * day_total
    at = start_local
    while needed > 0:
        hour_end = at - at % HOUR + HOUR
        weight = weights[at // HOUR % 24]
        available = (hour_end - at) * weight
        if available >= needed:
            return days * DAY + at + -(-needed // weight) - start_local
        needed -= available
        at = hour_end
    return days * DAY + at - start_local
