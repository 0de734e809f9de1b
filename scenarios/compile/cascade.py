"""Cascades: the steps of every campaign as one flat list, with targets, queues, tariffs and conditions."""

from __future__ import annotations

from dataclasses import dataclass, field

from policies.errors import Problem
from policies.people import People
from policies.records import CATEGORIES, CHANNELS
from scenarios.compile.clock import micros
from scenarios.compile.conditions import compile_conditions
from scenarios.compile.prices import Pricing
from scenarios.compile.senders import Senders, rate_of, sender_for
from scenarios.compile.texts import Texts
from scenarios.model import Campaign, Scenario
from scenarios.model import Step as StepSpec
from simulator.engine.model import END, STOP_STATES, ChannelModel, Step

HOUR_S = 3600


@dataclass(slots=True)
class Cascades:
    """What the steps refer to, and the steps as they are made."""

    scenario: Scenario
    people: People
    channels: dict[int, ChannelModel]
    senders: Senders
    texts: Texts
    pricing: Pricing
    problems: list[Problem]
    brands: tuple[str, ...] = ()
    steps: list[Step] = field(default_factory=list)
    specs: list[StepSpec] = field(default_factory=list)

    def add(self, campaign: Campaign, index: int) -> int:
        """Append the campaign's steps; return the index of the first."""
        first = len(self.steps)
        ids = step_ids(campaign)
        for position, (name, spec) in enumerate(zip(ids, campaign.cascade, strict=True)):
            following = first + position + 1 if position + 1 < len(ids) else END
            targets = {name: first + place for place, name in enumerate(ids)} | {"end": END}
            where = f"campaigns[{index}].cascade[{position}]"
            self.steps.append(self._step(index, name, spec, following, targets, where))
            self.specs.append(spec)
        return first

    def _step(
        self, campaign: int, name: str, spec: StepSpec, following: int, targets: dict[str, int], where: str
    ) -> Step:
        channel = CHANNELS.index(spec.channel)
        template = self.scenario.templates[spec.template]
        sender = self._sender(spec, where)

        def target(chosen: str | None, default: int) -> int:
            return default if chosen is None else targets[chosen]

        def tariff(event: str):  # type: ignore[no-untyped-def]
            return self.pricing.tariff(spec.channel, template.category, event)

        self.pricing.note_category(spec.channel, template.category)
        on_timeout = target(spec.on_timeout, following)
        on_failed = target(spec.on_failed, following)
        on_stop = target(spec.on_stop, END)
        return Step(
            id=name,
            index=len(self.steps),
            campaign=campaign,
            channel=channel,
            template=self.texts.place[spec.template],
            sender=sender,
            category=CATEGORIES.index(template.category),
            brand=self._brand(sender),
            delay=micros(spec.delay_s),
            wait=self._wait(spec, channel, (on_timeout, on_failed, on_stop)),
            stop_on=STOP_STATES.index(spec.stop_on),
            conditions=compile_conditions(spec.when, self.people, f"{where}.when", self.problems),
            queues=self._queues(spec, sender),
            on_absent=target(spec.on_absent, following),
            on_failed=on_failed,
            on_refused=target(spec.on_refused, following),
            on_timeout=on_timeout,
            on_guard=target(spec.on_guard, END),
            on_stop=on_stop,
            units=self.texts.units[self.texts.place[spec.template]],
            text=self.texts.codes[self.texts.place[spec.template]],
            submit=tariff("submit"),
            accept=tariff("accept"),
            delivered=tariff("delivered"),
            session=tariff("session"),
            second=tariff("second"),
        )

    def _sender(self, spec: StepSpec, where: str) -> int:
        name = spec.sender or sender_for(self.senders, spec.channel)
        if name is None:
            what = f"several senders on {spec.channel}"
            self.problems.append(Problem(f"{where}.sender", what, "say which one sends"))
            return 0
        return self.senders.place[name]

    def _brand(self, sender: int) -> int:
        brand = self.senders.brands[sender] or self.scenario.organisation.name
        return self.brands.index(brand) if brand in self.brands else -1

    def _wait(self, spec: StepSpec, channel: int, followers: tuple[int, ...]) -> int:
        """Return the wait; a step that has followers and no wait of its own waits as long as the provider tries."""
        if spec.wait_s is not None:
            return micros(spec.wait_s)
        return -1 if set(followers) == {END} else self.channels[channel].validity

    def _queues(self, spec: StepSpec, sender: int) -> tuple[int, ...]:
        if spec.throttle_per_h is None:
            return (sender,)
        self.senders.servers.append(rate_of(spec.throttle_per_h, HOUR_S))
        return (len(self.senders.servers) - 1, sender)


def step_ids(campaign: Campaign) -> list[str]:
    """Return the ids of the steps: their own, else channel and position."""
    return [step.id or f"{position + 1}-{step.channel}" for position, step in enumerate(campaign.cascade)]
