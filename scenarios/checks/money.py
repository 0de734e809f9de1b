"""Prices: currencies with an exchange rate, dates in order, tiers that rise from 0."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from policies.yaml_tree import FieldPath
from scenarios.checks.facts import Facts
from scenarios.model import Price
from scenarios.plain_errors import Fault

CURRENCY = re.compile("[A-Z]{3}")
COUNTRY = re.compile("[A-Z]{2}")


def check(facts: Facts) -> Iterator[Fault]:
    """Yield the faults of prices, exchange rates and country codes."""
    yield from _rates(facts)
    rated = {rate.currency for rate in facts.scenario.exchange_rates} | {facts.scenario.currency}
    for name, channel in facts.scenario.channels.items():
        prices = channel.prices or []
        at = ("channels", name, "prices")
        for index, price in enumerate(prices):
            yield from _price(facts, (*at, index), price, rated)
        if not facts.damaged(at, "from_units"):
            yield from _tiers(at, prices)
    yield from _countries(facts)


def _rates(facts: Facts) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for index, rate in enumerate(facts.scenario.exchange_rates):
        path: FieldPath = ("exchange_rates", index)
        if not CURRENCY.fullmatch(rate.currency):
            yield Fault((*path, "currency"), f"{rate.currency!r} is no currency code", "three capitals, such as USD")
        elif rate.currency == facts.scenario.currency:
            yield Fault((*path, "currency"), f"{rate.currency} is the scenario's own currency", "remove the rate")
        if (rate.currency, rate.date) in seen:
            yield Fault((*path, "date"), f"a second rate of {rate.currency} from {rate.date}", "keep one of them")
        seen.add((rate.currency, rate.date))


def _price(facts: Facts, path: FieldPath, price: Price, rated: set[str]) -> Iterator[Fault]:
    if price.currency is not None and not CURRENCY.fullmatch(price.currency):
        yield Fault((*path, "currency"), f"{price.currency!r} is no currency code", "three capitals, such as USD")
    elif price.currency is not None and price.currency not in rated and not facts.lost("exchange_rates"):
        what = f"{price.currency} has no exchange rate into {facts.scenario.currency}"
        yield Fault((*path, "currency"), what, "add one under exchange_rates")
    if price.country is not None and not COUNTRY.fullmatch(price.country):
        yield _bad_country((*path, "country"), price.country)
    if price.valid_from and price.valid_to and price.valid_to <= price.valid_from:
        what = f"the price ends on {price.valid_to}, before it begins on {price.valid_from}"
        yield Fault((*path, "valid_to"), what, "valid_to is the first day on which it no longer holds")
    if (price.event == "second") != (price.per == "second") or (price.event == "month") != (price.per == "month"):
        yield Fault((*path, "per"), f"a charge on {price.event!r} cannot be per {price.per}", _per_remedy(price))


def _per_remedy(price: Price) -> str:
    return f"set per: {price.event if price.event in ('second', 'month') else 'message or segment'}"


def _tiers(at: FieldPath, prices: Sequence[Price]) -> Iterator[Fault]:
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, price in enumerate(prices):
        key = (price.event, price.category, price.country, price.valid_from)
        groups.setdefault(key, []).append(index)
    for indices in groups.values():
        first = prices[indices[0]]
        if first.from_units:
            what = f"units below {first.from_units} have no price"
            yield Fault((*at, indices[0], "from_units"), what, "begin the tiers with from_units: 0")
        for before, after in pairwise(indices):
            low, high = prices[before].from_units, prices[after].from_units
            if high <= low:
                what = f"a tier from {high} units after one from {low}"
                yield Fault((*at, after, "from_units"), what, "list tiers by rising from_units, each once")


def _countries(facts: Facts) -> Iterator[Fault]:
    audience = facts.scenario.audience
    named: list[tuple[FieldPath, str]] = [(("organisation", "country"), facts.scenario.organisation.country)]
    if audience.file is not None:
        named.append((("audience", "file", "country"), audience.file.country))
    if audience.synthetic is not None:
        named.append((("audience", "synthetic", "country"), audience.synthetic.country))
    for path, country in named:
        if not COUNTRY.fullmatch(country):
            yield _bad_country(path, country)


def _bad_country(path: FieldPath, country: str) -> Fault:
    return Fault(path, f"{country!r} is no country code", "two capitals, such as RU")
