"""``prelaunch rules``: the list and its filters, one rule, two dates, a pack of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.kinds import KIND_NAMES
from policies.packs import PACKS, all_rules, load_packs
from policies.rule_words import BOUNDARIES, boundaries
from prelaunch import exits
from tests.prelaunch.tiny import Called, call

RULES = all_rules(load_packs(PACKS))

OWN = """\
pack: own
title: Our own
version: "1"
reviewed_on: 2026-11-22
rules:
  - id: OWN-01
    title: No messages at lunch
    statement: Nothing goes out between 12:00 and 13:00.
    rationale: People eat.
    citation: {act: house rule}
    confidence: guessed
    checks:
      - {kind: time_window, severity: warn, params: {workday: ["13:00", "20:00"], dayoff: null}}
    fix: Wait an hour.
    examples: {passes: At 14:00., fails: At 12:30.}
"""


def ids(*words: object) -> list[str]:
    return [rule["id"] for rule in call("rules", *words, "--json").json]


def test_the_list_has_one_line_a_version_with_severity_and_title() -> None:
    shown = call("rules")
    lines = shown.out.splitlines()
    assert len(lines) == len(RULES)
    assert lines[0].split("  ", 1) == [RULES[0].id, lines[0].split("  ", 1)[1]]
    assert all(rule.id in line and rule.title in line for rule, line in zip(RULES, lines, strict=True))
    assert shown.err == f"{len(RULES)} rules of {len(PACKS)} packs; prelaunch rules ID shows one\n"


def test_a_rule_that_nothing_can_judge_has_no_severity_in_the_list() -> None:
    (line,) = [line for line in call("rules").out.splitlines() if line.startswith("RU-ADS-FINE-00 ")]
    assert line.split()[1] == "-"


@pytest.mark.parametrize(
    ("words", "inside", "outside"),
    [
        (["--pack", "bp-promo"], "BP-QUIET-01", "WA-TPL-01"),
        (["--channel", "voice"], "RU-DEBT-CAP-02", "WA-TPL-01"),
        (["--category", "debt"], "RU-DEBT-TIME-01", "BP-QUIET-01"),
        (["--country", "us"], "WA-US-01", "RU-DEBT-TIME-01"),
        (["--country", "RU"], "RU-DEBT-TIME-01", "WA-US-01"),
        (["--country", "DE"], "BP-QUIET-01", "WA-US-01"),
        (["--severity", "block"], "BP-NEG-01", "BP-QUIET-01"),
        (["--severity", "error"], "BP-NEG-01", "BP-CAP-01"),
        (["--as-of", "2025-01-01"], "BP-QUIET-01", "RU-ADS-FIN-01"),
    ],
)
def test_a_filter_keeps_what_it_names(words: list[str], inside: str, outside: str) -> None:
    found = ids(*words)
    assert inside in found
    assert outside not in found


def test_severity_info_and_no_filter_are_the_same_list() -> None:
    assert ids("--severity", "info") == ids() == [rule.id for rule in RULES]


def test_one_rule_is_shown_with_all_that_is_known_of_it() -> None:
    shown = call("rules", "bp-quiet-01")
    (rule,) = [rule for rule in RULES if rule.id == "BP-QUIET-01"]
    assert shown.code == exits.DONE
    for words in (rule.statement, rule.rationale, rule.fix, rule.note, rule.examples.passes, rule.examples.fails):
        assert words in shown.out
    assert "read on 2026-11-22; guessed" in shown.out
    assert "changes:   10:00, 20:00 by the recipient's clock" in shown.out


def test_one_rule_is_shown_in_all_its_versions_or_in_that_of_a_date() -> None:
    both, one = call("rules", "RU-DEBT-ID-01"), call("rules", "RU-DEBT-ID-01", "--as-of", "2026-01-01")
    assert [", version 1:" in both.out, ", version 2:" in both.out] == [True, True]
    assert [", version 1:" in one.out, ", version 2:" in one.out] == [False, True]
    assert "in force:  from 2025-09-01" in one.out


def test_a_rule_without_a_check_says_so() -> None:
    assert "nothing here can judge it" in call("rules", "RU-ADS-FINE-00").out


@pytest.mark.parametrize(
    ("rule_id", "words"),
    [
        ("BP-CAP-01", "after 1, 3 message(s) counted"),
        ("BP-COOL-01", "90 d, 180 d after the last order"),
        ("RU-ADS-STOP-01", "0 s after the opt-out"),
        ("WA-TPL-01", "1 d after the person's message"),
        ("RU-DEBT-TIME-01", "08:00, 09:00, 20:00, 22:00 by the recipient's clock"),
        ("BP-UNSUB-01", ""),
    ],
)
def test_where_the_answer_changes_is_said_in_words(rule_id: str, words: str) -> None:
    rule = next(rule for rule in RULES if rule.id == rule_id)
    assert boundaries(rule, rule.checks[0]) == words


def test_the_boundaries_of_every_rule_can_be_said() -> None:
    for rule in RULES:
        for check in rule.checks:
            assert isinstance(check.run_scoped or boundaries(rule, check), bool | str)
    assert set(KIND_NAMES) > set(BOUNDARIES)


def test_what_changes_between_two_dates_is_added_removed_or_changed() -> None:
    shown = call("rules", "diff", "2025-08-31", "2025-09-01", "--pack", "ru-debt")
    assert "changed  RU-DEBT-ID-01: Every electronic message names the creditor and a phone" in shown.out
    assert "channels: sms → push, email, viber, vk, whatsapp, sms, telegram" in shown.out
    assert shown.err.startswith("from 2025-08-31 to 2025-09-01: ")


def test_a_rule_that_ends_is_removed_and_one_that_begins_is_added() -> None:
    forth, back = (
        call("rules", "diff", *days, "RU-ADS-FIN-01", "--json").json
        for days in (("2025-02-28", "2025-03-01"), ("2025-03-01", "2025-02-28"))
    )
    assert [(one["id"], one["change"], one["before"]) for one in forth] == [("RU-ADS-FIN-01", "added", None)]
    assert [(one["id"], one["change"], one["after"]) for one in back] == [("RU-ADS-FIN-01", "removed", None)]


def test_a_check_that_begins_within_a_rule_is_a_change_of_its_checks() -> None:
    changes = call("rules", "diff", "2025-08-31", "2025-09-01", "--json").json
    assert {"RU-DEBT-NUM-01"} <= {one["id"] for one in changes if "checks" in one["fields"]}


def test_between_a_date_and_itself_nothing_changes() -> None:
    shown = call("rules", "diff", "2026-01-01", "2026-01-01")
    assert (shown.out, shown.err) == ("", "from 2026-01-01 to 2026-01-01: nothing changes\n")


def test_a_sound_pack_of_ones_own_is_told_so_and_can_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yml").write_text(OWN, encoding="utf-8")
    assert call("rules", "check", "mine.yml").err.endswith("pack own is sound: 1 rules, 1 checks\n")
    assert call("rules", "check", "mine.yml", "--json").json[0]["rules"] == 1
    assert ids("--pack", "mine.yml") == ["OWN-01"]


def test_several_packs_are_checked_by_names_globs_and_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(OWN, encoding="utf-8")
    Path("yours.yaml").write_text(
        OWN.replace("OWN-01", "YOURS-01").replace("pack: own", "pack: yours"), encoding="utf-8"
    )
    shown = call("rules", "check", "*.yaml", "mine.yaml")
    assert [line.split(": ")[1] for line in shown.err.splitlines()] == ["pack own is sound", "pack yours is sound"]
    assert [pack["rules"] for pack in call("rules", "check", "*.yaml", "--json").json] == [1, 1]
    assert call("rules", "check", "-", stdin=OWN).err == "<stdin>: pack own is sound: 1 rules, 1 checks\n"


def test_the_faults_of_all_packs_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(OWN.replace("severity: warn", "severity: loud"), encoding="utf-8")
    Path("b.yaml").write_text(OWN.replace("    fix: Wait an hour.\n", ""), encoding="utf-8")
    shown = call("rules", "check", "[ab].yaml")
    assert (shown.code, shown.out) == (exits.BAD_INPUT, "")
    assert "./a.yaml:" in shown.err
    assert "./b.yaml:" in shown.err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("severity: warn", "severity: loud", "severity"),
        ("kind: time_window", "kind: time_windows", "time_window"),
        ("workday:", "workdays:", "workday"),
        ("    fix: Wait an hour.\n", "", "fix"),
    ],
)
def test_the_faults_of_a_pack_are_told_by_line(old: str, new: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert old in OWN
    file.write_text(OWN.replace(old, new), encoding="utf-8")
    shown = call("rules", "check", file)
    assert (shown.code, shown.out) == (exits.BAD_INPUT, "")
    assert f"error: {file}:" in shown.err
    assert told in shown.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["RU-DEBT-CAP-1"], "did you mean RU-DEBT-CAP-01?"),
        (["zzz"], "prelaunch rules lists them all"),
        (["RU-ADS-FIN-01", "--as-of", "2020-01-01"], "does not meet the filters"),
        (["--pack", "bp-prom"], "did you mean bp-promo"),
        (["check", "no.yaml"], "no.yaml"),
        (["check", "*.nothing"], "no file has such a name"),
        (["check"], "check takes files"),
        (["diff", "2020-01-01"], "diff takes two dates"),
        (["diff", "2020-01-01", "soon"], "soon"),
        (["RU-ADS-FIN-01", "RU-ADS-CONS-01"], "one rule at a time"),
    ],
)
def test_bad_usage_is_exit_code_2(words: list[str], told: str) -> None:
    shown: Called = call("rules", *words)
    assert (shown.code, shown.out) == (exits.BAD_INPUT, "")
    assert told in shown.err
