"""``prelaunch judge``: one decision a line, in the order of the file."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from prelaunch import cli, exits

PACK = """
pack: own
title: Own
version: "1"
description: For tests.
rules:
"""
RULE = """
  - id: OWN-{name}-01
    title: A rule
    statement: A statement.
    rationale: A reason.
    citation: {{act: own}}
    confidence: guessed
    status: in_force
    fix: Mend it.
    examples: {{passes: so, fails: else}}
    checks: [{{kind: {kind}, severity: {severity}, params: {params}}}]
"""
NIGHT = RULE.format(name="NIGHT", kind="time_window", severity="error", params='{workday: ["09:00", "21:00"]}')
CAP = RULE.format(name="CAP", kind="frequency_cap", severity="warn", params="{caps: [{count: 1, period: roll_24h}]}")
OUT = RULE.format(name="OUT", kind="opt_out", severity="block", params="{}")
HEADER = "recipient,channel,at,zone,country,opted_out_at\n"
LINES = (
    "a,sms,2026-11-20T20:00:00Z,Europe/Moscow,RU,none\n"
    "a,sms,2026-11-20T12:00:00Z,Europe/Moscow,RU,none\n"
    "b,sms,2026-11-20T12:00:00Z,Europe/Moscow,RU,\n"
    "c,sms,2026-11-20T12:00:00Z,Europe/Moscow,RU,2026-11-20T11:00:00Z\n"
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_text(PACK + NIGHT + CAP + OUT)
    Path("a.csv").write_text(HEADER + LINES)
    return tmp_path


def judge(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> tuple[int, str]:
    code = cli.run(["judge", *arguments])
    return code, capsysbinary.readouterr().out.decode()


def decisions(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_each_attempt_gets_its_decision_in_the_order_of_the_file(
    place: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    code, text = judge(capsysbinary, "a.csv", "--packs", "./own.yaml")
    found = decisions(text)
    assert code == exits.FINDINGS
    assert [(d["line"], d["recipient"], d["decision"], d["rule"], d["until"]) for d in found] == [
        (2, "a", "hold", "OWN-NIGHT-01", "2026-11-21T06:00:00Z"),
        (3, "a", "allow", None, None),
        (4, "b", "unknown", "OWN-OUT-01", None),
        (5, "c", "deny", "OWN-OUT-01", None),
    ]
    assert found[3]["reason"] == "the person opted out 1 h before; a grace of 0 s is allowed"
    assert found[1]["answers"] == []
    assert [(a["rule"], a["answer"], a["severity"]) for a in found[0]["answers"]] == [
        ("OWN-NIGHT-01", "fail until", "error"), ("OWN-CAP-01", "fail until", "warn"),
    ]  # fmt: skip
    assert found[0]["answers"][1]["until"] == "2026-11-21T12:00:00Z"


def test_csv_has_the_same_columns(place: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    _, text = judge(capsysbinary, "a.csv", "--packs", "./own.yaml", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["decision"] for row in rows] == ["hold", "allow", "unknown", "deny"]
    assert rows[0]["answers"] == "OWN-NIGHT-01 fail until; OWN-CAP-01 fail until"


def test_standard_input_is_the_default(place: Path) -> None:
    lines = '{"recipient": "a", "channel": "sms", "at": "2026-11-20T12:00:00Z", "opted_out_at": "none"}\n'
    Path("out.yaml").write_text(PACK + OUT)
    command = [sys.executable, "-m", "prelaunch", "judge", "--packs", "./out.yaml"]
    ran = subprocess.run(
        command, input=lines, capture_output=True, text=True, cwd=place, check=False, env=environment()
    )
    assert (ran.returncode, decisions(ran.stdout)[0]["decision"]) == (exits.DONE, "allow"), ran.stderr


def environment() -> dict[str, str]:
    import os

    import prelaunch

    return {**os.environ, "PYTHONPATH": str(Path(prelaunch.__file__).parent.parent)}


FAIL_ON = [
    ("a,sms,2026-11-20T12:00:00Z,Europe/Moscow,RU,none\n", "error", exits.DONE),
    ("a,sms,2026-11-20T20:00:00Z,Europe/Moscow,RU,none\n", "error", exits.DONE),
    ("a,sms,2026-11-20T12:00:00Z,,,none\n", "error", exits.FINDINGS),
    ("a,sms,2026-11-20T12:00:00Z,,,none\n", "block", exits.DONE),
    ("a,sms,2026-11-20T12:00:00Z,Europe/Moscow,RU,\n", "block", exits.FINDINGS),
    ("a,sms,2026-11-20T12:00:00Z,Europe/Moscow,RU,\n", "never", exits.DONE),
]


@pytest.mark.parametrize(("line", "fail_on", "code"), FAIL_ON)
def test_the_exit_code_follows_what_is_denied_or_unknown(
    line: str, fail_on: str, code: int, place: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    Path("one.csv").write_text(HEADER + line)
    assert judge(capsysbinary, "one.csv", "--packs", "./own.yaml", "--fail-on", fail_on)[0] == code


BAD = [
    (b"", "the file is empty"),
    (b"recipient,channel,at\na,sms,soon\n", "'soon' is no time"),
    (b"recipient,channel,at\na,sms,2026-11-20T12:00:00Z\0\n", "NUL"),
    (b'{"a": 1}\n', "no column recipient"),
]


@pytest.mark.parametrize(("data", "what"), BAD)
def test_bad_attempts_give_no_decision_at_all(
    data: bytes, what: str, place: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    Path("bad").write_bytes(data)
    assert cli.run(["judge", "bad", "--packs", "./own.yaml"]) == exits.BAD_INPUT
    said = capsysbinary.readouterr()
    assert (said.out, what in said.err.decode()) == (b"", True)


def test_bad_rows_may_be_left_out(place: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("half.csv").write_text("recipient,channel,at\na,sms,soon\nb,sms,2026-11-20T12:00:00Z\n")
    _, text = judge(capsysbinary, "half.csv", "--packs", "./own.yaml", "--skip-bad-rows")
    assert [(d["index"], d["line"]) for d in decisions(text)] == [(0, 3)]


def test_attempts_of_which_no_rule_speaks_are_counted_aloud(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = '{"recipient": "a", "channel": "sms", "category": "debt", "at": "2026-11-20T12:00:00+03:00"}\n'
    (tmp_path / "one.jsonl").write_text(line, encoding="utf-8")
    cli.run(["judge", str(tmp_path / "one.jsonl"), "--packs", "ru-ads"])
    assert "1 of them: no rule of these packs speaks of such a message" in capsys.readouterr().err
