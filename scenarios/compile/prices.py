"""Prices: a scenario's own or a channel's price cards of the date become tariffs in micro-units, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from policies.errors import Problem
from policies.records import CHARGE_EVENTS
from scenarios.model import Channel, ExchangeRate, Price, Scenario
from simulator.channels import spec
from simulator.channels.base import PriceCard, in_force
from simulator.engine.model import Tariff

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Card:
    """One price of one channel, whoever gave it."""

    event: str
    price: Decimal
    currency: str
    category: str | None
    country: str | None
    per: str
    minimum: int
    free_in_window: bool
    from_units: int


@dataclass(slots=True)
class Pricing:
    """Makes tariffs for (channel, category, event); collects what is missing in ``problems``."""

    scenario: Scenario
    as_of: date
    countries: Sequence[str]
    problems: list[Problem] = field(default_factory=list)
    used: int = 0
    cards: dict[str, tuple[Card, ...]] = field(default_factory=dict)

    def tariff(self, channel: str, category: str, event: str) -> Tariff | None:
        """Return the tariff, or None where nothing is charged at this event."""
        cards = [card for card in self._cards(channel) if card.event == event and card.category in (None, category)]
        if not cards:
            return None
        tiers = tuple(self._tiers(channel, cards, country) for country in self.countries)
        if not any(tiers):
            return None
        self.used += 1
        tiered = any(len(of_country) > 1 for of_country in tiers)
        first = cards[0]
        return Tariff(
            self.used, CHARGE_EVENTS.index(event), first.per, first.minimum, first.free_in_window, tiers, tiered
        )

    def _cards(self, channel: str) -> tuple[Card, ...]:
        if channel not in self.cards:
            own = self.scenario.channels.get(channel, Channel()).prices  # type: ignore[call-overload]
            self.cards[channel] = own_cards(own, self) if own is not None else default_cards(channel, self)
        return self.cards[channel]

    def _tiers(self, channel: str, cards: list[Card], country: str) -> tuple[tuple[int, int, int], ...]:
        """Return the tiers that apply in one country: its own before any, the category's own before any."""
        fitting = [card for card in cards if card.country in (None, country)]
        if not fitting:
            return ()
        best = max((card.category is not None, card.country is not None) for card in fitting)
        chosen = [card for card in fitting if (card.category is not None, card.country is not None) == best]
        return tuple(
            (card.from_units, *self._unit(channel, card)) for card in sorted(chosen, key=lambda card: card.from_units)
        )

    def _unit(self, channel: str, card: Card) -> tuple[int, int]:
        rate = self.rate(card.currency)
        if rate is None:
            problem = Problem(
                "exchange_rates",
                f"the price of {channel} is in {card.currency}, the scenario is in {self.scenario.currency}",
                f"add the rate of {card.currency}, with its date, or give the channel's prices",
            )
            if card.price and problem not in self.problems:
                self.problems.append(problem)
            rate = Fraction(1)
        exact = Fraction(card.price) * MICRO * rate
        return exact.numerator, exact.denominator

    def rate(self, currency: str) -> Fraction | None:
        """Return how many units of the scenario's currency one unit of ``currency`` is worth on the day."""
        if currency == self.scenario.currency:
            return Fraction(1)
        known = [rate for rate in self.scenario.exchange_rates if rate.currency == currency]
        return Fraction(repr(_of_date(known, self.as_of).rate)) if known else None


def _of_date(rates: Sequence[ExchangeRate], day: date) -> ExchangeRate:
    """Return the latest rate not after the day, else the earliest."""
    past = [rate for rate in rates if rate.date <= day.isoformat()]
    return max(past, key=lambda rate: rate.date) if past else min(rates, key=lambda rate: rate.date)


def own_cards(prices: Sequence[Price], pricing: Pricing) -> tuple[Card, ...]:
    """Return the scenario's own prices that are valid on the day."""
    day = pricing.as_of.isoformat()
    valid = [p for p in prices if (p.valid_from or "") <= day and (p.valid_to is None or day < p.valid_to)]
    return tuple(
        Card(
            p.event, Decimal(repr(p.price)), p.currency or pricing.scenario.currency, p.category, p.country,
            p.per, p.minimum_units, p.free_in_service_window, p.from_units,
        )
        for p in valid
    )  # fmt: skip


def default_cards(channel: str, pricing: Pricing) -> tuple[Card, ...]:
    """Return the channel's price cards of the day, for any country of the audience."""
    valid = [
        card
        for card in spec(channel).prices
        if any(in_force(card, pricing.as_of, country) for country in pricing.countries)
    ]
    return tuple(_card(card, pricing.scenario.currency) for card in valid)


def _card(card: PriceCard, currency: str) -> Card:
    return Card(
        card.event, card.amount, card.currency or currency, card.category, card.country, card.per, card.minimum_units,
        card.free_in_service_window, card.from_units,
    )  # fmt: skip
