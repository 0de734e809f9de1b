"""``prelaunch audit``: a run's own log, the same log from outside, and bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from prelaunch import cli, exits
from prelaunch.log_options import KINDS
from scenarios.model import Organisation

SCENARIO = "scenarios/library/debt-notice.yaml"
SMALL = ("--set", "audience.synthetic.size=150", "--set", "evidence.sender_not_hidden=true")
RULES_OF_THE_LOG = ("RU-DEBT-TIME-01", "WA-DEBT-01", "RU-DEBT-CAP-01", "RU-DEBT-CAP-02")
"""Rules whose inputs stand in the log and the columns zone and country."""


def verdicts(findings: list[dict[str, Any]], *names: str) -> dict[str, Any]:
    fields = ("verdict", "tested", "failed", "review", "unknown")
    return {f["rule"]["id"]: [f[name] for name in fields] for f in findings if not names or f["rule"]["id"] in names}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The folder of a small run of two replications."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    arguments = ["run", str(repository / SCENARIO), *SMALL, "--alone", "--replications", "2", "--jobs", "1"]
    assert cli.run([*arguments, "--out", str(folder), "--fail-on", "never"]) == exits.DONE
    return folder


def audit(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = cli.run(["audit", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_faults_of_all_options_and_files_are_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("columns.csv").write_text("a,b\n1,2\n")
    Path("empty.csv").write_text("")
    Path("years.csv").write_text("recipient,channel,at\n1,sms,9999-01-01T00:00:00Z\n")
    options = ["--packs", "nopack", "--country", "ZZ", "--zone", "Mars/X", "--out", "a.txt", "--baseline", "no.json"]
    options += ["--suppressions", "no.yaml"]
    assert cli.run(["audit", "no.csv", *options, "--csv", "."]) == exits.BAD_INPUT
    told = capsys.readouterr().err
    for word in ("no.csv", "nopack", "'ZZ'", "Mars/X", "a.txt", "no.json", "no.yaml", "--csv ."):
        assert word in told, word
    assert cli.run(["audit", "columns.csv", "empty.csv", "years.csv", "--packs", "core"]) == exits.BAD_INPUT
    told = capsys.readouterr().err
    for word in ("columns.csv:1: no column recipient", "empty.csv: the file is empty", "years.csv:2: occurred_at"):
        assert word in told, word


@pytest.mark.parametrize("closed", ["stdin", "stdout", "stderr"])
def test_a_closed_stream_is_no_fault_of_the_program(
    closed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log.csv"
    log.write_text("recipient,channel,at\n1,sms,2026-11-20T00:00:00Z\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(f"sys.{closed}", None)
    given, code = ("-", exits.BAD_INPUT) if closed == "stdin" else ("log.csv", exits.DONE)
    assert cli.run(["audit", given, "--packs", "core", "--fail-on", "never", "--junit", "-"]) == code


def test_the_audit_of_a_run_says_what_the_run_said(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = audit(capsys, run)
    said = json.loads((run / "findings.json").read_text())
    for finding in said:
        for evidence in finding["evidence"]:
            evidence["replay"] = ""
    assert found["findings"] == said
    assert code == exits.FINDINGS
    assert found["verdicts"]["violated"] == 2


def with_people(run: Path, folder: Path) -> Path:
    """The first replication as a CSV in words of its own, with the zone that each person has in the scenario."""
    from scenarios.experiments.prepare import prepare_file

    people = prepare_file(run / "scenario.yaml", overrides={"audience.synthetic.size": 150}).people
    zone = {
        name: people.zone_sets[index][0] for name, index in zip(people.ids.to_pylist(), people.zone_set, strict=True)
    }
    log = pq.read_table(run / "log.parquet").to_pylist()
    rows = [
        {"кому": row["recipient"], "канал": {"sms": "СМС"}.get(row["channel"], row["channel"]),
         "unix": row["occurred_at"],
         "что": row["event"], "category": row["category"], "campaign": row["campaign"], "zone": zone[row["recipient"]],
         "received_at": row["received_at"]}
        for row in log if row["recipient"] is not None and row["replication"] == 0
    ]  # fmt: skip
    path = folder / "log.csv"
    pacsv.write_csv(pa.Table.from_pylist(rows), path)
    return path


MAPPING = """
columns: {recipient: кому, channel: канал, occurred_at: unix, event: что}
values: {channel: {СМС: sms}}
time: unix_us
"""


def test_the_same_log_from_outside_gets_the_same_answers_from_what_it_tells(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv = with_people(run, tmp_path)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    how = ("--mapping", mapping, "--packs", "ru-debt,whatsapp", "--as-of", "2021-10-01", "--country", "RU")
    _, outside = audit(capsys, csv, *how, "--organisation", "bank")
    once = cli.run(
        ["run", str(run / "scenario.yaml"), *SMALL, "--alone", "--out", str(tmp_path / "once"), "--fail-on", "never"]
    )
    assert once == exits.DONE
    said = json.loads((tmp_path / "once" / "findings.json").read_text())
    assert verdicts(outside["findings"], *RULES_OF_THE_LOG) == verdicts(said, *RULES_OF_THE_LOG)
    assert verdicts(said, "RU-DEBT-TIME-01")["RU-DEBT-TIME-01"][0] == "violated"
    kept = {f["rule"]["id"] for f in outside["findings"] if f["verdict"] in ("not observed", "enforced")}
    known = {f["rule"]["id"] for f in said if f["verdict"] not in ("needs input", "not tested")}
    assert kept <= known


def test_a_scenario_tells_what_the_log_does_not(run: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = tmp_path / "s.yaml"
    text.write_text((run / "scenario.yaml").read_text(encoding="utf-8").replace("size: 3000", "size: 150"))
    _, bare = audit(capsys, run / "log.parquet", "--packs", "ru-debt", "--as-of", "2021-10-01")
    _, told = audit(capsys, run / "log.parquet", "--scenario", text, "--packs", "ru-debt")
    said = verdicts(json.loads((run / "findings.json").read_text()), "RU-DEBT-ID-01", "RU-DEBT-TIME-01")
    assert verdicts(told["findings"], *said) == said
    assert verdicts(bare["findings"], "RU-DEBT-ID-01")["RU-DEBT-ID-01"][0] == "needs input"


def test_recipients_are_shown_by_a_keyed_hash_unless_asked_otherwise(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = set(pq.read_table(run / "log.parquet")["recipient"].cast("string").to_pylist())

    def shown(*options: str) -> set[str]:
        _, found = audit(capsys, run, *options)
        return {e["recipient"] for f in found["findings"] for e in f["evidence"] if e["recipient"]}

    assert shown()
    assert not shown() & ids
    assert shown("--show-recipients") <= ids


def test_the_screen_shows_violated_rules_first_and_missing_inputs(
    run: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    capsys.readouterr()
    page = tmp_path / "audit.html"
    code = cli.run(["audit", str(run / "log.parquet"), "--packs", "ru-debt", "--fail-on", "never", "--out", str(page)])
    lines = capsys.readouterr().out.splitlines()
    assert code == exits.DONE
    rules = [line for line in lines if " RU-DEBT-" in line]
    order = ["violated", "review", "needs input", "not observed", "not tested"]
    words = [next(word for word in order if line.startswith(word)) for line in rules]
    assert words == sorted(words, key=order.index)
    assert any("missing: " in line for line in rules)
    html = page.read_text(encoding="utf-8")
    assert html.count('<details class="rule"') == len(rules)
    assert "<script" not in html


GRAVITY = [("block", "block"), ("error", "error"), ("error", "warn"), ("block", "warn")]
MILD = [("error", "block"), ("warn", "error"), ("info", "warn"), ("block", "never")]


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"), [*((*pair, exits.FINDINGS) for pair in GRAVITY), *((*p, exits.DONE) for p in MILD)]
)
def test_the_exit_code_follows_the_severity_of_what_is_violated(
    severity: str, fail_on: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.prelaunch.test_judge_command import HEADER, LINES, PACK, RULE

    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_text(PACK + RULE.format(name="OUT", kind="opt_out", severity=severity, params="{}"))
    Path("a.csv").write_text(HEADER + LINES)
    assert cli.run(["audit", "a.csv", "--packs", "./own.yaml", "--fail-on", fail_on]) == code


GOOD = "recipient,channel,at\na,sms,2026-11-20T12:00:00Z\n"
BAD: list[tuple[str, list[str], str]] = [
    ("", [], "the file is empty"),
    (GOOD, [], "--packs: no pack is named"),
    (GOOD, ["--packs", "nopack"], "there is no pack 'nopack'"),
    (GOOD, ["--zone", "Moscow"], "'Moscow' is no IANA time zone"),
    (GOOD, ["--country", "Russia"], "'Russia' is no country"),
    (GOOD, ["--out", "x.pdf"], "neither .html nor .json"),
    (GOOD, ["--mapping", "nowhere.yaml"], "nowhere.yaml"),
    (GOOD, ["--audience", "nowhere.csv", "--packs", "ru-ads"], "nowhere.csv"),
    (GOOD, ["--scenario", "nowhere.yaml"], "nowhere.yaml"),
    ("recipient,channel,at\na,sms,2026-11-20T12:00:00\n", ["--packs", "ru-ads"], "has no time zone"),
    ("кому;канал\nа;sms\n", ["--packs", "ru-ads"], "no column recipient, channel, occurred_at"),
]


@pytest.mark.parametrize(("data", "options", "what"), BAD)
def test_bad_input_is_said_in_plain_lines(
    data: str, options: list[str], what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("log.csv").write_text(data, encoding="utf-8")
    assert cli.run(["audit", "log.csv", *options]) == exits.BAD_INPUT
    said = capsys.readouterr()
    assert what in said.err
    assert said.err.startswith("error: ")
    assert "Traceback" not in said.err


def test_many_bad_rows_fill_one_screen_at_most(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("recipient,channel,at\n" + "".join(f"a,sms,day {n}\nb,fax{n},never\n" for n in range(5000)))
    assert cli.run(["audit", str(path), "--packs", "ru-ads"]) == exits.BAD_INPUT
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) < 24
    assert any("5000 rows" in line for line in lines)


def test_kinds_of_organisations_are_those_of_a_scenario() -> None:
    assert get_args(get_type_hints(Organisation)["kind"]) == KINDS
