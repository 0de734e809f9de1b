"""The attempt vector: one message as the rules see it when it is about to be handed over."""

from __future__ import annotations

from policies.kinds import base as k
from policies.records import MISSING, NEVER
from simulator.engine import world as w
from simulator.engine.model import Step
from simulator.engine.world import Chain, World


def describe(world: World, chain: Chain, step: Step, at: int) -> list[int]:
    """Return the attempt vector of handing this step's message over at ``at``."""
    recipient = chain.recipient
    model, lists = world.model, world.lists
    place = recipient * w.CHANNEL_COUNT + step.channel
    a = [MISSING] * k.A_WIDTH
    a[k.A_AT] = at
    a[k.A_RECIPIENT] = recipient
    a[k.A_CHANNEL] = step.channel
    a[k.A_CATEGORY] = step.category
    a[k.A_CAMPAIGN] = step.campaign
    a[k.A_SENDER] = step.sender
    a[k.A_TEMPLATE] = step.template
    text = lists.text[step.index]
    a[k.A_TEXT] = text if isinstance(text, int) else text[recipient]
    guarded = lists.guarded[step.index]
    a[k.A_WHEN] = guarded if isinstance(guarded, int) else guarded[recipient]
    a[k.A_COUNTRY] = lists.country[recipient]
    a[k.A_BRAND] = step.brand
    a[k.A_VALIDITY] = model.channels[step.channel].validity
    known = lists.opt_outs.get(place, NEVER)
    a[k.A_OPT_OUT_AT] = min(known, world.opted_out.get(place, NEVER))
    a[k.A_OPT_OUT_RECEIVED_AT] = min(known, world.opt_out_learned.get(place, NEVER))
    a[k.A_TEMPLATE_STATE] = world.template_state[step.template]
    a[k.A_TEMPLATE_SINCE] = world.template_since[step.template]
    a[k.A_LAST_INBOUND] = world.last_inbound.get(place, -NEVER)
    a[k.A_ORDERS] = lists.orders[recipient]
    a[k.A_LAST_ORDER_AT] = lists.last_order_at[recipient]
    if recipient in world.purchased_at:
        a[k.A_LAST_ORDER_AT] = max(a[k.A_LAST_ORDER_AT], world.purchased_at[recipient])
        if a[k.A_ORDERS] != MISSING:
            a[k.A_ORDERS] += world.bought[recipient]
    a[k.A_OVERDUE_SINCE] = lists.overdue_since[recipient]
    a[k.A_SENT_BEFORE] = world.sent_before.get(recipient * len(world.model.senders) + step.sender, 0)
    return a
