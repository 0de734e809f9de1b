"""The whole model: people, campaigns, steps, senders, templates and plans, from one scenario and one audience."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from policies.errors import InputError, Problem
from policies.kinds.base import TEMPLATE_STATES
from policies.people import Int64s, People
from policies.records import CATEGORIES, CHANNELS, NEVER
from scenarios.compile.cascade import Cascades
from scenarios.compile.channels import channel_models, table
from scenarios.compile.clock import Timeline, micros, timeline, to_micros
from scenarios.compile.conditions import compile_conditions
from scenarios.compile.law import Law, compile_law
from scenarios.compile.prices import Pricing
from scenarios.compile.senders import Senders, compile_senders
from scenarios.compile.texts import compile_texts, registered_at
from scenarios.model import Campaign as CampaignSpec
from scenarios.model import Latency, Scenario
from simulator import draws
from simulator.behaviour import WAKING, activity_weights, annoyance_multipliers, fatigue_multipliers
from simulator.channels.base import Latency as LatencyFigure
from simulator.draws import PURPOSE, name_key, threshold
from simulator.engine.model import (
    Behaviour,
    Campaign,
    Model,
    OutageModel,
    ReviewModel,
    StaffModel,
    Table,
    Tariff,
    TemplateModel,
)
from simulator.tables import points_table

MICRO = 10**6
ANSWER = LatencyFigure(180, 600, "seed C9: an answer is due within 5-10 minutes", "assumed")
REVIEW_TIME = LatencyFigure(20 * 60, 24 * 3600, "minutes mostly, a day at most (WhatsApp, reported)", "assumed")
REVIEW_APPROVED = 0.9
"""Share of reviews that end well: *assumed*; no provider publishes it."""


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
    only: str | None = None, base_dir: Path | None = None,
) -> Compiled:  # fmt: skip
    """Return the compiled scenario. ``only`` keeps one recipient, for a replay. Raises InputError with all problems."""
    line = timeline(scenario, as_of)
    problems: list[Problem] = []
    senders = compile_senders(scenario, line)
    texts = compile_texts(scenario, people)
    brands = brand_names(scenario, people)
    pricing = Pricing(scenario, line.as_of, people.countries)
    channels = channel_models(scenario, line.as_of, people.countries)
    cascades = Cascades(scenario, people, channels, senders, texts, pricing, problems, brands)
    members = _only(people, only, problems)
    campaigns = [
        _campaign(scenario, index, spec, people, line, cascades, members)
        for index, spec in enumerate(scenario.campaigns)
    ]
    chosen = as_of or (date.fromisoformat(scenario.as_of) if scenario.as_of else None)
    law = compile_law(scenario, people, line, texts.texts, brands, chosen, base_dir)
    fees = _fees(scenario, senders, pricing, line)
    script = _script(scenario, people, problems)
    problems += pricing.problems
    if problems:
        raise InputError(problems)
    offsets = _local_offsets(people, line)
    flat = Model(
        name=scenario.name,
        seed=scenario.seed if seed is None else seed,
        start=line.start,
        end=line.end,
        people=people,
        keys=people.key.tolist(),
        present=people.present.tolist(),
        country=people.country.tolist(),
        local_offset=offsets,
        dead=_dead(scenario, people),
        orders=people.orders.tolist(),
        last_order_at=people.last_order_at.tolist(),
        overdue_since=people.overdue_since.tolist(),
        opt_outs=_opt_outs(people),
        campaigns=campaigns,
        steps=cascades.steps,
        channels=channels,
        senders=senders.models,
        limits=senders.limits,
        templates=_templates(scenario, line),
        servers=senders.servers,
        outages=_outages(scenario, senders, line),
        staff=_staff(scenario, line),
        behaviour=_behaviour(scenario),
        gate=law.gate,
        rule_of_row=law.rule_of_row,
        rule_names=law.rule_names,
        suppress_after=scenario.guards.dead_after_failures or 0,
        watch_purchases=_watches_purchases(scenario),
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


def _only(people: People, only: str | None, problems: list[Problem]) -> Int64s | None:
    if only is None:
        return None
    found = np.flatnonzero(np.asarray(people.ids.to_pylist(), dtype=object) == only)
    if not len(found):
        problems.append(Problem("--only", f"no recipient {only!r} in the audience", "give an external id"))
    return found.astype(np.int64)


class _Nobody:
    """A view of people to whom nothing has happened: membership looks at the audience alone."""

    purchased_at: dict[int, int]

    def __init__(self) -> None:
        self.purchased_at = {}

    def recent_messages(self, recipient: int, at: int) -> int:
        return 0


def _campaign(
    scenario: Scenario, index: int, spec: CampaignSpec, people: People, line: Timeline, cascades: Cascades,
    members: Int64s | None,
) -> Campaign:  # fmt: skip
    key = name_key(spec.id)
    release = line.instant(spec.release_at)
    chosen = _members(index, spec, people, release, key, scenario.seed, cascades.problems)
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


def _members(
    index: int, spec: CampaignSpec, people: People, release: int, key: int, seed: int, problems: list[Problem]
) -> Int64s:
    """Return the recipients who meet ``only``, thinned to the ``sample`` smallest draws, in any order of rows."""
    tests = compile_conditions(spec.only, people, f"campaigns[{index}].only", problems)
    everyone = np.arange(len(people), dtype=np.int64)
    if tests:
        nobody = _Nobody()
        kept = [who for who in range(len(people)) if all(test(nobody, who, release, release) for test in tests)]
        everyone = np.array(kept, dtype=np.int64)
    if spec.sample is None or spec.sample >= len(everyone):
        return everyone
    keys = draws.combine_array(draws.run_key(seed, 0), people.key[everyone], key)
    order = np.argsort(draws.draw_array(keys, PURPOSE["sample"]), kind="stable")
    return np.sort(everyone[order[: spec.sample]])


def _local_offsets(people: People, line: Timeline) -> list[int]:
    """Return wall clock minus UTC at the start, by the first of a person's possible zones, else the scenario's."""
    from zoneinfo import ZoneInfo

    fallback = _offset(line.zone, line)
    by_set = [_offset(ZoneInfo(zones[0]), line) if zones else fallback for zones in people.zone_sets]
    return [by_set[index] if index >= 0 else fallback for index in people.zone_set.tolist()]


def _offset(zone: object, line: Timeline) -> int:
    local = line.local(line.start).astimezone(zone)  # type: ignore[arg-type]
    return (local.utcoffset() or timedelta()) // timedelta(microseconds=1)


def _dead(scenario: Scenario, people: People) -> list[bool]:
    """Return whose number is dead: a trait drawn once a person, or a long run of failures that the base records."""
    bound = threshold(scenario.people.dead_number_rate)
    keys = draws.combine_array(draws.run_key(scenario.seed, 0), people.key)
    drawn = draws.draw_array(keys, PURPOSE["dead_number"])
    by_draw = drawn < np.uint64(min(bound, 2**64 - 1)) if bound else np.zeros(len(people), dtype=bool)
    known = people.failures_in_a_row >= DEAD_AFTER
    flags: list[bool] = (by_draw | known).tolist()
    return flags


DEAD_AFTER = 5
"""A number with so many failures in a row on record is dead: *assumed* (seed D25 says only "regularly undelivered")."""


def _opt_outs(people: People) -> dict[int, int]:
    who, channel = np.nonzero(people.opt_out_at < NEVER)
    places = (who * len(CHANNELS) + channel).tolist()
    return dict(zip(places, people.opt_out_at[who, channel].tolist(), strict=True))


def _templates(scenario: Scenario, line: Timeline) -> list[TemplateModel]:
    return [
        TemplateModel(
            id=name,
            key=name_key(name),
            channel=CHANNELS.index(template.channel),
            category=CATEGORIES.index(template.category),
            state=TEMPLATE_STATES.index("draft" if template.review is not None else template.status),
            registered_at=registered_at(template, line.instant, line.start),
            review=_review(template.review, line) if template.review is not None else None,
        )
        for name, template in scenario.templates.items()
    ]


def _review(review: object, line: Timeline) -> ReviewModel:
    from scenarios.model import Review

    assert isinstance(review, Review)
    return ReviewModel(
        submitted=line.instant(review.submitted),
        takes=-1 if review.takes_h is None else micros(review.takes_h * 3600),
        result=review.result or "",
        reason=review.reason or "",
        resubmit_after=micros((24 if review.resubmit_after_h is None else review.resubmit_after_h) * 3600),
        resubmissions=review.resubmissions,
    )


def _outages(scenario: Scenario, senders: Senders, line: Timeline) -> list[OutageModel]:
    return [
        OutageModel(
            channel=CHANNELS.index(outage.channel),
            sender=senders.place[outage.sender] if outage.sender else -1,
            start=line.instant(outage.start),
            end=line.instant(outage.end),
            hold=outage.then == "hold",
        )
        for outage in scenario.outages
    ]


def _staff(scenario: Scenario, line: Timeline) -> StaffModel | None:
    staff = scenario.staff
    if staff is None:
        return None
    shifts: list[tuple[int, int]] = []
    day = line.local(line.start).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    while to_micros(day) < line.end:
        if day.isoweekday() in staff.days:
            shifts.append((_at_clock(day, staff.from_), staff.people))
            shifts.append((_at_clock(day, staff.to), 0))
        day = (day + timedelta(days=1)).replace(fold=0)
    return StaffModel(tuple(sorted(shifts)), _answer_table(staff.answer), staff.auto_reply)


def _answer_table(own: Latency | None) -> Table:
    return table(own, ANSWER)


def _at_clock(day: datetime, clock: str) -> int:
    hours, minutes = (int(part) for part in clock.split(":"))
    return to_micros(day + timedelta(days=hours // 24, hours=hours % 24, minutes=minutes))


def _behaviour(scenario: Scenario) -> Behaviour:
    personality = scenario.people
    curve = None
    if personality.activity == "waking":
        curve = activity_weights(tuple(float(weight) for weight in WAKING))
    elif personality.activity != "flat":
        curve = activity_weights(tuple(float(weight) for weight in personality.activity))
    return Behaviour(
        activity=curve,
        fatigue=fatigue_multipliers(personality.fatigue_per_message),
        annoyance=annoyance_multipliers(personality.fatigue_per_message),
        base_purchase=exponential(personality.purchases_per_30_days),
    )


def exponential(per_30_days: float) -> Table | None:
    """Return the table of the gaps of a Poisson process with this mean number in 30 days; None for none."""
    if per_30_days <= 0:
        return None
    mean = 30 * 86400 / per_30_days
    points = [(k / 256, float(-(Decimal(1) - Decimal(k) / 256).ln() * Decimal(mean))) for k in range(256)]
    return points_table([*points, (1.0, points[-1][1] + mean)])


def _watches_purchases(scenario: Scenario) -> bool:
    steps = [step for campaign in scenario.campaigns for step in campaign.cascade]
    conditions = [condition for step in steps for condition in step.when]
    asked = {"purchased", "days_since_purchase"} & {condition.attribute for condition in conditions}
    return bool(asked) or any(step.stop_on == "purchased" for step in steps)


def _fees(scenario: Scenario, senders: Senders, pricing: Pricing, line: Timeline) -> list[tuple[int, int, Tariff]]:
    """Return the monthly fees of senders: at the start of the horizon and at each month's beginning within it."""
    fees = []
    for index, sender in enumerate(senders.models):
        tariff = pricing.fee(CHANNELS[sender.channel])
        if tariff is not None:
            fees += [(max(at, line.start), index, tariff) for at in line.month_starts()]
    return sorted(fees, key=lambda fee: fee[:2])


def _script(scenario: Scenario, people: People, problems: list[Problem]) -> dict[tuple[int, int, int, int, str], int]:
    """Return the forced draws; a probability in [0, 1) becomes the 64-bit draw at that point."""
    if not scenario.script:
        return {}
    place = {name: index for index, name in enumerate(people.ids.to_pylist())}
    campaigns = {campaign.id: index for index, campaign in enumerate(scenario.campaigns)}
    script = {}
    for index, forced in enumerate(scenario.script):
        where = f"script[{index}]"
        if forced.recipient not in place:
            problems.append(Problem(f"{where}.recipient", f"no recipient {forced.recipient!r} in the audience"))
        elif forced.value >= 1:
            problems.append(
                Problem(f"{where}.value", "a draw lies in [0, 1)", "0 makes an event happen, 0.999 does not")
            )
        else:
            campaign = campaigns[forced.campaign] if forced.campaign else -1
            channel = CHANNELS.index(forced.channel) if forced.channel else -1
            key = (place[forced.recipient], campaign, channel, forced.attempt, forced.purpose)
            script[key] = threshold(forced.value)
    return script
