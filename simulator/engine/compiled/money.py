"""What a message costs: a tariff applied to billable units, marginal by calendar month."""

from __future__ import annotations

from typing import Any

from policies.kernels import kernel
from simulator.engine.compiled.rows import charge
from simulator.engine.money import half_even
from simulator.engine.outcome import IN_WINDOW


@kernel
def bill(w: Any, tariff: int, units: int, at: int) -> None:
    """Let the row of the message at hand that was written last say what it costs, if anything."""
    message = w.message[0]
    if tariff < 0 or at >= w.now[0].end:
        return
    rate = w.rates[tariff, message.country_row]
    if not rate.billed or (rate.free_in_window and message.state & IN_WINDOW):
        return
    billed = max(1 if rate.per_message else units, rate.minimum)
    cost = _cost(w, tariff, rate, message.country_row, billed, at)
    w.campaigns[w.chains[message.chain].campaign].spent += cost
    charge(w, billed, cost)


@kernel
def _cost(w: Any, tariff: int, rate: Any, country_row: int, units: int, at: int) -> int:
    """Return the cost of the units; with volume tiers each part has the price of the tier it falls in."""
    if rate.tier_to - rate.tier_from == 1:
        tier = w.tiers[rate.tier_from]
        return half_even(units * tier.numerator, tier.denominator)
    month = 0
    while month < len(w.month_starts) and w.month_starts[month] <= at:
        month += 1
    before = w.accounts[tariff, country_row, month]
    w.accounts[tariff, country_row, month] = before + units
    total = 0
    for place in range(rate.tier_from, rate.tier_to):
        tier = w.tiers[place]
        stop = before + units
        if place + 1 < rate.tier_to:
            stop = min(stop, w.tiers[place + 1].start)
        inside = stop - max(before, tier.start)
        if inside > 0:
            total += half_even(inside * tier.numerator, tier.denominator)
    return total
