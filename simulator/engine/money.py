"""What a message costs: a tariff applied to billable units, marginal by calendar month, converted half-even."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from policies.kernels import kernel
from simulator.engine.model import Rate, Tariff


@dataclass(slots=True)
class Accounts:
    """Billable units so far, by tariff, country and calendar month."""

    month_starts: Sequence[int]
    units: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def charge(self, tariff: Tariff, rate: Rate, country: int, units: int, at: int) -> int:
        """Return the cost in micro-units of ``units`` billed at ``at``, and count them towards the volume tiers."""
        if len(rate.tiers) == 1:
            return half_even(units * rate.tiers[0][1], rate.tiers[0][2])
        key = (tariff.index, country, bisect_right(self.month_starts, at))
        before = self.units.get(key, 0)
        self.units[key] = before + units
        return marginal(rate.tiers, before, units)


def billable(rate: Rate, units: int) -> int:
    """Return the units that are billed: at least the minimum, and one for a product that is billed by message."""
    return max(1 if rate.per == "message" else units, rate.minimum)


def marginal(tiers: Sequence[tuple[int, int, int]], before: int, units: int) -> int:
    """Return the cost of ``units`` after ``before`` units: each part at the price of the tier it falls in."""
    total = 0
    for index, (start, numerator, denominator) in enumerate(tiers):
        stop = tiers[index + 1][0] if index + 1 < len(tiers) else before + units
        inside = min(before + units, stop) - max(before, start)
        if inside > 0:
            total += half_even(inside * numerator, denominator)
    return total


@kernel
def half_even(numerator: int, denominator: int) -> int:
    """Return the quotient rounded to the nearest integer, halves to the even one."""
    quotient = numerator // denominator
    rest = numerator - quotient * denominator
    return quotient + (2 * rest > denominator or (2 * rest == denominator and quotient % 2 == 1))
