"""Quantile tables: how a 64-bit draw becomes a latency, with integers only.

A table has ``POINTS + 1`` int64 microseconds at the probabilities 0, 1/POINTS, ..., 1; the two ends stand for half a
step inside. Lognormal tables come from a stored table of normal quantiles by ``decimal``, so every machine has the
same bits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from importlib.resources import files
from statistics import NormalDist

from policies.records import SECOND

POINTS = 2048
BITS = 11  # POINTS = 2**BITS
FRACTION_BITS = 32
_FRACTION_SHIFT = 64 - BITS - FRACTION_BITS
_FRACTION_MASK = 2**FRACTION_BITS - 1
_CONTEXT = Context(prec=30, rounding=ROUND_HALF_EVEN)
_Z95 = Decimal("1.6448536269514722")
_LIMIT = 366 * 86400 * SECOND
"""Latencies are cut at 366 days; the horizon of a scenario is no longer."""


@lru_cache(maxsize=1)
def normal_quantiles() -> tuple[Decimal, ...]:
    """Return the standard normal quantiles at (k / POINTS), k = 0..POINTS, from the stored table, 12 digits."""
    text = files("simulator").joinpath("normal_quantiles.txt").read_text("ascii")
    upper = [Decimal(line) for line in text.split()]
    return tuple(-value for value in reversed(upper[1:])) + tuple(upper)


def compute_normal_quantiles() -> list[Decimal]:
    """Return the quantiles at and above the median, computed afresh: Newton's method on the series of the integral."""
    values = [Decimal(0)]
    for k in range(POINTS // 2 + 1, POINTS + 1):
        probability = Decimal(k) / POINTS if k < POINTS else 1 - Decimal(1) / (2 * POINTS)
        guess = _CONTEXT.create_decimal(repr(NormalDist().inv_cdf(float(probability))))
        for _ in range(3):
            density = _CONTEXT.exp(-guess * guess / 2) / _CONTEXT.sqrt(2 * _PI)
            guess = _CONTEXT.subtract(guess, (_normal_cdf(guess, density) - probability) / density)
        values.append(guess.quantize(Decimal("1e-12"), context=_CONTEXT))
    return values


_PI = Decimal("3.14159265358979323846264338328")


def _normal_cdf(x: Decimal, density: Decimal) -> Decimal:
    term = total = x
    divisor = 3
    while abs(term) > Decimal("1e-28"):
        term = _CONTEXT.divide(_CONTEXT.multiply(term, x * x), Decimal(divisor))
        total = _CONTEXT.add(total, term)
        divisor += 2
    return Decimal("0.5") + _CONTEXT.multiply(total, density)


@lru_cache(maxsize=256)
def lognormal_table(p50_s: float, p95_s: float) -> tuple[int, ...]:
    """Return the table of a lognormal with this median and 95th percentile, both in seconds."""
    median, upper = Decimal(repr(float(p50_s))), Decimal(repr(float(p95_s)))
    if median <= 0:
        return (0,) * (POINTS + 1)
    sigma = _CONTEXT.ln(upper / median) / _Z95
    scale = median * SECOND
    return tuple(_micros(scale * _CONTEXT.exp(sigma * z)) for z in normal_quantiles())


def points_table(points: Sequence[tuple[float, float]]) -> tuple[int, ...]:
    """Return the table through (probability, seconds) points, linear between them; the first and last are the ends."""
    exact = [(Decimal(repr(float(p))), Decimal(repr(float(s))) * SECOND) for p, s in points]
    table = []
    index = 0
    for k in range(POINTS + 1):
        at = Decimal(k) / POINTS
        while index + 2 < len(exact) and exact[index + 1][0] <= at:
            index += 1
        (p0, s0), (p1, s1) = exact[index], exact[index + 1]
        share = min(max((at - p0) / (p1 - p0), Decimal(0)), Decimal(1)) if p1 > p0 else Decimal(0)
        table.append(_micros(s0 + (s1 - s0) * share))
    return tuple(table)


def constant_table(seconds: float) -> tuple[int, ...]:
    """Return the table of a latency that is always the same."""
    return (_micros(Decimal(repr(float(seconds))) * SECOND),) * (POINTS + 1)


def _micros(value: Decimal) -> int:
    whole: int = int(value.quantize(Decimal(1), context=_CONTEXT))
    return min(whole, _LIMIT)


def look_up(table: Sequence[int] | Mapping[int, int], draw: int) -> int:
    """Return the latency in microseconds that the 64-bit ``draw`` stands for."""
    index = draw >> (64 - BITS)
    low: int = table[index]
    step: int = (table[index + 1] - low) * ((draw >> _FRACTION_SHIFT) & _FRACTION_MASK) >> FRACTION_BITS
    return low + step
