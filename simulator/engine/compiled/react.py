"""Coupling events: complaints, reports, replies, opt-outs, purchases, limits.

The flat twin of ``simulator.engine.react``, which says why; what providers and staff do in return is
``simulator.feedback``, the same functions. The numbers of an event, by kind:

DELIVERED sender, template, 2 * person + counted; COMPLAINED sender, template, person; STOP_REPORT step, -, chain;
FAILURE_REPORT version, -, chain; REPLY and STAFF_DONE reply; OPT_OUT and OPT_OUT_LEARNED person, channel; PURCHASE
person; NUMBER_REPORT person, delivered; LIMIT_* limit; TEMPLATE_RESUME template; SENDER_RELEASE sender.
"""

from __future__ import annotations

from typing import Any

from policies.kernels import kernel
from policies.records import MISSING, NEVER
from simulator.engine.compiled import agenda, layout, limits, queues
from simulator.engine.compiled.agenda import is_stopped, plan
from simulator.engine.compiled.codes import (
    APPROVED,
    DISABLED,
    E_ANSWERED,
    E_AUTO_REPLIED,
    E_LIMIT_CHANGED,
    E_QUALITY_CHANGED,
    E_SENDER_STATE,
    E_STAFF,
    E_TEMPLATE_STATE,
    PAUSED,
    R_BEGINS,
    R_BLOCKED,
    R_DISABLED,
    R_ENDS,
    R_NONE,
    R_OFF_HOURS,
    R_PAUSED,
    R_QUALITY,
    R_RELEASED,
    R_RESUMED,
    R_UPGRADE,
    R_WARNED,
    RATING_REASONS,
)
from simulator.engine.compiled.numbers import word
from simulator.engine.compiled.people import touch
from simulator.engine.compiled.release import note_purchase
from simulator.engine.compiled.rows import row, wide
from simulator.engine.model import END
from simulator.feedback import blocks, pausing, quality
from simulator.feedback import limits as levels


@kernel
def react(w: Any, at: int, kind: int, a: int, b: int, c: int) -> int:
    """Let an event take effect at its instant that concerns no chain's wait; return 0, or 1 for one that does."""
    if kind == agenda.DELIVERED:
        _feedback(w, at, a, b, c >> 1, 1, 0, c & 1)
    elif kind == agenda.COMPLAINED:
        w.people[c].bits |= 1 << (layout.BLOCKED + w.senders[a].channel)
        _feedback(w, at, a, b, -1, 0, 1, 0)
    elif kind == agenda.REPLY:
        _reply(w, at, a)
    elif kind == agenda.STAFF_DONE:
        _answered(w, at, a)
    elif kind == agenda.OPT_OUT:
        column = w.channels[b].own_opted_out
        w.own[a, column] = min(at, w.own[a, column])
        touch(w, a, at)
    elif kind == agenda.OPT_OUT_LEARNED:
        column = w.channels[b].own_learned
        w.own[a, column] = min(at, w.own[a, column])
        touch(w, a, at)
    elif kind == agenda.NUMBER_REPORT:
        column = w.now[0].own_failures
        w.own[a, column] = 0 if b == 1 else w.own[a, column] + 1
    elif kind == agenda.LIMIT_UPGRADE:
        if levels.upgrade(w.limits[a], at):
            _limit_row(w, at, a, R_UPGRADE)
    elif kind == agenda.LIMIT_DOWNGRADE:
        if levels.downgrade(w.limits[a], at):
            _limit_row(w, at, a, R_QUALITY)
    elif kind == agenda.TEMPLATE_RESUME:
        _resume(w, at, a)
    elif kind == agenda.SENDER_RELEASE:
        _sender_row(w, at, a, R_RELEASED, MISSING)
    elif kind == agenda.PURCHASE:
        note_purchase(w, a, at)
        touch(w, a, at)
        return 1
    else:
        return 1
    return 0


@kernel
def stop(w: Any, c: int, step: int) -> bool:
    """Note that the stop condition of a step was reported; return whether the chain waits and is to be woken."""
    chain = w.chains[c]
    goto = w.steps[step].on_stop
    if chain.bits & layout.ENDED or is_stopped(w, chain) or (goto > END and goto <= chain.step):
        return False  # a late report never leads back: nobody gets a step twice
    chain.bits |= layout.STOPPED
    chain.goto = goto
    chain.stopped_by = w.steps[step].stop_on
    return chain.bits & layout.WAITING != 0


@kernel
def _feedback(
    w: Any, at: int, sender: int, template: int, who: int, delivered: int, negative: int, counted: int
) -> None:
    limit = w.senders[sender].limit
    if counted and limit >= 0:
        due = limits.count(w, limit, at, who)
        if due != NEVER:
            plan(w, due, agenda.LIMIT_UPGRADE, limit, 0, -1)
    if w.senders[sender].rated:
        rating = w.sender_quality[sender]
        if quality.count(rating, at, delivered, negative):
            _sender_rating(w, at, sender, rating.rating)
    if w.templates[template].rated:
        rating = w.template_quality[template]
        if quality.count(rating, at, delivered, negative):
            _template_rating(w, at, template, rating.rating)
    if w.senders[sender].blocks:
        blocking = w.blocking[sender]
        result = blocks.count(blocking, at, delivered, negative)
        if result == blocks.WARNED:
            _sender_row(w, at, sender, R_WARNED, MISSING)
        elif result == blocks.BLOCKED:
            _sender_row(w, at, sender, R_BLOCKED, blocking.blocked_until)
            if blocking.blocked_until < NEVER:
                plan(w, blocking.blocked_until, agenda.SENDER_RELEASE, sender, 0, -1)


@kernel
def _sender_rating(w: Any, at: int, sender: int, rating: int) -> None:
    channel, limit = w.senders[sender].channel, w.senders[sender].limit
    wide(w, E_QUALITY_CHANGED, at, -1, channel, sender, -1, rating, MISSING, MISSING, RATING_REASONS[rating])
    if limit < 0:
        return
    if rating == quality.RED:
        due = levels.flag(w.limits[limit], at)
        if due != NEVER:
            plan(w, due, agenda.LIMIT_DOWNGRADE, limit, 0, -1)
    else:
        levels.unflag(w.limits[limit])


@kernel
def _template_rating(w: Any, at: int, template: int, rating: int) -> None:
    row_of = w.templates[template]
    wide(w, E_QUALITY_CHANGED, at, -1, row_of.channel, -1, template, rating, MISSING, MISSING, RATING_REASONS[rating])
    if rating != quality.RED or row_of.state != APPROVED:
        return
    until = pausing.turn_red(w.pausing[template], at)
    if until == NEVER:
        row_of.state = DISABLED
        _template_row(w, at, template, R_DISABLED, MISSING)
        return
    row_of.state = PAUSED
    _template_row(w, at, template, R_PAUSED, until)
    plan(w, until, agenda.TEMPLATE_RESUME, template, 0, -1)


@kernel
def _resume(w: Any, at: int, template: int) -> None:
    if w.templates[template].state == PAUSED:
        w.templates[template].state = APPROVED
        _template_row(w, at, template, R_RESUMED, MISSING)
        if w.templates[template].rated:
            quality.reset(w.template_quality[template])
            _template_rating(w, at, template, quality.GREEN)


@kernel
def _reply(w: Any, at: int, number: int) -> None:
    now, reply = w.now[0], w.replies[number]
    step = w.steps[reply.step]
    w.own[reply.who, w.channels[step.channel].own_inbound] = at
    touch(w, word(reply.who), at)
    if not now.staffed:
        return
    if now.on_duty == 0 and now.auto_reply:
        row(
            w,
            E_AUTO_REPLIED,
            at,
            word(w.people[reply.who].recipient),
            word(reply.step),
            -1,
            at,
            -1,
            R_OFF_HOURS,
        )
    if now.busy < now.on_duty:
        now.busy += 1
        plan(w, at + reply.duration, agenda.STAFF_DONE, number, 0, -1)
    else:
        queues.push(w, layout.REPLIES, at, number, 0)


@kernel
def _answered(w: Any, at: int, number: int) -> None:
    now, reply = w.now[0], w.replies[number]
    row(w, E_ANSWERED, at, word(w.people[reply.who].recipient), word(reply.step), -1, reply.at, -1, R_NONE)
    now.busy -= 1
    take_next(w, at)


@kernel
def take_next(w: Any, at: int) -> bool:
    """Let somebody who is free take the reply that has waited longest; return whether there were both."""
    now = w.now[0]
    if w.queues[layout.REPLIES].waiting == 0 or now.busy >= now.on_duty:
        return False
    number = word(w.pool[queues.first(w, layout.REPLIES)].chain)
    queues.drop(w, layout.REPLIES)
    now.busy += 1
    plan(w, at + w.replies[number].duration, agenda.STAFF_DONE, number, 0, -1)
    return True


@kernel
def start_shift(w: Any, at: int, people: int) -> None:
    """Change the number of people on duty; whoever waited and can be taken is."""
    wide(w, E_STAFF, at, -1, -1, -1, -1, people, MISSING, MISSING, R_BEGINS if people else R_ENDS)
    w.now[0].on_duty = people
    while take_next(w, at):
        pass


@kernel
def _limit_row(w: Any, at: int, number: int, why: int) -> None:
    limit = w.limits[number]
    units = levels.allowed(limit)
    if units == levels.UNLIMITED:
        units = MISSING
    channel = w.senders[limit.sender].channel
    wide(w, E_LIMIT_CHANGED, at, -1, channel, limit.sender, -1, units, MISSING, MISSING, why)


@kernel
def _template_row(w: Any, at: int, template: int, why: int, until: int) -> None:
    wide(w, E_TEMPLATE_STATE, at, -1, w.templates[template].channel, -1, template, MISSING, MISSING, until, why)


@kernel
def _sender_row(w: Any, at: int, sender: int, why: int, until: int) -> None:
    wide(w, E_SENDER_STATE, at, -1, w.senders[sender].channel, sender, -1, MISSING, MISSING, until, why)
