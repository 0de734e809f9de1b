"""Suppressions: what an entry covers, until when, and what becomes of one that is not sound."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from policies.errors import InputError
from policies.findings import Verdict
from policies.sites import Site
from prelaunch import exits
from prelaunch.findings.counting import Threshold
from prelaunch.findings.marks import Marked, suppress
from prelaunch.findings.suppressions import Suppressions, read_suppressions
from tests.support.results import result, sms

SOUND = """\
suppressions:
  - rule: A-1
    scope: {channel: sms}
    reason: agreed
    approver: I. Petrova
    expires: 2026-12-31
"""
LAST = date(2026, 12, 31)
BROKEN = result("A-1", Verdict.VIOLATED, sms(count=2), sms(count=1, channel="push", step="push-step", template="note"))


def read(folder: Path, text: str) -> Suppressions:
    file = folder / "s.yaml"
    file.write_text(text, encoding="utf-8")
    return read_suppressions(file)


def scoped(folder: Path, scope: str, rule: str = "A-1") -> Suppressions:
    return read(folder, SOUND.replace("{channel: sms}", scope).replace("A-1", rule))


def covered(suppressions: Suppressions, *sites: Site, rule: str = "A-1") -> list[bool]:
    return [suppressions.entries[0].matches(rule, site) for site in sites]


PUSH = sms(channel="push", step="push-step", template="note")


@pytest.mark.parametrize(("scope", "expected"), [
    ("{channel: sms}", [True, False, False]), ("{channel: push}", [False, True, False]),
    ("{campaign: spring}", [True, True, False]), ("{campaign: autumn}", [False, False, False]),
    ("{step: sms-step}", [True, False, False]), ("{template: note}", [False, True, False]),
    ("{channel: sms, template: offer}", [True, False, False]), ("{channel: sms, template: note}", [False] * 3),
    ("{template: Offer}", [False] * 3), ("all", [True, True, True]),
])  # fmt: skip
def test_all_names_of_the_scope_must_be_met(scope: str, expected: list[bool], tmp_path: Path) -> None:
    sites = (sms(), PUSH, Site("fail", 9, others=3))
    assert covered(scoped(tmp_path, scope), *sites) == expected
    assert covered(scoped(tmp_path, scope), *sites, rule="A-10") == [False] * 3


@pytest.mark.parametrize(("days", "holds"), [(-1, True), (0, True), (1, False)])
def test_it_holds_up_to_and_with_its_last_day(days: int, holds: bool, tmp_path: Path) -> None:
    marked = suppress(Marked((BROKEN,)), read(tmp_path, SOUND), LAST + timedelta(days=days))
    assert marked.suppressed == int(holds)
    told = [f"{tmp_path / 's.yaml'}:2: A-1 (channel sms): expired on 2026-12-31: 1 finding counts again"]
    assert list(marked.notes) == ([] if holds else told)


def test_a_suppressed_finding_keeps_everything_and_carries_who_answers_for_it(tmp_path: Path) -> None:
    (item,) = suppress(Marked((BROKEN,)), read(tmp_path, SOUND), LAST).results
    assert (item.verdict, item.failed, len(item.sites)) == (BROKEN.verdict, BROKEN.failed, 2)
    first, second = item.sites
    assert first.suppressed is not None
    assert (first.suppressed.reason, first.suppressed.approver) == ("agreed", "I. Petrova")
    assert second.suppressed is None


def test_the_exit_code_counts_what_is_left(tmp_path: Path) -> None:
    some = suppress(Marked((BROKEN,)), read(tmp_path, SOUND), LAST)
    every = suppress(Marked((BROKEN,)), scoped(tmp_path, "all"), LAST)
    assert [Threshold().code(marked) for marked in (Marked((BROKEN,)), some, every)] == [1, 1, 0]


def test_the_first_entry_that_holds_counts(tmp_path: Path) -> None:
    entry = SOUND.partition("\n")[2]
    text = SOUND.replace("2026-12-31", "2026-01-01").replace("agreed", "old") + entry + entry.replace("agreed", "third")
    marked = suppress(Marked((BROKEN,)), read(tmp_path, text), LAST)
    assert {site.suppressed.reason for site in marked.results[0].sites if site.suppressed} == {"agreed"}


@pytest.mark.parametrize(("rule", "told"), [
    ("A-2", "no rule of this id was judged, did you mean A-1?"), ("ZZZ-99", "no rule of this id was judged"),
])  # fmt: skip
def test_an_entry_that_matches_nothing_is_named(rule: str, told: str, tmp_path: Path) -> None:
    (note,) = suppress(Marked((BROKEN,)), scoped(tmp_path, "all", rule), LAST).notes
    assert note == f"{tmp_path / 's.yaml'}:2: {rule} (all): matches nothing: {told}"
    (note,) = suppress(Marked((BROKEN,)), scoped(tmp_path, "{channel: viber}"), LAST).notes
    assert "matches nothing; nothing of this kind was found" in note


FAULTY = [
    ("    approver: I. Petrova\n", "", ":2: suppressions.0.approver: 'approver' is missing"),
    ("expires: 2026-12-31", "expires: 2026-02-30", ":6: suppressions.0.expires: '2026-02-30' is not a date"),
    ("expires: 2026-12-31", "expires: 2026-W01-1", ":6: suppressions.0.expires: '2026-W01-1' is not a date"),
    ("expires: 2026-12-31", "expires: never", ":6: suppressions.0.expires: 'never' is not a date"),
    ("    expires: 2026-12-31\n", "", ":2: suppressions.0.expires: 'expires' is missing"),
    ("reason: agreed", "reason: '  '", ":4: suppressions.0.reason: '  ' is not a text of more than spaces"),
    ("scope: {channel: sms}", "scope: {}", ":3: suppressions.0.scope: at least 1 field must be given"),
    ("scope: {channel: sms}", "scope: everything", ":3: suppressions.0.scope: 'everything' is not one of the words"),
    ("scope: {channel: sms}", "scope: {chanel: sms}", ":3: suppressions.0.scope.chanel: there is no field 'chanel'"),
    ("scope: {channel: sms}", "scope: {channel: смс}", ":3: suppressions.0.scope.channel: 'смс' is not one of"),
    ("scope: {channel: sms}", "scope: {channel: [sms, push]}", ":3: suppressions.0.scope.channel: a list is not text"),
    ("reason: agreed", "reasons: agreed", ":4: suppressions.0.reasons: there is no field 'reasons' here (did you mean"),
    ("rule: A-1", "rule: 12", ":2: suppressions.0.rule: 12 is not text"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), FAULTY)
def test_a_faulty_entry_suppresses_nothing_and_hides_no_other(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert SOUND.count(old) == 1
    other = "  - {rule: A-1, scope: {channel: push}, reason: r, approver: a, expires: 2026-12-31}\n"
    found = read(tmp_path, SOUND.replace(old, new) + other)
    assert any(f"s.yaml{told}" in str(fault) for fault in found.faults), found.faults
    assert all(str(fault).endswith(")") for fault in found.faults)  # a remedy
    marked = suppress(Marked((BROKEN,)), found, LAST)
    assert [site.channel for site in marked.results[0].sites if site.suppressed] == ["push"]
    assert Threshold().code(marked) == exits.FINDINGS


def test_a_faulty_entry_gives_exit_code_1_even_where_nothing_is_found(tmp_path: Path) -> None:
    found = read(tmp_path, SOUND.replace("expires: 2026-12-31", "expires: soon"))
    marked = suppress(Marked((result("A-1", Verdict.NOT_OBSERVED),)), found, LAST)
    assert Threshold().code(marked) == exits.FINDINGS
    assert Threshold("never").code(marked) == exits.DONE


def test_an_entry_that_is_no_entry_and_an_id_that_stands_twice_are_faults(tmp_path: Path) -> None:
    entry = SOUND.partition("\n")[2].replace("  - rule", "  - id: T-1\n    rule")
    found = read(tmp_path, "suppressions:\n  - A-1\n" + entry + entry)
    assert [str(fault).partition(": ")[2] for fault in found.faults] == [
        "suppressions.0: 'A-1' is not a block of fields (give a block of fields)",
        "suppressions.2.id: 'T-1' stands twice (give each its own id)",
    ]
    assert len(found.entries) == 1


@pytest.mark.parametrize(("text", "told"), [
    ("", "the file is empty"), ("- rule: A-1\n", "no file of suppressions"), ("suppressions: A-1\n", "no file of"),
    ("suppressions: []\nother: 1\n", "no file of"), ("suppressions: [\n", "s.yaml:"), ("\x00", "does not belong"),
    ("suppressions:\n  - {rule: A, rule: B}\n", "stands twice"),
])  # fmt: skip
def test_what_is_no_such_file_is_bad_input(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=told):
        read(tmp_path, text)


def test_no_entry_at_all_is_sound(tmp_path: Path) -> None:
    found = read(tmp_path, "suppressions: []\n")
    assert (found.entries, found.faults) == ((), ())
