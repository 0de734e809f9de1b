"""Channels: a scenario's overrides laid over each channel module's figures of the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from policies.records import CHANNELS
from scenarios.compile.clock import micros
from scenarios.model import Channel, Latency, Receipts, Scenario
from simulator.behaviour import engagement_thresholds
from simulator.channels import spec
from simulator.channels.base import ChannelSpec, Figures, at, find
from simulator.channels.base import Latency as LatencyFigure
from simulator.draws import name_key, threshold
from simulator.engine.model import ChannelModel, Latencies, Rates, Table
from simulator.tables import constant_table, lognormal_table, points_table


def channel_models(scenario: Scenario, as_of: date, countries: Sequence[str]) -> dict[int, ChannelModel]:
    """Return the model of each channel that a template of the scenario uses, by its index in CHANNELS."""
    used = {template.channel for template in scenario.templates.values()}
    return {CHANNELS.index(name): _channel(scenario, name, as_of, countries) for name in CHANNELS if name in used}


def figure(own: float | None, figures: Figures, as_of: date, country: str) -> float:
    """Return the scenario's number, else the default of the day."""
    return own if own is not None else at(figures, as_of, country).value


def delivered_shares(own: Channel, channel: ChannelSpec, as_of: date, countries: Sequence[str]) -> list[float]:
    """Return, by country, the share of accepted messages that arrive; a channel that is cut off delivers less.

    ``available`` of the scenario overrides the channel's availability in the country; a rate of its own does not.
    """
    shares = []
    for country in countries:
        share = figure(own.delivered, channel.delivered, as_of, country)
        open_to = find(channel.availability, as_of, country)
        if own.available is False:
            share = 0.0
        elif open_to is not None and own.available is None:
            share *= open_to.reach.value
        shares.append(share)
    return shares


def table(own: Latency | None, default: LatencyFigure) -> Table:
    """Return the quantile table of the scenario's latency, else of the default."""
    if own is None:
        return lognormal_table(default.p50_s, default.p95_s)
    if own.points is not None:
        return points_table(own.points)
    if own.p50_s is None:
        return lognormal_table(default.p50_s, default.p95_s)
    if own.p95_s is None or own.p95_s == own.p50_s:
        return constant_table(own.p50_s)
    return lognormal_table(own.p50_s, own.p95_s)


def _channel(scenario: Scenario, name: str, as_of: date, countries: Sequence[str]) -> ChannelModel:
    own: Channel = scenario.channels.get(name, Channel())  # type: ignore[call-overload]
    channel = spec(name)
    home = scenario.organisation.country
    cap = find(channel.daily_cap, as_of, home)
    return ChannelModel(
        index=CHANNELS.index(name),
        key=name_key(name),
        reports_delivered="delivered" in channel.reports,
        reports_read="read" in channel.reports,
        smartphone=channel.smartphone,
        rates=_rates(scenario, own, channel, as_of, countries),
        latencies=_latencies(own, channel),
        validity=micros(figure(own.validity_s, channel.validity_s, as_of, home)),
        daily_cap=int(cap.value) if cap else 0,
        feedback=channel.feedback.kind,
        pauses=_pauses(channel, as_of, home),
    )


def _pauses(channel: ChannelSpec, as_of: date, country: str) -> tuple[int, ...]:
    """Return the lengths of a template's pauses in force on the day, microseconds."""
    lengths = (channel.feedback.first_pause_s, channel.feedback.second_pause_s)
    found = [find(figures, as_of, country) for figures in lengths]
    return tuple(micros(length.value) for length in found if length is not None)


def _rates(scenario: Scenario, own: Channel, channel: ChannelSpec, as_of: date, countries: Sequence[str]) -> Rates:
    home = scenario.organisation.country
    receipts = own.receipts or Receipts()

    def bound(given: float | None, figures: Figures) -> int:
        return threshold(figure(given, figures, as_of, home))

    seen = own.read is not None or bool(channel.read)
    sigma = scenario.people.engagement_sigma
    read = _engagement(figure(own.read, channel.read, as_of, home), sigma) if seen else ()
    return Rates(
        accepted=bound(own.accepted, channel.accepted),
        delivered=[threshold(share) for share in delivered_shares(own, channel, as_of, countries)],
        read=read,
        clicked=bound(own.clicked, channel.clicked),
        replied=bound(own.replied, channel.replied),
        purchased=bound(own.purchased, channel.purchased),
        complained=bound(own.complained, channel.complained),
        unsubscribed=bound(own.unsubscribed, channel.unsubscribed),
        receipt_lost=bound(receipts.lost, channel.receipts_lost),
        receipt_repeated=bound(receipts.repeated, channel.receipts_repeated),
        read_hidden=bound(receipts.read_hidden, channel.read_hidden),
    )


@lru_cache(maxsize=256)
def _engagement(read: float, sigma: float) -> tuple[int, ...]:
    return tuple(engagement_thresholds(read, sigma))


def _latencies(own: Channel, channel: ChannelSpec) -> Latencies:
    receipts = own.receipts or Receipts()
    duration = None
    if own.duration_s is not None or channel.duration_s is not None:
        duration = table(own.duration_s, channel.duration_s or LatencyFigure(1, 1, "given", "assumed"))
    return Latencies(
        delivery=table(own.delivery, channel.delivery),
        reading=table(own.reading, channel.reading),
        acting=table(own.acting, channel.acting),
        receipt=table(receipts.delay, channel.receipt_delay),
        duration=duration,
    )
