"""``prelaunch run --no-report``: the same log, written as it comes, and counts of it instead of verdicts."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from prelaunch import exits
from prelaunch.run_folder import digest
from scenarios.experiments import memory
from simulator.engine import log_file
from simulator.engine.log import Matrix, Rows
from tests.prelaunch.tiny import call, log, manifest, rehearse, write

FILES = {"as-run.json", "counts.csv", "log.parquet", "manifest.json", "rejects.csv", "scenario.yaml"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny scenario, its run with a report, and runs without one by either engine."""
    folder = tmp_path_factory.mktemp("plain")
    rehearse(write(folder), folder / "full")
    for engine in ("reference", "compiled"):
        words = ("run", folder / "tiny.yaml", "--out", folder / engine, "--no-report", "--engine", engine)
        assert call(*words).code == exits.DONE
    return folder


def counted(folder: Path) -> list[dict[str, str]]:
    """The lines of counts.csv."""
    with (folder / "counts.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_the_log_is_that_of_the_run_with_a_report(home: Path, engine: str) -> None:
    assert {path.name for path in (home / engine).iterdir()} == FILES
    assert manifest(home / engine)["log_hash"] == manifest(home / "full")["log_hash"]
    assert sorted(map(str, log(home / engine))) == sorted(map(str, log(home / "full")))
    assert manifest(home / engine)["outputs"] == {n: digest(home / engine / n) for n in FILES - {"manifest.json"}}


def test_the_counts_are_those_of_the_log(home: Path) -> None:
    rows = log(home / "full")
    wanted = Counter((row["campaign"] or "", row["step"] or "", row["event"], row["reason"] or "") for row in rows)
    lines = counted(home / "compiled")
    assert {(n["campaign"], n["step"], n["event"], n["reason"]): int(n["rows"]) for n in lines} == wanted
    cost = sum(row["cost"] or 0 for row in rows)
    assert sum(Decimal(line["cost"]) for line in lines) == Decimal(cost).scaleb(-6) > 0
    billed = sum(row["units"] for row in rows if row["charge"])
    assert sum(int(line["units"]) for line in lines) == billed > 0
    assert counted(home / "reference") == lines


def test_several_replications_are_counted_one_by_one(home: Path, tmp_path: Path) -> None:
    words = ("run", home / "tiny.yaml", "--out", tmp_path / "run", "--no-report", "--replications", 3)
    assert call(*words).code == exits.DONE
    assert {line["replication"] for line in counted(tmp_path / "run")} == {"0", "1", "2"}
    rehearse(home / "tiny.yaml", tmp_path / "with", "--replications", 3)
    assert manifest(tmp_path / "run")["log_hash"] == manifest(tmp_path / "with")["log_hash"]
    assert manifest(tmp_path / "run")["replications_done"] == [0, 1, 2]


@pytest.mark.parametrize("kept", ["dispatch", "none"])
def test_what_is_counted_does_not_depend_on_what_is_kept(home: Path, tmp_path: Path, kept: str) -> None:
    words = ("run", home / "tiny.yaml", "--out", tmp_path / "run", "--no-report", "--log", kept)
    assert call(*words).code == exits.DONE
    assert counted(tmp_path / "run") == counted(home / "compiled")
    assert (tmp_path / "run" / "log.parquet").exists() == (kept == "dispatch")


def test_its_dispatch_log_can_be_expanded(home: Path, tmp_path: Path) -> None:
    call("run", home / "tiny.yaml", "--out", tmp_path / "run", "--no-report", "--log", "dispatch")
    assert call("log", "expand", tmp_path / "run").code == exits.DONE
    assert sorted(map(str, log(tmp_path / "run"))) == sorted(map(str, log(home / "full")))


def test_the_result_as_json_has_the_counts(home: Path, tmp_path: Path) -> None:
    shown = call("run", home / "tiny.yaml", "--out", tmp_path / "run", "--no-report", "--json")
    assert shown.json["log_hash"] == manifest(home / "full")["log_hash"]
    assert sum(line["rows"] for line in shown.json["counts"]) == shown.json["rows"] == len(log(home / "full"))
    assert "nothing was judged" in shown.err


def test_too_little_memory_is_said_before_the_start(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "available", lambda: memory.BASE + 800)
    shown = call("run", home / "tiny.yaml", "--out", tmp_path / "run", "--no-report", "--engine", "compiled")
    assert shown.code == exits.MACHINE_LIMIT
    assert "campaigns[].sample" in shown.err
    assert not (tmp_path / "run").exists()


def test_an_interrupt_leaves_no_half_a_folder(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(log_file.LogFile, "take", interrupt)
    shown = call("run", home / "tiny.yaml", "--out", tmp_path / "run", "--no-report")
    assert shown.code == exits.INTERRUPTED
    assert [path.name for path in tmp_path.iterdir() if path.name != ".recipient-key"] == []


@pytest.mark.parametrize("at", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("kept", ["full", "none"])
def test_an_interrupt_keeps_the_replications_that_are_done(
    at: float, kept: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in the third: before it has written anything, in its middle, and when all of it is written."""
    take = log_file.LogFile.take

    def stop(self: log_file.LogFile, rows: Rows) -> None:
        if self.replication < 2:
            return take(self, rows)
        matrix = rows.matrix()
        if at:
            take(self, Matrix(matrix[: int(at * len(matrix))]))
        raise KeyboardInterrupt

    words = ("--no-report", "--engine", "reference", "--log", kept)
    call("run", home / "tiny.yaml", "--out", tmp_path / "two", "--replications", 2, *words)
    monkeypatch.setattr(log_file.LogFile, "take", stop)
    shown = call("run", home / "tiny.yaml", "--out", tmp_path / "five", "--replications", 5, *words, "--json")
    assert (shown.code, "interrupted: only the replications that were done are kept" in shown.err) == (
        exits.INTERRUPTED,
        True,
    )
    told = manifest(tmp_path / "five")
    assert (told["interrupted"], told["replications"], told["replications_done"]) == (True, 5, [0, 1])
    assert told["log_hash"] == manifest(tmp_path / "two")["log_hash"] == shown.json["log_hash"]
    assert counted(tmp_path / "five") == counted(tmp_path / "two")
    assert {path.name for path in (tmp_path / "five").iterdir()} == FILES - (
        {"log.parquet"} if kept == "none" else set()
    )
    if kept == "full":
        assert log(tmp_path / "five") == log(tmp_path / "two")
        assert shown.json["rows"] == len(log(tmp_path / "two"))
