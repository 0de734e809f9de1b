"""Malformed scenarios: each fault is named by line and field, in plain words, all at once."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.errors import InputError, Problem
from scenarios.load import load_scenario

BAD = Path(__file__).parent / "bad"
GOOD = (BAD / "good.yaml").read_text("utf-8")
EDITS: list[dict[str, Any]] = yaml.safe_load((BAD / "edits.yaml").read_text("utf-8"))
SOUND: list[dict[str, Any]] = yaml.safe_load((BAD / "sound.yaml").read_text("utf-8"))
CASES = {case["name"]: case for case in EDITS}


def problems_of(folder: Path, data: str | bytes) -> tuple[Problem, ...]:
    """Return the problems of a scenario with this content."""
    path = folder / "bad.yaml"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    (folder / "good.yaml").write_text(GOOD, "utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return caught.value.problems


def line_of(text: str, snippet: str) -> int:
    assert text.count(snippet) >= 1, snippet
    return text.count("\n", 0, text.index(snippet) + len(snippet)) + 1


def edited(case: dict[str, Any]) -> str:
    assert GOOD.count(case["replace"]) >= 1, case["replace"]
    return GOOD.replace(case["replace"], case["with"], 1)


def test_the_scenario_that_the_cases_edit_is_sound() -> None:
    assert load_scenario(BAD / "good.yaml").scenario.name == "every block once"


@pytest.mark.parametrize("case", SOUND, ids=lambda case: str(case["name"]))
def test_what_is_just_within_a_limit_is_sound(tmp_path: Path, case: dict[str, Any]) -> None:
    text = edited(case).replace(*case.get("also", ("", "")))
    (tmp_path / "sound.yaml").write_text(text, "utf-8")
    (tmp_path / "good.yaml").write_text(GOOD, "utf-8")
    assert load_scenario(tmp_path / "sound.yaml").text == text


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_named_by_line_and_field_in_plain_words(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    text = edited(case)
    found = problems_of(tmp_path, text)
    expected = [[case["at"], case["field"], case["says"]], *case.get("also", [])]
    assert len(found) == len(expected), [str(problem) for problem in found]
    for problem, (at, field, says) in zip(found, expected, strict=True):
        place, _, where = problem.where.partition(": ")
        assert where == field
        assert case.get("line") == "any" or int(place.rpartition(":")[2]) == line_of(text, at), str(problem)
        assert says in f"{problem.what} ({problem.remedy})"


def test_no_two_cases_make_the_same_edit() -> None:
    edits = [(case["replace"], case["with"]) for case in EDITS]
    assert len(set(edits)) == len(edits) == len(CASES)
    assert len(edits) >= 60


RAW: dict[str, tuple[str | bytes, str]] = {
    "an empty file": (b"", "the file is empty"),
    "a file of comments": ("# nothing\n", "the file is empty"),
    "a text": ("hello", "is not a block of fields"),
    "a list": ("- name: x\n", "is not a block of fields"),
    "a NUL byte": (b"name: a\x00b\n", "U+0000"),
    "a control character": (b"name: a\x07b\n", "U+0007"),
    "bytes of no encoding": (b"name: \xff\xfa\n", "is not UTF-8"),
    "a Windows encoding": ("name: Пример\n".encode("cp1251"), "is not UTF-8"),
    "UTF-16": ("name: x\n".encode("utf-16"), "UTF-16"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not UTF-8"),
    "a line of 10 MB": (b"name: " + b"x" * 9_999_000, "characters; the limit is 100000"),
    "a file over 10 MB": (b"name: x\n" * 1_300_000, "larger than 10 MB"),
    "nesting without end": ("a: " + "[" * 5000, "deeper than 40 levels"),
    "a bomb of aliases": (
        "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)),
        "more than 200000 values",
    ),
    "a chain of aliases": (
        "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 900)),
        "deeper than 40 levels",
    ),
    "an alias within itself": ("a: &a [*a]\n", "contains itself"),
    "a key that is a list": ("[a, b]: 1\n", "a key must be a plain word"),
    "JSON of another thing": ('{"openapi": "3.1.0", "name": "x"}', "there is no field 'openapi'"),
    "an unknown escape": ('name: "\\q"\n', "this is not YAML"),
}


@pytest.mark.parametrize("name", RAW)
def test_a_file_that_is_no_scenario_is_refused_in_plain_words(tmp_path: Path, name: str) -> None:
    data, says = RAW[name]
    found = problems_of(tmp_path, data)
    assert any(says in problem.what for problem in found), [str(problem)[:200] for problem in found]
    assert all(len(str(problem)) < 600 for problem in found)


def test_faults_of_every_kind_in_one_file_are_reported_together(tmp_path: Path) -> None:
    cases = [
        "unknown field at the top", "unknown zone", "negative price", "percentile below the median", "unknown sender",
        "circle back", "unused variable", "unknown kind of guard", "unknown pack", "shift that ends first",
    ]  # fmt: skip
    text = GOOD
    for name in cases:
        text = text.replace(CASES[name]["replace"], CASES[name]["with"], 1)
    found = problems_of(tmp_path, text)
    assert {problem.where.partition(": ")[2] for problem in found} == {CASES[name]["field"] for name in cases}
    lines = [int(problem.where.partition(": ")[0].rpartition(":")[2]) for problem in found]
    assert lines == sorted(lines)


def test_a_step_that_cannot_be_read_does_not_shift_the_others(tmp_path: Path) -> None:
    text = GOOD.replace("channel: push\n        template", "channel: pusj\n        template")
    text = text.replace("template: sms-text", "template: sms-txt")
    fields = [problem.where.partition(": ")[2] for problem in problems_of(tmp_path, text)]
    assert fields == ["campaigns.0.cascade.0.channel", "campaigns.0.cascade.2.template"]


def test_a_template_with_a_fault_still_counts_as_there(tmp_path: Path) -> None:
    text = GOOD.replace("sms-text: {channel: sms, category: promo", "sms-text: {channel: sms, category: advert")
    fields = [problem.where.partition(": ")[2] for problem in problems_of(tmp_path, text)]
    assert fields == ["templates.sms-text.category"]


def test_a_misspelt_field_is_one_fault_not_two(tmp_path: Path) -> None:
    fields = [str(p) for p in problems_of(tmp_path, GOOD.replace("templates:", "template:", 1))]
    assert "there is no field 'template' here (did you mean templates?)" in fields[0]
    assert not any("is missing" in text for text in fields)


def test_an_absent_file_a_folder_and_a_strange_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "promo.yaml").write_text(GOOD, "utf-8")
    for path, says in (
        (tmp_path / "prom.yaml", "did you mean promo.yaml"),
        (tmp_path, "this is a folder"),
        (tmp_path / "nowhere" / "x.yaml", "check the folder"),
        (tmp_path / ("x" * 5000), "cannot be read"),
        ("a\0b", "cannot be read"),
    ):
        with pytest.raises(InputError, match=says):
            load_scenario(path)


def test_faults_of_standard_input_carry_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD.replace("seed: 5", "seed: x").encode())))
    with pytest.raises(InputError, match=r"^<stdin>:4: seed: 'x' is not a whole number"):
        load_scenario("-")
