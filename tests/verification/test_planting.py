"""Breaches planted in clean logs: the audit finds all of them and invents none, in plain Python and compiled."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from policies.audit import log as audit_log
from policies.evidence import in_clear
from policies.findings import RuleResult
from policies.kinds.base import FAIL, FAILS_UNTIL, P_RULE
from prelaunch import cli, exits
from scenarios.foreign.case import Given, prepare_case
from scenarios.foreign.judge import messages_of, verdicts_of
from scenarios.foreign.mapping import LogMapping, find_mapping
from scenarios.foreign.read import read_log
from tests.support.planting.breaches import PLANTS
from tests.support.planting.limits import LIMITS
from tests.support.planting.mixed import at_limits, mixed
from tests.support.planting.planter import HEADER, Planted, write_people, write_twilio
from tests.support.planting.rules import EVIDENCE, IN_TWILIO, OF_THE_RUN, RULES
from tests.support.planting.words import name_of, pack_of, write_rows

OWN = LogMapping()
TWILIO = replace(find_mapping("twilio"), constants={"channel": "sms", "category": "promo"})

Found = tuple[dict[str, set[int]], dict[str, RuleResult]]


def audited(log: Planted, folder: Path, mapping: LogMapping = OWN) -> Found:
    """The lines that break each rule about messages, and the verdict on every rule."""
    if mapping is OWN:
        write_rows(HEADER, (row.cells for row in log.rows), folder / "log.csv")
    else:
        write_twilio(log, folder / "log.csv")
    write_people(log, folder / "people.csv")
    (folder / "planted.yaml").write_text(pack_of(RULES), encoding="utf-8")
    read = read_log([str(folder / "log.csv")], mapping=mapping)
    given = Given(packs=(str(folder / "planted.yaml"),), audience=folder / "people.csv", evidence=EVIDENCE)
    case = prepare_case(read, given)
    messages = messages_of(case)
    found: dict[str, set[int]] = {}
    for row, answers in zip(case.law.rows, messages.answers.T, strict=True):
        broken = np.flatnonzero((answers == FAIL) | (answers == FAILS_UNTIL))
        lines = read.lines[messages.seen.places(broken)].tolist()
        found.setdefault(name_of(case.law.rules[row[P_RULE]].id), set()).update(lines)
    return found, {name_of(result.rule.id): result for result in verdicts_of(case, messages, in_clear)}


def compare(log: Planted, folder: Path, mapping: LogMapping = OWN) -> dict[str, RuleResult]:
    """Line by line for rules about messages; in number for those about the run, which keep twenty examples."""
    expected = log.expected()
    found, results = audited(log, folder, mapping)
    for name, lines in expected.items():
        assert name in OF_THE_RUN or found[name] == lines, name
        assert results[name].failed == len(lines), name
    return results


def test_every_rule_of_the_pack_is_planted() -> None:
    assert {*PLANTS, *(limit.rule for limit in LIMITS)} == {name for name, *_ in RULES}


def test_a_clean_log_breaks_nothing(tmp_path: Path) -> None:
    found, results = audited(mixed(7, 0, 100), tmp_path)
    assert not any(found.values())
    assert {name: result.failed for name, result in results.items() if result.failed} == {}


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("breaks", [False, True])
def test_every_limit_is_kept_and_broken_by_the_least_there_is(
    breaks: bool, compiled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "PLAIN_BELOW", 0 if compiled else 10**9)
    log = at_limits(8, breaks, times=3)
    assert {name for name, lines in log.expected().items() if lines} == (
        {item.rule for item in LIMITS} if breaks else set()
    )
    results = compare(log, tmp_path)
    assert {name for name, result in results.items() if result.unknown or result.review} == set()


def test_what_was_planted_is_found_and_nothing_else(tmp_path: Path) -> None:
    compare(mixed(1, 315, 40), tmp_path)


def test_compiled_code_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "PLAIN_BELOW", 0)
    compare(mixed(2, 315, 40), tmp_path)


def test_an_export_of_a_provider_shows_the_same(tmp_path: Path) -> None:
    compare(mixed(3, 220, 40, IN_TWILIO, "whatsapp"), tmp_path, TWILIO)


def test_the_command_counts_what_was_planted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = mixed(4, 110, 20, IN_TWILIO, "whatsapp")
    write_twilio(log, tmp_path / "log.csv")
    write_people(log, tmp_path / "people.csv")
    (tmp_path / "planted.yaml").write_text(pack_of(RULES), encoding="utf-8")
    (tmp_path / "own.yaml").write_text("extends: twilio\nconstants: {category: promo}\n", encoding="utf-8")
    options = {"--mapping": "own.yaml", "--packs": "planted.yaml", "--audience": "people.csv", "--out": "out.json"}
    paths = [text for name, value in options.items() for text in (name, str(tmp_path / value))]
    assert cli.run(["audit", str(tmp_path / "log.csv"), *paths, "--json"]) == exits.FINDINGS
    findings = json.loads(capsys.readouterr().out)["findings"]
    counted = {name_of(item["rule"]["id"]): item["failed"] for item in findings}
    assert {name: counted[name] for name in IN_TWILIO} == {name: len(log.expected()[name]) for name in IN_TWILIO}


@pytest.mark.long
def test_ten_thousand_of_every_kind_are_found_and_none_invented(tmp_path: Path) -> None:
    compare(mixed(5, 10_000 * len(RULES), 10_000), tmp_path)


@pytest.mark.long
def test_ten_thousand_are_found_in_plain_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "PLAIN_BELOW", 10**9)
    compare(mixed(5, 10_000, 1_000), tmp_path)


@pytest.mark.long
def test_ten_thousand_are_found_in_an_export_of_a_provider(tmp_path: Path) -> None:
    compare(mixed(6, 10_000, 1_000, IN_TWILIO, "whatsapp"), tmp_path, TWILIO)
