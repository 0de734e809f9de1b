"""What a channel is: dated figures with their sources, latencies, price cards, availability, the shape of a channel.

Dates: ``since`` is the first day in force, ``until`` the first day no longer in force; None leaves that side open.
Countries are ISO 3166 alpha-2 codes; None means any. Confidence tells what a number stands on: ``documented`` by the
provider or a standard, ``reported`` by a third party, ``seed`` for the vendors' articles this project starts from,
``assumed`` where nobody publishes a number. Source words are explained in docs/channels.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol, TypeVar

from policies.errors import InputError, Problem

Confidence = Literal["documented", "reported", "seed", "assumed"]
Word = Literal["available", "restricted", "unavailable"]


class Dated(Protocol):
    """Anything in force from one day to another in one country, or in any."""

    @property
    def since(self) -> date | None: ...
    @property
    def until(self) -> date | None: ...
    @property
    def country(self) -> str | None: ...


AnyDated = TypeVar("AnyDated", bound=Dated)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number from the world; ``low`` and ``high`` bound it where a range is known (for sensitivity runs)."""

    value: float
    source: str
    confidence: Confidence
    since: date | None = None
    until: date | None = None
    country: str | None = None
    low: float | None = None
    high: float | None = None


Figures = tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Latency:
    """A lognormal latency in seconds by its median and its 95th percentile."""

    p50_s: float
    p95_s: float
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class PriceCard:
    """One price. ``price`` is decimal text; ``currency`` None (only for a price of 0) is the scenario's own.

    ``category`` None is any category without a card of its own; ``country`` None is any country that no card of this
    channel and event names, at whatever date. ``from_units`` makes marginal monthly tiers.
    ``free_in_service_window``: nothing is billed inside an open service window; ``free_in_window_units``: so many
    messages a calendar month and sender are free inside one.
    """

    event: str
    price: str
    currency: str | None
    source: str
    confidence: Confidence
    category: str | None = None
    country: str | None = None
    per: Literal["message", "segment", "second", "month"] = "message"
    minimum_units: int = 0
    free_in_service_window: bool = False
    free_in_window_units: int = 0
    from_units: int = 0
    since: date | None = None
    until: date | None = None

    @property
    def amount(self) -> Decimal:
        """Return the price as an exact decimal of ``currency``."""
        return Decimal(self.price)


@dataclass(frozen=True, slots=True)
class Availability:
    """How far a country lets the channel work. ``reach`` multiplies the probability of delivery."""

    country: str
    since: date | None
    until: date | None
    reach: Figure
    word: Word
    source: str


@dataclass(frozen=True, slots=True)
class PairLimit:
    """A token bucket of one sender and one recipient: ``capacity`` messages, one comes back every ``refill_s``."""

    capacity: int
    refill_s: float
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the provider does when people complain; ``kind`` names the mechanism, the rest are its parameters.

    ``whatsapp``: a quality rating (rates of complaints per delivered message, ``minimum_sample`` deliveries,
    ``half_life_s`` of an old event's weight), pauses of a template in seconds. ``block``: warning and suspension of
    the sender by complaints over deliveries of ``window_s``, with ``block_minimum`` deliveries, for ``block_s``.
    """

    kind: Literal["whatsapp", "block", "none"] = "none"
    yellow_rate: Figures = ()
    red_rate: Figures = ()
    minimum_sample: Figures = ()
    half_life_s: Figures = ()
    flagged_s: Figures = ()
    first_pause_s: Figures = ()
    second_pause_s: Figures = ()
    warn_rate: Figures = ()
    block_rate: Figures = ()
    block_minimum: Figures = ()
    window_s: Figures = ()
    block_s: Figures = ()


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """A channel: its life cycle, charge events, limits and default figures.

    Probabilities are conditional on the stage before: ``accepted`` given hand-over, ``delivered`` given accepted (for
    a person who can be addressed; ``availability`` comes on top), ``read`` given delivered, ``clicked``, ``replied``,
    ``complained``, ``unsubscribed`` given read, ``purchased`` given clicked. An empty ``read`` means that reading
    cannot be seen on this channel: what people do is then given delivered, and ``acting`` runs from delivery.
    ``delivery`` runs from acceptance, ``reading`` from delivery, ``acting`` from reading, ``receipt_delay`` from the
    event to the company. ``reports`` are the states the channel can report. ``prices`` apply by themselves;
    ``fees`` are known monthly charges of some contracts and apply only where the scenario lists them.
    """

    name: str
    title: str
    address: Literal["phone", "email", "push_token", "app"]
    smartphone: bool
    reports: frozenset[str]
    charge_events: frozenset[str]
    accepted: Figures
    delivered: Figures
    read: Figures
    clicked: Figures
    replied: Figures
    purchased: Figures
    complained: Figures
    unsubscribed: Figures
    delivery: Latency
    reading: Latency
    acting: Latency
    receipt_delay: Latency
    receipts_lost: Figures
    receipts_repeated: Figures
    read_hidden: Figures
    throughput_per_s: Figures
    validity_s: Figures
    validity_range_s: tuple[float, float]
    prices: tuple[PriceCard, ...]
    modelled: tuple[str, ...]
    not_modelled: tuple[str, ...]
    fees: tuple[PriceCard, ...] = ()
    availability: tuple[Availability, ...] = ()
    registration_working_days: Figures = ()
    registration_required: bool = False
    duration_s: Latency | None = None
    max_text: int | None = None
    daily_cap: Figures = ()
    pair_limit: PairLimit | None = None
    feedback: Feedback = Feedback()


def in_force(item: Dated, as_of: date, country: str) -> bool:
    """Return whether ``item`` applies in ``country`` on the day ``as_of``."""
    begun = item.since is None or item.since <= as_of
    ended = item.until is not None and item.until <= as_of
    return begun and not ended and item.country in {None, country}


def specific(item: Dated) -> tuple[bool, date]:
    """Return the sort key by which the most specific item is the greatest: own country first, then the latest start."""
    return item.country is not None, item.since or date.min


def at(figures: Figures, as_of: date, country: str) -> Figure:
    """Return the most specific figure in force; raises InputError where none is."""
    found = find(figures, as_of, country)
    if found is None:
        raise InputError(
            [Problem("channel defaults", f"no figure for {country} on {as_of}", "give it in the scenario")]
        )
    return found


def find(items: tuple[AnyDated, ...], as_of: date, country: str) -> AnyDated | None:
    """Return the most specific of ``items`` in force, or None."""
    return max((item for item in items if in_force(item, as_of, country)), key=specific, default=None)


def assumed(
    value: float, ground: str, low: float | None = None, high: float | None = None, since: date | None = None
) -> Figures:
    """Return one figure that nobody publishes; ``ground`` says why this value was taken."""
    return (Figure(value, ground, "assumed", since=since, low=low, high=high),)


def never(reason: str) -> Figures:
    """Return the figure of an event that this channel cannot bring about."""
    return assumed(0.0, reason)
