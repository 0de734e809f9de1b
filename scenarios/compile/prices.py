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
from simulator.channels.base import PriceCard
from simulator.channels.support.resolve import price_cards
from simulator.engine.model import Rate, Tariff

MICRO = 1_000_000
LARGEST = 10**6
LARGEST_FEE = 10**9
"""The most that one charge, and one month, may cost in the scenario's currency: sums stay in 64 bits (*assumed*)."""


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
    free_units: int = 0


@dataclass(slots=True)
class Pricing:
    """Makes tariffs for (channel, category, event); collects what is missing in ``problems``."""

    scenario: Scenario
    as_of: date
    countries: Sequence[str]
    problems: list[Problem] = field(default_factory=list)
    accounts: dict[tuple[str, str, tuple[Rate | None, ...]], int] = field(default_factory=dict)
    unpriced: list[tuple[str, str]] = field(default_factory=list)  # (channel, country or category): free, and said
    cards: dict[str, tuple[Card, ...]] = field(default_factory=dict)

    def tariff(self, channel: str, category: str, event: str) -> Tariff | None:
        """Return the tariff, or None where nothing is charged at this event."""
        cards = [card for card in self._cards(channel) if card.event == event and card.category in (None, category)]
        by_country = tuple(self._rate(channel, cards, country) for country in self.countries)
        if not any(by_country):
            return None
        return self._tariff(channel, event, by_country)

    def note_category(self, channel: str, category: str) -> None:
        """Say it when a channel has prices and none of them is for this category: such messages count as free."""
        cards = [card for card in self._cards(channel) if card.event != "month"]
        if cards and not any(card.category in (None, category) for card in cards):
            missing = (channel, f"category {category}")
            if missing not in self.unpriced:
                self.unpriced.append(missing)

    def fee(self, channel: str) -> Tariff | None:
        """Return the monthly fee of a sender on this channel, which knows no country; None without one."""
        cards = [card for card in self._cards(channel) if card.event == "month"]
        rate = self._rate(channel, cards, self.scenario.organisation.country)
        if rate is None:
            return None
        return self._tariff(channel, "month", (rate,))

    def _tariff(self, channel: str, event: str, by_country: tuple[Rate | None, ...]) -> Tariff:
        """Return the tariff; the same prices are one account, whose volume tiers all steps and campaigns fill."""
        index = self.accounts.setdefault((channel, event, by_country), len(self.accounts) + 1)
        return Tariff(index, CHARGE_EVENTS.index(event), by_country)

    def _cards(self, channel: str) -> tuple[Card, ...]:
        if channel not in self.cards:
            own = self.scenario.channels.get(channel, Channel()).prices  # type: ignore[call-overload]
            self.cards[channel] = own_cards(own, self) if own is not None else default_cards(channel, self)
            self._note_unpriced(channel)
        return self.cards[channel]

    def _note_unpriced(self, channel: str) -> None:
        """A price that nobody knows is never taken for zero in silence: at home it is a problem, abroad it is said."""
        home = self.scenario.organisation.country
        own = self.scenario.channels.get(channel, Channel()).prices  # type: ignore[call-overload]
        for country in dict.fromkeys((*self.countries, home)):
            if any(card.country in (None, country) for card in self.cards[channel]):
                continue
            if country == home:
                if own is None or (own and (country in self.countries or not self.cards[channel])):
                    self.problems.append(_unpriced(channel, country, self.as_of, bool(own)))
                return
            self.unpriced.append((channel, country))

    def _rate(self, channel: str, cards: list[Card], country: str) -> Rate | None:
        """Return what applies in one country: its own card before any, the category's own before any."""
        fitting = [card for card in cards if card.country in (None, country)]
        if not fitting:
            return None
        best = max((card.country is not None, card.category is not None) for card in fitting)
        chosen = [card for card in fitting if (card.country is not None, card.category is not None) == best]
        chosen.sort(key=lambda card: card.from_units)
        tiers = tuple((card.from_units, *self._unit(channel, card)) for card in chosen)
        first = chosen[0]
        if first.free_units:
            tiers = ((0, 0, 1), (first.free_units, *tiers[0][1:]))
        return Rate(first.per, first.minimum, first.free_in_window, tiers)

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
        self._refuse_too_dear(channel, card, exact / MICRO)
        return exact.numerator, exact.denominator

    def _refuse_too_dear(self, channel: str, card: Card, price: Fraction) -> None:
        largest = LARGEST_FEE if card.event == "month" else LARGEST
        if price * max(card.minimum, 1) > largest:
            what = f"a charge of {channel} costs more than {largest} {self.scenario.currency}"
            problem = Problem(f"channels.{channel}.prices", what, "check price, minimum_units and exchange_rates")
            if problem not in self.problems:
                self.problems.append(problem)

    def rate(self, currency: str) -> Fraction | None:
        """Return how many units of the scenario's currency one unit of ``currency`` is worth on the day."""
        if currency == self.scenario.currency:
            return Fraction(1)
        known = [rate for rate in self.scenario.exchange_rates if rate.currency == currency]
        return Fraction(repr(_of_date(known, self.as_of).rate)) if known else None


def _unpriced(channel: str, country: str, day: date, own: bool) -> Problem:
    """Return the problem of a channel without a price: the scenario's own do not fit, or nobody knows one."""
    where = f"channels.{channel}.prices"
    if own:
        what = f"none of these prices is for {country} on {day}"
        return Problem(where, what, "check country, valid_from and valid_to; an empty list means that it costs nothing")
    what = f"no price of {channel} in {country} is known for {day}"
    return Problem(where, what, f"give {where} (an empty list means that it costs nothing)")


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
    """Return the channel's price cards of the day, for each country of the audience and the organisation's own.

    A country with cards of its own never falls back to those of any other: a gap in its cards stays a gap.
    """
    cards = spec(channel).prices
    places = dict.fromkeys((*pricing.countries, pricing.scenario.organisation.country))
    return tuple(
        _card(card, country, pricing.scenario.currency)
        for country in places
        for card in price_cards(cards, pricing.as_of, country)
    )


def _card(card: PriceCard, country: str, currency: str) -> Card:
    return Card(
        card.event, card.amount, card.currency or currency, card.category, country, card.per, card.minimum_units,
        card.free_in_service_window, card.from_units, card.free_in_window_units,
    )  # fmt: skip
