"""Means and 95 % intervals over replications, by Student's t; closed forms only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEVEL = 0.95
_SERIES_LIMIT = 1_000  # degrees of freedom up to which the exact series is summed


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over ``n`` replications with the ends of its 95 % interval.

    ``low`` and ``high`` are ``None`` when one replication was run (there is no spread to estimate from); ``mean`` is
    ``None`` too when the figure was not observed in every replication, and ``note`` says so. All in ``unit``.
    """

    name: str
    unit: str
    n: int
    mean: float | None
    low: float | None
    high: float | None
    note: str = ""

    @property
    def half_width(self) -> float | None:
        """Half the length of the interval, in ``unit``; ``None`` without an interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


def inner_probability(t: float, freedom: int) -> float:
    """Return P(-t < T < t) for Student's T with ``freedom`` degrees (finite trigonometric series, exact)."""
    angle = math.atan(t / math.sqrt(freedom))
    sine, square = math.sin(angle), math.cos(angle) ** 2
    odd = freedom % 2
    term = math.cos(angle) if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(1 + odd, freedom - 2, 2):
        term *= square * k / (k + 1)
        total += term
    return (angle + sine * total) * 2 / math.pi if odd else sine * total


def t_quantile(freedom: int, level: float = LEVEL) -> float:
    """Return the t with ``P(-t < T < t) = level`` for ``freedom`` >= 1 degrees of freedom.

    Above 1,000 degrees it is the value at 1,000 (larger by less than 0.2 % than the normal one: on the safe side).
    """
    if freedom < 1:
        raise ValueError(f"degrees of freedom must be at least 1, not {freedom}")
    freedom = min(freedom, _SERIES_LIMIT)
    low, high = 0.0, 1.0
    while inner_probability(high, freedom) < level:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if inner_probability(middle, freedom) < level else (low, middle)
    return (low + high) / 2


def estimate(
    name: str, unit: str, values: Sequence[float | None], least: float = -math.inf, most: float = math.inf
) -> Estimate:
    """Return mean and 95 % interval of ``values``, one a replication; ``None`` stands for "not observed".

    ``least`` and ``most`` bound what the figure can be at all: the interval is cut there.
    """
    n = len(values)
    known = [float(value) for value in values if value is not None]
    if n == 0 or len(known) < n:
        return Estimate(name, unit, n, None, None, None, f"not observed in {n - len(known)} of {n} replications")
    mean = math.fsum(known) / n
    if n == 1:
        return Estimate(name, unit, 1, mean, None, None, "one replication: no interval")
    variance = math.fsum((value - mean) ** 2 for value in known) / (n - 1)
    half = t_quantile(n - 1) * math.sqrt(variance / n)
    return Estimate(name, unit, n, mean, max(mean - half, least), min(mean + half, most))
