"""What the provider refuses at hand-over; the flat twin of ``simulator.engine.refuse``."""

from __future__ import annotations

from typing import Any

from policies.kernels import kernel
from simulator.engine.compiled.codes import (
    APPROVED,
    DISABLED,
    PAUSED,
    R_DAILY_CAP,
    R_LIMIT,
    R_NONE,
    R_OUTAGE,
    R_SENDER_BLOCKED,
    R_SENDER_NOT_REGISTERED,
    R_TEMPLATE_DISABLED,
    R_TEMPLATE_NOT_APPROVED,
    R_TEMPLATE_PAUSED,
)
from simulator.engine.compiled.limits import open_places
from simulator.engine.compiled.people import in_window, sent_today
from simulator.feedback import blocks, pausing


@kernel
def refusal(w: Any, who: int, step: Any, at: int) -> tuple[int, int]:
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
