"""The whole model: people, campaigns, steps, senders, templates and plans, from one scenario and one audience."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np

from policies.errors import InputError, Problem
from policies.packs import Pack
from policies.people import People
from policies.places import nation
from policies.records import CATEGORIES, NEVER
from scenarios.compile.cascade import Cascades
from scenarios.compile.channels import channel_models, table
from scenarios.compile.clock import Timeline, micros, timeline
from scenarios.compile.guarded_steps import StepNames, guarded_steps
from scenarios.compile.law import Law, compile_law
from scenarios.compile.members import members_of, only_member
from scenarios.compile.plans import (
    REVIEW_APPROVED,
    REVIEW_TIME,
    monthly_fees,
    outage_models,
    staff_model,
    template_models,
)
from scenarios.compile.prices import Pricing
from scenarios.compile.script import forced_draws
from scenarios.compile.senders import compile_senders
from scenarios.compile.texts import compile_texts
from scenarios.compile.traits import behaviour, dead_numbers, zone_offsets
from scenarios.model import Campaign as CampaignSpec
from scenarios.model import Scenario
from simulator.draws import name_key, threshold
from simulator.engine.model import Campaign, Members, Model

MICRO = 10**6


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a run needs: the model for the schedulers, the law for the judges, the timeline for the reports."""

    scenario: Scenario
    model: Model
    law: Law
    line: Timeline
    people: People
    pricing: Pricing


def compile_scenario(
    scenario: Scenario, people: People, *, as_of: date | None = None, seed: int | None = None,
    only: str | None = None, base_dir: Path | None = None, packs: tuple[Pack, ...] | None = None,
) -> Compiled:  # fmt: skip
    """Return the compiled scenario. ``only`` keeps one recipient, for a replay. Raises InputError with all problems.

    ``packs`` are those of the scenario where they are loaded already.
    """
    line = timeline(scenario, as_of)
    problems: list[Problem] = []
    senders = compile_senders(scenario, line)
    texts = compile_texts(scenario, people)
    brands = brand_names(scenario, people)
    nations = [nation(place) for place in people.countries]
    pricing = Pricing(scenario, line.as_of, nations)
    channels = channel_models(scenario, line.as_of, nations)
    cascades = Cascades(scenario, people, channels, senders, texts, pricing, problems, brands)
    members = only_member(people, only, problems)
    campaigns = [
        _campaign(scenario, index, spec, people, line, cascades, members)
        for index, spec in enumerate(scenario.campaigns)
    ]
    chosen = as_of or (date.fromisoformat(scenario.as_of) if scenario.as_of else None)
    law = compile_law(scenario, people, line, texts.texts, brands, chosen, base_dir, packs)
    names = StepNames([c.id for c in campaigns], [s.id for s in senders.models], list(scenario.templates))
    fees = monthly_fees(senders, pricing, line)
    script = forced_draws(scenario, people, problems)
    problems += pricing.problems
    if problems:
        raise InputError(problems)
    flat = Model(
        name=scenario.name,
        seed=scenario.seed if seed is None else seed,
        start=line.start,
        end=line.end,
        people=people,
        zone_offset=zone_offsets(people, line),
        dead=dead_numbers(scenario, people),
        campaigns=campaigns,
        steps=guarded_steps(cascades.steps, law.gate, people, names),
        channels=channels,
        senders=senders.models,
        limits=senders.limits,
        templates=template_models(scenario, line),
        servers=senders.servers,
        outages=outage_models(scenario, senders, line),
        staff=staff_model(scenario, line),
        behaviour=behaviour(scenario),
        gate=law.gate,
        rule_of_row=law.rule_of_row,
        rule_names=law.rule_names,
        suppress_after=scenario.guards.dead_after_failures or 0,
        watch_purchases=watches_purchases(scenario) or law.asks_purchases,
        month_starts=line.month_starts(),
        fees=fees,
        review_time=table(None, REVIEW_TIME),
        review_approved=threshold(REVIEW_APPROVED),
        script=script,
    )
    return Compiled(scenario, flat, law, line, people, pricing)


def brand_names(scenario: Scenario, people: People) -> tuple[str, ...]:
    """Return all brands: those of the audience's consents first, so that their indices hold."""
    named = [sender.brand for sender in scenario.senders.values() if sender.brand]
    return tuple(dict.fromkeys((*people.brands, scenario.organisation.name, *named)))


def _campaign(
    scenario: Scenario, index: int, spec: CampaignSpec, people: People, line: Timeline, cascades: Cascades,
    members: Members | None,
) -> Campaign:  # fmt: skip
    key = name_key(spec.id)
    release = line.instant(spec.release_at)
    chosen = members_of(index, spec, people, release, key, scenario.seed, cascades.problems)
    return Campaign(
        id=spec.id,
        index=index,
        key=key,
        category=CATEGORIES.index(spec.category),
        release_at=release,
        spread=micros(spec.spread_h * 3600),
        ends_at=line.instant(spec.ends_at) if spec.ends_at else line.end,
        members=chosen if members is None else np.intersect1d(chosen, members),
        hold_out=threshold(spec.hold_out),
        budget=round(Decimal(repr(spec.budget)) * MICRO) if spec.budget is not None else NEVER,
        jitter=micros(spec.hold_jitter_s),
        first=cascades.add(spec, index),
    )


def watches_purchases(scenario: Scenario) -> bool:
    """Say whether a step asks for purchases: else they are logged and nothing waits for them."""
    steps = [step for campaign in scenario.campaigns for step in campaign.cascade]
    conditions = [condition for step in steps for condition in step.when]
    asked = {"purchased", "days_since_purchase"} & {condition.attribute for condition in conditions}
    return bool(asked) or any(step.stop_on == "purchased" for step in steps)
