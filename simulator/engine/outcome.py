"""What becomes of a message: drawn at hand-over, logged at once, and the coupling events that follow put on the agenda.

Fate (charges, limits, true reach) and report (what the company learns, and when) are kept apart.
"""

from __future__ import annotations

from collections.abc import Callable

from policies.records import CHANNELS, DAY, MISSING, NEVER
from simulator import draws
from simulator.behaviour import scaled, waking_delay
from simulator.engine import world as w
from simulator.engine.log import EVENT, REASON
from simulator.engine.model import (
    CHARGE_ACCEPT,
    CHARGE_DELIVERED,
    CHARGE_SECOND,
    CHARGE_SESSION,
    CHARGE_SUBMIT,
    STOP_CLICKED,
    STOP_DELIVERED,
    STOP_READ,
    ChannelModel,
    Step,
    Tariff,
)
from simulator.engine.money import billable
from simulator.engine.world import Chain, World
from simulator.tables import look_up

Draw = Callable[[str], int]
IN_WINDOW = 256
BLOCKED = 512
"""What the column ``state`` of a hand-over adds to the number of messages: ``policies.records.COLUMNS``."""
SERVICE_WINDOW = DAY
"""A reply opens the provider's service window for 24 hours (Meta and Viber, documented)."""
SESSION = DAY
QUICK_FAILURE = 1 << 63
"""Half of the undeliverable messages fail at once, half when their validity ends: *assumed*."""

NUMBER_CHANNELS = frozenset(CHANNELS.index(name) for name in ("sms", "flash_call", "voice"))
"""These need a live number; the other channels an account or address."""


class Message:
    """One message handed over: who, what, and the draws that decide its fate."""

    __slots__ = ("at", "attempt", "chain", "channel", "draw", "head", "state", "step", "world")

    def __init__(self, world: World, chain: Chain, step: Step, channel: ChannelModel, at: int, state: int):
        self.world, self.chain, self.step, self.channel, self.at, self.state = world, chain, step, channel, at, state
        self.attempt = chain.tries[step.channel]
        self.draw = drawer(world, chain, step.channel, channel.key, self.attempt)
        self.head = (
            step.campaign, chain.recipient, self.attempt, step.index, step.channel, step.sender, step.template,
            step.category,
        )  # fmt: skip

    def log(self, event: str, at: int, received: int = MISSING, reason: str = "", state: int = MISSING) -> None:
        """Add a row about this message that costs nothing."""
        if at < self.world.model.end:
            row = (EVENT[event], at, received, -1, MISSING, MISSING, -1, MISSING, REASON[reason], state)
            self.world.log.append(self.head + row)

    def bill(
        self, event: str, at: int, tariff: Tariff | None, charge: int, units: int, received: int = MISSING,
        state: int = MISSING,
    ) -> None:  # fmt: skip
        """Add a row about this message with what it costs, if anything."""
        country = self.world.lists.market[self.chain.recipient]
        rate = tariff.by_country[country] if tariff is not None else None
        if (
            tariff is None
            or rate is None
            or at >= self.world.model.end
            or (rate.free_in_window and self.state & IN_WINDOW)
        ):
            self.log(event, at, received, state=state)
            return
        billed = billable(rate, units)
        cost = self.world.accounts.charge(tariff, rate, country, billed, at)
        self.world.spent[self.step.campaign] += cost
        self.world.log.append(
            (*self.head, EVENT[event], at, received, charge, billed, cost, -1, MISSING, REASON[""], state)
        )


def drawer(world: World, chain: Chain, channel: int, channel_key: int, attempt: int) -> Draw:
    """Return the function that draws for one attempt by purpose, honouring forced outcomes."""
    key = draws.combine(chain.key, channel_key, attempt)
    script = world.model.script
    purposes = draws.PURPOSE
    if not script:
        return lambda purpose: draws.draw(key, purposes[purpose])

    def draw(purpose: str) -> int:
        for campaign in (chain.campaign.index, -1):
            for where in (channel, -1):
                forced = script.get((chain.recipient, campaign, where, attempt, purpose))
                if forced is not None:
                    return forced
        return draws.draw(key, purposes[purpose])

    return draw


def units_of(world: World, step: Step, recipient: int) -> int:
    """Return the billable units of the step's text for this recipient: SMS segments, else 1."""
    units = world.lists.units[step.index]
    return units if isinstance(units, int) else units[recipient]


def hand_over(world: World, chain: Chain, step: Step, at: int) -> bool:
    """Send the message at instant ``at``; return whether the provider accepted it."""
    channel = world.model.channels[step.channel]
    recipient = chain.recipient
    tired = world.recent_messages(recipient, at)
    window = at < world.last_inbound.get(recipient * w.CHANNEL_COUNT + step.channel, -NEVER) + SERVICE_WINDOW
    blocked = recipient * w.CHANNEL_COUNT + step.channel in world.blocked
    message = Message(world, chain, step, channel, at, tired + IN_WINDOW * window + BLOCKED * blocked)
    chain.tries[step.channel] += 1
    units = units_of(world, step, recipient)
    message.bill("submitted", at, step.submit, CHARGE_SUBMIT, units, state=message.state)
    if message.draw("accepted") >= channel.rates.accepted:
        message.log("rejected", at, received=at, reason="not_accepted")
        return False
    world.recent.setdefault(recipient, []).append(at)
    if step.accept is not None:
        message.bill("accepted", at, step.accept, CHARGE_ACCEPT, units, received=at)
    _deliver(message, tired)
    return True


def _deliver(message: Message, tired: int) -> None:
    world, channel, draw = message.world, message.channel, message.draw
    recipient = message.chain.recipient
    if message.state & BLOCKED:
        return  # the person blocked the company on this channel: nothing arrives and nothing is reported, for ever
    latency = look_up(channel.latencies.delivery, draw("delivery"))
    dead = world.lists.dead[recipient] and message.step.channel in NUMBER_CHANNELS
    if dead or draw("delivered") >= channel.rates.delivered[world.lists.market[recipient]]:
        if dead or draw("failure_delay") < QUICK_FAILURE:
            _fail(message, min(latency, channel.validity), "failed", "dead" if dead else "unreachable")
        else:
            _fail(message, channel.validity, "lapsed", "validity")
    elif latency > channel.validity:
        _fail(message, channel.validity, "lapsed", "validity")
    else:
        _arrive(message, message.at + latency, tired)


def _fail(message: Message, after: int, event: str, reason: str) -> None:
    at = message.at + after
    received = _receipt(message, at) if message.channel.reports_delivered else MISSING
    message.log(event, at, received, reason)
    if received != MISSING:
        message.world.plan(received, w.FAILURE_REPORT, message.chain.version, chain=message.chain)
        _report_number(message, received, delivered=False)


def _receipt(message: Message, at: int) -> int:
    """Return when the delivery report of ``at`` arrives; MISSING: it is lost."""
    if message.draw("receipt_lost") < message.channel.rates.receipt_lost:
        return MISSING
    return at + look_up(message.channel.latencies.receipt, message.draw("receipt_delay"))


def _report_number(message: Message, received: int, delivered: bool) -> None:
    if message.world.model.suppress_after and message.step.channel in NUMBER_CHANNELS:
        message.world.plan(received, w.NUMBER_REPORT, message.chain.recipient, int(delivered))


def _arrive(message: Message, at: int, tired: int) -> None:
    world, step, channel, draw = message.world, message.step, message.channel, message.draw
    received = _receipt(message, at) if channel.reports_delivered else MISSING
    if step.second is not None:
        seconds = -(-look_up(channel.latencies.duration or (0,) * 2049, draw("duration")) // 1_000_000)
        message.bill("delivered", at, step.second, CHARGE_SECOND, seconds, received)
    else:
        units = units_of(world, step, message.chain.recipient)
        message.bill("delivered", at, step.delivered, CHARGE_DELIVERED, units, received)
    _open_session(message, at)
    if received != MISSING:
        if draw("receipt_repeated") < channel.rates.receipt_repeated:
            again = received + look_up(channel.latencies.receipt, draw("repeat_delay"))
            message.log("receipt_repeated", at, again)
        _report_number(message, received, delivered=True)
    if channel.feedback != "none":
        counted = int(not message.state & IN_WINDOW)
        world.plan(at, w.DELIVERED, step.sender, step.template, message.chain.recipient * 2 + counted)
    read_received = _read(message, at, tired)
    if step.stop_on == STOP_DELIVERED:
        _plan_stop(message, min((t for t in (received, read_received) if t != MISSING), default=MISSING))
    elif step.stop_on == STOP_READ:
        _plan_stop(message, read_received)


def _open_session(message: Message, at: int) -> None:
    step, world = message.step, message.world
    if step.session is None or message.state & IN_WINDOW:
        return
    key = (message.chain.recipient * w.CHANNEL_COUNT + step.channel) * 8 + step.category
    if at >= world.sessions.get(key, -NEVER):
        world.sessions[key] = at + SESSION
        message.bill("session_opened", at, step.session, CHARGE_SESSION, 1)


def _plan_stop(message: Message, at: int) -> None:
    if at != MISSING:
        message.world.plan(at, w.STOP_REPORT, message.step.index, chain=message.chain)


def _read(message: Message, delivered_at: int, tired: int) -> int:
    """Draw whether and when the person reads, and what they then do; return when the read report arrives, or MISSING.

    Where reading cannot be seen (no rate is given), what people do follows the delivery.
    """
    world, channel, draw = message.world, message.channel, message.draw
    if not channel.rates.read:
        _act(message, delivered_at, tired)
        return MISSING
    recipient = message.chain.recipient
    behaviour = world.model.behaviour
    if draw("read") >= scaled(channel.rates.read[world.levels[recipient]], behaviour.fatigue[tired]):
        return MISSING
    delay = look_up(channel.latencies.reading, draw("reading"))
    if behaviour.activity is not None:
        delay = waking_delay(delivered_at + world.lists.local_offset[recipient], delay, behaviour.activity)
    at = delivered_at + delay
    received = MISSING
    if channel.reports_read and draw("read_hidden") >= channel.rates.read_hidden:
        received = at + look_up(channel.latencies.receipt, draw("read_receipt_delay"))
    message.log("read", at, received)
    _act(message, at, tired)
    return received


def _act(message: Message, at: int, tired: int) -> None:
    _click(message, at)
    _reply(message, at)
    _complain(message, at, tired)


def _after(message: Message, at: int, purpose: str) -> int:
    return at + look_up(message.channel.latencies.acting, message.draw(purpose))


def _click(message: Message, read_at: int) -> None:
    rates, step = message.channel.rates, message.step
    if message.draw("clicked") >= rates.clicked:
        return
    at = _after(message, read_at, "clicking")
    message.log("clicked", at, at)
    if step.stop_on == STOP_CLICKED:
        _plan_stop(message, at)
    if message.draw("purchased") < rates.purchased:
        bought_at = _after(message, at, "purchasing")
        message.log("purchased", bought_at, bought_at, "message")
        if message.world.model.watch_purchases:
            message.world.plan(bought_at, w.PURCHASE, message.chain.recipient)


def _reply(message: Message, read_at: int) -> None:
    if message.draw("replied") < message.channel.rates.replied:
        at = _after(message, read_at, "replying")
        message.log("replied", at, at)
        token = len(message.world.replies)
        duration = 0
        if message.world.model.staff is not None:
            duration = look_up(message.world.model.staff.answer, message.draw("answering"))
        message.world.replies.append(
            (message.step.campaign, message.chain.recipient, message.step.channel, at, duration)
        )
        message.world.plan(at, w.REPLY, token)


def _complain(message: Message, read_at: int, tired: int) -> None:
    rates, world = message.channel.rates, message.world
    annoyance = world.model.behaviour.annoyance[tired]
    place = message.chain.recipient * w.CHANNEL_COUNT + message.step.channel
    if message.draw("complained") < scaled(rates.complained, annoyance):
        at = _after(message, read_at, "complaining")
        message.log("complained", at)
        world.plan(at, w.COMPLAINED, message.step.sender, message.step.template, place)
    if message.draw("unsubscribed") < scaled(rates.unsubscribed, annoyance):
        at = _after(message, read_at, "unsubscribing")
        learned = at + look_up(message.channel.latencies.receipt, message.draw("unsubscribing"))
        message.log("unsubscribed", at, learned)
        world.plan(at, w.OPT_OUT, place)
        world.plan(learned, w.OPT_OUT_LEARNED, place)
