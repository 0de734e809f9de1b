"""Planned events as SimPy processes: outages, shifts, template reviews, sender registrations, monthly fees.

They run in whatever environment a scheduler gives them, and change whatever state it keeps (``Stage``).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Protocol

import simpy

from policies.kinds.base import TEMPLATE_STATES
from policies.records import MISSING, NEVER
from simulator import draws
from simulator.engine.log import EVENT, REASON
from simulator.engine.model import CHARGE_MONTH, Model, OutageModel, ReviewModel, Tariff
from simulator.engine.money import Accounts
from simulator.engine.order import SCENARIO
from simulator.tables import look_up

Process = Generator[simpy.Event, Any, None]
Shift = Callable[[int, int], None]
"""``shift(at, people)`` changes the number of people on duty."""


class Stage(Protocol):
    """What planned events change: the state of a run, under any scheduler."""

    model: Model
    key: int
    outages: dict[tuple[int, int], tuple[int, bool]]
    accounts: Accounts
    template_state: Any
    template_since: Any

    def emit(self, event: int, at: int, **cells: int) -> None: ...


def at(env: simpy.Environment, when: int, order: int) -> simpy.Event:
    """Return an event that happens at the integer instant ``when`` in class ``order``; never before now."""
    event = simpy.Event(env)
    event._ok = True
    event._value = None
    env.schedule(event, priority=order, delay=max(when - int(env.now), 0))  # type: ignore[arg-type]
    return event


def start_all(env: simpy.Environment, world: Stage, shift: Shift) -> None:
    """Start every planned process of the model, in a fixed order."""
    model = world.model
    for outage in model.outages:
        env.process(_outage(env, world, outage))
    if model.staff is not None:
        env.process(_shifts(env, world, shift))
    for index, sender in enumerate(model.senders):
        if sender.registered_at > model.start:
            env.process(_registration(env, world, index, sender.registered_at))
    for index, template in enumerate(model.templates):
        if template.review is not None:
            env.process(_review(env, world, index, template.review))
    if model.fees:
        env.process(_fees(env, world))


def _outage(env: simpy.Environment, world: Stage, outage: OutageModel) -> Process:
    place = (outage.channel, outage.sender)
    yield at(env, outage.start, SCENARIO)
    world.outages[place] = max(world.outages.get(place, (0, False)), (outage.end, outage.hold))
    _row(world, int(env.now), "outage", "begins", channel=outage.channel, sender=outage.sender, until=outage.end)
    yield at(env, outage.end, SCENARIO)
    if world.outages.get(place, (NEVER, False))[0] <= outage.end:
        del world.outages[place]
    _row(world, int(env.now), "outage", "ends", channel=outage.channel, sender=outage.sender)


def _shifts(env: simpy.Environment, world: Stage, shift: Shift) -> Process:
    assert world.model.staff is not None
    for when, people in world.model.staff.shifts:
        yield at(env, when, SCENARIO)
        shift(int(env.now), people)


def _registration(env: simpy.Environment, world: Stage, sender: int, until: int) -> Process:
    yield at(env, until, SCENARIO)
    _row(world, int(env.now), "sender_state", "registered", channel=world.model.senders[sender].channel, sender=sender)


def _review(env: simpy.Environment, world: Stage, template: int, review: ReviewModel) -> Process:
    """Submit, wait for the result, and after a rejection submit again as often as planned."""
    model = world.model.templates[template]
    submitted = review.submitted
    for attempt in range(review.resubmissions + 1):
        yield at(env, submitted, SCENARIO)
        _set_state(world, template, int(env.now), "pending", "submitted")
        key = draws.combine(world.key, model.key, attempt)
        takes = review.takes
        if takes < 0:
            takes = look_up(world.model.review_time, draws.draw(key, draws.PURPOSE["review_time"]))
        yield at(env, int(env.now) + takes, SCENARIO)
        if _approved(world, review, key, attempt):
            world.template_since[template] = int(env.now)
            _set_state(world, template, int(env.now), "approved", "approved")
            return
        _set_state(world, template, int(env.now), "rejected", "rejected")
        submitted = int(env.now) + review.resubmit_after


def _approved(world: Stage, review: ReviewModel, key: int, attempt: int) -> bool:
    """A declared result counts for the first review; a resubmission after a declared rejection is approved."""
    if review.result:
        return review.result == "approved" or attempt > 0
    return draws.draw(key, draws.PURPOSE["review"]) < world.model.review_approved


def _set_state(world: Stage, template: int, when: int, state: str, reason: str) -> None:
    world.template_state[template] = TEMPLATE_STATES.index(state)
    _row(world, when, "template_state", reason, channel=world.model.templates[template].channel, template=template)


def _fees(env: simpy.Environment, world: Stage) -> Process:
    for when, sender, tariff in world.model.fees:
        yield at(env, when, SCENARIO)
        _fee(world, int(env.now), sender, tariff)


def _fee(world: Stage, when: int, sender: int, tariff: Tariff) -> None:
    rate = tariff.by_country[0]
    assert rate is not None
    cost = world.accounts.charge(tariff, rate, 0, 1, when)
    channel = world.model.senders[sender].channel
    world.emit(EVENT["fee"], when, channel=channel, sender=sender, charge=CHARGE_MONTH, units=1, cost=cost)


def _row(
    world: Stage, when: int, event: str, reason: str, *, channel: int, sender: int = -1, template: int = -1,
    until: int = MISSING,
) -> None:  # fmt: skip
    world.emit(
        EVENT[event], when, channel=channel, sender=sender, template=template, until=until, reason=REASON[reason]
    )
