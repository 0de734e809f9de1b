"""What the packs say of a run: its log becomes attempts, the audit answers, the answers become verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pyarrow as pa

from policies.attempts import LogFacts, TemplateFact
from policies.audit.log import judge_log
from policies.evidence import Showing, in_clear
from policies.findings import Messages, Replay, RuleResult, enforced_by_rule, judge_results
from policies.logs.judged import SeenInLogs, together
from policies.records import CATEGORIES, CHANNELS, MISSING, SECOND
from policies.runs.facts import CampaignFact, CascadeStep, RunFacts
from policies.sites import Step as FindStep
from policies.sites import only_steps
from scenarios.compile.model import Compiled
from simulator.engine.model import STOP_STATES, Step, Tariff
from simulator.feedback.limits import UNLIMITED


def log_facts(compiled: Compiled) -> LogFacts:
    """Return what the log does not say of senders and templates."""
    model = compiled.model
    texts = {step.template: step.text for step in model.steps}
    facts = {
        template.id: TemplateFact(template.state, template.registered_at, texts.get(index, MISSING))
        for index, template in enumerate(model.templates)
    }
    return LogFacts(
        campaigns=[campaign.id for campaign in model.campaigns],
        senders=[sender.id for sender in model.senders],
        templates=[template.id for template in model.templates],
        template_facts=facts,
        brand_of_sender={model.senders[step.sender].id: step.brand for step in model.steps},
        validity_of_channel={CHANNELS[index]: channel.validity for index, channel in model.channels.items()},
    )


def judge_run(
    compiled: Compiled, logs: Mapping[int, pa.Table], *, showing: Showing = in_clear, replay: Replay | None = None
) -> tuple[RuleResult, ...]:
    """Return the verdict on every rule of the scenario's packs, over all replications.

    Rules about single messages see every replication; rules about a whole run see the first.
    """
    if not len(compiled.law.rules):
        return ()
    facts = log_facts(compiled)
    table = compiled.law.packs
    # each replication has a history of its own
    judged = [judge_log(log, compiled.people, facts, table, compiled.law.tables) for log in logs.values()]
    messages = Messages(
        together(judged), SeenInLogs(judged), compiled.people, facts.campaigns, facts.templates, facts.senders
    )
    first = logs[min(logs)]
    return judge_results(
        table, messages, run_facts(compiled, first),
        enforced=enforced_by_rule(first) if compiled.scenario.gate == "enforce" else {},
        showing=showing, replay=replay, step=step_of(compiled),
    )  # fmt: skip


def step_of(compiled: Compiled) -> FindStep:
    """Return what tells the step of a cascade from its campaign, channel and template."""
    model = compiled.model
    return only_steps(
        (model.campaigns[step.campaign].id, CHANNELS[step.channel], model.templates[step.template].id, step.id)
        for step in model.steps
    )


def run_facts(compiled: Compiled, log: pa.Table) -> RunFacts:
    """Return the run as run-scoped kinds see it."""
    model, scenario = compiled.model, compiled.scenario
    campaigns = tuple(
        CampaignFact(c.id, CATEGORIES[c.category], len(c.members), spec.pilot)
        for c, spec in zip(model.campaigns, scenario.campaigns, strict=True)
    )
    return RunFacts(
        log=log,
        start=model.start,
        end=model.end,
        zone=scenario.clock.zone,
        cascades=tuple(_cascade_step(compiled, step) for step in model.steps),
        campaigns=campaigns,
        limits=_limits(compiled),
        portfolios={name: sender.portfolio for name, sender in scenario.senders.items() if sender.portfolio},
        staff_present=scenario.staff is not None,
        evidence=dict(scenario.evidence),
    )


def _limits(compiled: Compiled) -> dict[str, int | None]:
    model = compiled.model
    levels = {}
    for sender in model.senders:
        if sender.limit >= 0:
            limit = model.limits[sender.limit]
            level = limit.era.levels[limit.level]
            levels[sender.id] = None if level == UNLIMITED else level
    return levels


def price_of(compiled: Compiled, place: int) -> int | None:
    """Return what one message of a step costs at the first tier, micro-units; None where no price is known."""
    step = compiled.model.steps[place]
    tariffs = [step.submit, step.accept, step.delivered, step.session, step.second]
    units = step.units if isinstance(step.units, int) else int(step.units.max(initial=1))
    return _price(compiled, step.channel, tariffs, units)


def _cascade_step(compiled: Compiled, step: Step) -> CascadeStep:
    return CascadeStep(
        campaign=compiled.model.campaigns[step.campaign].id,
        step=step.id,
        channel=CHANNELS[step.channel],
        price_micro=price_of(compiled, step.index),
        stop_on=STOP_STATES[step.stop_on],
        wait_s=step.wait / SECOND if step.wait >= 0 else None,
    )


def _price(compiled: Compiled, channel: int, tariffs: Sequence[Tariff | None], units: int) -> int | None:
    """Return what one message costs at the first tier, in the first country that pays; None where no price is known."""
    if CHANNELS[channel] in {name for name, _ in compiled.pricing.unpriced}:
        return None
    return sum(_one_price(tariff, units) for tariff in tariffs if tariff is not None)


def _one_price(tariff: Tariff, units: int) -> int:
    rate = next(rate for rate in tariff.by_country if rate is not None)
    billed = max(units if rate.per != "message" else 1, rate.minimum)
    return round(Fraction(rate.tiers[0][1], rate.tiers[0][2]) * billed)
