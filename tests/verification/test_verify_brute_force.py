"""The verifier against brute force: the same rules are broken when every half hour and every outcome is played."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from policies.people import channel_mask
from policies.verdicts import Verdict
from policies.verify.verify import verify_plan
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


def _clock(half_hours: int) -> str:
    return f"{half_hours // 2:02}:{half_hours % 2 * 30:02}"


def _window(chance: random.Random) -> dict[str, Any]:
    start = chance.randint(12, 24)
    window = {"workday": [_clock(start), _clock(chance.randint(start + 4, 47))]}
    return window | ({"end_inclusive": True} if chance.random() < 0.3 else {})


def _cap(chance: random.Random) -> dict[str, Any]:
    return {"caps": [{"count": chance.randint(1, 2), "period": chance.choice(["roll_24h", "cal_day", "roll_7d"])}]}


def _rule(number: int, kind: str, params: dict[str, Any]) -> dict[str, Any]:
    words = dict.fromkeys(("title", "statement", "rationale", "fix"), "a rule of a test")
    cited = {"citation": {"act": "test", "read_on": "2021-10-01"}, "confidence": "documented"}
    checks = [{"kind": kind, "severity": "error", "params": params}]
    return {"id": f"T-{number:02}", **words, **cited, "checks": checks, "examples": {"passes": "a", "fails": "b"}}


def _pack(chance: random.Random, folder: Path) -> str:
    rules = [("time_window", _window(chance)), ("time_window", _window(chance)), ("frequency_cap", _cap(chance))]
    rules += [("frequency_cap", _cap(chance)), ("validity", {"window": _window(chance)})]
    rules += [("duplicate", {"minutes": chance.choice([60, 1440])})]
    written = [_rule(number, *rule) for number, rule in enumerate(rules)]
    path = folder / "pack.yaml"
    path.write_text(yaml.safe_dump({"pack": "t", "title": "t", "version": "1", "rules": written}), encoding="utf-8")
    return str(path)


def _plan(chance: random.Random, folder: Path) -> dict[str, Any]:
    """Return a small scenario whose times are all half hours of the clock."""
    names = chance.sample(CHANNELS, chance.randint(2, 3))
    steps = [
        step(name, id=name, stop_on=STOPS[name], wait_s=chance.randint(1, 3) * HALF_HOUR,
             on_timeout=chance.choice([None, "end"]) if place else None)
        for place, name in enumerate(names)
    ]  # fmt: skip
    guards = [{"id": "hours", "kind": "time_window", "params": _window(chance)}] if chance.random() < 0.7 else []
    guards += [{"id": "cap", "kind": "frequency_cap", "params": _cap(chance)}] if chance.random() < 0.5 else []
    release = f"2021-10-04T{_clock(chance.randint(16, 40))}"
    campaigns = [campaign(*steps, release_at=release, spread_h=chance.randint(0, 2) / 2)]
    if len(names) < len(CHANNELS):
        (rest,) = set(CHANNELS) - set(names)
        again = f"2021-10-{chance.choice(['04', '05'])}T{_clock(chance.randint(16, 40))}"
        campaigns.append(campaign(step(rest, id="second", wait_s=0), id="two", release_at=again, spread_h=0.5))
    own = {"prices": [], "throughput_per_s": 1e9, "validity_s": chance.randint(1, 8) * HALF_HOUR}
    return scenario(
        *campaigns,
        channels={name: linear_channel(name != "sms", own) for name in CHANNELS},
        guards={"rules": guards},
        packs=[_pack(chance, folder)],
    )


def _outcomes(wait_s: int) -> list[Outcome]:
    reports = [(word, after) for word in ("failed", "stopped") for after in range(0, wait_s + 1, HALF_HOUR)]
    return [("absent", 0), ("rejected", 0), ("lost", 0), *reports]


def _forced(person: str, channel: str, outcome: Outcome) -> list[dict[str, Any]]:
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
    return [{"recipient": person, "channel": channel, "purpose": name, "value": value} for name, value in draws.items()]


def _by_simulation(raw: dict[str, Any], zone: str) -> set[str]:
    """Play every half hour of the release and every combination of outcomes, one recipient each."""
    steps = [one for campaign in raw["campaigns"] for one in campaign["cascade"]]
    courses = list(itertools.product(*(_outcomes(one["wait_s"]) for one in steps)))
    people, script = crowd(len(courses), zones=((zone,),)), []
    present = np.array(people.present)
    for number, course in enumerate(courses):
        for one, outcome in zip(steps, course, strict=True):
            script += _forced(f"P{number:05d}", one["channel"], outcome)
            if outcome[0] == "absent":
                present[number] &= ~np.uint16(channel_mask(one["channel"]))
    people = replace(people, present=present)
    broken: set[str] = set()
    for releases in itertools.product(*(list(_releases(one)) for one in raw["campaigns"])):
        campaigns = [
            {**one, "release_at": release, "spread_h": 0}
            for one, release in zip(raw["campaigns"], releases, strict=True)
        ]
        broken |= _broken(compiled({**raw, "campaigns": campaigns, "script": script}, people))
    return broken


def _releases(one: dict[str, Any]) -> Iterator[str]:
    """Yield each half hour of a campaign's release."""
    first = datetime.fromisoformat(one["release_at"])
    for later in range(0, int(one["spread_h"] * 3600) + 1, HALF_HOUR):
        yield (first + timedelta(seconds=later)).isoformat(timespec="minutes")


def _broken(made: Compiled) -> set[str]:
    log = to_arrow(run(made.model, 0, "reference"), made.model, run="t", replication=0)
    return {result.rule.id for result in judge_run(made, {0: log}) if result.verdict == Verdict.VIOLATED}


@pytest.mark.parametrize("seed", range(12))
def test_the_same_rules_are_broken_as_in_brute_force(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    zone = chance.choice(["Europe/Moscow", "Asia/Omsk"])
    raw = _plan(chance, tmp_path)
    plan = make_plan(compiled(raw, crowd(1, zones=((zone,),))), delay_s=0)
    proofs = verify_plan(plan)
    assert {one.verdict for one in proofs} <= {Verdict.VIOLATED, Verdict.PROVED, Verdict.NOT_TESTED}
    assert {one.rule.id for one in proofs if one.verdict == Verdict.VIOLATED} == _by_simulation(raw, zone)
