"""From the model to flat tables and the records as they stand at the start; done once, shared by all replications."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.arrays import Arrays
from policies.gate import COOL_DOWN, Gate
from policies.kinds.base import P_KIND
from policies.people import Int64s
from policies.records import CHANNELS, MISSING, NEVER, WEEK
from simulator.behaviour import FATIGUE_LEVELS
from simulator.draws import PURPOSE
from simulator.engine.compiled import layout
from simulator.engine.compiled.prices import flat_rates
from simulator.engine.compiled.providers import Providers, flat_providers
from simulator.engine.compiled.tables import Columns, Quantiles, Records, Tables, bound, records
from simulator.engine.conditions import DAYS, STATIC
from simulator.engine.model import END, STOP_PURCHASED, ChannelModel, Model, Step
from simulator.engine.outcome import NUMBER_CHANNELS


@dataclass(slots=True)
class Flat:
    """The tables, and what each replication begins with. ``own_start`` has one value per column of ``State.own``."""

    model: Model
    tables: Tables
    now: Records
    campaigns: Records
    providers: Providers
    place_of: npt.NDArray[np.uint16]  # by recipient
    person_flags: npt.NDArray[np.uint32]
    own_start: Int64s
    own_of_people: dict[int, Int64s]  # columns that differ from person to person, by recipient
    tries_columns: int
    queues: int


class _Builder:
    """Collects columns, quantile tables and values by person while channels and steps are laid out."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.gate = model.gate if isinstance(model.gate, Gate) else None
        self.columns = Columns()
        self.start: dict[int, int] = {}
        self.of_people: dict[int, Int64s] = {}
        self.quantiles = Quantiles()
        self.by_person: list[Any] = []
        self.flags: list[bytes] = []
        self.sessions: dict[tuple[int, int], int] = {}
        self.today: dict[int, int] = {}
        cells = self.gate.rule_table.cells if self.gate else 0
        self.columns.take(cells)  # the gate's cells come first: its rows know their places from there
        self.start |= dict(enumerate(self.gate.rule_table.initial.tolist())) if self.gate else {}

    def own(self, start: int, number: int = 1) -> int:
        """Return new columns that begin with ``start`` for everybody."""
        first = self.columns.take(number)
        self.start |= dict.fromkeys(range(first, first + number), start)
        return first

    def own_by_person(self, values: Int64s) -> int:
        """Return a new column that begins with ``values``, by recipient."""
        column = self.own(0)
        self.of_people[column] = values
        return column

    def value_by_person(self, values: Any) -> tuple[int, int]:
        """Return (value, column): one of them tells a step's units or text."""
        if isinstance(values, int):
            return values, -1
        self.by_person.append(np.asarray(values, dtype=np.int32))
        return 0, len(self.by_person) - 1


def flatten(model: Model) -> Flat:
    """Return the flat form of a model."""
    b = _Builder(model)
    now = _now(b)
    channels = _channels(b, now)
    rates, tiers, rate_of = flat_rates(model)
    timers = sorted({d for step in model.steps for d in (step.wait, step.delay) if d >= 0}, reverse=True)
    conditions, stretches, ranges = _conditions(b)
    steps = _steps(b, ranges, rate_of, timers)
    providers = flat_providers(model, b.own)
    campaigns = _campaigns(model)
    gate_arrays, gate_ranges = _gate(b)
    for index, (first, last) in enumerate(gate_ranges):
        steps[index].gate_from, steps[index].gate_to = first, last
    places, place_of = _places(model, b.gate)
    script = _script(model)
    tries = max((_set_tries(model, steps, c.index) for c in model.campaigns), default=0)
    now[0].row_room = len(model.steps) * max(1, len(model.campaigns)) + 64
    now[0].push_room = 16 + 4 * len(model.campaigns)
    size = len(model.people)
    tables = Tables(
        channels, steps, conditions, stretches, rates, tiers, np.array(model.month_starts, dtype=np.int64), places,
        b.quantiles.array(), _stack(b.by_person, size, np.int32),
        _stack([np.frombuffer(f, np.uint8) for f in b.flags], size, np.uint8),
        np.array(timers, dtype=np.int64), *script, *gate_arrays,
    )  # fmt: skip
    start = np.array([b.start[column] for column in range(b.columns.width)] or [0], dtype=np.int64)
    now[0].timer_queue = layout.FIXED_QUEUES + len(model.servers) + 2 * len(model.limits)
    queues = int(now[0].timer_queue) + max(len(timers), 1)
    return Flat(
        model, tables, now, campaigns, providers, place_of, _person_flags(model, script[0]), start, b.of_people, tries,
        queues,
    )  # fmt: skip


def _stack(rows: list[Any], size: int, dtype: Any) -> Any:
    return np.stack(rows).astype(dtype) if rows else np.zeros((1, 1), dtype=dtype)


def _now(b: _Builder) -> Records:
    """Return the record of the run with what the scenario fixes."""
    model, now = b.model, records(layout.NOW, 1)
    n = now[0]
    n.start, n.end, n.plans_until = model.start, model.end, model.end
    n.suppress_after = model.suppress_after
    n.watch_purchases = model.watch_purchases
    n.keeps_chains = model.watch_purchases
    n.counts_recent = model.end - model.start <= WEEK
    n.has_gate = b.gate is not None
    n.scripted = bool(model.script)
    n.base_purchase = b.quantiles.add(model.behaviour.base_purchase)
    n.waking = model.behaviour.activity is not None
    n.activity[:] = model.behaviour.activity or 0
    n.fatigue[:] = list(model.behaviour.fatigue)
    n.annoyance[:] = list(model.behaviour.annoyance)
    n.staffed = model.staff is not None
    n.answer = b.quantiles.add(model.staff.answer if model.staff else None)
    n.auto_reply = model.staff is not None and model.staff.auto_reply
    n.own_touched = b.own(MISSING) if _touches(model) else -1
    n.own_recent = -1 if n.counts_recent else b.own(-NEVER, FATIGUE_LEVELS)
    if not n.counts_recent:
        b.start[n.own_recent] = 0
    n.own_failures = b.own_by_person(model.people.failures_in_a_row[:]) if model.suppress_after else -1
    n.own_bought_at = b.own(-NEVER) if model.watch_purchases else -1
    n.own_bought = b.own(0) if model.watch_purchases else -1
    kinds = set(b.gate.rule_table.rows[:, P_KIND].tolist()) if b.gate else set()
    asks = COOL_DOWN in kinds
    days = any(c.about == DAYS for step in model.steps for c in step.conditions)
    n.own_orders = b.own_by_person(model.people.orders[:]) if asks else -1
    n.own_last_order = b.own_by_person(model.people.last_order_at[:]) if asks or days else -1
    return now


def _touches(model: Model) -> bool:
    """Say whether something can change what the rules see of a person while a message of theirs waits its turn."""
    rates = [channel.rates for channel in model.channels.values()]
    changing = any(rate.replied or rate.unsubscribed for rate in rates)
    return len(model.campaigns) > 1 or model.watch_purchases or changing


def _channels(b: _Builder, now: Records) -> Records:
    channels = records(layout.CHANNEL, len(CHANNELS))
    opted = np.any(b.model.people.opt_out_at.values < NEVER, axis=0)
    for index, channel in b.model.channels.items():
        _channel(b, channels[index], channel, bool(np.take(opted, index)))
    return channels


def _channel(b: _Builder, c: Any, channel: ChannelModel, opted: bool) -> None:
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


def _opt_out_column(b: _Builder, channel: int) -> int:
    return b.own_by_person(b.model.people.opt_out_at[:, channel])


def _conditions(b: _Builder) -> tuple[Records, Int64s, list[tuple[int, int]]]:
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


def _steps(b: _Builder, ranges: list[tuple[int, int]], rate_of: dict[int, int], timers: list[int]) -> Records:
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
        for name in ("submit", "accept", "delivered", "session", "second"):
            tariff = getattr(step, name)
            setattr(row, name, -1 if tariff is None else rate_of[tariff.index])
        row.wait_ring = timers.index(step.wait) if step.wait >= 0 else -1
        row.delay_ring = timers.index(step.delay)
        row.own_session = _session_column(b, step)
        row.own_today = _today_column(b, step)
        row.tries_column = -1
    return steps


def _session_column(b: _Builder, step: Step) -> int:
    if step.session is None:
        return -1
    key = (step.channel, step.category)
    if key not in b.sessions:
        b.sessions[key] = b.own(-NEVER)
    return b.sessions[key]


def _today_column(b: _Builder, step: Step) -> int:
    """Return the columns (day, messages) of a sender whose provider caps a day; -1 where it does not."""
    if not b.model.channels[step.channel].daily_cap:
        return -1
    if step.sender not in b.today:
        b.today[step.sender] = b.own(-1, 2)
    return b.today[step.sender]


def _set_tries(model: Model, steps: Records, campaign: int) -> int:
    """Give the channels that a campaign uses more than once a column of attempts; return how many columns."""
    own = [step for step in model.steps if step.campaign == campaign]
    uses = Counter(step.channel for step in own)
    column = {channel: n for n, channel in enumerate(sorted(c for c, times in uses.items() if times > 1))}
    for step in own:
        steps[step.index].tries_column = column.get(step.channel, -1)
    return len(column)


def _campaigns(model: Model) -> Records:
    rows = records(layout.CAMPAIGN, len(model.campaigns))
    for row, campaign in zip(rows, model.campaigns, strict=False):
        own = [step for step in model.steps if step.campaign == campaign.index]
        row.key, row.category, row.first = campaign.key, campaign.category, campaign.first
        row.hold_out, row.ends_at = bound(campaign.hold_out), campaign.ends_at
        row.budget, row.budget_out, row.jitter = campaign.budget, campaign.budget <= 0, campaign.jitter
        row.lazy = all(step.on_stop == END and step.stop_on != STOP_PURCHASED for step in own)
    return rows


def _gate(b: _Builder) -> tuple[tuple[Any, ...], list[tuple[int, int]]]:
    """Return the arrays of the gate in the order of ``Tables``, and each step's range of rules."""
    model, gate = b.model, b.gate
    flat, table = np.zeros(1, dtype=np.int64), np.zeros((1, 1), dtype=np.int64)
    if gate is None:
        nothing = Arrays(flat, flat, flat, flat, 0, table, flat, table, table)
        return (table, flat, table[:0], *nothing), [(0, 0)] * len(model.steps)
    rows: list[Int64s] = []
    rules: list[int] = []
    ranges: list[tuple[int, int]] = []
    for step in model.steps:
        places = gate.speaking(step.channel, step.category)
        ranges.append((len(rows), len(rows) + len(places)))
        rows += [gate.rule_table.rows[place] for place in places]
        rules += [model.rule_of_row[place] for place in places]
    speaking = np.array(rows, dtype=np.int64).reshape(-1, gate.rule_table.rows.shape[1])
    names = np.array(rules or [0], dtype=np.int64)
    return (speaking, names, gate.watching, *gate.tables.arrays(gate.rule_table)), ranges


def _places(model: Model, gate: Gate | None) -> tuple[Records, npt.NDArray[np.uint16]]:
    """Return the distinct places where people live, and each person's."""
    people = model.people
    width = len(people.countries) + 1
    codes = (people.zone_set.astype(np.int64) + 1) * width + people.country.astype(np.int64) + 1
    distinct, inverse = np.unique(codes, return_inverse=True)
    rows = records(layout.PLACE, len(distinct))
    for row, code in zip(rows, distinct.tolist(), strict=False):
        zone_set, country = code // width - 1, code % width - 1
        row.local_offset = model.zone_offset[zone_set]
        row.country, row.country_row = country, country + 1
        row.calendar = country
        if gate is not None and zone_set >= 0:
            row.zone_from, row.zone_to = gate.tables.zone_set_ptr[zone_set : zone_set + 2].tolist()
    return rows, inverse.astype(np.uint16)


def _script(model: Model) -> tuple[Int64s, npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return the forced draws sorted by recipient: whom and what they are about, their purposes, the draws."""
    forced = sorted((key[:4], PURPOSE[key[4]], value) for key, value in model.script.items()) or [((-1, 0, 0, 0), 0, 0)]
    about, purposes, values = zip(*forced, strict=True)
    return np.array(about, np.int64), np.array(purposes, np.uint64), np.array(values, np.uint64)


def _person_flags(model: Model, script: Int64s) -> npt.NDArray[np.uint32]:
    flags = model.people.present.astype(np.uint32)
    flags |= np.where(model.people.feature_phone, np.uint32(layout.FEATURE_PHONE), np.uint32(0))
    flags |= np.where(model.dead, np.uint32(layout.DEAD), np.uint32(0))
    if model.script:
        flags[script[:, 0]] |= np.uint32(layout.SCRIPTED)
    return flags


def why_not(model: Model) -> str | None:
    """Return why this model cannot be played by compiled code, or None."""
    if model.gate is not None and not isinstance(model.gate, Gate):
        return "its rules are not of the built-in kinds"
    if len(model.people.zone_sets) * (len(model.people.countries) + 1) > 2**16 - 1:
        return "its people live in more than 65,535 combinations of zones and countries"
    return None
