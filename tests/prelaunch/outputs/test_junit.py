"""JUnit: read back as CI servers read it; what fails, what is skipped and why, what is an error."""

from __future__ import annotations

import io
from dataclasses import replace
from xml.etree import ElementTree as ET

import junitparser
import pytest

from policies.errors import Problem
from policies.findings import RuleResult, Verdict
from policies.sites import Suppressed
from prelaunch.findings.counting import Threshold
from prelaunch.outputs import junit
from tests.support.results import evidence, judged, one_of_each, result, sms

WHO = Suppressed("paper forms", "I. Petrova", "2026-12-31")
WHY = "23:30 by the recipient's clock"
ORDER = ["properties", "testcase", "system-out", "system-err"]
"""The parts of a suite in the order of the schema of Ant's JUnit task, which Jenkins follows."""


def suite(*results: RuleResult, **more: object) -> ET.Element:
    return ET.fromstring(junit.render([judged(*results, **more)]))[0]


def test_the_document_has_the_structure_that_ci_servers_read() -> None:
    root = ET.fromstring(junit.render([judged(*one_of_each(), notes=("x",)), judged(*one_of_each())]))
    assert root.tag == "testsuites"
    for part in root:
        assert [child.tag for child in part] == sorted((child.tag for child in part), key=ORDER.index)
        cases = part.findall("testcase")
        names = [(case.get("classname"), case.get("name")) for case in cases]
        assert len(set(names)) == len(names)
        assert all(case.get("time") and all(name) for case, name in zip(cases, names, strict=True))
        for case in cases:
            outcome = [child.tag for child in case if child.tag != "system-out"]
            assert len(outcome) <= 1
            assert set(outcome) <= {"failure", "error", "skipped"}
        for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(part.get(count, "")) == len(part.findall(f"testcase/{tag}"))
        assert int(part.get("tests", "")) == len(cases)
    for count in ("tests", "failures", "errors", "skipped"):
        assert int(root.get(count, "")) == sum(int(part.get(count, "")) for part in root)


def test_a_reader_of_junit_files_understands_it() -> None:
    read = junitparser.JUnitXml.fromstring(junit.render([judged(*one_of_each())]))
    (only,) = list(read)
    assert (only.name, only.tests, only.failures, only.errors, only.skipped) == ("Весна", 8, 1, 0, 4)
    assert {item.name: item.value for item in only.properties()} == {
        "seed": "3", "as_of": "2026-03-02", "log_hash": "0f" * 16, "gate": "observe", "file": "campaigns/spring.yaml",
        "prelaunch": "0.1.0", "pack.house": "1", "fail_on": "error",
    }  # fmt: skip
    merged = junitparser.JUnitXml.fromfile(io.BytesIO(junit.render([judged(*one_of_each())])))
    merged += read
    assert merged.tests == 16


@pytest.mark.parametrize(("verdict", "tag"), [
    (Verdict.VIOLATED, "failure"), (Verdict.REVIEW, "skipped"), (Verdict.NEEDS_INPUT, "skipped"),
    (Verdict.NOT_TESTED, "skipped"), (Verdict.NOT_DECIDED, "skipped"), (Verdict.PROVED, None),
    (Verdict.ENFORCED, None), (Verdict.NOT_OBSERVED, None),
])  # fmt: skip
def test_each_verdict_has_its_outcome(verdict: Verdict, tag: str | None) -> None:
    (case,) = suite(*(item for item in one_of_each() if item.verdict == verdict)).findall("testcase")
    assert [child.tag for child in case if child.tag != "system-out"] == [tag] * (tag is not None)
    said = case[0].get("message") or case.findtext("system-out") or ""
    assert said.startswith(verdict.value)


def test_a_failure_tells_rule_source_place_evidence_and_replay() -> None:
    (case,) = suite(result("A-1", Verdict.VIOLATED, sms(count=2), evidence=(evidence(WHY),))).findall("testcase")
    failure = case.find("failure")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == (
        "error", "violated: Not at night: 10 judged, 2 failed",
    )  # fmt: skip
    assert (failure.text or "").splitlines() == [
        "violated: Not at night: 10 judged, 2 failed",
        "rule: Offers go by day.",
        "source: Act on sleep, art. 1 https://example.org/sleep?a=1&b=2, read on 2026-11-01",
        "where: 2 × fail: spring / sms-step / sms / offer",
        f"fail: 2026-03-02 00:30:00 Europe/Moscow: ab12cd34ef56ab78 / spring / sms / offer / SHOP: {WHY}",
        "  replay: prelaunch run campaigns/spring.yaml --only ab12cd34ef56ab78",
        "what to do: Send by day.",
    ]


@pytest.mark.parametrize(("item", "threshold", "reason"), [
    (result("A-1", Verdict.VIOLATED, sms(suppressed=WHO)), Threshold(),
     "violated, and does not count: suppressed until 2026-12-31 by I. Petrova: paper forms"),
    (result("A-1", Verdict.VIOLATED, sms(), severity="warn"), Threshold(),
     "violated, and does not count: its severity is warn, and --fail-on is error"),
    (result("A-1", Verdict.VIOLATED, sms()), Threshold("never"),
     "violated, and does not count: its severity is error, and --fail-on is never"),
    (result("A-1", Verdict.VIOLATED, sms(baseline="unchanged")), Threshold(only_new=True),
     "violated, and does not count: what is not suppressed stands in the baseline"),
    (result("A-1", Verdict.NEEDS_INPUT, sms("unknown"), missing=("evidence letter",)), Threshold(),
     "needs input: Not at night: 10 judged, 2 lacking an input; missing: evidence letter"),
    (result("A-1", Verdict.NOT_TESTED), Threshold(), "not tested: Not at night: 0 judged"),
])  # fmt: skip
def test_what_is_skipped_says_why(item: RuleResult, threshold: Threshold, reason: str) -> None:
    (case,) = suite(item, threshold=threshold).findall("testcase")
    skipped = case.find("skipped")
    assert skipped is not None
    assert skipped.get("message") == reason
    assert case.find("failure") is None


def test_an_entry_that_was_not_taken_is_an_error_of_its_own() -> None:
    part = suite(*one_of_each(), faults=(Problem("s.yaml:3: rule", "is missing", "add it"),))
    (case,) = part.findall("testcase[@classname='prelaunch.suppressions']")
    error = case.find("error")
    assert error is not None
    assert error.get("message") == "not taken: s.yaml:3: rule: is missing (add it)"
    assert (part.get("tests"), part.get("errors"), part.get("failures")) == ("9", "1", "1")


def test_a_rule_in_two_versions_is_two_cases() -> None:
    first = result("A-1", Verdict.PROVED)
    second = replace(first, rule=replace(first.rule, version=2))
    names = [case.get("name") for case in suite(first, second, result("A-2", Verdict.PROVED)).findall("testcase")]
    assert names == ["A-1 version 1", "A-1 version 2", "A-2"]
