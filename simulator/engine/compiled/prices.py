"""Tariffs as flat tables: one rate a tariff and country, with its tiers."""

from __future__ import annotations

import numpy as np

from simulator.engine.compiled import layout
from simulator.engine.compiled.tables import Records, records
from simulator.engine.model import Model, Rate, Tariff


def tariffs_of(model: Model) -> dict[int, Tariff]:
    """Return every tariff of a message by its index."""
    found = {}
    for step in model.steps:
        for tariff in (step.submit, step.accept, step.delivered, step.session, step.second):
            if tariff is not None:
                found[tariff.index] = tariff
    return found


def flat_rates(model: Model) -> tuple[Records, Records, dict[int, int]]:
    """Return rates by (tariff, country row), their tiers, and the row of each tariff's index."""
    tariffs = tariffs_of(model)
    rates = records(layout.RATE, (max(len(tariffs), 1), layout.COUNTRIES))
    tiers: list[tuple[int, int, int]] = []
    for row, tariff in enumerate(tariffs.values()):
        by_country = [tariff.by_country[-1], *tariff.by_country]
        for country, rate in enumerate(by_country):
            if rate is not None:
                _fill(rates[row, country], rate, tiers)
    table = records(layout.TIER, len(tiers))
    for tier, (start, numerator, denominator) in zip(table, tiers, strict=False):
        tier.start, tier.numerator, tier.denominator = start, numerator, denominator
    return rates, table, {index: row for row, index in enumerate(tariffs)}


def largest_product(model: Model) -> int:
    """Return the largest number that one charge may have to hold: units times a price's numerator, twice for rounding.

    Units are segments, or seconds of the longest call that the channel's table knows.
    """
    most = 0
    for step in model.steps:
        segments = step.units if isinstance(step.units, int) else int(step.units.max(initial=1))
        duration = model.channels[step.channel].latencies.duration
        seconds = -(-max(duration) // 1_000_000) if duration else 0
        for tariff in (step.submit, step.accept, step.delivered, step.session, step.second):
            for rate in tariff.by_country if tariff is not None else ():
                if rate is not None:
                    units = max(segments, seconds, rate.minimum, 1)
                    most = max(most, *(2 * max(units * top, bottom) for _, top, bottom in rate.tiers))
    return most


def _fill(row: np.record, rate: Rate, tiers: list[tuple[int, int, int]]) -> None:
    row.billed, row.per_message, row.free_in_window = 1, rate.per == "message", rate.free_in_window
    row.minimum = rate.minimum
    row.tier_from = len(tiers)
    tiers += rate.tiers
    row.tier_to = len(tiers)
