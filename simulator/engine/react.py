"""Coupling events: complaints, reports, replies, opt-outs, purchases, limits. Plain Python calls :func:`react`."""

from __future__ import annotations

from policies.kinds import base as k
from policies.records import MISSING, NEVER
from simulator.engine import world as w
from simulator.engine.log import EVENT, REASON
from simulator.engine.model import END, STOP_PURCHASED, STOP_STATES
from simulator.engine.world import Agenda, Chain, World
from simulator.feedback import blocks, limits, pausing, quality, staff, suppression

STATE = {name: index for index, name in enumerate(k.TEMPLATE_STATES)}
Woken = list[tuple[Chain, str]]
"""Chains to resume now, and why: ``stop`` or ``failed``."""


def react(world: World, event: Agenda) -> Woken:
    """Let the coupling event take effect at its instant; return the chains it concerns, in order."""
    at, kind, a, b, c, chain = event
    if kind == w.DELIVERED:
        _feedback(world, at, sender=a, template=b, recipient=c // 2, delivered=1, negative=0, counted=c % 2 == 1)
    elif kind == w.COMPLAINED:
        world.blocked.add(c)
        _feedback(world, at, sender=a, template=b, recipient=-1, delivered=0, negative=1, counted=False)
    elif kind == w.STOP_REPORT and chain is not None:
        return _stop(world, chain, a)
    elif kind == w.FAILURE_REPORT and chain is not None:
        return [(chain, "failed")] if chain.waiting and chain.version == a + 1 else []
    elif kind == w.PURCHASE:
        return _purchase(world, at, a)
    else:
        _others(world, at, kind, a, b)
    return []


def _others(world: World, at: int, kind: int, a: int, b: int) -> None:
    if kind == w.REPLY:
        _reply(world, at, a)
    elif kind == w.STAFF_DONE:
        _answered(world, at, a)
    elif kind == w.OPT_OUT:
        world.opted_out[a] = min(at, world.opted_out.get(a, NEVER))
        world.touched[a // w.CHANNEL_COUNT] = at
    elif kind == w.OPT_OUT_LEARNED:
        world.opt_out_learned[a] = min(at, world.opt_out_learned.get(a, NEVER))
        world.touched[a // w.CHANNEL_COUNT] = at
    elif kind == w.NUMBER_REPORT:
        suppression.report(world.failures, a, delivered=b == 1)
    elif kind == w.LIMIT_UPGRADE:
        if limits.upgrade(world.limits[a], at):
            _limit_row(world, at, a, "upgrade")
    elif kind == w.LIMIT_DOWNGRADE:
        if limits.downgrade(world.limits[a], at):
            _limit_row(world, at, a, "quality")
    elif kind == w.TEMPLATE_RESUME:
        _resume(world, at, a)
    elif kind == w.SENDER_RELEASE:
        _sender_row(world, at, a, "released", MISSING)


def _stop(world: World, chain: Chain, step: int) -> Woken:
    goto = world.model.steps[step].on_stop
    if chain.ended or chain.stopped or END < goto <= chain.step:
        return []  # a late report never leads back: nobody gets a step twice
    chain.stopped = True
    chain.goto = goto
    chain.stopped_by = STOP_STATES[world.model.steps[step].stop_on]
    return [(chain, "stop")] if chain.waiting else []


def _purchase(world: World, at: int, recipient: int) -> Woken:
    world.purchase(recipient, at)
    world.touched[recipient] = at
    woken: Woken = []
    for chain in world.chains.get(recipient, ()):
        if not chain.ended and chain.step >= 0 and world.model.steps[chain.step].stop_on == STOP_PURCHASED:
            woken += _stop(world, chain, chain.step)
    return woken


def _feedback(
    world: World, at: int, *, sender: int, template: int, recipient: int, delivered: int, negative: int, counted: bool
) -> None:
    limit = world.model.senders[sender].limit
    if counted and limit >= 0:
        due = limits.count(world.limits[limit], at, recipient)
        if due != NEVER:
            world.plan(due, w.LIMIT_UPGRADE, limit)
    rating = world.sender_quality[sender]
    if rating is not None and quality.count(rating, at, delivered, negative):
        _sender_rating(world, at, sender, rating.rating)
    rating = world.template_quality[template]
    if rating is not None and quality.count(rating, at, delivered, negative):
        _template_rating(world, at, template, rating.rating)
    blocking = world.blocking[sender]
    if blocking is not None and (result := blocks.count(blocking, at, delivered, negative)):
        until = blocking.blocked_until if result == blocks.BLOCKED else MISSING
        _sender_row(world, at, sender, blocks.WORDS[result], until)
        if result == blocks.BLOCKED and until < NEVER:
            world.plan(until, w.SENDER_RELEASE, sender)


def _rating_row(world: World, at: int, sender: int, rating: int) -> None:
    channel = world.model.senders[sender].channel
    reason = REASON[quality.RATINGS[rating]]
    world.emit(EVENT["quality_changed"], at, channel=channel, sender=sender, units=rating, reason=reason)


def _sender_rating(world: World, at: int, sender: int, rating: int) -> None:
    _rating_row(world, at, sender, rating)
    model = world.model.senders[sender]
    if model.limit < 0:
        return
    if rating == quality.RED:
        due = limits.flag(world.limits[model.limit], at)
        if due != NEVER:
            world.plan(due, w.LIMIT_DOWNGRADE, model.limit)
    else:
        limits.unflag(world.limits[model.limit])


def _template_rating(world: World, at: int, template: int, rating: int) -> None:
    channel = world.model.templates[template].channel
    world.emit(
        EVENT["quality_changed"], at, channel=channel, template=template, units=rating,
        reason=REASON[quality.RATINGS[rating]],
    )  # fmt: skip
    if rating != quality.RED or world.template_state[template] != STATE["approved"]:
        return
    until = pausing.turn_red(world.pausing[template], at)
    word = "disabled" if until == NEVER else "paused"
    world.template_state[template] = STATE[word]
    _template_row(world, at, template, word, MISSING if until == NEVER else until)
    if until != NEVER:
        world.plan(until, w.TEMPLATE_RESUME, template)


def _resume(world: World, at: int, template: int) -> None:
    if world.template_state[template] == STATE["paused"]:
        world.template_state[template] = STATE["approved"]
        _template_row(world, at, template, "resumed", MISSING)
        rating = world.template_quality[template]
        if rating is not None:
            quality.reset(rating)
            _template_rating(world, at, template, rating.rating)


def _reply(world: World, at: int, token: int) -> None:
    campaign, recipient, channel, _, duration = world.replies[token]
    world.last_inbound[recipient * w.CHANNEL_COUNT + channel] = at
    world.touched[recipient] = at
    if world.model.staff is None:
        return
    if world.staff.on_duty == 0 and world.model.staff.auto_reply:
        world.emit(
            EVENT["auto_replied"], at, campaign=campaign, recipient=recipient, channel=channel, until=at,
            reason=REASON["off_hours"],
        )  # fmt: skip
    if staff.arrive(world.staff, token):
        world.plan(at + duration, w.STAFF_DONE, token)


def _answered(world: World, at: int, token: int) -> None:
    campaign, recipient, channel, asked_at, _ = world.replies[token]
    world.emit(EVENT["answered"], at, campaign=campaign, recipient=recipient, channel=channel, until=asked_at)
    following = staff.finish(world.staff)
    if following >= 0:
        world.plan(at + world.replies[following][4], w.STAFF_DONE, following)


def note_start(world: World) -> None:
    """Log where limits and ratings stand at the start, so that a log tells them from its first row on."""
    for limit in range(len(world.limits)):
        _limit_row(world, world.model.start, limit, "start")
    for sender, rating in enumerate(world.sender_quality):
        if rating is not None:
            _rating_row(world, world.model.start, sender, rating.rating)


def start_shift(world: World, at: int, people: int) -> None:
    """Change the number of people on duty; whoever waited and can be taken is."""
    world.emit(EVENT["staff"], at, units=people, reason=REASON["begins" if people else "ends"])
    for token in staff.change_shift(world.staff, people):
        world.plan(at + world.replies[token][4], w.STAFF_DONE, token)


def _limit_row(world: World, at: int, limit: int, why: str) -> None:
    state = world.limits[limit]
    units = MISSING if limits.allowed(state) == limits.UNLIMITED else limits.allowed(state)
    sender = next(index for index, model in enumerate(world.model.senders) if model.limit == limit)
    channel = world.model.senders[sender].channel
    world.emit(EVENT["limit_changed"], at, channel=channel, sender=sender, units=units, reason=REASON[why])


def _template_row(world: World, at: int, template: int, why: str, until: int) -> None:
    channel = world.model.templates[template].channel
    world.emit(EVENT["template_state"], at, channel=channel, template=template, until=until, reason=REASON[why])


def _sender_row(world: World, at: int, sender: int, why: str, until: int) -> None:
    channel = world.model.senders[sender].channel
    world.emit(EVENT["sender_state"], at, channel=channel, sender=sender, until=until, reason=REASON[why])
