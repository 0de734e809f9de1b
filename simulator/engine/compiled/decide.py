"""Decisions about one chain: what to do when a step starts, and again at the head of the queue.

The flat twin of ``simulator.engine.decide``, which says why; the two logs are compared on random scenarios.
"""

from __future__ import annotations

from typing import Any

from policies.gate import ALLOW, HOLD, UNSURE, judge_rows, observe_row
from policies.kernels import inlined, kernel
from policies.kinds import base as k
from policies.records import MISSING, NEVER
from simulator.engine.compiled import layout
from simulator.engine.compiled.agenda import PURCHASE, is_stopped, plan
from simulator.engine.compiled.codes import (
    APPROVED,
    D_BASE_PURCHASE,
    D_HOLD_JITTER,
    D_HOLD_OUT,
    DISABLED,
    E_ABSENT,
    E_BUDGET_STOPPED,
    E_CANCELLED,
    E_DENIED,
    E_ENDED,
    E_EXPIRED,
    E_HELD,
    E_HELD_OUT,
    E_PURCHASED,
    E_REJECTED,
    E_RELEASED,
    E_SKIPPED,
    E_SUPPRESSED,
    PAUSED,
    R_BUDGET,
    R_CAMPAIGN_END,
    R_DAILY_CAP,
    R_DEAD_NUMBER,
    R_DENIED,
    R_EXHAUSTED,
    R_GUARD,
    R_HOLD_OUT,
    R_HORIZON,
    R_LIMIT,
    R_NEEDS_SMARTPHONE,
    R_NO_ADDRESS,
    R_NO_COMMON_WINDOW,
    R_NONE,
    R_OUTAGE,
    R_SENDER_BLOCKED,
    R_SENDER_NOT_REGISTERED,
    R_TEMPLATE_DISABLED,
    R_TEMPLATE_NOT_APPROVED,
    R_TEMPLATE_PAUSED,
    R_UNKNOWN_INPUT,
    R_WITHOUT_MESSAGE,
    STOP_REASONS,
)
from simulator.engine.compiled.conditions import holds
from simulator.engine.compiled.limits import open_places
from simulator.engine.compiled.numbers import combine, draw, happens, latency, part_of, word
from simulator.engine.compiled.outcome import chain_key, hand_over
from simulator.engine.compiled.people import (
    attempt_of,
    count_attempt,
    count_today,
    in_window,
    is_suppressed,
    sent_today,
    text_of,
    touch,
)
from simulator.engine.compiled.rows import row, wide
from simulator.engine.model import END
from simulator.feedback import blocks, pausing

QUEUE, WAIT, DELAYED, DONE, PASSED, SENT, REJECTED, CANCELLED, NEXT = range(9)
NOBODY = -1


@kernel
def note(w: Any, c: int, event: int, at: int, other: int, rule: int, reason: int) -> None:
    """Log a decision about the chain's present step."""
    chain = w.chains[c]
    step = w.steps[chain.step]
    who, place = word(w.people[chain.who].recipient), word(chain.step)
    row(w, event, at, who, place, attempt_of(w, c, step), other, rule, reason)


@kernel
def note_chain(w: Any, c: int, event: int, at: int, reason: int) -> None:
    """Log something about the chain as a whole."""
    chain = w.chains[c]
    who, place = word(w.people[chain.who].recipient), -2 - word(chain.campaign)
    row(w, event, at, who, place, -1, MISSING, -1, reason)


@kernel
def release(w: Any, c: int, at: int) -> bool:
    """Take the recipient up; return whether the cascade starts (False: hold-out group).

    Somebody taken up for the first time whose purchases are played is left in ``NOW.buying``, for ``buy_next``.
    """
    chain = w.chains[c]
    chain.at = NEVER
    chain.step = w.campaigns[chain.campaign].first
    chain.bits |= layout.RELEASED
    note_chain(w, c, E_RELEASED, at, R_NONE)
    take_up(w, word(chain.who))
    if happens(draw(chain_key(w, c), D_HOLD_OUT), w.campaigns[chain.campaign].hold_out):
        note_chain(w, c, E_HELD_OUT, at, R_HOLD_OUT)
        close(w, c)
        return False
    return True


@kernel
def take_up(w: Any, who: int) -> None:
    """Let the purchases without messages of somebody new be drawn next, where they are played."""
    now, person = w.now[0], w.people[who]
    if now.base_purchase >= 0 and not person.bits & layout.TAKEN_UP:
        now.buying, now.buying_at, now.buying_count = who, now.start, 0
    person.bits |= layout.TAKEN_UP


@kernel
def buy_next(w: Any) -> None:
    """Draw the next purchase that needs no message of the person in ``NOW.buying``; past the horizon there is none."""
    now = w.now[0]
    person = w.people[now.buying]
    now.buying_count += 1
    key = combine(combine(now.key, person.key), now.buying_count)
    gap = latency(w.quantiles[now.base_purchase], draw(key, D_BASE_PURCHASE))
    now.buying_at += max(gap, 1)
    at = now.buying_at
    if at >= now.end:
        now.buying = NOBODY
        return
    row(w, E_PURCHASED, at, word(person.recipient), -1, -1, at, -1, R_WITHOUT_MESSAGE)
    if now.watch_purchases:
        if at <= now.at:
            note_purchase(w, now.buying, at)
        else:
            plan(w, at, PURCHASE, now.buying, 0, -1)


@kernel
def note_purchase(w: Any, who: int, at: int) -> None:
    """Keep a purchase for whoever asks for it later."""
    now = w.now[0]
    w.own[who, now.own_bought_at] = at
    w.own[who, now.own_bought] += 1


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
def describe(w: Any, who: int, step: Any, place: Any, at: int) -> None:
    """Fill in the attempt vector of handing the step's message over at ``at``; what no rule asks stays MISSING."""
    now, a = w.now[0], w.attempt
    person, channel, template = w.people[who], w.channels[step.channel], w.templates[step.template]
    a[k.A_AT] = at
    a[k.A_RECIPIENT] = person.recipient
    a[k.A_CONSENTS] = person.consents
    a[k.A_CHANNEL] = step.channel
    a[k.A_CATEGORY] = step.category
    a[k.A_CAMPAIGN] = step.campaign
    a[k.A_SENDER] = step.sender
    a[k.A_TEMPLATE] = step.template
    a[k.A_TEXT] = text_of(w, step, word(person.recipient))
    a[k.A_COUNTRY] = place.country
    a[k.A_CALENDAR] = place.calendar
    a[k.A_BRAND] = step.brand
    a[k.A_VALIDITY] = channel.validity
    a[k.A_OPT_OUT_AT] = w.own[who, channel.own_opted_out] if channel.own_opted_out >= 0 else NEVER
    a[k.A_OPT_OUT_RECEIVED_AT] = w.own[who, channel.own_learned] if channel.own_learned >= 0 else NEVER
    a[k.A_TEMPLATE_STATE] = template.state
    a[k.A_TEMPLATE_SINCE] = template.since
    a[k.A_LAST_INBOUND] = w.own[who, channel.own_inbound] if channel.own_inbound >= 0 else -NEVER
    if now.own_orders >= 0:
        a[k.A_ORDERS] = w.own[who, now.own_orders]
        a[k.A_LAST_ORDER_AT] = w.own[who, now.own_last_order]
        if now.own_bought >= 0 and w.own[who, now.own_bought] > 0:
            a[k.A_LAST_ORDER_AT] = max(a[k.A_LAST_ORDER_AT], w.own[who, now.own_bought_at])
            if a[k.A_ORDERS] != MISSING:
                a[k.A_ORDERS] += w.own[who, now.own_bought]


@kernel
def at_head(w: Any, c: int, last_queue: bool, judged_at: int, at: int) -> tuple[int, int]:
    """Decide at the head of a queue; only SENT, REJECTED and PASSED use up the server's turn."""
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
    elif w.now[0].has_gate:
        describe(w, who, step, w.places[w.people[who].place], at)
    if is_suppressed(w, who, w.channels[step.channel]):
        note(w, c, E_SUPPRESSED, at, MISSING, -1, R_DEAD_NUMBER)
        go(chain, step.on_refused)
        return NEXT, 0
    if campaign.budget_out:
        note(w, c, E_SUPPRESSED, at, MISSING, -1, R_BUDGET)
        return finish(w, c, at, R_BUDGET)
    refused, until = _refusal(w, who, step, at)
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
def _refusal(w: Any, who: int, step: Any, at: int) -> tuple[int, int]:
    """Return (the provider's reason to refuse, 0), or (R_NONE, until) during an outage, or (R_NONE, 0)."""
    if w.now[0].outages:
        outage = w.outages[step.channel, step.sender + 1]
        if outage.until == 0:
            outage = w.outages[step.channel, 0]
        if outage.until:
            return (R_NONE, outage.until) if outage.hold else (R_OUTAGE, 0)
    sender, template, channel = w.senders[step.sender], w.templates[step.template], w.channels[step.channel]
    if at < sender.registered_at:
        return R_SENDER_NOT_REGISTERED, 0
    if template.state != APPROVED:
        if template.state == PAUSED:
            return R_TEMPLATE_PAUSED, 0
        return R_TEMPLATE_DISABLED if template.state == DISABLED else R_TEMPLATE_NOT_APPROVED, 0
    if not pausing.usable(w.pausing[step.template], at):
        return R_TEMPLATE_PAUSED, 0
    if sender.blocks and blocks.blocked(w.blocking[step.sender], at):
        return R_SENDER_BLOCKED, 0
    if sender.limit >= 0 and not in_window(w, who, channel, at) and not open_places(w, sender.limit, at, who):
        return R_LIMIT, 0
    if channel.daily_cap and sent_today(w, who, step, at) >= channel.daily_cap:
        return R_DAILY_CAP, 0
    return R_NONE, 0


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


@inlined
def close(w: Any, c: int) -> None:
    """Count the chain as ended."""
    w.chains[c].bits |= layout.ENDED
    w.now[0].finished += 1


@kernel
def expire(w: Any, c: int, at: int, rule: int) -> tuple[int, int]:
    """Give the chain up: what it waits for lies past the campaign's end, or past the horizon where it has none."""
    reason = R_CAMPAIGN_END if w.campaigns[w.chains[c].campaign].ends_at < w.now[0].end else R_HORIZON
    note(w, c, E_EXPIRED, at, MISSING, rule, reason)
    return finish(w, c, at, reason)
