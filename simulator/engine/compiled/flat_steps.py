"""Channels, conditions and steps as records."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np

from policies.coded import Coded
from policies.people import Int64s
from policies.records import CHANNELS, NEVER
from simulator.engine.compiled import layout
from simulator.engine.compiled.builder import Builder
from simulator.engine.compiled.tables import Records, bound, records
from simulator.engine.conditions import STATIC
from simulator.engine.model import ChannelModel, Model, Step
from simulator.engine.outcome import NUMBER_CHANNELS


def flat_channels(b: Builder) -> Records:
    """Return the nine channels; those that no template uses are blank."""
    channels = records(layout.CHANNEL, len(CHANNELS))
    opted = np.any(b.model.people.opt_out_at.values < NEVER, axis=0)
    for index, channel in b.model.channels.items():
        _channel(b, channels[index], channel, bool(np.take(opted, index)))
    return channels


def _channel(b: Builder, c: Any, channel: ChannelModel, opted: bool) -> None:
    rates, latencies = channel.rates, channel.latencies
    c.key, c.validity, c.daily_cap = channel.key, channel.validity, channel.daily_cap
    for name in ("accepted", "clicked", "replied", "purchased", "complained", "unsubscribed", "receipt_lost",
                 "receipt_repeated", "read_hidden"):  # fmt: skip
        setattr(c, name, bound(getattr(rates, name)))
    countries = [bound(value) for value in rates.delivered]
    if countries:
        c.delivered[1 : len(countries) + 1] = countries
        c.delivered[0] = countries[-1]
    c.seen = len(rates.read) > 0
    if len(rates.read):
        c.read[:] = [bound(value) for value in rates.read]
    for name in ("delivery", "reading", "acting", "receipt", "duration"):
        setattr(c, name, b.quantiles.add(getattr(latencies, name)))
    if c.duration < 0:
        c.duration = b.quantiles.add((0,) * len(latencies.delivery))
    c.reports_delivered, c.reports_read = channel.reports_delivered, channel.reports_read
    c.smartphone, c.by_number = channel.smartphone, channel.index in NUMBER_CHANNELS
    c.watched = channel.feedback != "none"
    c.own_inbound = b.own(-NEVER) if rates.replied else -1
    leaves = bool(rates.unsubscribed) or opted
    c.own_opted_out = _opt_out_column(b, channel.index) if leaves else -1
    c.own_learned = _opt_out_column(b, channel.index) if leaves else -1


def _opt_out_column(b: Builder, channel: int) -> int:
    instants = b.model.people.opt_out_at
    return b.own_by_person(Coded(instants.codes, instants.values[:, channel]))


def flat_conditions(b: Builder) -> tuple[Records, Int64s, list[tuple[int, int]]]:
    """Return the tests of all steps, the stretches they name, and each step's range of tests."""
    flat = [condition for step in b.model.steps for condition in step.conditions]
    rows = records(layout.CONDITION, len(flat))
    stretches: list[tuple[int, int]] = []
    for row, condition in zip(rows, flat, strict=False):
        row.about, row.never, row.column = condition.about, condition.never, -1
        row.stretch_from = len(stretches)
        stretches += condition.stretches
        row.stretch_to = len(stretches)
        if condition.about == STATIC:
            row.column = len(b.flags)
            b.flags.append(condition.passes)
        else:
            row.passes = sum(1 << bit for bit, passes in enumerate(condition.passes) if passes)
    counts = np.cumsum([0] + [len(step.conditions) for step in b.model.steps]).tolist()
    ranges = list(pairwise(counts))
    return rows, np.array(stretches or [(0, 0)], dtype=np.int64), ranges


def flat_steps(b: Builder, ranges: list[tuple[int, int]], rate_of: dict[int, int], timers: list[int]) -> Records:
    """Return the steps; ``ranges`` of their conditions, ``rate_of`` a tariff the row, ``timers`` the durations."""
    steps = records(layout.STEP, len(b.model.steps))
    for row, step, (first, last) in zip(steps, b.model.steps, ranges, strict=False):
        for name in ("delay", "wait", "campaign", "channel", "template", "sender", "category", "brand", "stop_on",
                     "on_absent", "on_failed", "on_refused", "on_timeout", "on_guard", "on_stop"):  # fmt: skip
            setattr(row, name, getattr(step, name))
        row.conditions_from, row.conditions_to = first, last
        row.throttle = step.queues[0] if len(step.queues) == 2 else -1
        row.server = step.queues[-1]
        row.units, row.units_column = b.value_by_person(step.units)
        row.text, row.text_column = b.value_by_person(step.text)
        row.guarded, row.guarded_column = b.value_by_person(step.guarded)
        for name in ("submit", "accept", "delivered", "session", "second"):
            tariff = getattr(step, name)
            setattr(row, name, -1 if tariff is None else rate_of[tariff.index])
        row.wait_ring = timers.index(step.wait) if step.wait >= 0 else -1
        row.delay_ring = timers.index(step.delay)
        row.own_session = _session_column(b, step)
        row.own_today = _today_column(b, step)
        row.tries_column = -1
    return steps


def _session_column(b: Builder, step: Step) -> int:
    if step.session is None:
        return -1
    key = (step.channel, step.category)
    if key not in b.sessions:
        b.sessions[key] = b.own(-NEVER)
    return b.sessions[key]


def _today_column(b: Builder, step: Step) -> int:
    """Return the columns (day, messages) of a sender whose provider caps a day; -1 where it does not."""
    if not b.model.channels[step.channel].daily_cap:
        return -1
    if step.sender not in b.today:
        b.today[step.sender] = b.own(-1, 2)
    return b.today[step.sender]


def set_tries(model: Model, steps: Records, campaign: int) -> int:
    """Give the channels that a campaign uses more than once a column of attempts; return how many columns."""
    own = [step for step in model.steps if step.campaign == campaign]
    uses = Counter(step.channel for step in own)
    column = {channel: n for n, channel in enumerate(sorted(c for c, times in uses.items() if times > 1))}
    for step in own:
        steps[step.index].tries_column = column.get(step.channel, -1)
    return len(column)
