"""What ``prelaunch verify`` found, managed and written as findings of a run are."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.prelaunch.test_verify_command import GUARDED, QUIET
from tests.prelaunch.tiny import call, write

SUPPRESSED = """\
suppressions:
  - {rule: BP-QUIET-01, scope: {channel: push}, reason: "a drill", approver: "A. Person", expires: 2026-12-31}
"""


def fingerprints(file: Path) -> set[str]:
    """Return the fingerprints of the results in a SARIF file that fail."""
    results = json.loads(file.read_text(encoding="utf-8"))["runs"][0]["results"]
    found = (result for result in results if result["ruleId"] == "BP-QUIET-01" and result.get("kind", "fail") == "fail")
    return {result["partialFingerprints"]["prelaunchFinding/v1"] for result in found}


def test_a_violation_has_the_fingerprint_that_a_run_gives_it(tmp_path: Path) -> None:
    file = write(tmp_path)
    call("verify", file, *QUIET, "--sarif", tmp_path / "v.sarif")
    call("run", file, "--out", tmp_path / "run", "--sarif", tmp_path / "r.sarif")
    assert len(fingerprints(tmp_path / "v.sarif")) == 1
    assert fingerprints(tmp_path / "v.sarif") < fingerprints(tmp_path / "r.sarif")  # push, and push and SMS


def test_junit_has_the_witness_with_the_line_that_plays_it(tmp_path: Path) -> None:
    called = call("verify", write(tmp_path), *QUIET, "--out", tmp_path / "v", "--junit", tmp_path / "v.xml")
    assert called.code == 1
    [failure] = ET.parse(tmp_path / "v.xml").iter("failure")
    text = failure.text or ""
    assert "2026-03-02 21:00 Europe/Moscow offer the campaign takes the person up" in text
    line = next(line for line in text.splitlines() if "replay: " in line).partition("replay: ")[2]
    again = call(*shlex.split(line)[1:], "--json", "--out", tmp_path / "again")
    assert "BP-QUIET-01" in {found["rule"]["id"] for found in again.json["findings"] if found["verdict"] == "violated"}


def test_without_a_folder_the_line_verifies_the_rule_again(tmp_path: Path) -> None:
    call("verify", write(tmp_path), *QUIET, "--junit", tmp_path / "v.xml")
    assert "prelaunch verify " in (tmp_path / "v.xml").read_text(encoding="utf-8")


def test_a_proof_is_a_case_that_passes_and_says_its_bound(tmp_path: Path) -> None:
    called = call("verify", write(tmp_path, GUARDED), *QUIET, "--junit", "-")
    [case] = ET.fromstring(called.out).iter("testcase")
    assert (case.get("name"), case.find("failure"), case.find("skipped")) == ("BP-QUIET-01", None, None)
    assert "every instant of the horizon" in (case.findtext("system-out") or "")
    assert "0 judged" not in called.out


def test_a_suppressed_witness_does_not_count_and_says_that_it_was_the_only_place(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(SUPPRESSED, encoding="utf-8")
    words = ("--suppressions", tmp_path / "s.yaml", "--today", "2026-11-29")
    called = call("verify", write(tmp_path), *QUIET, *words)
    assert called.code == 0
    assert "others were not looked for" in " ".join(called.err.split())
    late = call("verify", write(tmp_path), *QUIET, *words[:2], "--today", "2027-01-01")
    assert late.code == 1


def test_beside_a_run_its_finding_is_unchanged_and_a_proof_says_that_it_is_gone(tmp_path: Path) -> None:
    call("run", write(tmp_path), "--out", tmp_path / "run")
    baseline = ("--baseline", tmp_path / "run", "--fail-on-new")
    before = call("verify", write(tmp_path), *QUIET, *baseline, "--json")
    [finding] = before.json["findings"]
    assert (before.code, [site["baseline"] for site in finding["sites"]]) == (0, ["unchanged"])
    assert not finding.get("gone")  # of the other places of the run a witness says nothing
    after = call("verify", write(tmp_path, GUARDED), *QUIET, *baseline, "--json")
    assert after.json["findings"][0]["verdict"] == "proved"
    assert {site["channel"] for site in after.json["findings"][0]["gone"]} == {"push", "sms"}


def test_verify_json_is_a_baseline_for_the_next_proof(tmp_path: Path) -> None:
    call("verify", write(tmp_path), *QUIET, "--out", tmp_path / "v")
    again = call("verify", write(tmp_path), *QUIET, "--baseline", tmp_path / "v/verify.json", "--fail-on-new")
    assert again.code == 0


@pytest.mark.parametrize("words", [("--fail-on-new",), ("--junit", "-", "--json"), ("--baseline", "nowhere.json")])
def test_bad_options_are_told_before_the_proof(words: tuple[str, ...], tmp_path: Path) -> None:
    assert call("verify", write(tmp_path), *QUIET, *words).code == 2
