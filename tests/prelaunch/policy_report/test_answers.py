"""Suppressions in a report follow from the file that it embeds, on its day; whatever else is said of them is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from prelaunch import exits
from prelaunch.policy_report.document import read_document
from prelaunch.policy_report.model import Content, Entry, Suppressed
from prelaunch.policy_report.page import render
from tests.prelaunch.policy_report.made import content, entry, with_rule
from tests.prelaunch.tiny import Called, call, rehearse, write

RULE = "BP-QUIET-01"
ANSWERED = f"""\
suppressions:
  - rule: {RULE}
    scope: all
    reason: Согласовано с юристами
    approver: О. Рейес
    expires: 2026-12-31
"""
LOG = """\
recipient,channel,category,at,event,text
+79161234567,sms,promo,2026-11-22T23:30:00+03:00,submitted,Скидка 15 %
"""


def made(folder: Path, text: str | bytes, day: str = "2026-11-29") -> Path:
    """The report of the tiny scenario, run with these suppressions; the file is gone afterwards."""
    file = folder / "answered.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert rehearse(write(folder), folder / "run", "--suppressions", file, "--today", day).code in (0, 1)
    file.unlink()
    assert call("report", "write", folder / "run", "--out", folder / "report.html").code == 0
    return folder / "report.html"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run whose night messages somebody answered for."""
    return made(tmp_path_factory.mktemp("answers"), ANSWERED)


def answers(content: Content) -> dict[str, Suppressed]:
    return {one.rule.id: one.suppressed for one in content.rules if one.suppressed}


def false(called: Called) -> set[str]:
    assert called.code in (exits.DONE, exits.FINDINGS), called.err
    found = {line["what"] for line in called.json["lines"] if line["state"] == "false"}
    assert bool(found) is (called.code == exits.FINDINGS)
    return found


def check(report: Path, folder: Path, change: Callable[[Content], Content], *words: object) -> set[str]:
    """What is false of the report with its content changed, page and data alike."""
    (folder / "x.html").write_bytes(render(change(read_document(report).content), ()))
    return false(call("report", "check", folder / "x.html", "--json", *words))


def test_a_report_with_suppressions_is_true_by_the_file_that_it_embeds(report: Path, tmp_path: Path) -> None:
    said = read_document(report).content
    assert answers(said) == {RULE: Suppressed("Согласовано с юристами", "О. Рейес", "2026-12-31")}
    assert said.inputs.answered_on == "2026-11-29"
    assert {file.name for file in said.inputs.files} == {"tiny.yaml", "answered.yaml"}
    assert check(report, tmp_path, lambda one: one) == set()
    assert "In force on 2026-11-29, by the file of suppressions" in report.read_text(encoding="utf-8")


def answered(said: Content, **given: str | None) -> Content:
    """The report with its answered rule saying something else; None as ``reason`` takes the answer away."""
    place = next(number for number, one in enumerate(said.rules) if one.suppressed)
    old = said.rules[place].suppressed
    assert old is not None
    new = None if given.get("reason", "") is None else msgspec.structs.replace(old, **given)
    return with_rule(said, place, suppressed=new)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"approver": "И. Петрова"}, ".approver"),
        ({"expires": "2099-12-31"}, ".expires"),
        ({"reason": "Согласовано"}, ".reason"),
        ({"reason": None}, ""),
    ],
)
def test_another_approver_expiry_or_reason_is_found(
    given: dict[str, str | None], field: str, report: Path, tmp_path: Path
) -> None:
    found = check(report, tmp_path, lambda said: answered(said, **given))
    assert found == {f"rules.{RULE}.suppressed{field}"}


def test_a_suppression_that_no_entry_gives_is_found(report: Path, tmp_path: Path) -> None:
    def added(said: Content) -> Content:
        place = next(i for i, one in enumerate(said.rules) if one.verdict == "violated" and not one.suppressed)
        return with_rule(said, place, suppressed=Suppressed("why", "who", "2027-01-01"))

    (field,) = check(report, tmp_path, added)
    assert field.endswith(".suppressed")
    assert RULE not in field


def refiled(said: Content, old: str, new: str) -> Content:
    """The report with another file of suppressions in it, under that file's own hash."""
    files = []
    for file in said.inputs.files:
        if file.field == "suppressions":
            assert file.content is not None
            assert old in file.content
            text = file.content.replace(old, new)
            data = text.encode()
            changed = {"content": text, "sha256": sha256(data).hexdigest(), "size": len(data)}
            files.append(msgspec.structs.replace(file, **changed))
        else:
            files.append(file)
    return msgspec.structs.replace(said, inputs=msgspec.structs.replace(said.inputs, files=tuple(files)))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("О. Рейес", "И. Петрова", ".approver"),
        ("2026-12-31", "2026-11-28", ""),
        ("scope: all", "scope: {channel: viber}", ""),
        ("expires: 2026-12-31", "expires: never", ""),
        (ANSWERED, "suppressions: []", ""),
    ],
)
def test_another_file_than_the_one_that_the_page_shows_is_found(
    old: str, new: str, field: str, report: Path, tmp_path: Path
) -> None:
    assert check(report, tmp_path, lambda said: refiled(said, old, new)) == {f"rules.{RULE}.suppressed{field}"}


def test_the_file_that_was_approved_can_be_laid_beside_the_one_in_the_page(report: Path, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(ANSWERED, encoding="utf-8")
    assert check(report, tmp_path, lambda one: one, "--file", f"suppressions={tmp_path / 'own.yaml'}") == set()
    (tmp_path / "own.yaml").write_text(ANSWERED.replace("юристами", "кем-то"), encoding="utf-8")
    called = call("report", "check", report, "--file", f"suppressions={tmp_path / 'own.yaml'}")
    assert (called.code, "is not the file of the report" in called.err) == (exits.BAD_INPUT, True)


def test_the_day_decides_and_is_that_of_the_report(report: Path, tmp_path: Path) -> None:
    def on(day: str) -> Callable[[Content], Content]:
        return lambda said: msgspec.structs.replace(said, inputs=msgspec.structs.replace(said.inputs, answered_on=day))

    assert check(report, tmp_path, on("2026-12-31"), "--date", "2030-01-01") == set()
    assert check(report, tmp_path, on("2027-01-01")) == {f"rules.{RULE}.suppressed"}
    for wrong in ("", "soon"):
        (tmp_path / "x.html").write_bytes(render(on(wrong)(read_document(report).content), ()))
        called = call("report", "check", tmp_path / "x.html")
        assert (called.code, "is no day on which suppressions were judged" in called.err) == (exits.BAD_INPUT, True)


def test_what_has_expired_since_is_said(report: Path) -> None:
    def notes(day: str) -> Iterator[str]:
        called = call("report", "check", report, "--date", day, "--json")
        assert called.code == exits.DONE
        yield from (line["says"] for line in called.json["lines"] if line["what"] == f"suppressions.{RULE}")

    assert [*notes("2026-12-31")] == []
    assert [*notes("2027-01-01")] == ["expired on 2026-12-31: on 2027-01-01 the finding counts again"]


def test_an_expired_entry_suppresses_nothing_in_the_report(tmp_path: Path) -> None:
    file = made(tmp_path, ANSWERED, day="2027-01-01")
    assert answers(read_document(file).content) == {}
    assert check(file, tmp_path, lambda one: one) == set()


def test_a_file_with_a_mark_of_utf_8_and_faulty_entries_is_made_again_as_well(tmp_path: Path) -> None:
    text = ANSWERED + "  - {rule: BP-OPTOUT-01, scope: all, reason: '', approver: x, expires: 2027-01-01}\n"
    file = made(tmp_path, b"\xef\xbb\xbf" + text.encode())
    assert [*answers(read_document(file).content)] == [RULE]
    assert check(file, tmp_path, lambda one: one) == set()


def test_the_report_of_an_audit_embeds_its_suppressions_too(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    (tmp_path / "answered.yaml").write_text(ANSWERED, encoding="utf-8")
    words = ("--packs", "bp-promo", "--zone", "Europe/Moscow", "--today", date(2026, 11, 29))
    made = call("audit", tmp_path / "log.csv", "--out", tmp_path / "audit.json", "--fail-on", "never", *words,
                "--suppressions", tmp_path / "answered.yaml")  # fmt: skip
    assert made.code == exits.DONE, made.err
    (tmp_path / "answered.yaml").unlink()
    assert call("report", "write", tmp_path / "audit.json").code == exits.DONE
    report, logs = tmp_path / "audit.html", ("--log", tmp_path / "log.csv")
    assert [*answers(read_document(report).content)] == [RULE]
    assert check(report, tmp_path, lambda one: one, *logs) == set()
    changed = check(report, tmp_path, lambda said: answered(said, approver="x"), *logs)
    assert changed == {f"rules.{RULE}.suppressed.approver"}


def test_a_page_says_where_suppressions_have_no_file() -> None:
    broken: Entry = entry(suppressed=Suppressed("why", "who", "2027-01-01"))
    assert "No file of suppressions is among the inputs." in render(content(broken), ()).decode()
