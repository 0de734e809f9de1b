"""Decisions about one recipient: what to do when a step starts, and again at the head of the queue."""

from __future__ import annotations

from policies.gate import ALLOW, HOLD, UNSURE
from policies.records import MISSING, NEVER
from simulator import draws
from simulator.engine import outcome
from simulator.engine import world as w
from simulator.engine.attempt import describe
from simulator.engine.conditions import holds
from simulator.engine.log import EVENT, REASON
from simulator.engine.model import END, Step
from simulator.engine.refuse import count_today, refusal
from simulator.engine.world import Chain, World
from simulator.feedback import suppression
from simulator.tables import look_up

QUEUE, WAIT, DELAYED, DONE, PASSED, SENT, REJECTED, CANCELLED, NEXT = range(9)
Decision = tuple[int, int]
"""What comes next, and for WAIT and DELAYED until when, for SENT until when to wait for a report (-1: not at all)."""


def release(world: World, chain: Chain, at: int) -> bool:
    """Take the recipient up; return whether the cascade starts (False: hold-out group)."""
    _note(world, chain, "released", at)
    recipient = chain.recipient
    if world.model.watch_purchases or world.model.behaviour.base_purchase is not None:
        if recipient not in world.chains:
            _purchases_without_messages(world, recipient, at)
        world.chains.setdefault(recipient, []).append(chain)
    if draws.draw(chain.key, draws.PURPOSE["hold_out"]) < chain.campaign.hold_out:
        _note(world, chain, "held_out", at, reason="hold_out")
        world.close(chain)
        return False
    return True


def _purchases_without_messages(world: World, recipient: int, now: int) -> None:
    """Draw the purchases that need no message, over the whole horizon, and log them; those before ``now`` are known."""
    table = world.model.behaviour.base_purchase
    if table is None:
        return
    key = draws.combine(world.key, world.lists.keys[recipient])
    at, count = world.model.start, 0
    while True:
        count += 1
        at += max(look_up(table, draws.draw(draws.combine(key, count), draws.PURPOSE["base_purchase"])), 1)
        if at >= world.model.end:
            return
        world.emit(EVENT["purchased"], at, recipient=recipient, received=at, reason=REASON["without_message"])
        if world.model.watch_purchases and at <= now:
            world.purchase(recipient, at)
        elif world.model.watch_purchases:
            world.plan(at, w.PURCHASE, recipient)


def begin(world: World, chain: Chain, at: int) -> Decision:
    """Start the chain's step, or the first later one that can be sent; steps that are passed over take no time."""
    model = world.model
    if chain.stopped:
        return CANCELLED, 0
    while chain.step != END:
        step = model.steps[chain.step]
        if at >= chain.campaign.ends_at:
            return _expire(world, chain, at)
        if step.delay and not chain.delayed:
            chain.delayed = True
            return DELAYED, at + step.delay
        if not all(holds(test, world, chain.recipient, chain.released_at, at) for test in step.conditions):
            _note(world, chain, "skipped", at, reason="guard")
            _go(chain, step.on_guard)
        elif why := _absence(world, chain.recipient, step):
            _note(world, chain, "absent", at, reason=why)
            _go(chain, step.on_absent)
        elif _is_suppressed(world, chain.recipient, step):
            _note(world, chain, "suppressed", at, reason="dead_number")
            _go(chain, step.on_refused)
        else:
            decision = _judge(world, chain, step, at)
            if decision is not None:
                return decision
    return finish(world, chain, at, "exhausted")


def _judge(world: World, chain: Chain, step: Step, at: int) -> Decision | None:
    """Ask the gate; None means that the step was denied and the chain has gone on."""
    verdict, until, rule = consult(world, chain, step, at)
    if verdict == ALLOW:
        chain.judged_at = at
        return QUEUE, 0
    if verdict == HOLD:
        if until >= min(chain.campaign.ends_at, world.model.end):
            return _expire(world, chain, at, rule)
        _note(world, chain, "held", at, rule=rule, until=until)
        return WAIT, until + _jitter(world, chain, step, until)
    why = "unknown_input" if verdict == UNSURE else "no_common_window" if until == NEVER else "denied"
    _note(world, chain, "denied", at, rule=rule, reason=why)
    _go(chain, step.on_refused)
    return None


def consult(world: World, chain: Chain, step: Step, at: int) -> tuple[int, int, int]:
    """Return the gate's (verdict, until, rule index) on handing this step's message over at ``at``."""
    gate = world.model.gate
    if gate is None:
        return ALLOW, 0, -1
    attempt = chain.attempt = describe(world, chain, step, at)
    verdict, until, row = gate.decide(chain.recipient, attempt, world.cells(chain.recipient))
    return verdict, until, world.model.rule_of_row[row] if row >= 0 else -1


def at_head(world: World, chain: Chain, last_queue: bool, at: int) -> Decision:
    """Decide at the head of a queue; only ``SENT`` and ``REJECTED`` and ``PASSED`` use up the server's turn."""
    step = world.model.steps[chain.step]
    if chain.stopped:
        _note(world, chain, "cancelled", at)
        return CANCELLED, 0
    if at >= chain.campaign.ends_at:
        return _expire(world, chain, at)
    if not last_queue:
        return PASSED, 0
    if chain.judged_at != at or world.touched.get(chain.recipient) == at:
        decision = _judge(world, chain, step, at)
        if decision is None:
            return NEXT, 0
        if decision[0] != QUEUE:
            return decision
    if _is_suppressed(world, chain.recipient, step):
        _note(world, chain, "suppressed", at, reason="dead_number")
        _go(chain, step.on_refused)
        return NEXT, 0
    if world.budget_out[step.campaign]:
        _note(world, chain, "suppressed", at, reason="budget")
        return finish(world, chain, at, "budget")
    refused, until = refusal(world, chain, step, at)
    if until:
        if until >= min(chain.campaign.ends_at, world.model.end):
            return _expire(world, chain, at)
        _note(world, chain, "held", at, until=until, reason="outage")
        return WAIT, until
    if refused:
        _note(world, chain, "rejected", at, received=at, reason=refused)
        chain.tries[step.channel] += 1
        _go(chain, step.on_failed)
        return REJECTED, 0
    return _hand_over(world, chain, step, at)


def _hand_over(world: World, chain: Chain, step: Step, at: int) -> Decision:
    recipient = chain.recipient
    accepted = outcome.hand_over(world, chain, step, at)
    world.touched[recipient] = at
    place = recipient * len(world.model.senders) + step.sender
    world.sent_before[place] = world.sent_before.get(place, 0) + 1
    count_today(world, recipient, step, at)
    if world.model.gate is not None:
        world.model.gate.observe(chain.attempt, world.cells(recipient))
    if world.spent[step.campaign] >= chain.campaign.budget and not world.budget_out[step.campaign]:
        world.budget_out[step.campaign] = True
        world.emit(
            EVENT["budget_stopped"],
            at,
            campaign=step.campaign,
            cost=world.spent[step.campaign],
            reason=REASON["budget"],
        )
    if not accepted:
        _go(chain, step.on_failed)
        return REJECTED, 0
    return SENT, at + step.wait if step.wait >= 0 else -1


def _absence(world: World, recipient: int, step: Step) -> str:
    if not world.lists.present[recipient] >> step.channel & 1:
        return "no_address"
    if world.model.channels[step.channel].smartphone and world.lists.feature_phone[recipient]:
        return "needs_smartphone"
    return ""


def _is_suppressed(world: World, recipient: int, step: Step) -> bool:
    return step.channel in outcome.NUMBER_CHANNELS and suppression.suppressed(
        world.failures, recipient, world.model.suppress_after
    )


def _jitter(world: World, chain: Chain, step: Step, until: int) -> int:
    """Return how long after the end of a hold the message goes: as drawn, or halved until it may go then."""
    if not chain.campaign.jitter:
        return 0
    key = draws.combine(chain.key, step.channel, chain.tries[step.channel])
    delay = draws.draw(key, draws.PURPOSE["hold_jitter"]) * chain.campaign.jitter >> 64
    end = min(chain.campaign.ends_at, world.model.end)
    while delay and (until + delay >= end or consult(world, chain, step, until + delay)[0] != ALLOW):
        delay //= 2
    return delay


def _go(chain: Chain, target: int) -> None:
    chain.step = target
    chain.delayed = False


def timeout(world: World, chain: Chain) -> None:
    """Nothing was reported in time: the chain goes on."""
    _go(chain, world.model.steps[chain.step].on_timeout)


def failed(world: World, chain: Chain) -> None:
    """A failure was reported: the chain goes on before its wait is over."""
    _go(chain, world.model.steps[chain.step].on_failed)


def after_stop(world: World, chain: Chain, at: int) -> None:
    """The stop condition was reported: follow ``on_stop``, or end."""
    chain.stopped = False
    _go(chain, chain.goto)
    if chain.step == END:
        finish(world, chain, at, chain.stopped_by)


def finish(world: World, chain: Chain, at: int, reason: str) -> Decision:
    """Close the cascade of this recipient."""
    if not chain.ended:
        world.close(chain)
        world.emit(
            EVENT["ended"], at, campaign=chain.campaign.index, recipient=chain.recipient, reason=REASON[reason],
            category=chain.campaign.category,
        )  # fmt: skip
    return DONE, 0


def _expire(world: World, chain: Chain, at: int, rule: int = -1) -> Decision:
    """Give the chain up: what it waits for lies past the campaign's end, or past the horizon where it has none."""
    reason = "campaign_end" if chain.campaign.ends_at < world.model.end else "horizon"
    _note(world, chain, "expired", at, reason=reason, rule=rule)
    return finish(world, chain, at, reason)


def _note(
    world: World, chain: Chain, event: str, at: int, *, reason: str = "", rule: int = -1, until: int = MISSING,
    received: int = MISSING,
) -> None:  # fmt: skip
    """Log a decision about the chain's present step."""
    if chain.step == END or event in ("released", "held_out"):
        world.emit(
            EVENT[event], at, campaign=chain.campaign.index, recipient=chain.recipient,
            category=chain.campaign.category, reason=REASON[reason],
        )  # fmt: skip
        return
    step = world.model.steps[chain.step]
    world.emit(
        EVENT[event], at, campaign=step.campaign, recipient=chain.recipient, attempt=chain.tries[step.channel],
        step=step.index, channel=step.channel, sender=step.sender, template=step.template, category=step.category,
        rule=rule, until=until, reason=REASON[reason], received=received,
    )  # fmt: skip
