"""The hand-over: a compiled model of W as the arrays and numbers that the C program reads (``struct Figures``)."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.lower_bound.rows import EARLIER_STEP, FIRST_STEP, LIMITED_STEP, RULES
from policies.calendars.workdays import DAYOFF, HOLIDAY, WORKDAY, day_classes
from policies.calendars.zones import zone_tables
from policies.people import C_CATEGORIES, C_CHANNELS, C_FROM, C_TO, Int64s, People
from policies.records import DAY, MISSING, NEVER, WEEK
from simulator.behaviour import UNIT, scaled
from simulator.draws import MASK, run_key
from simulator.engine.model import STOP_NEVER, STOP_READ, Model, Table
from simulator.engine.model import Step as StepModel

STEPS = 5
MARGIN_DAYS = 16
"""Days after the horizon in which an opening is sought, as the rule of the hours seeks it."""
PERSON = np.dtype([
    ("key", np.uint64), ("present", np.uint8), ("agreed", np.uint8), ("zone", np.uint8), ("unused", np.uint8, 5),
])  # fmt: skip


class Step(ctypes.Structure):
    """``struct Step``: bounds are the greatest draw that counts, so that certainty fits into 64 bits."""

    _fields_ = (
        *((name, ctypes.c_uint64) for name in ("key", "channel", "accepted", "delivered", "read", "complained")),
        *((name, ctypes.c_int64) for name in ("wait", "reports_read", "interval", "interval_rest", "divisor")),
        *((name, ctypes.c_void_p) for name in ("delivery", "reading", "complaining")),
    )


class Figures(ctypes.Structure):
    """``struct Figures``."""

    _fields_ = (
        *((name, ctypes.c_int64) for name in ("people", "earlier_members", "zones", "days", "levels", "pauses")),
        *((name, ctypes.c_void_p) for name in ("person", "earlier_member", "zone_offset", "level_of_limit", "pause")),
        ("day_open", ctypes.c_void_p),
        *((name, ctypes.c_uint64) for name in ("run_key", "earlier_key", "offer_key")),
        *((name, ctypes.c_int64) for name in ("start", "end", "first_day", "earlier_at", "earlier_spread_ms")),
        *((name, ctypes.c_int64) for name in ("offer_at", "offer_spread_ms", "jitter", "level", "upgrade_after")),
        *((name, ctypes.c_int64) for name in ("upgrade_numerator", "upgrade_denominator", "yellow_ppm", "red_ppm")),
        ("minimum", ctypes.c_int64),
        ("step", Step * STEPS),
    )


@dataclass(frozen=True, slots=True)
class HandOver:
    """The figures, and the arrays that their addresses point to, which must live as long."""

    figures: Figures
    arrays: list[np.ndarray[Any, Any]]


def hand_over(model: Model, replication: int = 0) -> HandOver:
    """Return the figures of one replication of W. Raises ValueError for a model that has what the program lacks."""
    check(model)
    arrays: list[np.ndarray[Any, Any]] = []

    def address(array: np.ndarray[Any, Any]) -> int:
        arrays.append(np.ascontiguousarray(array))
        return arrays[-1].ctypes.data

    earlier, offer = model.campaigns
    limit, limited = model.limits[0], model.senders[model.steps[LIMITED_STEP].sender]
    pauses = model.channels[limited.channel].pauses
    zones = zone_offsets(model)
    first_day, day_open = open_days(model)
    assert limited.quality is not None
    yellow, red, minimum = limited.quality
    figures = Figures(
        people=len(model.people),
        earlier_members=len(earlier.members),
        zones=len(zones),
        days=len(day_open),
        levels=len(limit.era.levels),
        pauses=len(pauses),
        person=address(persons(model)),
        earlier_member=address(earlier.members.astype(np.int32)),
        zone_offset=address(zones),
        level_of_limit=address(np.array(limit.era.levels, dtype=np.int64)),
        pause=address(np.array(pauses, dtype=np.int64)),
        day_open=address(day_open),
        run_key=run_key(model.seed, replication),
        earlier_key=earlier.key,
        offer_key=offer.key,
        start=model.start,
        end=model.end - model.start,
        first_day=first_day,
        earlier_at=earlier.release_at - model.start,
        earlier_spread_ms=earlier.spread // 1000,
        offer_at=offer.release_at - model.start,
        offer_spread_ms=offer.spread // 1000,
        jitter=offer.jitter,
        level=limit.level,
        upgrade_after=limit.era.upgrade_after,
        upgrade_numerator=limit.era.upgrade_numerator,
        upgrade_denominator=limit.era.upgrade_denominator,
        yellow_ppm=yellow,
        red_ppm=red,
        minimum=minimum,
    )
    for place, step in enumerate(model.steps[FIRST_STEP:]):
        tables = {
            name: address(np.array(getattr(model.channels[step.channel].latencies, table), dtype=np.int64))
            for name, table in (("delivery", "delivery"), ("reading", "reading"), ("complaining", "acting"))
        }
        figures.step[place] = Step(**numbers(model, step), **tables)
    return HandOver(figures, arrays)


def numbers(model: Model, step: StepModel) -> dict[str, int]:
    """Return what ``struct Step`` holds apart from tables."""
    channel = model.channels[step.channel]
    numerator, divisor = model.servers[step.sender]
    interval, rest = divmod(numerator, divisor)
    return {
        "key": channel.key,
        "channel": step.channel,
        "accepted": channel.rates.accepted - 1,
        "delivered": channel.rates.delivered[0] - 1,
        "read": scaled(channel.rates.read[0], UNIT) - 1,
        "complained": scaled(channel.rates.complained, UNIT) - 1,
        "wait": max(step.wait, 0),
        "reports_read": int(channel.reports_read),
        "interval": interval,
        "interval_rest": rest,
        "divisor": divisor,
    }


def persons(model: Model) -> np.ndarray[Any, Any]:
    """Return everyone as ``struct Person``: key, masks with a bit for each step of the cascade, index of the zone."""
    people = model.people
    found = np.zeros(len(people), dtype=PERSON)
    found["key"] = people.key
    found["zone"] = people.zone_set
    agreed = people.consents[people.consent_set, C_CHANNELS]  # a set of W is one consent
    for place, step in enumerate(model.steps[FIRST_STEP:]):
        found["present"] |= ((people.present >> step.channel & 1) << place).astype(np.uint8)
        found["agreed"] |= ((agreed >> step.channel & 1) << place).astype(np.uint8)
    return found


def zone_offsets(model: Model) -> Int64s:
    """Return local minus UTC of each zone set, microseconds; raises ValueError where it changes or may be several."""
    names = [zones[0] for zones in model.people.zone_sets]
    ptr, at, off = zone_tables(names, model.start, model.end)
    require("one zone of one offset each", len(at) == 2 * len(names), all(len(s) == 1 for s in model.people.zone_sets))
    return off[ptr[:-1]]


def open_days(model: Model) -> tuple[int, np.ndarray[Any, Any]]:
    """Return the first local day and, from it on, whether each day has the hours of a working day: uint8."""
    first = model.start // DAY - 1
    days = model.end // DAY + MARGIN_DAYS - first
    classes = day_classes(model.people.countries, first, days)[0]
    require("days of a known kind", np.isin(classes, (WORKDAY, DAYOFF, HOLIDAY)).all())
    return first, (classes == WORKDAY).astype(np.uint8)


def require(what: str, *facts: object) -> None:
    """Raise ValueError unless all facts hold: the program plays nothing else."""
    if not all(facts):
        raise ValueError(f"the lower bound plays workload W alone; this model lacks: {what}")


def check(model: Model) -> None:
    """Raise ValueError for a model that has what the program leaves out.

    The rules are known by their names; hours and cap are those of ``w.c``, and the hash of the log tells any others.
    """
    require("two campaigns, one step and five", len(model.campaigns) == 2, len(model.steps) == FIRST_STEP + STEPS)
    require("no plans", not model.outages, model.staff is None, not model.fees, not model.script)
    quiet = model.behaviour.activity is None and model.behaviour.base_purchase is None
    require("flat habits", quiet, set(model.behaviour.fatigue) | set(model.behaviour.annoyance) == {UNIT})
    require("people who differ in address, consent and zone alone", *_people(model.people), not any(model.dead))
    nobody_left = (model.people.opt_out_at.values == NEVER).all()
    require("no opt-outs, no lists of dead numbers", nobody_left, not model.suppress_after)
    require("its own rules", set(model.rule_names) == {*RULES, "own:opt-outs"})
    _check_campaigns(model)
    for step in model.steps[FIRST_STEP:]:
        _check_step(model, step)
    _check_earlier(model, model.steps[EARLIER_STEP])
    waits = [step.wait for step in model.steps[FIRST_STEP:-1]]
    require("waits that differ", len(set(waits)) == len(waits), min(waits) > 0, model.steps[-1].wait == -1)
    limited = [index for index, sender in enumerate(model.senders) if sender.limit >= 0 or sender.quality]
    horizon = model.end - model.start
    require("at most seven days", horizon <= WEEK, model.limits[0].era.flagged_for >= horizon)
    require("at most 32 zones and 2**31 people", len(model.people.zone_sets) <= 32, len(model.people) < 1 << 31)
    require("one limited sender", limited == [model.steps[LIMITED_STEP].sender], len(model.limits) == 1)
    require("a highest level without a limit", model.limits[0].era.levels[-1] == NEVER)
    require("senders that nobody blocks", *(sender.blocking is None for sender in model.senders))


def _people(people: People) -> Sequence[object]:
    """Return facts about the audience: one lasting consent each, an ordinary telephone, one country."""
    consents = people.consents
    return (
        (np.diff(people.consent_ptr) == 1).all(),
        (consents[:, C_FROM] != MISSING).all(), (consents[:, C_FROM] <= 0).all(),
        (consents[:, C_TO] == NEVER).all(), (consents[:, C_CATEGORIES] != MISSING).all(),
        not people.feature_phone.any(), people.countries == ("RU",), not people.country.any(),
        (people.zone_set >= 0).all(),
    )  # fmt: skip


def _check_campaigns(model: Model) -> None:
    for campaign in model.campaigns:
        whole = campaign.ends_at == model.end and campaign.release_at + campaign.spread <= model.end
        require("campaigns without end, budget and hold-out", whole, campaign.budget == NEVER, not campaign.hold_out)
    earlier, offer = model.campaigns
    require("an earlier campaign", earlier.release_at + earlier.spread <= offer.release_at, not earlier.jitter)
    require("an offer to everyone", np.array_equal(offer.members, np.arange(len(model.people))))


def _check_step(model: Model, step: StepModel) -> None:
    channel, last = model.channels[step.channel], step.index == len(model.steps) - 1
    rates, following = channel.rates, -1 if last else step.index + 1
    onwards = {step.on_absent, step.on_failed, step.on_refused, step.on_timeout} == {following}
    require("a plain cascade", onwards, step.on_stop == -1, step.stop_on == STOP_READ, not step.conditions)
    require("one queue a step", step.queues == (step.sender,), not step.delay, not channel.daily_cap)
    unreported = rates.receipt_lost > MASK and not rates.read_hidden
    require("lost delivery reports, reads reported at once", unreported, _is_zero(channel.latencies.receipt))
    quiet = not (rates.clicked or rates.replied or rates.purchased or rates.unsubscribed)
    require("reads and complaints alone", quiet, len(set(rates.read)) == 1)
    require("a validity past the horizon", channel.validity >= model.end - model.start)
    require("one price a message", step.accept is None, step.session is None, step.second is None)
    possible = min(rates.accepted, rates.delivered[0], rates.read[0], rates.complained) >= UNIT
    require("events that are possible", possible)


def _check_earlier(model: Model, step: StepModel) -> None:
    channel = model.channels[step.channel]
    certain = min(channel.rates.accepted, channel.rates.delivered[0], channel.rates.receipt_lost) > MASK
    at_once = _is_zero(channel.latencies.delivery) and model.servers[step.sender] == (1, 1)
    require("flash calls that arrive at once", certain, at_once, channel.feedback == "none", not channel.rates.read)
    require("flash calls without more", step.stop_on == STOP_NEVER, step.wait == -1, not channel.rates.complained)


def _is_zero(table: Table) -> bool:
    return not any(table)
