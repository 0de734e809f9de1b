"""What the provider refuses at hand-over: outages, names, templates, blocks, limits, daily caps."""

from __future__ import annotations

from policies.kinds.base import TEMPLATE_STATES
from policies.records import DAY, NEVER
from simulator.engine import world as w
from simulator.engine.model import Step
from simulator.engine.outcome import SERVICE_WINDOW
from simulator.engine.world import Chain, World
from simulator.feedback import blocks, limits, pausing

APPROVED = TEMPLATE_STATES.index("approved")
_REFUSED_TEMPLATE = {
    TEMPLATE_STATES.index("paused"): "template_paused",
    TEMPLATE_STATES.index("disabled"): "template_disabled",
}


def refusal(world: World, chain: Chain, step: Step, at: int) -> tuple[str, int]:
    """Return the provider's reason to refuse, or ("", until) to hold during an outage, or ("", 0)."""
    outage = world.outages.get((step.channel, step.sender)) or world.outages.get((step.channel, -1))
    if outage is not None:
        return ("", outage[0]) if outage[1] else ("outage", 0)
    if at < world.registered_at[step.sender]:
        return "sender_not_registered", 0
    if world.template_state[step.template] != APPROVED:
        return _REFUSED_TEMPLATE.get(world.template_state[step.template], "template_not_approved"), 0
    if not pausing.usable(world.pausing[step.template], at):
        return "template_paused", 0
    blocking = world.blocking[step.sender]
    if blocking is not None and blocks.blocked(blocking, at):
        return "sender_blocked", 0
    limit = world.model.senders[step.sender].limit
    place = chain.recipient * w.CHANNEL_COUNT + step.channel
    in_window = at < world.last_inbound.get(place, -NEVER) + SERVICE_WINDOW
    if limit >= 0 and not in_window and not limits.open_places(world.limits[limit], at, chain.recipient):
        return "limit", 0
    cap = world.model.channels[step.channel].daily_cap
    if cap and _sent_today(world, chain.recipient, step, at) >= cap:
        return "daily_cap", 0
    return "", 0


def _today(world: World, recipient: int, at: int) -> int:
    return (at + world.lists.local_offset[recipient]) // DAY


def _sent_today(world: World, recipient: int, step: Step, at: int) -> int:
    day, count = world.sent_today.get(recipient * len(world.model.senders) + step.sender, (-1, 0))
    return count if day == _today(world, recipient, at) else 0


def count_today(world: World, recipient: int, step: Step, at: int) -> None:
    """Count a message towards the provider's daily cap, if it has one."""
    if world.model.channels[step.channel].daily_cap:
        count = _sent_today(world, recipient, step, at) + 1
        world.sent_today[recipient * len(world.model.senders) + step.sender] = (_today(world, recipient, at), count)
