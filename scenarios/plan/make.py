"""From a compiled scenario to the plan that the verifier decides: steps, freedoms, all who may be written to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.expressions.conditions import person_classes
from policies.gate import COOL_DOWN
from policies.kinds.base import P_0, P_KIND
from policies.people import shared
from policies.records import MISSING, SECOND
from policies.tables import RuleTable, build_tables, compile_rules
from policies.verify.plan import Campaign, Plan, Step, Vector
from scenarios.compile.guarded_steps import StepNames
from scenarios.compile.model import Compiled
from scenarios.plan.domain import in_words
from scenarios.plan.people import agreements_of, kinds_of_people
from simulator.engine.conditions import STATIC, Condition
from simulator.engine.model import STOP_STATES
from simulator.engine.model import Step as StepModel
from simulator.engine.outcome import NUMBER_CHANNELS

MOST_VECTORS = 4096
TOO_MANY = f"attributes that conditions and guards ask for have more than {MOST_VECTORS} combinations in the base"


def make_plan(compiled: Compiled, delay_s: float | None = None) -> Plan:
    """Return the plan of a scenario compiled with ``gate: observe``: its own guards act, its packs judge.

    ``delay_s`` is the longest time between a decision and the hand-over; left out, that in which the whole audience
    passes the slowest queue of its campaign.
    """
    model, context = compiled.model, compiled.law.context
    agreements = agreements_of(compiled)
    people = kinds_of_people(compiled, agreements)
    guards = compiled.law.gate.rule_table if compiled.law.gate is not None else compile_rules((), context)
    numbers, conditions = _numbered(compiled)
    vectors = _vectors(compiled, conditions, (guards, compiled.law.packs))
    queue = longest_queue(compiled) if delay_s is None else round(delay_s * SECOND)
    return Plan(
        start=model.start,
        end=model.end,
        steps=tuple(_step(compiled, step, numbers) for step in model.steps),
        campaigns=tuple(
            Campaign(
                id=c.id,
                first=c.first,
                earliest=max(c.release_at, model.start),
                latest=max(c.release_at + c.spread, model.start),
                ends_at=c.ends_at,
                optional=c.hold_out > 0 or spec.sample is not None,
            )
            for c, spec in zip(model.campaigns, compiled.scenario.campaigns, strict=True)
        ),
        people=people,
        tables=build_tables(people, context),
        guards=guards,
        rules=compiled.law.packs,
        sets=agreements.sets,
        agreements=agreements.names,
        vectors=vectors[:MOST_VECTORS],
        base=replace(compiled.people, country=shared(-1, len(compiled.people), np.int16)),
        names=StepNames([c.id for c in model.campaigns], [s.id for s in model.senders], [*compiled.scenario.templates]),
        orders=_orders(compiled, guards),
        queue=queue,
        suppresses=frozenset(NUMBER_CHANNELS) if model.suppress_after else frozenset(),
        too_many=TOO_MANY if len(vectors) > MOST_VECTORS else "",
        domain=in_words(compiled, people, agreements.names, queue, given=delay_s is not None),
    )


def longest_queue(compiled: Compiled) -> int:
    """Return how long the last of a campaign's audience waits in the queues of a step, in whole seconds of time."""
    model, longest = compiled.model, 0
    for step in model.steps:
        size = len(model.campaigns[step.campaign].members)
        waits = (size * model.servers[queue][0] // model.servers[queue][1] for queue in step.queues)
        longest = max(longest, sum(waits))
    return -(-longest // SECOND) * SECOND


def _numbered(compiled: Compiled) -> tuple[dict[tuple[int, int], int], list[Condition]]:
    """Return the number of each step's each condition, the same for equal ones, and the conditions."""
    known: dict[str, int] = {}
    numbers: dict[tuple[int, int], int] = {}
    conditions: list[Condition] = []
    specs = [spec for campaign in compiled.scenario.campaigns for spec in campaign.cascade]
    for step, spec in zip(compiled.model.steps, specs, strict=True):
        for place, (condition, written) in enumerate(zip(step.conditions, spec.when, strict=True)):
            key = str(written)
            if key not in known:
                known[key] = len(conditions)
                conditions.append(condition)
            numbers[step.index, place] = known[key]
    return numbers, conditions


def _step(compiled: Compiled, step: StepModel, numbers: dict[tuple[int, int], int]) -> Step:
    model = compiled.model
    channel, template = model.channels[step.channel], model.templates[step.template]
    reports = ["delivered"] * channel.reports_delivered + ["read"] * (channel.reports_read and bool(channel.rates.read))
    word = STOP_STATES[step.stop_on]
    stops = word in ("clicked", "purchased") or word in reports or (word == "delivered" and "read" in reports)
    reviewed = template.review is not None
    return Step(
        id=step.id,
        campaign=step.campaign,
        channel=step.channel,
        category=step.category,
        template=step.template,
        sender=step.sender,
        brand=step.brand,
        texts=(step.text,) if isinstance(step.text, int) else tuple(np.unique(step.text).tolist()),
        validity=channel.validity,
        delay=step.delay,
        wait=step.wait,
        stops=stops,
        fails=channel.reports_delivered,
        tests=tuple(numbers[step.index, place] for place in range(len(step.conditions))),
        on_absent=step.on_absent,
        on_failed=step.on_failed,
        on_refused=step.on_refused,
        on_timeout=step.on_timeout,
        on_guard=step.on_guard,
        on_stop=step.on_stop,
        template_state=MISSING if reviewed else template.state,
        template_since=MISSING if reviewed else template.registered_at,
        jitter=model.campaigns[step.campaign].jitter,
        stopped_by=word if stops else "",
        reports=tuple(reports),
    )


def _vectors(compiled: Compiled, conditions: list[Condition], tables: Sequence[RuleTable]) -> tuple[Vector, ...]:
    """Return what tells people apart: the fixed conditions that they pass, whose campaigns they are, what guards ask.

    Guards (``when``, ``unless``) are those of all ``tables``.
    """
    model, size = compiled.model, len(compiled.people)
    columns: list[npt.NDArray[Any]] = [np.frombuffer(one.passes, np.uint8) for one in conditions if one.about == STATIC]
    for campaign in model.campaigns:
        member = np.zeros(size, np.uint8)
        member[campaign.members] = 1
        whole = compiled.scenario.campaigns[campaign.index]
        columns.append(member if whole.only else np.ones(size, np.uint8))
    facts = frozenset(fact for table in tables for guard in table.conditions.guards for fact in guard.facts)
    traits, _ = person_classes(compiled.people, facts)
    columns.append(traits if len(traits) else np.zeros(size, np.int64))
    rows, first = np.unique(np.stack(columns, axis=1), axis=0, return_index=True)
    fixed = sum(one.about == STATIC for one in conditions)
    found = []
    for row, example in zip(rows.tolist(), first.tolist(), strict=True):
        told = iter(row[:fixed])
        tests = tuple(bool(next(told)) if one.about == STATIC else None for one in conditions)
        mine = tuple(number for number, member in enumerate(row[fixed:-1]) if member)
        if mine:
            found.append(Vector(tests, mine, example, row[-1]))
    return tuple(found)


def _orders(compiled: Compiled, guards: RuleTable) -> tuple[int, ...]:
    """Return the numbers of orders to try: none, one, and those on either side of a limit; unknown if anybody's is."""
    rows = [*guards.rows.tolist(), *compiled.law.packs.rows.tolist()]
    limits = {row[P_0] for row in rows if row[P_KIND] == COOL_DOWN}
    unknown = {MISSING} if (compiled.people.orders.values == MISSING).any() else set()
    return tuple(sorted({0, 1} | limits | {limit + 1 for limit in limits} | unknown))
