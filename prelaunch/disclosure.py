"""What a run took for granted: assumed numbers with their grounds, and what is not modelled."""

from __future__ import annotations

from policies.records import CHANNELS
from prelaunch.reports.inputs import Assumed
from scenarios.compile.model import Compiled
from scenarios.compile.traits import DEAD_AFTER
from scenarios.experiments.prepare import Prepared
from scenarios.model import Channel
from simulator.channels import assumptions, spec
from simulator.channels.support.resolve import price_cards

GENERAL = (
    "people: nobody forwards a message, changes a number or reads on several devices",
    "queues: all messages of a sender have one price and one priority",
    "a service window is looked at when a message is handed over, not again when it arrives",
    "prices and provider rules are those of one day; a change within the horizon is not followed",
    "ratings: looked at when a message arrives or somebody complains, never by the passing of time alone",
    "opting out by a message counts for its channel; a company-wide refusal is what the audience file says",
    "changes of summer time between a delivery and its reading",
)

NOTICE = "{count} × {reason} (first in line {line}): {meaning}"
"""How a doubt about an audience is told."""


def used_channels(compiled: Compiled) -> list[str]:
    """Return the channels that the campaigns use, in the order of CHANNELS."""
    used = {step.channel for step in compiled.model.steps}
    return [name for index, name in enumerate(CHANNELS) if index in used]


def not_modelled(compiled: Compiled) -> list[str]:
    """Return what this run leaves out, in general and channel by channel."""
    return [*GENERAL, *(f"{name}: {what}" for name in used_channels(compiled) for what in spec(name).not_modelled)]


def assumed(compiled: Compiled) -> list[Assumed]:
    """Return the defaults in force that the scenario does not override, with their sources."""
    used = used_channels(compiled)
    country = compiled.scenario.organisation.country
    rows = [
        Assumed(f"{row.channel}: {row.name}", row.value, f"{row.confidence}: {row.source}")
        for row in assumptions(compiled.line.as_of, country)
        if row.channel in used and row.confidence == "assumed" and not _given(compiled, row.channel, row.name)
    ]
    rows += _prices(compiled, used, country)
    rows += [
        Assumed(f"{channel}: price, {place}", "0", "assumed: no price is known there; counted as free")
        for channel, place in compiled.pricing.unpriced
        if channel in used
    ]
    rows.append(
        Assumed("failures in a row after which a number is dead", str(DEAD_AFTER), "assumed: seed D25 names no number")
    )
    return rows


def _prices(compiled: Compiled, used: list[str], country: str) -> list[Assumed]:
    """Return the default prices that no provider's own list of the day supports."""
    as_of = compiled.line.as_of
    return [
        Assumed(
            f"{channel}: {card.event}, {card.category or 'any category'}",
            f"{card.price} {card.currency or ''}".strip(),
            f"{card.confidence}: {card.source}",
        )
        for channel in used
        if not _given(compiled, channel, "prices")
        for card in price_cards(spec(channel).prices, as_of, country)
        if card.confidence in ("assumed", "seed")
    ]


def _given(compiled: Compiled, channel: str, name: str) -> bool:
    own = compiled.scenario.channels.get(channel, Channel())  # type: ignore[call-overload]
    return getattr(own, name, None) is not None


def notices(prepared: Prepared) -> list[str]:
    """Return what is doubtful about the audience and the calendar, with counts."""
    lines = [
        NOTICE.format(count=one.count, reason=one.reason, line=one.example_line, meaning=one.meaning)
        for one in prepared.audience.notices
    ]
    return [*prepared.notices, *lines]
