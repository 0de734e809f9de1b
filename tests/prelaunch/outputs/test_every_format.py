"""What holds for every format: each finding once, whatever its texts hold; the same bytes again."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import given, settings

from policies.findings import RuleResult, Verdict
from policies.sites import fingerprint
from prelaunch.findings.output_files import HELPS
from prelaunch.outputs import OUTPUTS, csv_table, junit, oscal, sarif, xlsx
from prelaunch.outputs.places import places
from prelaunch.outputs.sheet_words import Words
from prelaunch.outputs.tables import findings_table
from prelaunch.outputs.texts import clean
from tests.support.results import GOLDEN, NASTY, golden, judged, one_of_each, result, results, rule, sms


def in_sarif(data: bytes) -> Counter[str]:
    return Counter(
        item["partialFingerprints"]["prelaunchFinding/v1"]
        for run in json.loads(data)["runs"]
        for item in run["results"]
    )


def in_oscal(data: bytes) -> Counter[str]:
    return Counter(
        prop["value"]
        for result in json.loads(data)["assessment-results"]["results"]
        for item in result.get("observations", ())
        if "finding" in item["types"]
        for prop in item["props"]
        if prop["name"] == "fingerprint"
    )


def in_csv(data: bytes) -> Counter[str]:
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    return Counter(row["Отпечаток"] for row in rows if row["Ответ"])


def in_xlsx(data: bytes) -> Counter[str]:
    heads, *rows = openpyxl.load_workbook(io.BytesIO(data))["Находки"].iter_rows(values_only=True)
    return Counter(row[heads.index("Отпечаток")] for row in rows if row[heads.index("Ответ")])


READ: list[tuple[Any, Callable[[bytes], Counter[str]]]] = [
    (sarif, in_sarif), (oscal, in_oscal), (csv_table, in_csv), (xlsx, in_xlsx),
]  # fmt: skip


@settings(max_examples=25)
@given(results())
def test_each_finding_stands_once_in_each_format(found: tuple[RuleResult, ...]) -> None:
    expected = Counter(fingerprint(item.rule.id, site) for item in found for site in item.sites)
    for module, read in READ:
        assert read(module.render([judged(*found)])) == expected, module.NAME


@settings(max_examples=25)
@given(results())
def test_each_rule_is_one_test_case_that_names_all_its_findings(found: tuple[RuleResult, ...]) -> None:
    root = ET.fromstring(junit.render([judged(*found)]))
    cases = root.findall(".//testcase")
    assert [case.get("name") for case in cases] == [item.rule.id for item in found]
    for case, item in zip(cases, found, strict=True):
        text = (case.findtext("failure") or "") + (case.findtext("system-out") or "")
        for site in item.sites:
            assert f"{site.count} × {site.answer}" in text


@settings(max_examples=15)
@given(results())
def test_equal_findings_give_equal_files(found: tuple[RuleResult, ...]) -> None:
    for module in OUTPUTS:
        assert module.render([judged(*found)]) == module.render([judged(*found)]), module.NAME


@pytest.mark.parametrize("module", OUTPUTS, ids=lambda module: module.NAME)
def test_no_run_and_a_run_without_rules_are_files_too(module: Any) -> None:
    assert module.render([])
    assert module.render([judged()])
    assert module.render([judged(*one_of_each()), judged()])


@pytest.mark.parametrize("name", golden())
def test_the_golden_file_is_what_is_written(name: str) -> None:
    assert golden()[name] == (GOLDEN / name).read_bytes(), "if that is meant: python scripts/refresh_golden.py"


def test_the_formats_have_their_options() -> None:
    assert tuple(module.NAME for module in OUTPUTS) == tuple(HELPS)
    assert [module.NAME for module in OUTPUTS if not module.TEXT] == ["xlsx"]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_cleaned_text_is_xml_and_utf8_and_loses_no_letter(text: str) -> None:
    tidy = clean(text)
    assert len(tidy) == len(text)
    element = ET.fromstring(ET.tostring(element_of(tidy), encoding="utf-8"))
    assert (element.text or "") == tidy.replace("\r\n", "\n").replace("\r", "\n") or "\r" in tidy


def element_of(text: str) -> ET.Element:
    element = ET.Element("a")
    element.text = text
    return element


def test_russian_and_emoji_pass_unchanged() -> None:
    assert clean("Скидка «15 %» 👩‍👩‍👧 \t\n") == "Скидка «15 %» 👩‍👩‍👧 \t\n"


@pytest.mark.parametrize("text", ["", "[", "- a\n- b\n", "campaigns: {a: 1}\n", "campaigns: [x, [y]]\n"])
def test_a_text_that_is_no_scenario_has_no_places(text: str) -> None:
    (broken, *_) = [item for item in one_of_each() if item.sites]
    assert places(text).line(broken.rule, broken.sites[0]) is None


def test_the_russian_table_has_the_russian_texts_of_a_rule() -> None:
    texts = {"title": "Не ночью", "fix": "Отправляйте днём."}
    broken = result("HOUSE-01", Verdict.NEEDS_INPUT, sms("unknown"), missing=("the messages of the run",))
    broken = replace(broken, rule=rule("HOUSE-01", languages={"ru": texts}))
    (row,) = findings_table([judged(broken)], Words("ru")).rows
    assert {*texts.values(), "сообщения прогона"} <= set(row)
    (row,) = findings_table([judged(broken)], Words("en")).rows
    assert {"Not at night", "Send by day.", "the messages of the run"} <= set(row)
