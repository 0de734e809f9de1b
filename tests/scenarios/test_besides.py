"""What ``verify`` tells besides the rules: each remark appears with its cause, and goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from scenarios.plan.besides import Remark, besides
from scenarios.plan.make import make_plan
from tests.support.crowd import crowd
from tests.support.small import campaign, compiled, scenario, step, sure

DAY = {"id": "day", "kind": "time_window", "params": {"workday": ["09:00", "21:00"]}}
NIGHT = {"id": "night", "kind": "time_window", "params": {"workday": None}}
PRICED = {"prices": [{"event": "submit", "price": 2}], "validity_s": 3600}
ZONES = (("Europe/Moscow",),)
NOON = "2021-10-04T12:00"


def remarks(*steps: dict[str, Any], zones: tuple[tuple[str, ...], ...] = ZONES, **changes: Any) -> list[Remark]:
    """Return the remarks on one campaign of these steps, released at nine in the morning in Moscow."""
    end = changes.pop("ends_at", None)
    times = {"ends_at": end} if end else {}
    made = compiled(scenario(campaign(*steps, **times), **changes), crowd(2, zones=zones))
    return list(besides(made, make_plan(made, delay_s=0)))


def about(found: list[Remark]) -> list[str]:
    return [one.about for one in found]


def test_a_fallback_before_the_validity_ends_may_double_message_and_price() -> None:
    steps = step("viber", stop_on="read", wait_s=600), step("sms")
    found = remarks(*steps, channels={"viber": sure(**PRICED), "sms": sure(**PRICED)})
    assert about(found) == ["late receipt", "double charge"]
    assert "up to 1 h after" in found[0].sentence
    assert "wait_s: 3600" in found[0].fix
    assert "2 + 2 RUB" in found[1].sentence


@pytest.mark.parametrize("wait_s", [3600, 7200])
def test_a_fallback_after_the_validity_is_not_remarked(wait_s: int) -> None:
    steps = step("viber", stop_on="read", wait_s=wait_s), step("sms")
    assert remarks(*steps, channels={"viber": sure(**PRICED), "sms": sure(**PRICED)}) == []


def test_a_message_that_own_hours_let_go_may_arrive_outside_them() -> None:
    found = remarks(step("sms"), channels={"sms": sure(validity_s=13 * 3600)}, guards={"rules": [DAY]})
    assert about(found) == ["quiet arrival"]
    assert found[0].witness is not None
    assert remarks(step("sms"), channels={"sms": sure(validity_s=12 * 3600 - 1)}, guards={"rules": [DAY]}) == []


def test_a_guard_that_never_opens_is_told() -> None:
    found = remarks(step("sms"), channels={"sms": sure(validity_s=60)}, guards={"rules": [NIGHT]})
    assert about(found) == ["never true"]
    assert "night" in found[0].sentence


def test_a_condition_that_nobody_meets_is_told() -> None:
    test = {"attribute": "segment", "equals": "no such segment"}
    found = remarks(step("sms", when=[test]), channels={"sms": sure(validity_s=60)})
    assert about(found) == ["never true"]
    assert "segment" in found[0].sentence


def test_whoever_sleeps_while_the_campaign_runs_is_never_reached() -> None:
    channels = {"sms": sure(validity_s=60)}
    found = remarks(step("sms"), zones=(("America/New_York",),), packs=["bp-promo"], channels=channels, ends_at=NOON)
    (sentence,) = [one.sentence for one in found if one.about == "unreachable"]
    assert "America/New_York" in sentence
    assert "BP-QUIET-01" in sentence


def test_rules_that_never_meet_contradict_each_other(tmp_path: Path) -> None:
    hours = {"T-EARLY": ["09:00", "12:00"], "T-LATE": ["12:00", "21:00"]}
    channels = {"sms": sure(validity_s=60)}
    found = remarks(step("sms"), packs=[_pack(tmp_path, hours)], channels=channels)
    assert about(found) == ["unreachable", "contradiction"]
    assert "T-EARLY and T-LATE" in found[1].sentence
    met = {**hours, "T-LATE": ["11:59", "21:00"]}
    assert remarks(step("sms"), packs=[_pack(tmp_path, met)], channels=channels) == []


def _pack(folder: Path, hours: dict[str, list[str]]) -> str:
    words = dict.fromkeys(("title", "statement", "rationale", "fix"), "a rule of a test")
    cited = {"citation": {"act": "test", "read_on": "2021-10-01"}, "confidence": "documented"}
    rules = [
        {"id": name, **words, **cited, "examples": {"passes": "a", "fails": "b"},
         "checks": [{"kind": "time_window", "severity": "error", "params": {"workday": window}}]}
        for name, window in hours.items()
    ]  # fmt: skip
    path = folder / "pack.yaml"
    path.write_text(yaml.safe_dump({"pack": "t", "title": "t", "version": "1", "rules": rules}), encoding="utf-8")
    return str(path)
