"""What becomes of a message: drawn at hand-over, logged at once, and the coupling events that follow planned.

The flat twin of ``simulator.engine.outcome``, which says why; the two logs are compared on random scenarios.
"""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined, kernel
from policies.records import MISSING
from simulator.behaviour import waking_delay
from simulator.engine.compiled import agenda, layout
from simulator.engine.compiled.agenda import plan, plan_stop
from simulator.engine.compiled.codes import (
    D_ACCEPTED,
    D_ANSWERING,
    D_CLICKED,
    D_CLICKING,
    D_COMPLAINED,
    D_COMPLAINING,
    D_DELIVERED,
    D_DELIVERY,
    D_DURATION,
    D_FAILURE_DELAY,
    D_PURCHASED,
    D_PURCHASING,
    D_READ,
    D_READ_HIDDEN,
    D_READ_RECEIPT_DELAY,
    D_READING,
    D_RECEIPT_DELAY,
    D_RECEIPT_LOST,
    D_RECEIPT_REPEATED,
    D_REPEAT_DELAY,
    D_REPLIED,
    D_REPLYING,
    D_UNSUBSCRIBED,
    D_UNSUBSCRIBING,
    E_ACCEPTED,
    E_CLICKED,
    E_COMPLAINED,
    E_DELIVERED,
    E_FAILED,
    E_LAPSED,
    E_PURCHASED,
    E_READ,
    E_RECEIPT_REPEATED,
    E_REJECTED,
    E_REPLIED,
    E_SESSION_OPENED,
    E_SUBMITTED,
    E_UNSUBSCRIBED,
    R_DEAD,
    R_MESSAGE,
    R_NONE,
    R_NOT_ACCEPTED,
    R_UNREACHABLE,
    R_VALIDITY,
)
from simulator.engine.compiled.money import bill
from simulator.engine.compiled.numbers import combine, draw, happens, happens_scaled, latency, word
from simulator.engine.compiled.people import (
    attempt_of,
    count_attempt,
    in_window,
    recent_messages,
    remember_message,
    units_of,
)
from simulator.engine.compiled.rows import row
from simulator.engine.model import STOP_CLICKED, STOP_DELIVERED, STOP_READ
from simulator.engine.outcome import BLOCKED, IN_WINDOW, QUICK_FAILURE, SESSION


@inlined
def chain_key(w: Any, c: int) -> int:
    """Return the key of the draws of this person in this campaign."""
    chain = w.chains[c]
    return combine(combine(w.now[0].key, w.people[chain.who].key), w.campaigns[chain.campaign].key)


@kernel
def message_draw(w: Any, purpose: Any) -> int:
    """Return the draw of the message at hand for a purpose, honouring forced outcomes."""
    message = w.message[0]
    return draw(message.key, purpose) if message.scripted == 0 else _forced(w, message, purpose)


@kernel
def _forced(w: Any, message: Any, purpose: Any) -> int:
    """Return the draw that the script forces; a line for this campaign or channel counts before one for any."""
    campaign = w.chains[message.chain].campaign
    channel = w.steps[message.step].channel
    drawn = draw(message.key, purpose)
    best = 0
    for line in range(len(w.script)):
        about = w.script[line]
        if about[0] == message.recipient and about[3] == message.attempt and w.script_purposes[line] == purpose:
            fits = (about[1] == -1 or about[1] == campaign) and (about[2] == -1 or about[2] == channel)
            weight = 1 + 2 * (about[1] == campaign) + (about[2] == channel)
            if fits and weight > best:
                best = weight
                drawn = w.script_values[line]
    return drawn


@kernel
def hand_over(w: Any, c: int, at: int) -> bool:
    """Send the message of the chain's step at instant ``at``; return whether the provider accepted it."""
    chain = w.chains[c]
    who = word(chain.who)
    step = w.steps[chain.step]
    channel = w.channels[step.channel]
    state = recent_messages(w, who, at)
    if in_window(w, who, channel, at):
        state += IN_WINDOW
    if (w.people[who].bits >> (layout.BLOCKED + step.channel)) & 1:
        state += BLOCKED
    address(w, c, at, attempt_of(w, c, step), state)
    count_attempt(w, c, step)
    accepted = submit(w)
    if accepted:
        remember_message(w, who, at)
    return accepted


@kernel
def address(w: Any, c: int, at: int, attempt: int, state: int) -> None:
    """Let the message at hand be that of the chain's step; ``state`` as in ``policies.records.COLUMNS``."""
    chain = w.chains[c]
    person = w.people[chain.who]
    step = w.steps[chain.step]
    message = w.message[0]
    message.at, message.chain, message.who, message.step = at, c, chain.who, chain.step
    message.recipient = person.recipient
    message.country_row = w.places[person.place].country_row
    message.attempt = attempt
    message.key = combine(combine(chain_key(w, c), w.channels[step.channel].key), attempt)
    message.scripted = person.bits & layout.SCRIPTED != 0
    message.state = state
    message.tired = state % IN_WINDOW


@kernel
def submit(w: Any) -> bool:
    """Hand the message over and log what becomes of it, from what it says alone; return whether it was accepted."""
    message = w.message[0]
    step = w.steps[message.step]
    channel = w.channels[step.channel]
    at = word(message.at)
    units = units_of(w, step, message.recipient)
    log_message(w, E_SUBMITTED, at, MISSING, R_NONE, word(message.state))
    bill(w, step.submit, units, at)
    if not happens(message_draw(w, D_ACCEPTED), channel.accepted):
        log_message(w, E_REJECTED, at, at, R_NOT_ACCEPTED, -1)
        return False
    if step.accept >= 0:
        log_message(w, E_ACCEPTED, at, at, R_NONE, -1)
        bill(w, step.accept, units, at)
    if not message.state & BLOCKED:
        _deliver(w, message, step, channel, units)
    return True


@kernel
def log_message(w: Any, event: int, at: int, received: int, reason: int, extra: int) -> None:
    """Add a row about the message at hand."""
    message = w.message[0]
    row(w, event, at, message.recipient, message.step, message.attempt, received, extra, reason)


@kernel
def _deliver(w: Any, message: Any, step: Any, channel: Any, units: int) -> None:
    delay = latency(w.quantiles[channel.delivery], message_draw(w, D_DELIVERY))
    dead = w.people[message.who].bits & layout.DEAD != 0 and channel.by_number != 0
    if dead or not happens(message_draw(w, D_DELIVERED), channel.delivered[message.country_row]):
        if dead or message_draw(w, D_FAILURE_DELAY) < QUICK_FAILURE:
            _fail(w, message, step, channel, min(delay, channel.validity), E_FAILED, R_DEAD if dead else R_UNREACHABLE)
        else:
            _fail(w, message, step, channel, channel.validity, E_LAPSED, R_VALIDITY)
    elif delay > channel.validity:
        _fail(w, message, step, channel, channel.validity, E_LAPSED, R_VALIDITY)
    else:
        _arrive(w, message, step, channel, units, message.at + delay)


@kernel
def _fail(w: Any, message: Any, step: Any, channel: Any, after: int, event: int, reason: int) -> None:
    at = message.at + after
    received = _receipt(w, channel, at) if channel.reports_delivered else MISSING
    log_message(w, event, at, received, reason, -1)
    if received != MISSING:
        if step.wait >= 0 and received <= message.at + step.wait:  # later, the wait is over and nobody listens
            plan(w, received, agenda.FAILURE_REPORT, word(w.chains[message.chain].version), 0, message.chain)
        _report_number(w, message, channel, received, 0)


@kernel
def _receipt(w: Any, channel: Any, at: int) -> int:
    """Return when the delivery report of ``at`` arrives; MISSING: it is lost."""
    if happens(message_draw(w, D_RECEIPT_LOST), channel.receipt_lost):
        return MISSING
    return at + latency(w.quantiles[channel.receipt], message_draw(w, D_RECEIPT_DELAY))


@kernel
def _report_number(w: Any, message: Any, channel: Any, received: int, delivered: int) -> None:
    if w.now[0].suppress_after and channel.by_number:
        plan(w, received, agenda.NUMBER_REPORT, message.who, delivered, -1)


@kernel
def _arrive(w: Any, message: Any, step: Any, channel: Any, units: int, at: int) -> None:
    received = _receipt(w, channel, at) if channel.reports_delivered else MISSING
    log_message(w, E_DELIVERED, at, received, R_NONE, -1)
    if step.second >= 0:
        duration = latency(w.quantiles[channel.duration], message_draw(w, D_DURATION))
        bill(w, step.second, -(-duration // 1_000_000), at)
    else:
        bill(w, step.delivered, units, at)
    _open_session(w, message, step, at)
    if received != MISSING:
        if happens(message_draw(w, D_RECEIPT_REPEATED), channel.receipt_repeated):
            again = received + latency(w.quantiles[channel.receipt], message_draw(w, D_REPEAT_DELAY))
            log_message(w, E_RECEIPT_REPEATED, at, again, R_NONE, -1)
        _report_number(w, message, channel, received, 1)
    if channel.watched:
        counted = 0 if message.state & IN_WINDOW else 1
        plan(w, at, agenda.DELIVERED, step.sender, step.template, 2 * message.who + counted)
    read_received = _read(w, message, step, channel, at)
    if step.stop_on == STOP_DELIVERED:
        if received != MISSING and (read_received == MISSING or received <= read_received):
            plan_stop(w, received, message.step, message.chain)
        elif read_received != MISSING:
            plan_stop(w, read_received, message.step, message.chain)
    elif step.stop_on == STOP_READ and read_received != MISSING:
        plan_stop(w, read_received, message.step, message.chain)


@kernel
def _open_session(w: Any, message: Any, step: Any, at: int) -> None:
    if step.session < 0 or message.state & IN_WINDOW:
        return
    if at >= w.own[message.who, step.own_session]:
        w.own[message.who, step.own_session] = at + SESSION
        log_message(w, E_SESSION_OPENED, at, MISSING, R_NONE, -1)
        bill(w, step.session, 1, at)


@kernel
def _read(w: Any, message: Any, step: Any, channel: Any, delivered_at: int) -> int:
    """Draw whether and when the person reads, and what they then do; return when the report arrives, or MISSING."""
    now = w.now[0]
    if not channel.seen:
        _act(w, message, step, channel, delivered_at)
        return MISSING
    person = w.people[message.who]
    if not happens_scaled(message_draw(w, D_READ), channel.read[person.level], now.fatigue[message.tired]):
        return MISSING
    delay = latency(w.quantiles[channel.reading], message_draw(w, D_READING))
    if now.waking:
        delay = waking_delay(delivered_at + w.places[person.place].local_offset, delay, now.activity)
    at = delivered_at + delay
    received = MISSING
    if channel.reports_read and not happens(message_draw(w, D_READ_HIDDEN), channel.read_hidden):
        received = at + latency(w.quantiles[channel.receipt], message_draw(w, D_READ_RECEIPT_DELAY))
    log_message(w, E_READ, at, received, R_NONE, -1)
    _act(w, message, step, channel, at)
    return received


@kernel
def _act(w: Any, message: Any, step: Any, channel: Any, at: int) -> None:
    """Draw what a person who has read the message does: click and buy, reply, complain, leave."""
    if channel.clicked and happens(message_draw(w, D_CLICKED), channel.clicked):
        _click(w, message, step, channel, at)
    if channel.replied and happens(message_draw(w, D_REPLIED), channel.replied):
        _reply(w, message, channel, at)
    annoyance = w.now[0].annoyance[message.tired]
    if channel.complained and happens_scaled(message_draw(w, D_COMPLAINED), channel.complained, annoyance):
        complained_at = _after(w, channel, at, D_COMPLAINING)
        log_message(w, E_COMPLAINED, complained_at, MISSING, R_NONE, -1)
        plan(w, complained_at, agenda.COMPLAINED, step.sender, step.template, message.who)
    if channel.unsubscribed and happens_scaled(message_draw(w, D_UNSUBSCRIBED), channel.unsubscribed, annoyance):
        left_at = _after(w, channel, at, D_UNSUBSCRIBING)
        learned = left_at + latency(w.quantiles[channel.receipt], message_draw(w, D_UNSUBSCRIBING))
        log_message(w, E_UNSUBSCRIBED, left_at, learned, R_NONE, -1)
        plan(w, left_at, agenda.OPT_OUT, message.who, step.channel, -1)
        plan(w, learned, agenda.OPT_OUT_LEARNED, message.who, step.channel, -1)


@kernel
def _after(w: Any, channel: Any, at: int, purpose: Any) -> int:
    return at + latency(w.quantiles[channel.acting], message_draw(w, purpose))


@kernel
def _click(w: Any, message: Any, step: Any, channel: Any, read_at: int) -> None:
    at = _after(w, channel, read_at, D_CLICKING)
    log_message(w, E_CLICKED, at, at, R_NONE, -1)
    if step.stop_on == STOP_CLICKED:
        plan_stop(w, at, message.step, message.chain)
    if happens(message_draw(w, D_PURCHASED), channel.purchased):
        bought_at = _after(w, channel, at, D_PURCHASING)
        log_message(w, E_PURCHASED, bought_at, bought_at, R_MESSAGE, -1)
        if w.now[0].watch_purchases:
            plan(w, bought_at, agenda.PURCHASE, message.who, 0, -1)


@kernel
def _reply(w: Any, message: Any, channel: Any, read_at: int) -> None:
    now = w.now[0]
    at = _after(w, channel, read_at, D_REPLYING)
    log_message(w, E_REPLIED, at, at, R_NONE, -1)
    if at >= now.plans_until:
        return
    reply = w.replies[now.replies]
    reply.at, reply.who, reply.step = at, message.who, message.step
    reply.duration = latency(w.quantiles[now.answer], message_draw(w, D_ANSWERING)) if now.staffed else 0
    now.replies += 1
    plan(w, at, agenda.REPLY, now.replies - 1, 0, -1)
