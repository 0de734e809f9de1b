"""``prelaunch run --log``: less of the log, the same figures; ``prelaunch log expand``: the full log again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from policies.records import EVENTS
from prelaunch import exits
from prelaunch.run_folder import digest
from tests.prelaunch.tiny import Called, call, log, manifest, rehearse, write

FORCED = "script:\n  - {recipient: S0000001, channel: sms, purpose: delivered, value: 0.9999}\n"
SAME = ("summary.json", "findings.json", "recipients.csv", "rejects.csv", "as-run.json")
PEOPLE = "customer_id,phone,city\nA1,+79031234567,Москва\nA2,+79131234567,Омск\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny scenario with a forced outcome, run twice over, once with each kind of log."""
    folder = tmp_path_factory.mktemp("log")
    file = write(folder)
    file.write_text(file.read_text(encoding="utf-8") + FORCED, encoding="utf-8")
    for kept in ("full", "dispatch", "none"):
        words = ("--replications", 2, "--log", kept, "--fail-on", "never")
        assert rehearse(file, folder / kept, *words).code == exits.DONE
    return folder


@pytest.fixture
def dispatch(home: Path, tmp_path: Path) -> Path:
    """A copy of the folder with the dispatch log."""
    return Path(shutil.copytree(home / "dispatch", tmp_path / "dispatch"))


def in_order(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(map(repr, rows))


def refused(shown: Called, told: str) -> bool:
    return (shown.code, shown.out) == (exits.BAD_INPUT, "") and told in shown.err and "Traceback" not in shown.err


def test_a_dispatch_log_holds_what_was_decided_and_all_else_is_the_same(home: Path) -> None:
    kept = {event.name for event in EVENTS if event.origin != "derived"}
    rows = log(home / "full")
    assert log(home / "dispatch") == [row for row in rows if row["event"] in kept] != rows
    for name in SAME:
        assert (home / "dispatch" / name).read_bytes() == (home / "full" / name).read_bytes()
    full, less = manifest(home / "full"), manifest(home / "dispatch")
    assert (full["log"], less["log"], full["log_hash"]) == ("full", "dispatch", less["log_hash"])


def test_without_a_log_the_figures_are_the_same_and_nobody_is_listed(home: Path) -> None:
    names = {path.name for path in (home / "full").iterdir()}
    assert {path.name for path in (home / "none").iterdir()} == names - {"log.parquet", "recipients.csv"}
    for name in ("summary.json", "findings.json"):
        assert (home / "none" / name).read_bytes() == (home / "full" / name).read_bytes()
    assert manifest(home / "none")["log_hash"] == manifest(home / "full")["log_hash"]


def test_what_is_not_kept_is_told(home: Path, tmp_path: Path) -> None:
    shown = rehearse(home / "tiny.yaml", tmp_path / "run", "--log", "none")
    assert "neither the event log nor the list of recipients is kept" in shown.err
    assert "neither the event log nor the list" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


def test_the_full_log_takes_the_place_of_the_dispatch_log(home: Path, dispatch: Path) -> None:
    shown = call("log", "expand", dispatch, "--json")
    assert (shown.code, shown.json["log_hash"]) == (exits.DONE, manifest(home / "full")["log_hash"])
    assert log(dispatch) == log(home / "full")
    told = manifest(dispatch)
    assert told["log"] == "full"
    assert told["outputs"] == {name: digest(dispatch / name) for name in told["outputs"]}
    assert {path.name for path in dispatch.iterdir()} == {*told["outputs"], "manifest.json"}
    assert refused(call("log", "expand", dispatch), "has the full log already")


def test_the_full_log_goes_to_a_file_and_the_folder_stays(home: Path, dispatch: Path, tmp_path: Path) -> None:
    before = {path.name: digest(path) for path in dispatch.iterdir()}
    shown = call("log", "expand", dispatch, "-o", tmp_path / "all" / "log.parquet")
    assert refused(shown, "is no folder")
    (tmp_path / "all").mkdir()
    shown = call("log", "expand", dispatch, "-o", tmp_path / "all" / "log.parquet")
    assert (shown.code, "written: " in shown.err) == (exits.DONE, True)
    assert log(tmp_path / "all") == log(home / "full")
    assert {path.name: digest(path) for path in dispatch.iterdir()} == before
    assert [path.name for path in (tmp_path / "all").iterdir()] == ["log.parquet"]
    assert refused(call("log", "expand", dispatch, "-o", tmp_path / "all" / "log.parquet"), "exists")


@pytest.mark.parametrize("person", ["S0000001", "S0000003"])
def test_why_tells_the_same_from_a_dispatch_log(home: Path, person: str) -> None:
    for number in (0, 1):
        words = (person, "--replication", number, "--json")
        assert call("why", home / "dispatch", *words).json == call("why", home / "full", *words).json != []


def test_commands_that_need_the_full_log_say_how_to_come_by_it(home: Path) -> None:
    assert refused(call("audit", home / "dispatch"), f"prelaunch log expand {home / 'dispatch'}")
    for words in (("audit", home / "none"), ("why", home / "none", "S0000001"), ("log", "expand", home / "none")):
        assert refused(call(*words), "was run with --log none and has no log")


def test_what_is_no_run_cannot_be_expanded(home: Path) -> None:
    assert refused(call("log", "expand", home), "is no run folder")
    assert refused(call("log", "expand", home / "absent"), "is no run folder")
    assert refused(call("log", "expand", home / "full"), "has the full log already")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        (("channels", "sms", "delivered"), 0.1, "the log hash is another"),
        (("campaigns", 0, "cascade", 1, "id"), "other", "step 'sms' is not in this scenario"),
        (("audience", "synthetic", "size"), 11, "the audience is not the one of the run"),
        (("seed",), "three", "is not as prelaunch wrote it"),
    ],
)
def test_a_scenario_that_was_changed_is_refused_and_nothing_is_written(
    dispatch: Path, field: tuple[Any, ...], value: object, told: str
) -> None:
    changed = json.loads((dispatch / "as-run.json").read_text(encoding="utf-8"))
    place = changed
    for name in field[:-1]:
        place = place[name]
    place[field[-1]] = value
    (dispatch / "as-run.json").write_text(json.dumps(changed), encoding="utf-8")
    before = {path.name: digest(path) for path in dispatch.iterdir()}
    assert refused(call("log", "expand", dispatch), told)
    assert {path.name: digest(path) for path in dispatch.iterdir()} == before


def test_a_damaged_dispatch_log_is_a_plain_error(dispatch: Path) -> None:
    (dispatch / "log.parquet").write_bytes(b"PAR1")
    assert refused(call("log", "expand", dispatch), "is not as prelaunch wrote it")


def test_the_audience_of_the_run_must_be_given_again(home: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    for kept in ("full", "dispatch"):
        rehearse(write(tmp_path), tmp_path / kept, "--audience", people, "--log", kept)
    run = tmp_path / "dispatch"
    assert refused(call("log", "expand", run), f"prelaunch log expand {run} --audience people.csv")
    assert refused(call("why", run, "A1"), "--audience people.csv")
    other = tmp_path / "others.csv"
    other.write_text(PEOPLE + "A3,+79031234599,Москва\n", encoding="utf-8")
    assert refused(call("log", "expand", run, "--audience", other), "the audience is not the one of the run")
    assert call("log", "expand", run, "--audience", people).code == exits.DONE
    assert in_order(log(run)) == in_order(log(tmp_path / "full"))
    assert refused(call("log", "expand", home / "dispatch", "--audience", people), "the run made its people up")


@pytest.mark.parametrize("engine", ["reference", "compiled"])
def test_the_log_of_either_engine_is_expanded(engine: str, home: Path, tmp_path: Path) -> None:
    rehearse(home / "tiny.yaml", tmp_path / "run", "--engine", engine, "--log", "dispatch", "--replications", 2)
    assert call("log", "expand", tmp_path / "run").code == exits.DONE
    assert in_order(log(tmp_path / "run")) == in_order(log(home / "full"))
