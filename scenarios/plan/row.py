"""The one recipient of a witness as a row of an audience file."""

from __future__ import annotations

import phonenumbers

from policies.expressions.guard import asked_columns
from policies.instants import instant_text
from policies.people import EVIDENCE
from policies.places import nation
from policies.records import CATEGORIES, CHANNELS, MISSING, NEVER, SECOND
from policies.registers import REGISTER_NAMES
from policies.verify.plan import Plan
from policies.verify.witness import Witness
from scenarios.audience.consents import DOCUMENT, EVIDENCE_WORDS
from scenarios.compile.model import Compiled
from scenarios.plan.people import Agreements

WITNESS = "witness"
MONTH = 30 * 86400 * SECOND


def audience_row(compiled: Compiled, plan: Plan, agreements: Agreements, witness: Witness, kind: int) -> dict[str, str]:
    """Return the cells by column; ``kind`` is the kind of agreement, where the witness leaves it open."""
    row = {"customer_id": WITNESS, **_address(plan, witness), **_example(compiled, plan, witness)}
    row |= _channels(plan, witness) | _orders(compiled, plan, witness)
    row |= _consent(plan, agreements, witness, kind) | _opt_out(plan, witness)
    if witness.settled.get(("dead", 0)):
        row["undelivered_sms_in_a_row"] = str(compiled.model.suppress_after)
    return row


def _address(plan: Plan, witness: Witness) -> dict[str, str]:
    people, who = plan.people, witness.who.person
    place = people.countries[people.country[who]] if people.country[who] >= 0 else ""
    zones = people.zone_sets[people.zone_set[who]]
    found = {"time_zone": zones[0] if len(zones) == 1 else ""}
    if place and place != nation(place):
        found["subdivision"] = place
    if place:
        number = phonenumbers.example_number_for_type(nation(place), phonenumbers.PhoneNumberType.MOBILE)
        if number is not None:
            found["phone"] = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return found


def _example(compiled: Compiled, plan: Plan, witness: Witness) -> dict[str, str]:
    """Return the attributes of somebody of the base of whom the same conditions hold; names are not taken over."""
    example = plan.vectors[witness.who.vector].example
    asked = asked_columns((*plan.guards.rules, *plan.rules.rules))
    found = {}
    for name, column in compiled.people.attributes.items():
        value = column[example].as_py()
        filled = "Анна" if name == "full_name" else "1" if value is None else str(value)
        if name in asked:  # when and unless decide by what the person of the base has, or lacks
            filled = "" if value is None else str(value)
        open_text = witness.who.text > 0 and column.null_count
        found[name] = "" if open_text else filled
    overdue = int(compiled.people.overdue_since[example])
    if overdue not in (NEVER, MISSING):
        found |= {"overdue_since": instant_text(overdue - overdue % SECOND), "balance_overdue_rub": "1000"}
    return found


def _channels(plan: Plan, witness: Witness) -> dict[str, str]:
    there = {name: witness.settled.get(("present", CHANNELS.index(name)), True) for name in CHANNELS}
    found = {f"has_{name}": "yes" if there[name] else "no" for name in ("viber", "vk", "whatsapp", "telegram")}
    found |= {"feature_phone": "no", "push_token": "token-1" if there["push"] else ""}
    found["email"] = "anna@example.com" if there["email"] else ""
    if not all(there[name] for name in ("sms", "voice", "flash_call")):
        found["phone"] = ""
    return found


def _orders(compiled: Compiled, plan: Plan, witness: Witness) -> dict[str, str]:
    if "ordered" in witness.past or witness.who.orders:
        count, last = witness.who.orders, witness.past.get("ordered", -NEVER)
    else:
        example = plan.vectors[witness.who.vector].example
        count, last = int(compiled.people.orders[example]), int(compiled.people.last_order_at[example])
    return {
        "orders": "" if count == MISSING else str(count),
        "last_order_at": "" if abs(last) >= NEVER else instant_text(last - last % SECOND),
    }


def _consent(plan: Plan, agreements: Agreements, witness: Witness, kind: int) -> dict[str, str]:
    consent, entries = agreements.kinds[kind]
    listed = [REGISTER_NAMES[register] for register, _ in entries if register != MISSING]
    known = not entries or entries[0][0] != MISSING
    found = {"registers": "|".join(listed) or "none"} if known else {}
    if consent is None:
        return found
    used = sorted({step.channel for step in plan.steps})
    denied = {number for (what, number), yes in witness.settled.items() if what in ("channel", "agreed") and not yes}
    off = {number for (what, number), yes in witness.settled.items() if what == "category" and not yes}
    categories = sorted({step.category for step in plan.steps} - off)
    given = witness.past.get("agreed", plan.start - MONTH)
    words = [word for word in EVIDENCE_WORDS if consent[1] >> EVIDENCE.index(word) & 1]
    reference = ":1" if consent[1] & DOCUMENT else ""
    return found | {
        "ads_consent_at": "" if consent[2] else instant_text(given),
        "ads_consent_channels": "" if consent[3] else "|".join(CHANNELS[c] for c in used if c not in denied) or "none",
        "ads_consent_topics": "" if consent[4] else "|".join(CATEGORIES[c] for c in categories) or "none",
        "consent_evidence": "" if consent[1] == MISSING else "+".join(["form", *words]) + reference,
    }


def _opt_out(plan: Plan, witness: Witness) -> dict[str, str]:
    """Return the opt-out: where guards are not followed in it, right before they first denied a message for it."""
    if "left" in witness.past:
        of = CHANNELS if witness.who.left == -1 else (CHANNELS[witness.who.left or 0],)
        return {"opted_out_at": instant_text(witness.past["left"]), "opted_out_channel": "|".join(of)}
    channels = [number for (what, number), yes in witness.settled.items() if what == "left" and yes]
    denied = [
        event for event in witness.events if event.what == "denied" and plan.steps[event.step].channel in channels
    ]
    if not denied:
        return {}
    at = witness.at[denied[0].at] - SECOND
    return {"opted_out_at": instant_text(at), "opted_out_channel": "|".join(CHANNELS[c] for c in channels)}
