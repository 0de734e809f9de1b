"""What a plan leaves free is tried in all its values: each freedom alone breaks a rule, and less of it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.verdicts import Verdict
from policies.verify.verify import Proof, verify_plan
from policies.verify.witness import witness_of
from scenarios.plan.make import make_plan
from tests.support.crowd import crowd
from tests.support.small import campaign, compiled, instant, scenario, step, sure

BREAK = {"workday": ["09:00", "21:00"], "pause": ["11:00", "11:30"]}
TEN, NOON = "2021-10-04T10:00", "2021-10-04T12:00"


def _pack(folder: Path, channel: str, params: dict[str, Any], kind: str = "time_window", **dates: str) -> str:
    words = dict.fromkeys(("title", "statement", "rationale", "fix"), "a rule of a test")
    cited = {"citation": {"act": "test", "read_on": "2021-10-01"}, "confidence": "documented"}
    check = {"kind": kind, "severity": "error", "params": params, **dates}
    rule = {"id": "T-01", **words, **cited, "channels": [channel], "checks": [check]}
    rules = [{**rule, "examples": {"passes": "a", "fails": "b"}}]
    path = folder / "pack.yaml"
    path.write_text(yaml.safe_dump({"pack": "t", "title": "t", "version": "1", "rules": rules}), encoding="utf-8")
    return str(path)


def proof(folder: Path, channel: str, *steps: dict[str, Any], delay_s: float = 0, **changes: Any) -> Proof:
    """Return the verdict on a rule that forbids a channel from 11:00 to 11:30, of a campaign released at ten."""
    params, release = changes.pop("params", BREAK), changes.pop("release_at", TEN)
    packs = [_pack(folder, channel, params)]
    raw = scenario(campaign(*steps, release_at=release), packs=packs, channels={"sms": sure()}, **changes)
    (found,) = verify_plan(make_plan(compiled(raw, crowd(1)), delay_s))
    return found


def violated_at(found: Proof) -> int:
    assert found.verdict == Verdict.VIOLATED
    assert found.found is not None
    return witness_of(found.found).violates_at


def test_a_failure_is_reported_at_any_instant_of_the_wait(tmp_path: Path) -> None:
    first, then = step("sms", on_timeout="end"), step("email", id="email")
    found = proof(tmp_path, "email", {**first, "wait_s": 7200}, then)
    assert violated_at(found) == instant("2021-10-04T11:01")  # at 11:00:00 itself the pause is for review
    assert proof(tmp_path, "email", {**first, "wait_s": 3599}, then).verdict == Verdict.PROVED


def test_a_late_report_leads_on_while_a_later_step_waits(tmp_path: Path) -> None:
    first = step("viber", stop_on="read", wait_s=600, on_stop="third", on_failed="second", on_absent="end")
    second = step("sms", id="second", on_timeout="end", on_failed="end", on_absent="end", on_refused="end")
    third = step("email", id="third")
    assert violated_at(proof(tmp_path, "email", first, {**second, "wait_s": 7200}, third)) > instant(TEN)
    assert proof(tmp_path, "email", first, {**second, "wait_s": 1800}, third).verdict == Verdict.PROVED


def test_a_queue_takes_up_to_the_declared_delay(tmp_path: Path) -> None:
    assert violated_at(proof(tmp_path, "sms", step("sms"), delay_s=3661)) == instant("2021-10-04T11:01")
    assert proof(tmp_path, "sms", step("sms"), delay_s=3599).verdict == Verdict.PROVED


def test_own_guards_are_asked_again_at_the_head_of_the_queue(tmp_path: Path) -> None:
    guards = {"rules": [{"id": "break", "kind": "time_window", "params": BREAK}]}
    assert proof(tmp_path, "sms", step("sms"), delay_s=7200, guards=guards).verdict == Verdict.PROVED


def test_a_hold_ends_at_the_opening_and_rules_are_asked_there(tmp_path: Path) -> None:
    guards = {"rules": [{"id": "late", "kind": "time_window", "params": {"workday": ["11:15", "20:00"]}}]}
    assert violated_at(proof(tmp_path, "sms", step("sms"), guards=guards)) == instant("2021-10-04T11:15")


def test_a_hold_by_a_cap_ends_when_the_message_is_old_enough(tmp_path: Path) -> None:
    guards = {
        "rules": [{"id": "cap", "kind": "frequency_cap", "params": {"caps": [{"count": 1, "period": "roll_24h"}]}}]
    }
    params = {"workday": ["09:00", "21:00"], "weekdays": {"tue": ["10:01", "21:00"]}}
    steps = step("sms", wait_s=60), step("email", id="email")
    found = proof(tmp_path, "email", *steps, guards=guards, params=params)
    assert violated_at(found) == instant("2021-10-05T10:00")
    params = {"workday": ["09:00", "21:00"], "weekdays": {"tue": ["10:00", "21:00"]}}
    assert proof(tmp_path, "email", *steps, guards=guards, params=params).verdict == Verdict.PROVED


def test_a_rule_about_the_person_begins_at_the_midnight_from_which_it_is_in_force(tmp_path: Path) -> None:
    params: dict[str, Any] = {"match": ["channel"]}
    packs = [_pack(tmp_path, "sms", params, "consent", effective_from="2021-10-05")]
    raw = scenario(campaign(step("sms"), release_at="2021-10-04T23:00", spread_h=6), packs=packs)
    raw.pop("as_of")  # each message is judged by the rules of its own day
    (found,) = verify_plan(make_plan(compiled(raw, crowd(1)), 0))
    assert violated_at(found) == instant("2021-10-05T00:00", "UTC")


def test_a_guard_that_other_campaigns_may_have_filled_is_not_taken_as_open(tmp_path: Path) -> None:
    cap = {"id": "cap", "kind": "frequency_cap", "params": {"caps": [{"count": 1, "period": "roll_7d"}]}}
    first, second = (
        campaign(step("sms"), id="one", release_at=NOON),
        campaign(step("sms"), id="two", release_at="2021-10-05T11:10"),
    )
    raw = scenario(
        first, second, packs=[_pack(tmp_path, "sms", {"workday": ["12:00", "21:00"]})], guards={"rules": [cap]}
    )
    (found,) = verify_plan(make_plan(compiled(raw, crowd(1)), 0))
    assert found.verdict == Verdict.PROVED
    (left_out,) = verify_plan(
        make_plan(compiled({**raw, "campaigns": [{**first, "hold_out": 0.5}, second]}, crowd(1)), 0)
    )
    assert violated_at(left_out) == instant("2021-10-05T11:10")


@pytest.mark.parametrize(
    ("unanswered", "verdict"), [(3, Verdict.PROVED), (2, Verdict.NOT_DECIDED)], ids=["as many", "one too many"]
)
def test_a_session_is_not_overfilled_where_so_many_messages_cannot_come(
    unanswered: int, verdict: Verdict, tmp_path: Path
) -> None:
    params: dict[str, Any] = {"hours": 24, "unanswered": unanswered, "per_session": 60}
    past = dict.fromkeys(("on_timeout", "on_failed", "on_absent", "on_refused"), "last")
    first = step("viber"), step("email", id="email", **past), step("viber", id="never"), step("viber", id="last")
    other = campaign(step("viber"), id="two", release_at=NOON)
    raw = scenario(campaign(*first), other, packs=[_pack(tmp_path, "viber", params, "session_cap")])
    (found,) = verify_plan(make_plan(compiled(raw, crowd(1)), 0))
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("period", "before", "at"),
    [
        ("roll_24h", "2021-10-05T09:59", "2021-10-05T10:00"),
        ("roll_7d", "2021-10-11T09:59", "2021-10-11T10:00"),
        ("cal_day", "2021-10-04T23:59", "2021-10-05T00:00"),
        ("cal_week", "2021-10-10T23:59", "2021-10-11T00:00"),
        ("cal_7d", "2021-10-10T23:59", "2021-10-11T00:00"),
        ("cal_month", "2021-10-31T23:59", "2021-11-01T00:00"),
    ],
)
def test_a_message_of_another_campaign_counts_to_the_end_of_its_period(
    period: str, before: str, at: str, tmp_path: Path
) -> None:
    packs = [_pack(tmp_path, "sms", {"caps": [{"count": 1, "period": period}]}, "frequency_cap")]
    clock = {"start": TEN, "horizon_days": 40}

    def again(release: str) -> Proof:
        two = campaign(step("sms"), id="two", release_at=release)
        later = campaign(step("email"), id="later", release_at="2021-11-12T10:00")
        raw = scenario(campaign(step("sms"), release_at=TEN), two, later, packs=packs, clock=clock)
        (found,) = verify_plan(make_plan(compiled(raw, crowd(1)), 0))
        return found

    assert violated_at(again(before)) == instant(before)
    assert again(at).verdict == Verdict.PROVED


def test_the_witness_is_the_earliest_of_all_places_also_where_a_later_one_is_found_first(tmp_path: Path) -> None:
    zones = (("Europe/Moscow",), ("Asia/Vladivostok",))
    packs = [_pack(tmp_path, "sms", {"workday": ["09:00", "20:00"]})]
    raw = scenario(campaign(step("sms"), release_at="2021-10-04T14:30", spread_h=8), packs=packs)
    (found,) = verify_plan(make_plan(compiled(raw, crowd(2, zones=zones)), 0))
    assert violated_at(found) == instant("2021-10-04T14:30")


def test_what_comes_after_a_message_is_not_released_before_it(tmp_path: Path) -> None:
    params = {"caps": [{"count": 1, "period": "cal_day"}], "count_channels": ["email", "sms"]}
    one = campaign(step("email"), release_at="2021-10-04T13:00")
    two = campaign(step("sms"), id="two", release_at=TEN, spread_h=4)
    raw = scenario(one, two, packs=[_pack(tmp_path, "sms", params, "frequency_cap")])
    (found,) = verify_plan(make_plan(compiled(raw, crowd(1)), 0))
    assert violated_at(found) == instant("2021-10-04T13:00")


@pytest.mark.parametrize(("first", "second", "messages"), [("info", "error", 2), ("error", "info", 1)])
def test_the_gravest_check_is_shown_though_a_milder_one_is_broken_before(
    first: str, second: str, messages: int, tmp_path: Path
) -> None:
    caps = [(1, first), (2, second)]
    checks = [
        {"kind": "frequency_cap", "severity": severity, "params": {"caps": [{"count": count, "period": "roll_24h"}]}}
        for count, severity in caps
    ]
    path = Path(_pack(tmp_path, "sms", BREAK))
    pack = yaml.safe_load(path.read_text(encoding="utf-8"))
    pack["rules"][0] |= {"channels": ["sms", "email", "viber"], "checks": checks}
    path.write_text(yaml.safe_dump(pack), encoding="utf-8")
    raw = scenario(campaign(step("sms"), step("email", id="email"), step("viber", id="viber")), packs=[str(path)])
    (found,) = verify_plan(make_plan(compiled(raw, crowd(1)), 0))
    assert (found.verdict, found.severity) == (Verdict.VIOLATED, "error")
    assert found.found is not None
    assert found.found.messages == messages
