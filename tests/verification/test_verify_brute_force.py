"""The verifier against brute force: the same rules are broken when every half hour and every outcome is played."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import yaml

from policies.people import channel_mask
from policies.verdicts import Verdict
from policies.verify.verify import Proof, verify_plan
from policies.verify.witness import witness_of
from scenarios.compile.model import Compiled
from scenarios.experiments.verdicts import judge_run
from scenarios.plan.make import make_plan
from scenarios.plan.script import LONGEST_S, NO, YES, linear_channel
from simulator.engine.log import to_arrow
from simulator.engine.run import run
from tests.support.crowd import crowd
from tests.support.small import campaign, compiled, scenario, step

HALF_HOUR = 1800
CHANNELS = ("viber", "sms", "email")
STOPS = {"viber": "read", "sms": "delivered", "email": "read"}
Outcome = tuple[str, int]
Rule = tuple[str, dict[str, Any]]


def _clock(half_hours: int) -> str:
    return f"{half_hours // 2:02}:{half_hours % 2 * 30:02}"


def _window(chance: random.Random) -> dict[str, Any]:
    start = chance.randint(12, 24)
    window = {"workday": [_clock(start), _clock(chance.randint(start + 4, 47))]}
    return window | ({"end_inclusive": True} if chance.random() < 0.3 else {})


def _open_ended(window: dict[str, Any]) -> dict[str, Any]:
    """Return the window without its end: with it, only instants between two half hours may break a validity."""
    return {"workday": window["workday"]}


def _cap(chance: random.Random) -> dict[str, Any]:
    periods = ["roll_24h", "cal_day", "roll_7d", "cal_week", "cal_7d"]
    return {"caps": [{"count": chance.randint(1, 2), "period": chance.choice(periods)}]}


def _rule(number: int, kind: str, params: dict[str, Any]) -> dict[str, Any]:
    words = dict.fromkeys(("title", "statement", "rationale", "fix"), "a rule of a test")
    cited = {"citation": {"act": "test", "read_on": "2021-10-01"}, "confidence": "documented"}
    checks = [{"kind": kind, "severity": "error", "params": params}]
    return {"id": f"T-{number:02}", **words, **cited, "checks": checks, "examples": {"passes": "a", "fails": "b"}}


def _rules(chance: random.Random) -> list[Rule]:
    rules: list[Rule] = [
        ("time_window", _window(chance)),
        ("time_window", _window(chance)),
        ("frequency_cap", _cap(chance)),
    ]
    rules += [("frequency_cap", _cap(chance)), ("validity", {"window": _open_ended(_window(chance))})]
    return [*rules, ("duplicate", {"minutes": chance.choice([30, 60, 90, 1440])})]


def _pack(rules: list[Rule], folder: Path) -> str:
    written = [_rule(number, *rule) for number, rule in enumerate(rules)]
    path = folder / "pack.yaml"
    path.write_text(yaml.safe_dump({"pack": "t", "title": "t", "version": "1", "rules": written}), encoding="utf-8")
    return str(path)


def _plan(chance: random.Random, rules: list[Rule], folder: Path) -> dict[str, Any]:
    """Return a small scenario whose times are all half hours of the clock."""
    names = chance.sample(CHANNELS, chance.randint(2, 3))
    steps = [
        step(name, id=name, stop_on=STOPS[name], wait_s=chance.randint(1, 3) * HALF_HOUR,
             on_timeout=chance.choice([None, "end"]) if place else None)
        for place, name in enumerate(names)
    ]  # fmt: skip
    guards = [{"id": "hours", "kind": "time_window", "params": _window(chance)}] if chance.random() < 0.7 else []
    guards += [{"id": "cap", "kind": "frequency_cap", "params": _cap(chance)}] if chance.random() < 0.5 else []
    again = {"minutes": chance.choice([60, 90])}
    guards += [{"id": "again", "kind": "duplicate", "params": again}] if chance.random() < 0.3 else []
    release = f"2021-10-04T{_clock(chance.randint(16, 40))}"
    campaigns = [campaign(*steps, release_at=release, spread_h=chance.randint(0, 2) / 2)]
    if len(names) < len(CHANNELS):
        other = chance.choice(CHANNELS)
        second = f"2021-10-{chance.choice(['04', '05'])}T{_clock(chance.randint(16, 40))}"
        campaigns.append(campaign(step(other, id="second", wait_s=0), id="two", release_at=second, spread_h=0.5))
    own = {"prices": [], "throughput_per_s": 1e12, "validity_s": chance.randint(1, 8) * HALF_HOUR}
    return scenario(
        *campaigns,
        channels={name: linear_channel(name != "sms", own) for name in CHANNELS},
        guards={"rules": guards},
        packs=[_pack(rules, folder)],
    )


def _outcomes(wait_s: int) -> list[Outcome]:
    reports = [(word, after) for word in ("failed", "stopped") for after in range(0, wait_s + 1, HALF_HOUR)]
    return [("absent", 0), ("rejected", 0), ("lost", 0), *reports]


def _forced(person: str, campaign: str, channel: str, outcome: Outcome) -> list[dict[str, Any]]:
    word, after = outcome
    lost = {"delivered": YES, "delivery": YES, "receipt_lost": YES, "read": NO, "clicked": NO, "accepted": YES}
    told = {
        "rejected": {"accepted": NO},
        "failed": {"delivered": NO, "failure_delay": YES, "receipt_lost": NO, "receipt_delay": after / LONGEST_S},
        "stopped": {"receipt_lost": NO, "receipt_delay": after / LONGEST_S}
        if STOPS[channel] == "delivered"
        else {"read": YES, "reading": YES, "read_hidden": NO, "read_receipt_delay": after / LONGEST_S},
    }
    draws = lost | told.get(word, {})
    whose = {"recipient": person, "campaign": campaign, "channel": channel}
    return [{**whose, "purpose": name, "value": value} for name, value in draws.items()]


def _simulations(raw: dict[str, Any], zone: str) -> Iterator[tuple[Compiled, pa.Table]]:
    """Play every half hour of the release and every combination of outcomes, one recipient each."""
    steps = [(of["id"], one) for of in raw["campaigns"] for one in of["cascade"]]
    courses = list(itertools.product(*(_outcomes(one["wait_s"]) for _, one in steps)))
    people, script = crowd(len(courses), zones=((zone,),)), []
    present = np.array(people.present)
    for number, course in enumerate(courses):
        for (of, one), outcome in zip(steps, course, strict=True):
            script += _forced(f"P{number:05d}", of, one["channel"], outcome)
            if outcome[0] == "absent":
                present[number] &= ~np.uint16(channel_mask(one["channel"]))
    people = replace(people, present=present)
    for releases in itertools.product(*(list(_releases(one)) for one in raw["campaigns"])):
        campaigns = [
            {**one, "release_at": release, "spread_h": 0}
            for one, release in zip(raw["campaigns"], releases, strict=True)
        ]
        made = compiled({**raw, "campaigns": campaigns, "script": script}, people)
        yield made, to_arrow(run(made.model, 0, "reference"), made.model, run="t", replication=0)


def _releases(one: dict[str, Any]) -> Iterator[str]:
    """Yield each half hour of a campaign's release."""
    first = datetime.fromisoformat(one["release_at"])
    for later in range(0, int(one["spread_h"] * 3600) + 1, HALF_HOUR):
        yield (first + timedelta(seconds=later)).isoformat(timespec="minutes")


def _broken(made: Compiled, log: pa.Table) -> set[str]:
    return {result.rule.id for result in judge_run(made, {0: log}) if result.verdict == Verdict.VIOLATED}


def _handed_over(log: pa.Table, zone: str) -> set[time]:
    """Return the times of day, by the clock of a zone, at which messages were handed over."""
    sent = log.filter(pc.field("event") == "submitted")["occurred_at"].to_pylist()
    return {datetime.fromtimestamp(at / 1e6, ZoneInfo(zone)).time() for at in sent}


def _in_the_morning(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the scenario with releases from ten on, and no window of its own: so what is played has the last instant.

    The campaigns never move at the same instant, at which the engine has one order and the verifier tries both.
    """
    campaigns = [
        {**one, "release_at": f"{one['release_at'][:10]}T10:{10 * number:02}"}
        for number, one in enumerate(raw["campaigns"])
    ]
    guards = [one for one in raw["guards"]["rules"] if one["kind"] != "time_window"]
    return {**raw, "campaigns": campaigns, "guards": {"rules": guards}}


def _proofs(raw: dict[str, Any], zone: str) -> tuple[Proof, ...]:
    return verify_plan(make_plan(compiled(raw, crowd(1, zones=((zone,),))), delay_s=0))


def _check(seed: int, folder: Path) -> None:
    chance = random.Random(seed)
    zone = chance.choice(["Europe/Moscow", "Asia/Omsk"])
    raw = _plan(chance, _rules(chance), folder)
    proofs = _proofs(raw, zone)
    assert {one.verdict for one in proofs} <= {Verdict.VIOLATED, Verdict.PROVED, Verdict.NOT_TESTED}
    broken = set().union(*(_broken(made, log) for made, log in _simulations(raw, zone)))
    assert {one.rule.id for one in proofs if one.verdict == Verdict.VIOLATED} == broken


@pytest.mark.parametrize("seed", range(40))
def test_the_same_rules_are_broken_as_in_brute_force(seed: int, tmp_path: Path) -> None:
    _check(seed, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40, 440))
def test_the_same_rules_are_broken_in_many_more_plans(seed: int, tmp_path: Path) -> None:
    _check(seed, tmp_path)


@pytest.mark.parametrize("seed", range(500, 506))
def test_a_window_that_ends_at_the_last_hand_over_is_kept_only_with_its_end(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    zone = chance.choice(["Europe/Moscow", "Asia/Omsk"])
    raw = _in_the_morning(_plan(chance, _rules(chance), tmp_path))
    last = max(set().union(*(_handed_over(log, zone) for _, log in _simulations(raw, zone))))
    window = {"workday": ["00:00", f"{last:%H:%M}"]}
    rules: list[Rule] = [("time_window", window), ("time_window", {**window, "end_inclusive": True})]
    without, including = _proofs({**raw, "packs": [_pack(rules, tmp_path)]}, zone)
    assert including.verdict == Verdict.PROVED
    assert without.verdict == Verdict.VIOLATED
    assert without.found is not None
    at = datetime.fromtimestamp(witness_of(without.found).violates_at / 1e6, ZoneInfo(zone))
    assert at.time() == last
