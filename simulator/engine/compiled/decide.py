"""Decisions about one chain: what to do when a step starts, and again at the head of the queue.

The flat twin of ``simulator.engine.decide``, which says why; the two logs are compared on random scenarios.
"""

from __future__ import annotations

from typing import Any

from policies.gate import ALLOW, HOLD, UNSURE, judge_rows, observe_row
from policies.kernels import inlined, kernel
from policies.records import MISSING, NEVER
from simulator.engine.compiled import layout
from simulator.engine.compiled.agenda import is_stopped
from simulator.engine.compiled.attempt import describe
from simulator.engine.compiled.codes import (
    D_HOLD_JITTER,
    E_ABSENT,
    E_BUDGET_STOPPED,
    E_CANCELLED,
    E_DENIED,
    E_ENDED,
    E_EXPIRED,
    E_HELD,
    E_REJECTED,
    E_SKIPPED,
    E_SUPPRESSED,
    R_BUDGET,
    R_CAMPAIGN_END,
    R_DEAD_NUMBER,
    R_DENIED,
    R_EXHAUSTED,
    R_GUARD,
    R_HORIZON,
    R_NEEDS_SMARTPHONE,
    R_NO_ADDRESS,
    R_NO_COMMON_WINDOW,
    R_NONE,
    R_OUTAGE,
    R_UNKNOWN_INPUT,
    STOP_REASONS,
)
from simulator.engine.compiled.conditions import holds
from simulator.engine.compiled.notes import close, note, note_chain
from simulator.engine.compiled.numbers import combine, draw, part_of, word
from simulator.engine.compiled.outcome import chain_key, hand_over
from simulator.engine.compiled.people import (
    attempt_of,
    count_attempt,
    count_sent,
    count_today,
    is_suppressed,
    touch,
)
from simulator.engine.compiled.refuse import refusal
from simulator.engine.compiled.rows import wide
from simulator.engine.model import END

QUEUE, WAIT, DELAYED, DONE, PASSED, SENT, REJECTED, CANCELLED, NEXT = range(9)


@kernel
def begin(w: Any, c: int, at: int) -> tuple[int, int]:
    """Start the chain's step, or the first later one that can be sent; steps that are passed over take no time."""
    chain = w.chains[c]
    if is_stopped(w, chain):
        return CANCELLED, 0
    ends_at = w.campaigns[chain.campaign].ends_at
    who = word(chain.who)
    while chain.step != END:
        step = w.steps[chain.step]
        if at >= ends_at:
            return expire(w, c, at, -1)
        if step.delay and not chain.bits & layout.DELAYED:
            chain.bits |= layout.DELAYED
            return DELAYED, at + step.delay
        channel = w.channels[step.channel]
        flags = w.people[who].bits
        if not _meets(w, c, step, at):
            note(w, c, E_SKIPPED, at, MISSING, -1, R_GUARD)
            go(chain, step.on_guard)
        elif not (flags >> step.channel) & 1:
            note(w, c, E_ABSENT, at, MISSING, -1, R_NO_ADDRESS)
            go(chain, step.on_absent)
        elif channel.smartphone and flags & layout.FEATURE_PHONE:
            note(w, c, E_ABSENT, at, MISSING, -1, R_NEEDS_SMARTPHONE)
            go(chain, step.on_absent)
        elif is_suppressed(w, who, channel):
            note(w, c, E_SUPPRESSED, at, MISSING, -1, R_DEAD_NUMBER)
            go(chain, step.on_refused)
        else:
            action, value = judge(w, c, step, at)
            if action != NEXT:
                return action, value
    return finish(w, c, at, R_EXHAUSTED)


@kernel
def _meets(w: Any, c: int, step: Any, at: int) -> bool:
    place = step.conditions_from
    while place < step.conditions_to and holds(w, w.conditions[place], c, at):
        place += 1
    return place == step.conditions_to


@kernel
def judge(w: Any, c: int, step: Any, at: int) -> tuple[int, int]:
    """Ask the gate; NEXT means that the step was denied and the chain has gone on."""
    verdict, until, rule = consult(w, c, step, at)
    if verdict == ALLOW:
        return QUEUE, 0
    chain = w.chains[c]
    if verdict == HOLD:
        if until >= min(w.campaigns[chain.campaign].ends_at, w.now[0].end):
            return expire(w, c, at, rule)
        note(w, c, E_HELD, at, until, rule, R_NONE)
        return WAIT, until + _jitter(w, c, step, until)
    why = R_UNKNOWN_INPUT if verdict == UNSURE else R_NO_COMMON_WINDOW if until == NEVER else R_DENIED
    note(w, c, E_DENIED, at, MISSING, rule, why)
    go(chain, step.on_refused)
    return NEXT, 0


@kernel
def consult(w: Any, c: int, step: Any, at: int) -> tuple[int, int, int]:
    """Return the gate's (verdict, until, index of the rule's name) on handing this step's message over at ``at``."""
    if not w.now[0].has_gate:
        return ALLOW, 0, -1
    chain = w.chains[c]
    who = word(chain.who)
    place = w.places[w.people[who].place]
    describe(w, who, step, place, at)
    rows = w.gate_rows[step.gate_from : step.gate_to]
    verdict, until, deciding = judge_rows(rows, w.attempt, w.own[who], place.zone_from, place.zone_to, w)
    return verdict, until, w.gate_rules[step.gate_from + deciding] if deciding >= 0 else -1


@kernel
def at_head(w: Any, c: int, last_queue: bool, judged_at: int, at: int, described: bool) -> tuple[int, int]:
    """Decide at the head of a queue; only SENT, REJECTED and PASSED use up the server's turn.

    ``described``: the attempt vector is that of this message and instant.
    """
    chain = w.chains[c]
    step = w.steps[chain.step]
    if is_stopped(w, chain):
        note(w, c, E_CANCELLED, at, MISSING, -1, R_NONE)
        return CANCELLED, 0
    campaign = w.campaigns[chain.campaign]
    if at >= campaign.ends_at:
        return expire(w, c, at, -1)
    if not last_queue:
        return PASSED, 0
    who = word(chain.who)
    touched = w.own[who, w.now[0].own_touched] == at if w.now[0].own_touched >= 0 else False
    if judged_at != at or touched:
        action, value = judge(w, c, step, at)
        if action != QUEUE:
            return action, value
    elif w.now[0].has_gate and not described:
        describe(w, who, step, w.places[w.people[who].place], at)
    if is_suppressed(w, who, w.channels[step.channel]):
        note(w, c, E_SUPPRESSED, at, MISSING, -1, R_DEAD_NUMBER)
        go(chain, step.on_refused)
        return NEXT, 0
    if campaign.budget_out:
        note(w, c, E_SUPPRESSED, at, MISSING, -1, R_BUDGET)
        return finish(w, c, at, R_BUDGET)
    refused, until = refusal(w, who, step, at)
    if until:
        if until >= min(campaign.ends_at, w.now[0].end):
            return expire(w, c, at, -1)
        note(w, c, E_HELD, at, until, -1, R_OUTAGE)
        return WAIT, until
    if refused != R_NONE:
        note(w, c, E_REJECTED, at, at, -1, refused)
        count_attempt(w, c, step)
        go(chain, step.on_failed)
        return REJECTED, 0
    return _hand_over(w, c, step, at)


@kernel
def _hand_over(w: Any, c: int, step: Any, at: int) -> tuple[int, int]:
    chain = w.chains[c]
    campaign, who = w.campaigns[chain.campaign], word(chain.who)
    accepted = hand_over(w, c, at)
    touch(w, who, at)
    count_sent(w, who, step)
    count_today(w, who, step, at)
    if w.now[0].has_gate:
        for place in range(len(w.gate_watching)):
            observe_row(w.gate_watching[place], w.attempt, w.own[who])
    if campaign.spent >= campaign.budget and not campaign.budget_out:
        campaign.budget_out = 1
        wide(w, E_BUDGET_STOPPED, at, word(chain.campaign), -1, -1, -1, MISSING, campaign.spent, MISSING, R_BUDGET)
    if not accepted:
        go(chain, step.on_failed)
        return REJECTED, 0
    return SENT, at + step.wait if step.wait >= 0 else -1


@kernel
def _jitter(w: Any, c: int, step: Any, until: int) -> int:
    """Return how long after the end of a hold the message goes: as drawn, or halved until it may go then."""
    campaign = w.campaigns[w.chains[c].campaign]
    if not campaign.jitter:
        return 0
    key = combine(combine(chain_key(w, c), step.channel), attempt_of(w, c, step))
    delay = part_of(draw(key, D_HOLD_JITTER), campaign.jitter)
    end = min(campaign.ends_at, w.now[0].end)
    while delay and (until + delay >= end or consult(w, c, step, until + delay)[0] != ALLOW):
        delay //= 2
    return delay


@inlined
def go(chain: Any, target: int) -> None:
    """Send the chain to another step, or to its end."""
    chain.step = target
    chain.bits = word(chain.bits) & ~layout.DELAYED


@kernel
def after_stop(w: Any, c: int, at: int) -> None:
    """The stop condition was reported: follow ``on_stop``, or end."""
    chain = w.chains[c]
    if w.campaigns[chain.campaign].lazy:
        finish(w, c, at, STOP_REASONS[chain.stopped_by])
        return
    chain.bits = word(chain.bits) & ~layout.STOPPED
    go(chain, word(chain.goto))
    if chain.step == END:
        finish(w, c, at, STOP_REASONS[chain.stopped_by])


@kernel
def finish(w: Any, c: int, at: int, reason: int) -> tuple[int, int]:
    """Close the cascade of this recipient."""
    if not w.chains[c].bits & layout.ENDED:
        close(w, c)
        note_chain(w, c, E_ENDED, at, reason)
    return DONE, 0


@kernel
def expire(w: Any, c: int, at: int, rule: int) -> tuple[int, int]:
    """Give the chain up: what it waits for lies past the campaign's end, or past the horizon where it has none."""
    reason = R_CAMPAIGN_END if w.campaigns[w.chains[c].campaign].ends_at < w.now[0].end else R_HORIZON
    note(w, c, E_EXPIRED, at, MISSING, rule, reason)
    return finish(w, c, at, reason)
