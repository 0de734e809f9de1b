"""Random scenarios with their audiences, for properties: built forward, so every draw is a sound scenario.

Two of three are *tied*: round release times, constant latencies, waits and service times in round seconds, so that
reports, timers, turns and releases fall on the same instants. ``FEATURES`` names what a scenario may use.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from policies.coded import coded
from policies.people import People
from policies.records import CATEGORIES, CHANNELS, DAY, MISSING, NEVER
from policies.registers import REGISTER_NAMES
from tests.support.crowd import changed, crowd
from tests.support.small import Raw, constant, instant

MONDAY = "2021-10-04T"
ZONES: tuple[tuple[str, ...], ...] = (
    ("Europe/Moscow",), ("Asia/Omsk",), ("Asia/Vladivostok",), ("Europe/Samara", "Asia/Yekaterinburg"), (),
)  # fmt: skip
READ = ("push", "email", "viber", "vk", "whatsapp", "voice")
DELIVERED = (*READ, "sms", "flash_call")
TARGETS = ("on_absent", "on_failed", "on_refused", "on_timeout", "on_guard", "on_stop")
CONDITIONS: tuple[Raw, ...] = (
    {"attribute": "purchased", "equals": False},
    {"attribute": "segment", "one_of": ["new", "loyal"]},
    {"attribute": "messages_last_7_days", "below": 2},
    {"attribute": "days_since_purchase", "at_least": 1, "negate": True},
    {"attribute": "orders", "at_least": 1},
    {"attribute": "feature_phone", "equals": False},
)
GUARDS: tuple[Raw, ...] = (
    {"id": "hours", "kind": "time_window", "params": {"workday": ["09:00", "20:00"], "dayoff": None}},
    {"id": "short", "kind": "time_window", "params": {"workday": ["10:00", "10:30"]}},
    {"id": "day", "kind": "frequency_cap", "params": {"caps": [{"count": 1, "period": "cal_day"}]}},
    {"id": "rolling", "kind": "frequency_cap", "params": {"caps": [{"count": 2, "period": "roll_24h"}]}},
    {"id": "agreed", "kind": "consent", "params": {"match": ["category", "channel"]}},
    {"id": "quiet", "kind": "cool_down", "params": {"inactive_days": 60, "pause_days": 61}},
    {"id": "stopped", "kind": "opt_out", "params": {"grace_minutes": 60, "by": "sent"}},
    {"id": "again", "kind": "duplicate", "params": {"minutes": 120, "remember": 2}},
    {"id": "clock", "kind": "known_zone", "params": {}},
    {"id": "session", "kind": "session_cap", "params": {"hours": 1, "unanswered": 1, "per_session": 2}},
    {"id": "listed", "kind": "registry", "params": {"register": "uk-tps", "must": "be_absent", "unless_consent": True}},
    {
        "id": "guarded",
        "kind": "time_window",
        "params": {"workday": ["10:00", "11:00"]},
        "when": "channel in ['sms', 'push', 'email'] || attributes.segment == 'new'",
        "unless": "attributes.none == 'x'",
    },
    {
        "id": "loyal",
        "kind": "frequency_cap",
        "params": {"caps": [{"count": 1, "period": "roll_24h"}]},
        "when": "attributes.segment == 'loyal'",
    },
    {"id": "first", "kind": "content", "params": {"check": "ad_tail", "at_most": 0.5, "first_message": True}},
    {"id": "bought", "kind": "consent", "params": {"match": ["channel"], "or_order_within_days": 5}},
)


@dataclass(frozen=True, slots=True)
class Case:
    """A raw scenario and the audience it is for."""

    raw: Raw
    people: People
    tied: bool

    def __repr__(self) -> str:
        return f"Case(tied={self.tied}, people={len(self.people)}, raw={self.raw!r})"


Draw = Callable[[st.SearchStrategy[Any]], Any]
often = st.sampled_from((True, True, True, False))
seldom = st.sampled_from((False, False, False, True))


def pick(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


@st.composite
def cases(draw: Draw) -> Case:
    """A scenario with one to three campaigns on one audience of 5 to 40."""
    tied = draw(pick(True, True, False))
    size = draw(st.integers(5, 40))
    used = deal(draw, CHANNELS, 1, 4)
    start = MONDAY + draw(pick("09:00", "09:00", "19:30"))
    senders = draw_senders(draw, used)
    campaigns = [draw_campaign(draw, f"c{n}", start, used, senders, tied) for n in range(draw(pick(1, 1, 2, 2, 3)))]
    raw: Raw = {
        "name": "random",
        "seed": draw(st.integers(0, 2**32)),
        "clock": {"start": start, "horizon_days": draw(pick(1, 2.5, 4, 9))},
        "as_of": draw(pick("2021-10-01", "2022-08-01", "2026-06-01")),
        "audience": {"synthetic": {"size": size}},
        "senders": senders,
        "channels": {name: draw_channel(draw, tied) for name in used},
        "templates": {f"t-{name}": draw_template(draw, name) for name in used},
        "campaigns": campaigns,
        "people": draw_personality(draw, tied),
        "guards": draw_guards(draw),
        "feedback": {name: draw_feedback(draw) for name in used if draw(often)},
        "outages": [draw_outage(draw, used) for _ in range(draw(pick(0, 0, 1, 2)))],
    }
    if draw(pick(True, False, False)):
        raw |= {
            "packs": [draw(pick("bp-promo", "whatsapp"))],
            "gate": draw(pick("enforce", "enforce", "enforce", "observe")),
        }
    if draw(pick(True, False)):
        hours = draw(pick(("09:00", "19:00"), ("00:00", "24:00")))
        answer = constant(600) if tied else {"p50_s": 200, "p95_s": 900}
        raw["staff"] = {"people": draw(pick(1, 3)), "from": hours[0], "to": hours[1], "answer": answer}
    if draw(seldom):
        raw["script"] = draw_script(draw, size, used)
    return Case(raw, draw_people(draw, size), tied)


def deal(draw: Draw, cards: Sequence[Any], least: int, most: int) -> list[Any]:
    """So many different cards, dealt by a seed: lists of choices, and one wide number, would prefer some by far."""
    order = np.random.default_rng([draw(st.integers(0, 100)) for _ in range(4)]).permutation(len(cards))
    return [cards[place] for place in order[: draw(st.integers(least, most))]]


def draw_senders(draw: Draw, used: list[str]) -> Raw:
    """One or two senders a channel; some slow, some still to be registered, limits of a few people on WhatsApp."""
    senders: Raw = {}
    for name in used:
        for number in range(draw(pick(1, 1, 1, 2))):
            sender: Raw = {"channel": name, "throughput_per_s": draw(pick(1000, 1000, 0.01, 0.001))}
            if name == "whatsapp":
                sender["limit"] = draw(pick(2, 5, 20, "unlimited"))
                if draw(often):
                    sender["portfolio"] = "one"
            if name in ("viber", "vk"):
                sender["traffic"] = draw(pick("service", "advertising"))
            if draw(seldom):
                submitted = draw(pick("2021-10-01T10:00", "2021-10-04T12:00"))
                sender["registration"] = {"submitted": submitted, "working_days": draw(pick(0, 1, 2))}
            senders[f"{name}-{number}"] = sender
    return senders


def draw_campaign(draw: Draw, name: str, start: str, used: list[str], senders: Raw, tied: bool) -> Raw:
    """A cascade of one to five steps, as a list or as a graph whose targets lead forward."""
    length = draw(st.integers(1, 5))
    graph = draw(pick(True, False))
    campaign: Raw = {
        "id": name,
        "category": "promo",
        "release_at": draw(pick(start, start, MONDAY + "20:00", "2021-10-05T08:00")),
        "spread_h": 0 if tied else draw(pick(0, 0.5, 6)),
        "cascade": [draw_step(draw, place, length, graph, used, senders) for place in range(length)],
    }
    if draw(seldom):  # who does not wait is told of a reading while the next message stands in its queue
        campaign["cascade"] = [step | {"wait_s": 0} for step in campaign["cascade"]]
    options = {
        "ends_at": pick("2021-10-05T08:30", "2021-10-06T10:00"),
        "hold_out": pick(0.2, 0.5),
        "budget": pick(0, 3, 20),
        "hold_jitter_s": pick(60, 600, 7200),
        "sample": pick(3, 8),
        "only": st.just([{"attribute": "segment", "one_of": ["new", "churn"]}]),
    }
    return campaign | {field: draw(values) for field, values in options.items() if draw(seldom)}


def draw_step(draw: Draw, place: int, length: int, graph: bool, used: list[str], senders: Raw) -> Raw:
    channel = draw(st.sampled_from(used))
    stops = [word for word, able in (("delivered", DELIVERED), ("read", READ)) if channel in able]
    step: Raw = {
        "id": f"s{place}",
        "channel": channel,
        "template": f"t-{channel}",
        "sender": draw(st.sampled_from([name for name in senders if senders[name]["channel"] == channel])),
        "stop_on": draw(pick(*stops, *stops, "purchased", "never", *(("clicked",) if channel != "flash_call" else ()))),
    }
    wait = draw(pick(0, 0, 100, 100, 2000, 7200, None, 40 * 86400))
    step |= {} if wait is None else {"wait_s": wait}
    options = {"delay_s": pick(60, 3600), "throttle_per_h": pick(4, 60, 3600), "when": st.just([])}
    step |= {field: draw(values) for field, values in options.items() if draw(seldom)}
    if "when" in step:
        step["when"] = draw(st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=2))
    if graph:
        later = [f"s{number}" for number in range(place + 1, length)] + ["end"]
        step |= {field: draw(st.sampled_from(later)) for field in TARGETS if draw(pick(True, False, False))}
    return step


def draw_channel(draw: Draw, tied: bool) -> Raw:
    """Lively people, so that much happens in a small crowd."""
    chances = {
        "accepted": pick(1, 0.9), "delivered": pick(1, 0.8, 0.4), "read": pick(0.9, 0.5), "clicked": pick(0.5, 0.1),
        "replied": pick(0.1, 0.5), "purchased": pick(0.5, 0.1), "complained": pick(0, 0.2, 0.5),
        "unsubscribed": pick(0, 0.2),
    }  # fmt: skip
    channel: Raw = {name: draw(values) for name, values in chances.items()}
    channel["receipts"] = {
        "lost": draw(pick(0, 0.2)), "repeated": draw(pick(0, 0.3)), "read_hidden": draw(pick(0, 0.3)),
        "delay": draw_latency(draw, tied, (0, 100)),
    }  # fmt: skip
    channel["delivery"] = draw_latency(draw, tied, (0, 100, 600))
    channel["reading"] = draw_latency(draw, tied, (0, 0, 600, 3600))
    channel["acting"] = draw_latency(draw, tied, (0, 100, 3000))
    channel["validity_s"] = draw(pick(300, 3600, 86400))
    channel["prices"] = draw_prices(draw)
    return channel


def draw_latency(draw: Draw, tied: bool, rounds: tuple[float, ...]) -> Raw:
    if tied:
        return constant(draw(st.sampled_from(rounds)))
    return draw(pick({"p50_s": 30, "p95_s": 900}, {"p50_s": 2, "p95_s": 5}, {"points": [[0, 1], [0.5, 60], [1, 9000]]}))


def draw_prices(draw: Draw) -> list[Raw]:
    event = draw(pick("submit", "accept", "delivered", "session", "second"))
    prices: list[Raw] = [
        {"event": event, "price": draw(pick(0.333333, 1, 2.5)), "free_in_service_window": draw(pick(True, False))}
    ]
    if event == "second":
        prices[0] |= {"per": "second", "minimum_units": 5}
    elif draw(seldom):
        prices.append({**prices[0], "price": 0.25, "from_units": draw(pick(5, 10))})
    if draw(seldom):
        prices.append({"event": "month", "price": 100, "per": "month"})
    return prices


def draw_template(draw: Draw, channel: str) -> Raw:
    template: Raw = {
        "channel": channel,
        "body": draw(pick("Hello {{segment}}", "Sale! Reply STOP to opt out")),
        "category": draw(pick(*CATEGORIES)),
        "status": draw(pick(*("approved",) * 9, "paused")),
    }
    if draw(seldom):
        template["review"] = {
            "submitted": draw(pick("2021-10-04T09:00", "2021-10-03T12:00")),
            "takes_h": draw(pick(0, 0.5, 2)),
            "result": draw(pick("approved", "rejected", "rejected")),
            "resubmit_after_h": draw(pick(0.5, 3)),
            "resubmissions": draw(pick(1, 2, 0)),
        }
        if draw(seldom):
            del template["review"]["takes_h"], template["review"]["result"]
    return template


def draw_personality(draw: Draw, tied: bool) -> Raw:
    return {
        "engagement_sigma": draw(pick(0, 0.7)),
        "fatigue_per_message": draw(pick(0, 0.2)),
        "activity": "flat" if tied else draw(pick("flat", "waking", "waking")),
        "purchases_per_30_days": draw(pick(0, 0, 5, 20)),
        "dead_number_rate": draw(pick(0, 0.2)),
    }


def draw_guards(draw: Draw) -> Raw:
    guards: Raw = {"rules": deal(draw, GUARDS, 0, 5)}
    guards["respect_opt_outs"] = draw(pick(True, False))
    return guards | ({"dead_after_failures": draw(pick(1, 2))} if draw(pick(True, False)) else {})


def draw_feedback(draw: Draw) -> Raw:
    return {
        "yellow_rate": 0.05, "red_rate": draw(pick(0.1, 0.2)), "minimum_sample": draw(pick(1, 3)),
        "scale": draw(pick(0.001, 0.005, 1)), "warn_rate": 0.05, "block_rate": draw(pick(0.1, 0.2)),
        "block_minimum": draw(pick(1, 2)), "block_h": draw(pick(1, 24)),
    }  # fmt: skip


def draw_outage(draw: Draw, used: list[str]) -> Raw:
    start, end = draw(
        pick(("04T08:00", "04T09:30"), ("04T09:00", "04T20:00"), ("04T19:00", "05T09:00"), ("04T09:10", "04T11:00"))
    )
    return {
        "channel": draw(st.sampled_from(used)), "start": f"2021-10-{start}", "end": f"2021-10-{end}",
        "then": draw(pick("reject", "hold")),
    }  # fmt: skip


def draw_script(draw: Draw, size: int, used: list[str]) -> list[Raw]:
    purposes = draw(
        st.lists(pick("delivered", "read", "complained", "unsubscribed", "clicked"), min_size=1, unique=True)
    )
    return [
        {"recipient": f"P{draw(st.integers(0, size - 1)):05d}", "channel": draw(st.sampled_from(used)),
         "purpose": purpose, "value": draw(pick(0, 0.999999))}
        for purpose in purposes
    ]  # fmt: skip


def draw_people(draw: Draw, size: int) -> People:
    """A crowd in which some lack channels, own feature phones, opted out, withdrew consent or have bought before."""
    zones = tuple(draw(st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True)))
    people = crowd(size, seed=draw(st.integers(1, 1000)), zones=zones)
    dice = np.random.default_rng(draw(st.integers(0, 2**20)))
    people.present &= dice.choice([511, 511, 511, 0b101101110, 0b010011011], size).astype(np.uint16)
    people.feature_phone[:] = dice.random(size) < 0.2
    people.failures_in_a_row = coded(dice.choice([0, 0, 0, 1, 6], size))
    last = dice.choice([-NEVER, MISSING, instant("2021-07-20T12:00"), instant("2021-09-30T12:00")], size)
    people.last_order_at = coded(last)
    people.orders = coded(np.where(last == -NEVER, 0, people.orders[:].clip(1)))
    people.consents[:, 4] = np.where(dice.random(size) < 0.2, instant("2021-10-04T12:00"), people.consents[:, 4])
    register = dice.choice([*map(REGISTER_NAMES.index, ("uk-tps", "uk-tps", "us-dnc", "br-sp")), MISSING], size)
    since = dice.choice([-NEVER, instant("2021-10-04T12:00"), MISSING], size)
    people.register_ptr, people.registers = np.arange(size + 1), np.stack((register, since), axis=1)
    early = dice.random((size, len(CHANNELS))) < 0.05
    people.opt_out_at = changed(people.opt_out_at, early, instant("2021-10-04T09:30") - dice.choice([0, DAY]))
    return people


def steps_of(raw: Raw) -> list[Raw]:
    return [step for campaign in raw["campaigns"] for step in campaign["cascade"]]


def _any_step(field: str) -> Callable[[Case], bool]:
    return lambda case: any(field in step for step in steps_of(case.raw))


def _any_campaign(field: str) -> Callable[[Case], bool]:
    return lambda case: any(field in campaign for campaign in case.raw["campaigns"])


def _channel(name: str) -> Callable[[Case], bool]:
    return lambda case: any(step["channel"] == name for step in steps_of(case.raw))


def _stop(word: str) -> Callable[[Case], bool]:
    return lambda case: any(step["stop_on"] == word for step in steps_of(case.raw))


def _guard(name: str) -> Callable[[Case], bool]:
    return lambda case: any(rule["id"] == name for rule in case.raw["guards"]["rules"])


def _price(test: Callable[[Raw], bool]) -> Callable[[Case], bool]:
    return lambda case: any(test(price) for channel in case.raw["channels"].values() for price in channel["prices"])


FEATURES: dict[str, Callable[[Case], bool]] = {
    "ties": lambda case: case.tied,
    **{f"channel {name}": _channel(name) for name in CHANNELS},
    **{f"target {field}": _any_step(field) for field in TARGETS},
    **{f"stop {word}": _stop(word) for word in ("delivered", "read", "clicked", "purchased", "never")},
    **{f"guard {rule['id']}": _guard(rule["id"]) for rule in GUARDS},
    **{f"step {field}": _any_step(field) for field in ("delay_s", "throttle_per_h", "when")},
    **{
        f"campaign {field}": _any_campaign(field)
        for field in ("ends_at", "hold_out", "budget", "hold_jitter_s", "sample", "only")
    },
    "several campaigns": lambda case: len(case.raw["campaigns"]) > 1,
    "same release": lambda case: len({c["release_at"] for c in case.raw["campaigns"]}) < len(case.raw["campaigns"]),
    "two senders": lambda case: len(case.raw["senders"]) > len(case.raw["channels"]),
    "registration": lambda case: any("registration" in sender for sender in case.raw["senders"].values()),
    "limit": lambda case: any(isinstance(sender.get("limit"), int) for sender in case.raw["senders"].values()),
    "portfolio": lambda case: any("portfolio" in sender for sender in case.raw["senders"].values()),
    "review": lambda case: any("review" in template for template in case.raw["templates"].values()),
    "resubmission": lambda case: any(
        t.get("review", {}).get("result") == "rejected" and t["review"]["resubmissions"]
        for t in case.raw["templates"].values()
    ),
    "outage reject": lambda case: any(outage["then"] == "reject" for outage in case.raw["outages"]),
    "outage hold": lambda case: any(outage["then"] == "hold" for outage in case.raw["outages"]),
    "staff": lambda case: "staff" in case.raw,
    "script": lambda case: "script" in case.raw,
    "enforce": lambda case: case.raw.get("gate") == "enforce",
    "dead numbers": lambda case: case.raw["people"]["dead_number_rate"] > 0,
    "suppression": lambda case: "dead_after_failures" in case.raw["guards"],
    "purchases": lambda case: case.raw["people"]["purchases_per_30_days"] > 0,
    "several zones": lambda case: len(case.people.zone_sets) > 1,
    "fee": _price(lambda price: price["event"] == "month"),
    "tiers": _price(lambda price: "from_units" in price),
    "waking": lambda case: case.raw["people"]["activity"] == "waking",
}
"""What a scenario may use: name -> whether this one does."""
