"""A channel on one day in one country: plain numbers, the cards in force, and the figures they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from simulator.channels.base import (
    Availability,
    ChannelSpec,
    Figure,
    Figures,
    Latency,
    PairLimit,
    PriceCard,
    Word,
    find,
    in_force,
    specific,
)

RATES = ("accepted", "delivered", "read", "clicked", "replied", "purchased", "complained", "unsubscribed")
RECEIPTS = ("receipts_lost", "receipts_repeated", "read_hidden")
LIMITS = ("throughput_per_s", "validity_s", "registration_working_days", "daily_cap")
LATENCIES = ("delivery", "reading", "acting", "receipt_delay", "duration_s")
FEEDBACK = (
    "yellow_rate",
    "red_rate",
    "minimum_sample",
    "half_life_s",
    "flagged_s",
    "first_pause_s",
    "second_pause_s",
    "warn_rate",
    "block_rate",
    "block_minimum",
    "window_s",
    "block_s",
)


@dataclass(frozen=True, slots=True)
class FeedbackDefaults:
    """The provider's answer to complaints; None: that part of the mechanism is not in force. Durations in seconds."""

    kind: Literal["whatsapp", "block", "none"]
    yellow_rate: float | None = None
    red_rate: float | None = None
    minimum_sample: int | None = None
    half_life_s: float | None = None
    flagged_s: float | None = None
    first_pause_s: float | None = None
    second_pause_s: float | None = None
    warn_rate: float | None = None
    block_rate: float | None = None
    block_minimum: int | None = None
    window_s: float | None = None
    block_s: float | None = None


@dataclass(frozen=True, slots=True)
class ChannelDefaults:
    """What the modules say of one channel on one day in one country; see ``ChannelSpec`` for the meaning.

    ``read`` None: reading cannot be seen on this channel. ``reach`` multiplies ``delivered``. ``prices`` are the cards
    in force, the most specific for each (event, category, first unit); a charge event without a card has no known
    price: the scenario must give it. ``figures`` names every figure used.
    """

    name: str
    country: str
    as_of: date
    accepted: float
    delivered: float
    read: float | None
    clicked: float
    replied: float
    purchased: float
    complained: float
    unsubscribed: float
    receipts_lost: float
    receipts_repeated: float
    read_hidden: float
    reach: float
    word: Word
    delivery: Latency
    reading: Latency
    acting: Latency
    receipt_delay: Latency
    duration_s: Latency | None
    throughput_per_s: float
    validity_s: float
    validity_range_s: tuple[float, float]
    registration_working_days: int | None
    registration_required: bool
    max_text: int | None
    daily_cap: int | None
    pair_limit: PairLimit | None
    reports: frozenset[str]
    prices: tuple[PriceCard, ...]
    fees: tuple[PriceCard, ...]
    feedback: FeedbackDefaults
    figures: tuple[tuple[str, Figure], ...]


def resolve(channel: ChannelSpec, as_of: date, country: str) -> ChannelDefaults:
    """Return the numbers of ``channel`` in ``country`` (alpha-2) on the day ``as_of``."""
    figures = dict(_figures(channel, as_of, country))
    availability = available(channel, as_of, country)
    plain = {name: figure.value for name, figure in figures.items()}
    return ChannelDefaults(
        name=channel.name,
        country=country,
        as_of=as_of,
        accepted=plain["accepted"],
        delivered=plain["delivered"],
        read=plain.get("read"),
        clicked=plain["clicked"],
        replied=plain["replied"],
        purchased=plain["purchased"],
        complained=plain["complained"],
        unsubscribed=plain["unsubscribed"],
        receipts_lost=plain["receipts_lost"],
        receipts_repeated=plain["receipts_repeated"],
        read_hidden=plain["read_hidden"],
        reach=plain.get("reach", 1.0),
        word=availability.word if availability else "available",
        delivery=channel.delivery,
        reading=channel.reading,
        acting=channel.acting,
        receipt_delay=channel.receipt_delay,
        duration_s=channel.duration_s,
        throughput_per_s=plain["throughput_per_s"],
        validity_s=plain["validity_s"],
        validity_range_s=channel.validity_range_s,
        registration_working_days=_whole(plain.get("registration_working_days")),
        registration_required=channel.registration_required,
        max_text=channel.max_text,
        daily_cap=_whole(plain.get("daily_cap")),
        pair_limit=channel.pair_limit,
        reports=channel.reports,
        prices=price_cards(channel.prices, as_of, country),
        fees=price_cards(channel.fees, as_of, country),
        feedback=_feedback(channel, plain),
        figures=tuple(figures.items()),
    )


def available(channel: ChannelSpec, as_of: date, country: str) -> Availability | None:
    """Return the restriction in force, or None where the channel works as usual."""
    return find(channel.availability, as_of, country)


def price_cards(cards: tuple[PriceCard, ...], as_of: date, country: str) -> tuple[PriceCard, ...]:
    """Return the most specific card in force for each (event, category, first unit).

    A country that any card names, at whatever date, never falls back to the card of all other countries.
    """
    named = {card.event for card in cards if card.country == country}
    chosen: dict[tuple[str, str | None, int], PriceCard] = {}
    for card in sorted((card for card in cards if in_force(card, as_of, country)), key=specific):
        if card.country is not None or card.event not in named:
            chosen[card.event, card.category, card.from_units] = card
    return tuple(chosen.values())


def _figures(channel: ChannelSpec, as_of: date, country: str) -> Iterator[tuple[str, Figure]]:
    groups = [(name, getattr(channel, name)) for name in (*RATES, *RECEIPTS, *LIMITS)]
    groups += [(f"feedback.{name}", getattr(channel.feedback, name)) for name in FEEDBACK]
    for name, figures in groups:
        figure = find(_as_figures(figures), as_of, country)
        if figure is not None:
            yield name, figure
    availability = available(channel, as_of, country)
    if availability:
        yield "reach", availability.reach


def _as_figures(value: object) -> Figures:
    assert isinstance(value, tuple)
    return value


def _feedback(channel: ChannelSpec, plain: dict[str, float]) -> FeedbackDefaults:
    values = {name: plain.get(f"feedback.{name}") for name in FEEDBACK}
    decisive = {"whatsapp": "red_rate", "block": "block_rate"}.get(channel.feedback.kind)
    if decisive is None or values[decisive] is None:
        return FeedbackDefaults("none")
    return FeedbackDefaults(
        kind=channel.feedback.kind,
        yellow_rate=values["yellow_rate"],
        red_rate=values["red_rate"],
        minimum_sample=_whole(values["minimum_sample"]),
        half_life_s=values["half_life_s"],
        flagged_s=values["flagged_s"],
        first_pause_s=values["first_pause_s"],
        second_pause_s=values["second_pause_s"],
        warn_rate=values["warn_rate"],
        block_rate=values["block_rate"],
        block_minimum=_whole(values["block_minimum"]),
        window_s=values["window_s"],
        block_s=values["block_s"],
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
