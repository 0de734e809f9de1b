"""Findings from the command line: in every command, with files and exit codes, and what is said of nonsense."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from prelaunch import cli, exits
from prelaunch.findings.read import read_findings
from tests.prelaunch.tiny import call, log, rehearse, write

FORMATS = {"junit": "f.xml", "sarif": "f.sarif", "oscal": "f.json", "csv": "f.csv", "xlsx": "f.xlsx"}
DAY = ("--today", "2026-11-29")
ALL_OF_IT = """\
suppressions:
  - {rule: BP-QUIET-01, scope: all, reason: agreed, approver: I. Petrova, expires: 2026-12-31}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny scenario, its run, and what the run wrote besides."""
    folder = tmp_path_factory.mktemp("findings")
    wanted = [word for name, file in FORMATS.items() for word in (f"--{name}", folder / "by-run" / file)]
    shown = rehearse(write(folder), folder / "run", *DAY, *wanted)
    assert shown.code == exits.FINDINGS
    assert f"written: {folder / 'by-run' / 'f.sarif'}" in shown.err
    return folder


def findings(folder: Path) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    return loaded


def prints(found: list[dict[str, Any]]) -> set[str]:
    return {site["fingerprint"] for item in found for site in item["sites"]}


def at_night(found: list[dict[str, Any]]) -> dict[str, Any]:
    (only,) = [item for item in found if item["rule"]["id"] == "BP-QUIET-01"]
    return only


def suppressions(folder: Path, text: str = ALL_OF_IT) -> Path:
    file = folder / "suppressions.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("source", ["run", "run/findings.json"])
def test_findings_writes_what_the_run_wrote(source: str, home: Path, tmp_path: Path) -> None:
    wanted = [word for name, file in FORMATS.items() for word in (f"--{name}", tmp_path / file)]
    shown = call("findings", home / source, "--scenario", home / "tiny.yaml", *DAY, *wanted)
    assert shown.code == exits.FINDINGS
    for file in FORMATS.values():
        assert (tmp_path / file).read_bytes() == (home / "by-run" / file).read_bytes(), file


def test_a_file_below_the_working_folder_is_called_from_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    for scenario in ("tiny.yaml", home / "tiny.yaml"):
        log = call("findings", "run", "--scenario", scenario, "--sarif", "-").json
        assert log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {
            "uri": "tiny.yaml"
        }


def test_findings_shows_the_verdicts_and_gives_the_list_as_json(home: Path) -> None:
    assert "violated BP-QUIET-01 (error)" in call("findings", home / "run").out
    assert call("findings", home / "run", "--json").json == findings(home / "run")


def test_fingerprints_do_not_move_with_seed_time_and_path(home: Path, tmp_path: Path) -> None:
    other = write(tmp_path, ("release_at: 2026-03-02T21:00", "release_at: 2026-03-03T21:30"), name="other.yaml")
    rehearse(other, tmp_path / "run", "--seed", 9)
    quiet = [
        [item for item in findings(folder / "run") if item["rule"]["id"] == "BP-QUIET-01"]
        for folder in (home, tmp_path)
    ]
    assert quiet[0][0]["evidence"] != quiet[1][0]["evidence"]
    assert prints(quiet[0]) == prints(quiet[1]) != set()


def test_sites_tell_steps_apart_and_add_up(home: Path) -> None:
    quiet = at_night(findings(home / "run"))
    assert {(site["step"], site["channel"], site["template"]) for site in quiet["sites"]} == {
        ("push", "push", "push-text"), ("sms", "sms", "sms-text"),
    }  # fmt: skip
    assert sum(site["count"] for site in quiet["sites"]) == quiet["failed"]


@pytest.mark.parametrize("replications", [1, 3])
def test_sites_count_what_stands_in_the_log(replications: int, home: Path, tmp_path: Path) -> None:
    rehearse(home / "tiny.yaml", tmp_path / "run", "--replications", replications)
    sent = [row for row in log(tmp_path / "run") if row["event"] == "submitted"]  # all of them after 21:00
    counted = {(site["campaign"], site["channel"], site["template"]): site["count"]
               for site in at_night(findings(tmp_path / "run"))["sites"]}  # fmt: skip
    assert counted == Counter((row["campaign"], row["channel"], row["template"]) for row in sent)


def test_the_audit_finds_the_same_sites_in_the_log(home: Path) -> None:
    again = call("audit", home / "run", "--json").json["findings"]
    assert prints(again) == prints(findings(home / "run"))


def test_a_suppressed_violation_stays_in_the_run_and_gives_exit_code_0(home: Path, tmp_path: Path) -> None:
    shown = rehearse(home / "tiny.yaml", tmp_path / "run", "--suppressions", suppressions(tmp_path), *DAY)
    assert shown.code == exits.DONE
    assert "suppressed until 2026-12-31 by I. Petrova" in shown.err
    assert "suppressed on 2026-11-29: 2 of" in shown.err
    quiet = at_night(findings(tmp_path / "run"))
    assert (quiet["verdict"], quiet["suppressed"]["approver"]) == ("violated", "I. Petrova")
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "agreed (I. Petrova, until 2026-12-31)" in page


@pytest.mark.parametrize(("change", "code"), [
    (("agreed", "agreed"), exits.DONE), (("2026-12-31", "2026-11-29"), exits.DONE),
    (("2026-12-31", "2026-11-28"), exits.FINDINGS), (("scope: all", "scope: {channel: sms}"), exits.FINDINGS),
    (("approver: I. Petrova, ", ""), exits.FINDINGS), (("suppressions:", "exceptions:"), exits.BAD_INPUT),
])  # fmt: skip
def test_the_exit_code_follows_from_the_suppressions(
    change: tuple[str, str], code: int, home: Path, tmp_path: Path
) -> None:
    file = suppressions(tmp_path, ALL_OF_IT.replace(*change))
    for command in (("findings", home / "run"), ("audit", home / "run")):
        assert call(*command, "--suppressions", file, *DAY).code == code, command


def test_an_expired_entry_says_so_and_the_finding_is_back(home: Path, tmp_path: Path) -> None:
    file = suppressions(tmp_path)
    shown = call("findings", home / "run", "--suppressions", file, "--today", "2027-01-01")
    assert shown.code == exits.FINDINGS
    assert f"{file}:2: BP-QUIET-01 (all): expired on 2026-12-31: 2 findings count again" in shown.out


def test_without_a_day_that_of_the_calendar_counts(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    monkeypatch.setattr("prelaunch.today.today", lambda: date(2031, 5, 4))
    shown = call("findings", home / "run", "--suppressions", suppressions(tmp_path))
    assert "suppressed on 2031-05-04: 0 of" in shown.out


def test_beside_itself_nothing_is_new(home: Path) -> None:
    shown = call("findings", home / "run", "--baseline", home / "run", "--fail-on-new", "--json")
    assert shown.code == exits.DONE
    assert {site["baseline"] for item in shown.json for site in item["sites"]} == {"unchanged"}
    assert "beside the baseline: 0 new" in shown.err


def test_what_is_new_counts_alone_if_asked(home: Path, tmp_path: Path) -> None:
    early = write(tmp_path, ("release_at: 2026-03-02T21:00", "release_at: 2026-03-02T12:00"), name="early.yaml")
    rehearse(early, tmp_path / "early")
    shown = call(
        "findings", home / "run", "--baseline", tmp_path / "early" / "findings.json", "--fail-on-new", "--json"
    )
    assert shown.code == exits.FINDINGS
    (quiet,) = [item for item in shown.json if item["rule"]["id"] == "BP-QUIET-01"]
    assert quiet["baseline"] == "new"
    back = call("findings", tmp_path / "early", "--baseline", home / "run", "--json").json
    assert [site["baseline"] for item in back for site in item["gone"] if item["rule"]["id"] == "BP-QUIET-01"] == [
        "gone"
    ] * 2


def test_findings_reads_what_audit_wrote(home: Path, tmp_path: Path) -> None:
    told = call("audit", home / "run", "--json").out
    assert call("findings", "-", "--json", stdin=told).json == json.loads(told)["findings"]
    (tmp_path / "audit.json").write_text(told, encoding="utf-8")
    about, results = read_findings(tmp_path / "audit.json")
    assert (about.name, len(results)) == (str(home / "run"), len(findings(home / "run")))


def test_several_runs_and_patterns_go_into_one_file(home: Path, tmp_path: Path) -> None:
    call("findings", f"{home}/ru[n]", home / "run" / "findings.json", "--junit", tmp_path / "both.xml")
    assert len(ET.parse(tmp_path / "both.xml").getroot()) == 2


def test_text_may_go_to_standard_output_and_everything_else_goes_to_the_other(home: Path) -> None:
    shown = call("findings", home / "run", "--sarif", "-")
    assert shown.json["version"] == "2.1.0"
    assert "violated BP-QUIET-01" in shown.err
    assert call("audit", home / "run", "--junit", "-").out.startswith("<?xml")


def test_judge_writes_the_rules_of_its_attempts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    line = {"recipient": "+79161234567", "channel": "sms", "category": "promo", "at": "2026-11-22T23:30:00+03:00",
            "zone": "Europe/Moscow", "text": "Скидка 15 %"}  # fmt: skip
    Path("attempts.jsonl").write_text(json.dumps(line), encoding="utf-8")
    cli.run(["judge", "attempts.jsonl", "--packs", "bp-promo", "--junit", "j.xml", "--csv", "f.csv"])
    assert json.loads(capsys.readouterr().out)["decision"] == "deny"
    failed = [case.get("name") for case in ET.parse("j.xml").iter("testcase") if case.find("failure") is not None]
    assert failed == ["BP-QUIET-01", "BP-UNSUB-01"]
    assert "+79161234567" not in Path("f.csv").read_text(encoding="utf-8") + Path("j.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("words", "told"), [
    (("--fail-on-new",), "--fail-on-new: nothing says what is new (add --baseline FILE"),
    (("--xlsx", "-"), "--xlsx -: this is no text (name a file)"),
    (("--junit", "-", "--csv", "-"), "--junit - and --csv -: both go to standard output"),
    (("--junit", "-", "--json"), "--junit - and --json: both go to standard output"),
    (("--junit", "{tmp}"), "is a folder"),
    (("--junit", "{tmp}/a", "--csv", "{tmp}/a"), "another output has the same file"),
    (("--junit", "{tmp}/file/x.xml"), "cannot be written: "),
    (("--baseline", "{tmp}/none.json"), "none.json: cannot be read: No such file"),
    (("--suppressions", "{tmp}/none.yaml"), "there is no such file"),
    (("--suppressions", "-", "--baseline", "-"), "-: standard input cannot be read twice"),
    (("--today", "29.11.2026"), "does not match the format"),
    (("{home}/run", "--baseline", "{home}/run"), "is compared with one run, not 2"),
])  # fmt: skip
def test_options_that_cannot_be_met_are_bad_input(
    words: tuple[str, ...], told: str, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    source = home / "run" if words[0] != "{home}/run" else home / "run" / "findings.json"
    shown = call("findings", source, *(word.format(tmp=tmp_path, home=home) for word in words))
    assert shown.code == exits.BAD_INPUT
    assert told in shown.err
    assert shown.out == ""


@pytest.mark.parametrize(("data", "told"), [
    (b"", "is no JSON"), (b"{", "is no JSON"), (b"\xff\xfe\x00", "is no JSON"), (b"17", "holds no findings"),
    (b"{}", "holds no findings"), (b"[1]", "findings.json: 0: 1 is not of type 'object'"),
    (b'{"findings": [{}]}', "findings.0: 'rule' is a required property"),
    (b"[" * 100_000, "is no JSON"),
])  # fmt: skip
def test_what_holds_no_findings_is_bad_input(data: bytes, told: str, tmp_path: Path) -> None:
    file = tmp_path / "findings.json"
    file.write_bytes(data)
    for shown in (call("findings", file), call("findings", "-", stdin=data)):
        assert shown.code == exits.BAD_INPUT
        assert told.removeprefix("findings.json: ") in shown.err
        assert "Traceback" not in shown.err


def test_a_count_that_no_spreadsheet_holds_is_bad_input(home: Path, tmp_path: Path) -> None:
    first = json.loads((home / "run" / "findings.json").read_text(encoding="utf-8"))[0]
    file = tmp_path / "findings.json"
    file.write_text(json.dumps([{**first, "failed": 10**400}]), encoding="utf-8")
    shown = call("findings", file, "--xlsx", tmp_path / "a.xlsx")
    assert shown.code == exits.BAD_INPUT
    assert "0.failed" in shown.err


def test_a_full_disk_is_a_limit_of_the_machine(home: Path) -> None:
    shown = call("findings", home / "run", "--csv", "/dev/full")
    assert shown.code == exits.MACHINE_LIMIT
    assert "no space left on the disk" in shown.err


def test_a_folder_without_findings_is_bad_input(tmp_path: Path) -> None:
    assert "findings.json: cannot be read: No such file" in call("findings", tmp_path).err
    assert "no file has such a name" in call("findings", f"{tmp_path}/*.none").err


def test_half_a_letter_in_a_file_does_no_harm(home: Path, tmp_path: Path) -> None:
    text = (home / "run" / "findings.json").read_text(encoding="utf-8").replace('"title": "', '"title": "\\ud83d', 1)
    (tmp_path / "findings.json").write_text(text, encoding="utf-8")
    shown = call("findings", tmp_path / "findings.json", "--json", "--junit", tmp_path / "f.xml")
    assert shown.json[0]["rule"]["title"].startswith("\ufffd")


def test_a_run_that_judges_nothing_has_no_findings_to_write(home: Path, tmp_path: Path) -> None:
    shown = rehearse(home / "tiny.yaml", tmp_path / "run", "--no-report", "--junit", tmp_path / "f.xml")
    assert shown.code == exits.BAD_INPUT
    assert "--no-report: judges nothing, so there are no findings for it: --junit" in shown.err


def test_faults_of_files_are_told_before_the_work(home: Path, tmp_path: Path) -> None:
    shown = rehearse(home / "tiny.yaml", tmp_path / "run", "--baseline", tmp_path / "none.json")
    assert shown.code == exits.BAD_INPUT
    assert not (tmp_path / "run").exists()
