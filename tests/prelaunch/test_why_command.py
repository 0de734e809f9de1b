"""``prelaunch why``: one person's way through a run, with the draws it followed from."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from prelaunch import exits
from tests.prelaunch.tiny import call, log, rehearse, write

FORCED = "script:\n  - {recipient: S0000001, channel: sms, purpose: delivered, value: 0.9999}\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny scenario, run twice over, with one forced outcome."""
    folder = tmp_path_factory.mktemp("why")
    file = write(folder)
    file.write_text(file.read_text(encoding="utf-8") + FORCED, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("prelaunch.rehearsal.render_report", lambda inputs: "")
        rehearse(file, folder / "run", "--replications", 2)
    return folder / "run"


def rows(run: Path, replication: int = 0) -> list[dict[str, Any]]:
    return [row for row in log(run) if row["recipient"] and row["replication"] == replication]


def moments(run: Path, recipient: str, *words: object) -> list[dict[str, str]]:
    found: list[dict[str, str]] = call("why", run, recipient, "--json", *words).json
    return found


def test_every_row_of_the_person_is_a_moment_in_order_of_time(run: Path) -> None:
    for recipient in {row["recipient"] for row in rows(run)}:
        mine = [row for row in rows(run) if row["recipient"] == recipient]
        told = [moment for moment in moments(run, recipient) if not moment["what"].startswith("the company learns")]
        assert len(told) == len(mine)
        assert [moment["at"] for moment in told] == sorted(moment["at"] for moment in told)


def test_the_draws_that_are_shown_decided_what_the_log_holds(run: Path) -> None:
    shown = []
    for row in rows(run):
        if row["event"] == "submitted" and row["recipient"] != "S0000001":
            happened = {r["event"] for r in rows(run) if same_attempt(r, row)}
            because = handed_over(run, row["recipient"], row["channel"])
            drew, bound = re.findall(r"delivered: drew ([\d.]+), happens below ([\d.]+)", because)[0]
            shown.append(("delivered" in happened) == (float(drew) < float(bound)))
    assert len(shown) > 12
    assert all(shown)


def handed_over(run: Path, recipient: str, channel: str) -> str:
    """The draws of the person's only message on a channel."""
    (because,) = [m["because"] for m in moments(run, recipient) if m["what"].split(",")[0].endswith(f" by {channel}")]
    return because


def same_attempt(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one[name] == other[name] for name in ("recipient", "campaign", "channel", "attempt"))


def test_a_forced_value_stands_as_forced_and_the_others_as_drawn(run: Path) -> None:
    handed = handed_over(run, "S0000001", "sms")
    assert "delivered: forced to 0.9999" in handed
    assert re.search(r"accepted: drew 0\.\d{4}, happens below", handed)
    assert "forced" not in handed_over(run, "S0000003", "sms")


def test_options_of_the_run_hold_for_why(run: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text("[{recipient: S0000002, channel: sms, purpose: delivered, value: 0.9998}]", encoding="utf-8")
    people = tmp_path / "people.csv"
    people.write_text("customer_id,phone,city\nS0000002,+79031234567,Москва\n", encoding="utf-8")
    words = ("--script", script, "--audience", people, "--set", "clock.zone=Asia/Omsk")
    rehearse(write(tmp_path), tmp_path / "run", *words)
    script.unlink()
    people.unlink()
    shown = call("why", tmp_path / "run", "S0000002").out
    assert shown.startswith("S0000002, replication 0; times in Asia/Omsk\n2026-03-02 2")
    assert "delivered: forced to 0.9998" in shown


def test_another_replication_is_another_story(run: Path) -> None:
    first, second = (moments(run, "S0000003", "--replication", number) for number in (0, 1))
    assert first != second
    assert len([m for m in second if not m["what"].startswith("the company")]) == len(
        [row for row in rows(run, 1) if row["recipient"] == "S0000003"]
    )


def test_a_person_may_be_named_by_the_hash_that_reports_show(run: Path) -> None:
    shown = (run / "recipients.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(",")[0].strip('"')
    assert not shown.startswith("S")
    assert call("why", run, shown).out.count("\n") > 2


def test_times_are_on_the_clock_of_the_scenario(run: Path) -> None:
    lines = call("why", run, "S0000001").out.splitlines()
    assert lines[0] == "S0000001, replication 0; times in Europe/Moscow"
    assert re.match(r"2026-03-02 2[12]:\d\d  taken up by campaign offer$", lines[1])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "nobody"], "no recipient 'nobody' in this run"),
        (["run", "S0000001", "--replication", "7"], "no recipient 'S0000001'"),
        (["", "S0000001"], "is no run folder"),
        (["absent", "S0000001"], "is no run folder"),
        (["tiny.yaml", "S0000001"], "is a file"),
    ],
)
def test_what_is_not_there_is_exit_code_2(words: list[str], told: str, run: Path) -> None:
    shown = call("why", run.parent / words[0], *words[1:])
    assert (shown.code, shown.out) == (exits.BAD_INPUT, "")
    assert told in shown.err


def test_a_damaged_manifest_is_told_and_no_traceback(run: Path, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    shown = call("why", tmp_path, "S0000001")
    assert shown.code == exits.BAD_INPUT
    assert "cannot be read" in shown.err


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("log.parquet", b"PAR1", "is not as prelaunch wrote it"),
        ("as-run.json", b"[]", "is not as prelaunch wrote it"),
        ("as-run.json", b"{", "cannot be read"),
        ("manifest.json", b"{}", "is no run folder"),
        ("manifest.json", b"[]", "is no run folder"),
    ],
)
def test_a_damaged_run_folder_is_a_plain_error(run: Path, tmp_path: Path, name: str, content: bytes, says: str) -> None:
    broken = Path(shutil.copytree(run, tmp_path / "run"))
    (broken / name).write_bytes(content)
    shown = call("why", broken, "S0000001")
    assert (shown.code, says in shown.err) == (exits.BAD_INPUT, True)


def test_a_log_that_lacks_columns_is_a_plain_error(run: Path, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(run, tmp_path / "run"))
    pq.write_table(pq.read_table(run / "log.parquet").drop_columns(["recipient", "rule"]), broken / "log.parquet")
    shown = call("why", broken, "S0000001")
    assert (shown.code, "lacks the columns recipient, rule" in shown.err) == (exits.BAD_INPUT, True)
