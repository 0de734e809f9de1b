"""What may become of a message: forced outcomes, each of which the scenario's own shares and latencies allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policies.records import CHANNELS
from simulator.draws import threshold
from simulator.engine.model import ChannelModel, Model

HAPPENS, HAPPENS_NOT, LATE = 0.0, 0.999999, 0.999
"""Draws: below every share, above nearly every share, and the latency that one message in a thousand exceeds."""
CERTAIN = threshold(HAPPENS_NOT)
"""A share above this bound cannot be made to fail."""

Able = Callable[[ChannelModel], bool]


@dataclass(frozen=True, slots=True)
class Fate:
    """One thing that may become of a message, the draws that bring it about, and which channels allow it."""

    name: str
    forced: tuple[tuple[str, float], ...] = ()
    able: Able = lambda channel: True


def _arrives(*more: tuple[str, float]) -> tuple[tuple[str, float], ...]:
    return (("accepted", HAPPENS), ("delivered", HAPPENS), *more)


def _spread(table: Sequence[int]) -> bool:
    return table[0] != table[-1]


def _reads(*more: tuple[str, float]) -> tuple[tuple[str, float], ...]:
    return (*_arrives(("read", HAPPENS)), *more)


def _arrival_possible(channel: ChannelModel) -> bool:
    return any(channel.rates.delivered)


def _read_possible(channel: ChannelModel) -> bool:
    return any(channel.rates.read)


def _acts(name: str) -> Able:
    return lambda channel: getattr(channel.rates, name) > 0 and (_read_possible(channel) or not channel.rates.read)


def _reported(channel: ChannelModel) -> bool:
    return channel.reports_delivered


AS_DRAWN = Fate("as the seed draws it")
ARRIVALS = (
    AS_DRAWN,
    Fate("arrives", _arrives(("delivery", HAPPENS)), _arrival_possible),
    Fate("arrives late", _arrives(("delivery", LATE)),
         lambda c: _arrival_possible(c) and _spread(c.latencies.delivery)),
    Fate("does not arrive", (("accepted", HAPPENS), ("delivered", HAPPENS_NOT)),
         lambda c: min(c.rates.delivered) <= CERTAIN),
    Fate("is refused", (("accepted", HAPPENS_NOT),), lambda c: c.rates.accepted <= CERTAIN),
)  # fmt: skip
RECEIPTS = (
    AS_DRAWN,
    Fate("receipt in time", (("receipt_lost", HAPPENS_NOT), ("receipt_delay", HAPPENS)), _reported),
    Fate("receipt lost", (("receipt_lost", HAPPENS),), lambda c: _reported(c) and c.rates.receipt_lost > 0),
    Fate("receipt late", (("receipt_lost", HAPPENS_NOT), ("receipt_delay", LATE)),
         lambda c: _reported(c) and _spread(c.latencies.receipt)),
    Fate("receipt doubled", (("receipt_lost", HAPPENS_NOT), ("receipt_repeated", HAPPENS)),
         lambda c: _reported(c) and c.rates.receipt_repeated > 0),
)  # fmt: skip
REACTIONS = (
    AS_DRAWN,
    Fate("unread", (("read", HAPPENS_NOT),), lambda c: any(c.rates.read) and min(c.rates.read) <= CERTAIN),
    Fate("read at once", _reads(("reading", HAPPENS), ("read_hidden", HAPPENS_NOT), ("read_receipt_delay", HAPPENS)),
         _read_possible),
    Fate("read late", _reads(("reading", LATE)), lambda c: _read_possible(c) and _spread(c.latencies.reading)),
    Fate("read unseen", _reads(("read_hidden", HAPPENS)), lambda c: _read_possible(c) and c.rates.read_hidden > 0),
    Fate("opts out", _reads(("unsubscribed", HAPPENS)), _acts("unsubscribed")),
    Fate("opts out, learned late", _reads(("unsubscribed", HAPPENS), ("unsubscribing", LATE)), _acts("unsubscribed")),
    Fate("complains", _reads(("complained", HAPPENS)), _acts("complained")),
    Fate("replies", _reads(("replied", HAPPENS)), _acts("replied")),
    Fate("clicks", _reads(("clicked", HAPPENS)), _acts("clicked")),
    Fate("buys", _reads(("clicked", HAPPENS), ("purchased", HAPPENS)),
         lambda c: _acts("clicked")(c) and c.rates.purchased > 0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slot:
    """A message that one recipient can get: the n-th of a campaign on a channel, with the fates it may have."""

    campaign: str
    channel: str
    attempt: int
    arrivals: tuple[Fate, ...]
    receipts: tuple[Fate, ...]
    reactions: tuple[Fate, ...]


def slots_of(model: Model) -> tuple[Slot, ...]:
    """Return every message that one recipient can get, campaign by campaign; a step sends at most one."""
    found: dict[tuple[int, int], int] = {}
    slots = []
    for step in model.steps:
        attempt = found.get((step.campaign, step.channel), 0)
        found[step.campaign, step.channel] = attempt + 1
        channel = model.channels[step.channel]
        kinds = (tuple(fate for fate in fates if fate.able(channel)) for fates in (ARRIVALS, RECEIPTS, REACTIONS))
        slots.append(Slot(model.campaigns[step.campaign].id, CHANNELS[step.channel], attempt, *kinds))
    return tuple(slots)


def forced_draws(slot: Slot, chosen: Sequence[Fate]) -> dict[tuple[str, str, int, str], float]:
    """Return the forced draws of one message; what an earlier fate forces stands against a later one."""
    found: dict[tuple[str, str, int, str], float] = {}
    for fate in chosen:
        for purpose, value in fate.forced:
            found.setdefault((slot.campaign, slot.channel, slot.attempt, purpose), value)
    return found
