"""From the model to flat tables and the records as they stand at the start; done once, shared by all replications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.arrays import Arrays
from policies.coded import Coded
from policies.gate import Gate
from policies.kinds import kind_index
from policies.kinds.base import P_1, P_KIND
from policies.people import Int64s
from policies.records import MISSING, NEVER, WEEK
from simulator.behaviour import FATIGUE_LEVELS
from simulator.engine.compiled import layout
from simulator.engine.compiled.builder import Builder
from simulator.engine.compiled.flat_people import flat_places, flat_script
from simulator.engine.compiled.flat_steps import flat_channels, flat_conditions, flat_steps, set_tries
from simulator.engine.compiled.prices import flat_rates, largest_product
from simulator.engine.compiled.providers import Providers, flat_providers
from simulator.engine.compiled.release_items import fits
from simulator.engine.compiled.slots import FINE, flat_levels
from simulator.engine.compiled.tables import Records, Tables, bound, records
from simulator.engine.conditions import DAYS
from simulator.engine.model import END, STOP_PURCHASED, Model


@dataclass(slots=True)
class Flat:
    """The tables, and what each replication begins with. ``own_start`` has one value per column of ``State.own``."""

    model: Model
    tables: Tables
    now: Records
    campaigns: Records
    providers: Providers
    place_of: npt.NDArray[np.uint16]  # by zone set and country, both from -1 on
    own_start: Int64s
    own_of_people: dict[int, Coded]  # columns that differ from person to person, by recipient
    tries_columns: int
    levels: Records
    queues: int


def flatten(model: Model) -> Flat:
    """Return the flat form of a model."""
    b = Builder(model)
    now = _now(b)
    channels = flat_channels(b)
    rates, tiers, rate_of = flat_rates(model)
    timers = sorted({d for step in model.steps for d in (step.wait, step.delay) if d >= 0}, reverse=True)
    conditions, stretches, ranges = flat_conditions(b)
    steps = flat_steps(b, ranges, rate_of, timers)
    providers = flat_providers(model, b.own)
    campaigns = _campaigns(model)
    gate_arrays, gate_ranges = _gate(b)
    for index, (first, last) in enumerate(gate_ranges):
        steps[index].gate_from, steps[index].gate_to = first, last
    places, place_of = flat_places(model, b.gate)
    script = flat_script(model)
    tries = max((set_tries(model, steps, c.index) for c in model.campaigns), default=0)
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
    levels = flat_levels(model.start, model.end, size, int(now[0].timer_queue) + max(len(timers), 1))
    queues = int(levels[FINE].queue + levels[FINE].slots)
    return Flat(
        model, tables, now, campaigns, providers, place_of, start, b.of_people, tries, levels, queues,
    )  # fmt: skip


def _stack(rows: list[Any], size: int, dtype: Any) -> Any:
    return np.stack(rows).astype(dtype) if rows else np.zeros((1, 1), dtype=dtype)


def _now(b: Builder) -> Records:
    """Return the record of the run with what the scenario fixes."""
    model, now = b.model, records(layout.NOW, 1)
    n = now[0]
    n.start, n.end, n.plans_until = model.start, model.end, model.end
    n.suppress_after = model.suppress_after
    n.watch_purchases = model.watch_purchases
    n.keeps_chains = model.watch_purchases
    n.counts_recent = model.end - model.start <= WEEK
    n.has_gate = b.gate is not None
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
    n.own_failures = b.own_by_person(model.people.failures_in_a_row) if model.suppress_after else -1
    n.own_bought_at = b.own(-NEVER) if model.watch_purchases else -1
    n.own_bought = b.own(0) if model.watch_purchases else -1
    asks = b.gate is not None and b.gate.rule_table.asks_orders
    days = any(c.about == DAYS for step in model.steps for c in step.conditions)
    n.own_sent = b.own(0, len(model.senders)) if _asks_first(b) else -1
    n.own_orders = b.own_by_person(model.people.orders) if asks else -1
    n.own_last_order = b.own_by_person(model.people.last_order_at) if asks or days else -1
    return now


def _touches(model: Model) -> bool:
    """Say whether something can change what the rules see of a person while a message of theirs waits its turn."""
    rates = [channel.rates for channel in model.channels.values()]
    changing = any(rate.replied or rate.unsubscribed for rate in rates)
    return len(model.campaigns) > 1 or model.watch_purchases or changing


def _asks_first(b: Builder) -> bool:
    """Say whether a content rule is about the first message of a sender to a person, so that they are counted."""
    if b.gate is None:
        return False
    rows = b.gate.rule_table.rows
    return bool(((rows[:, P_KIND] == kind_index("content")) & (rows[:, P_1] == 1)).any())


def _campaigns(model: Model) -> Records:
    rows = records(layout.CAMPAIGN, len(model.campaigns))
    for row, campaign in zip(rows, model.campaigns, strict=False):
        own = [step for step in model.steps if step.campaign == campaign.index]
        row.key, row.category, row.first = campaign.key, campaign.category, campaign.first
        row.hold_out, row.ends_at = bound(campaign.hold_out), campaign.ends_at
        row.budget, row.budget_out, row.jitter = campaign.budget, campaign.budget <= 0, campaign.jitter
        row.lazy = all(step.on_stop == END and step.stop_on != STOP_PURCHASED for step in own)
    return rows


def _gate(b: Builder) -> tuple[tuple[Any, ...], list[tuple[int, int]]]:
    """Return the arrays of the gate in the order of ``Tables``, and each step's range of rules."""
    model, gate = b.model, b.gate
    flat, table = np.zeros(1, dtype=np.int64), np.zeros((1, 1), dtype=np.int64)
    if gate is None:
        nothing = Arrays(flat, flat, flat, flat, 0, table, flat, table, flat, table, table, flat, table)
        return (table, flat, table[:0], *nothing[:-1]), [(0, 0)] * len(model.steps)
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
    return (speaking, names, gate.watching, *gate.tables.arrays(gate.rule_table)[:-1]), ranges


def why_not(model: Model) -> str | None:
    """Return why this model cannot be played by compiled code, or None."""
    if model.gate is not None and not isinstance(model.gate, Gate):
        return "its rules are not of the built-in kinds"
    if len(model.people.zone_sets) * (len(model.people.countries) + 1) > 2**16 - 1:
        return "its people live in more than 65,535 combinations of zones and countries"
    if len(model.people.countries) >= layout.COUNTRIES:
        return f"its people live in {layout.COUNTRIES} countries or more"
    if len(model.steps) > layout.MOST_STEPS or len(model.campaigns) > layout.MOST_STEPS:
        return f"it has more than {layout.MOST_STEPS} steps or campaigns"
    if not fits(model):
        return "its releases are too many, or too finely spaced"
    return "its prices have too many digits" if largest_product(model) >= 2**62 else None
