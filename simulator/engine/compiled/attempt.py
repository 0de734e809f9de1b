"""The attempt vector: one message as the rules see it; the flat twin of ``simulator.engine.attempt``."""

from __future__ import annotations

from typing import Any

from policies.kernels import kernel
from policies.kinds import base as k
from policies.records import MISSING, NEVER
from simulator.engine.compiled.numbers import word
from simulator.engine.compiled.people import guarded_of, text_of


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
    a[k.A_WHEN] = guarded_of(w, step, word(person.recipient))
    a[k.A_COUNTRY] = place.country
    a[k.A_CALENDAR] = place.calendar
    a[k.A_BRAND] = step.brand
    a[k.A_VALIDITY] = channel.validity
    a[k.A_OPT_OUT_AT] = w.own[who, channel.own_opted_out] if channel.own_opted_out >= 0 else NEVER
    a[k.A_OPT_OUT_RECEIVED_AT] = w.own[who, channel.own_learned] if channel.own_learned >= 0 else NEVER
    a[k.A_TEMPLATE_STATE] = template.state
    a[k.A_TEMPLATE_SINCE] = template.since
    a[k.A_LAST_INBOUND] = w.own[who, channel.own_inbound] if channel.own_inbound >= 0 else -NEVER
    if now.own_sent >= 0:
        a[k.A_SENT_BEFORE] = w.own[who, now.own_sent + step.sender]
    if now.own_orders >= 0:
        a[k.A_ORDERS] = w.own[who, now.own_orders]
        a[k.A_LAST_ORDER_AT] = w.own[who, now.own_last_order]
        if now.own_bought >= 0 and w.own[who, now.own_bought] > 0:
            a[k.A_LAST_ORDER_AT] = max(a[k.A_LAST_ORDER_AT], w.own[who, now.own_bought_at])
            if a[k.A_ORDERS] != MISSING:
                a[k.A_ORDERS] += w.own[who, now.own_bought]
