"""One module a channel: life cycle, charge events, limits, and defaults with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from policies.errors import InputError, Problem
from simulator.channels import email, flash_call, push, sms, telegram, viber, vk, voice, whatsapp
from simulator.channels.base import ChannelSpec, Confidence, Latency
from simulator.channels.support.resolve import LATENCIES, ChannelDefaults, resolve

CHANNELS: tuple[ChannelSpec, ...] = (
    push.CHANNEL,
    email.CHANNEL,
    viber.CHANNEL,
    vk.CHANNEL,
    whatsapp.CHANNEL,
    sms.CHANNEL,
    telegram.CHANNEL,
    flash_call.CHANNEL,
    voice.CHANNEL,
)
"""In the order of ``policies.records.CHANNELS``."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One default in force: what it is, what it stands on; ``low`` and ``high`` where a range is known."""

    channel: str
    name: str
    value: str
    source: str
    confidence: Confidence
    low: float | None = None
    high: float | None = None


def spec(name: str) -> ChannelSpec:
    """Return the channel of this name; raises InputError for a name that is none of the nine."""
    for channel in CHANNELS:
        if channel.name == name:
            return channel
    known = ", ".join(channel.name for channel in CHANNELS)
    raise InputError([Problem("channel", f"there is no channel {name!r}", f"choose one of {known}")])


def defaults(channel: str, as_of: date, country: str) -> ChannelDefaults:
    """Return the numbers of a channel in ``country`` (alpha-2) on the day ``as_of``; raises InputError as ``spec``."""
    return resolve(spec(channel), as_of, country)


def assumptions(as_of: date, country: str) -> list[Assumption]:
    """Return every default in force with its source, channel by channel: what a report shows beside its figures."""
    return [row for channel in CHANNELS for row in _rows(resolve(channel, as_of, country))]


def _rows(resolved: ChannelDefaults) -> list[Assumption]:
    rows = [
        Assumption(
            resolved.name, name, f"{figure.value:.10g}", figure.source, figure.confidence, figure.low, figure.high
        )
        for name, figure in resolved.figures
    ]
    for name in LATENCIES:
        latency: Latency | None = getattr(resolved, name)
        if latency:
            value = f"p50 {latency.p50_s:.10g} s, p95 {latency.p95_s:.10g} s"
            rows.append(Assumption(resolved.name, name, value, latency.source, latency.confidence))
    for card in resolved.prices:
        name = f"price.{card.event}" + (f".{card.category}" if card.category else "")
        value = f"{card.price} {card.currency or ''}".strip() + f" per {card.per}"
        rows.append(Assumption(resolved.name, name, value, card.source, card.confidence))
    if resolved.pair_limit:
        pair = resolved.pair_limit
        value = f"{pair.capacity} messages, one back every {pair.refill_s:.10g} s"
        rows.append(Assumption(resolved.name, "pair_limit", value, pair.source, pair.confidence))
    return rows
