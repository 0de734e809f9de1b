"""Rows as the C program packs them, and the way back to the engines' rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.people import Int64s
from policies.records import MISSING
from simulator.engine.log import EVENT, FIELDS, REASON, WIDTH
from simulator.engine.model import CHARGE_DELIVERED, CHARGE_SUBMIT, Campaign, Model, Step, Tariff
from simulator.engine.money import billable, half_even

Packed = npt.NDArray[np.void]

ROW = np.dtype([
    ("at", np.int64), ("other", np.int64), ("who", np.int32), ("event", np.uint8), ("subject", np.uint8),
    ("reason", np.uint8), ("detail", np.uint8),
])  # fmt: skip
"""``at``: microseconds since the start of the horizon. ``other``: the instant of a report or the end of a hold (the
same clock), or the units of a state; -1 for none. ``who``: recipient, -1 for none. ``detail``: the rule of a hold or
denial, the state that a submission used."""

EVENTS = (
    "released", "absent", "denied", "held", "expired", "cancelled", "submitted", "rejected", "delivered", "failed",
    "read", "complained", "ended", "limit_changed", "quality_changed", "template_state",
)  # fmt: skip
REASONS = (
    "", "no_address", "denied", "horizon", "not_accepted", "limit", "template_paused", "template_disabled",
    "unreachable", "read", "exhausted", "green", "yellow", "red", "start", "upgrade", "paused", "resumed", "disabled",
)  # fmt: skip
RULES = ("own:agreed", "own:hours", "own:cap")
OTHER = {
    "read": "received_at", "rejected": "received_at", "held": "until", "template_state": "until",
    "limit_changed": "units", "quality_changed": "units",
}  # fmt: skip
"""The column that ``other`` fills."""
WITH_RULE = ("denied", "held", "expired")
EARLIER_STEP, FIRST_STEP, LIMITED_STEP = 0, 1, 4
"""Places in ``Model.steps`` of W: the flash call, push, WhatsApp."""

SUBJECT_FIELDS = ("campaign", "attempt", "step", "channel", "sender", "template", "category")


def matrix(packed: Packed, model: Model) -> Int64s:
    """Return the rows as the engines write them, int64[n, 18] with the columns of ``simulator.engine.log.FIELDS``."""
    rows = np.full((len(packed), WIDTH), MISSING, dtype=np.int64)
    column = {name: rows[:, index] for index, name in enumerate(FIELDS)}
    event, subject = packed["event"], packed["subject"]
    for index, name in enumerate(SUBJECT_FIELDS):
        column[name][:] = subjects(model)[subject, index]
    column["recipient"][:] = packed["who"]
    column["event"][:] = np.array([EVENT[name] for name in EVENTS])[event]
    column["reason"][:] = np.array([REASON[name] for name in REASONS])[packed["reason"]]
    column["occurred_at"][:] = packed["at"] + model.start
    for name in ("received_at", "until", "units"):
        since = 0 if name == "units" else model.start
        filled = np.array([OTHER.get(event) == name for event in EVENTS])[event] & (packed["other"] >= 0)
        column[name][filled] = packed["other"][filled] + since
    rules = np.array([model.rule_names.index(name) for name in RULES], dtype=np.int64)
    column["rule"][:] = -1
    ruled = np.array([name in WITH_RULE for name in EVENTS])[event]
    column["rule"][ruled] = rules[packed["detail"][ruled]]
    submitted = event == EVENTS.index("submitted")
    column["state"][submitted] = packed["detail"][submitted]
    column["charge"][:] = -1
    for (name, which), (charge, units, cost) in prices(model).items():
        billed = (event == EVENTS.index(name)) & (subject == which)
        column["charge"][billed], column["units"][billed], column["cost"][billed] = charge, units, cost
    return rows


def subjects(model: Model) -> Int64s:
    """Return, by subject as ``w.c`` numbers them, the fields that it stands for: int64[10, 7]."""
    limited = model.steps[LIMITED_STEP]
    return np.array([
        *(_of_step(step) for step in steps(model)),
        *(_of_campaign(campaign) for campaign in model.campaigns),
        (-1, -1, -1, limited.channel, limited.sender, -1, -1),
        (-1, -1, -1, limited.channel, -1, limited.template, -1),
    ], dtype=np.int64)  # fmt: skip


def steps(model: Model) -> list[Step]:
    """Return the steps as ``w.c`` numbers them: the cascade, then the flash call."""
    return [*model.steps[FIRST_STEP:], model.steps[EARLIER_STEP]]


def _of_step(step: Step) -> Sequence[int]:
    return step.campaign, 0, step.index, step.channel, step.sender, step.template, step.category


def _of_campaign(campaign: Campaign) -> Sequence[int]:
    return campaign.index, -1, -1, -1, -1, -1, campaign.category


def prices(model: Model) -> dict[tuple[str, int], tuple[int, int, int]]:
    """Return, by event and subject that are billed, the charge event, units and cost in micro-units."""
    found = {}
    for index, step in enumerate(steps(model)):
        for name, charge, tariff in (
            ("submitted", CHARGE_SUBMIT, step.submit),
            ("delivered", CHARGE_DELIVERED, step.delivered),
        ):
            if tariff is not None:
                found[name, index] = (charge, *_price(tariff, step.units))
    return found


def _price(tariff: Tariff, units: Any) -> tuple[int, int]:
    """Return units and cost of one message; W has one country, one price and one length of text."""
    (rate,) = tariff.by_country
    assert rate is not None
    ((_, numerator, denominator),) = rate.tiers
    billed = billable(rate, units)
    return billed, half_even(billed * numerator, denominator)
