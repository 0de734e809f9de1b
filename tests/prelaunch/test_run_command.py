"""``prelaunch run``: what the run folder holds, what the options change, how it ends."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from prelaunch import exits
from prelaunch.run_folder import digest
from tests.prelaunch.tiny import Called, call, log, manifest, rehearse, write

FILES = {
    "as-run.json", "findings.json", "inputs.json", "log.parquet", "manifest.json", "recipients.csv", "rejects.csv",
    "report.html", "scenario.yaml", "summary.json",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny scenario and its run."""
    folder = tmp_path_factory.mktemp("run")
    assert rehearse(write(folder), folder / "run").code == exits.FINDINGS
    return folder


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the report out."""
    monkeypatch.setattr("prelaunch.rehearsal.render_report", lambda inputs: "")


def events(folder: Path, *names: str) -> list[tuple[str, str, object]]:
    """(recipient, channel, instant) of the events of these names."""
    return [(row["recipient"], row["channel"], row["occurred_at"]) for row in log(folder) if row["event"] in names]


def test_a_run_folder_holds_all_its_files_and_nothing_else(home: Path) -> None:
    assert {path.name for path in (home / "run").iterdir()} == FILES
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == [".recipient-key"]


def test_the_manifest_has_the_true_hash_of_every_file(home: Path) -> None:
    told = manifest(home / "run")["outputs"]
    assert told == {name: digest(home / "run" / name) for name in FILES - {"manifest.json"}}


def test_the_manifest_has_the_hash_of_the_scenario_and_the_folder_its_text(home: Path) -> None:
    assert manifest(home / "run")["scenario"]["sha256"] == digest(home / "tiny.yaml")
    assert digest(home / "run" / "scenario.yaml") == digest(home / "tiny.yaml")


def test_external_ids_stand_in_the_log_and_not_in_what_people_pass_on(home: Path) -> None:
    person = log(home / "run")[0]["recipient"]
    for name in ("report.html", "recipients.csv", "findings.json"):
        assert person not in (home / "run" / name).read_text(encoding="utf-8")


@pytest.mark.usefixtures("quick")
def test_a_second_run_has_a_name_of_its_own_and_the_same_log(home: Path) -> None:
    shown = rehearse(home / "tiny.yaml", home / "run")
    assert f"report: {home / 'run-2' / 'report.html'}" in shown.err
    assert manifest(home / "run-2")["log_hash"] == manifest(home / "run")["log_hash"]
    assert log(home / "run-2") == log(home / "run")


@pytest.mark.usefixtures("quick")
def test_another_seed_is_another_log(home: Path, tmp_path: Path) -> None:
    rehearse(home / "tiny.yaml", tmp_path / "run", "--seed", 4)
    assert manifest(tmp_path / "run")["seed"] == 4
    assert manifest(tmp_path / "run")["log_hash"] != manifest(home / "run")["log_hash"]


@pytest.mark.usefixtures("quick")
def test_only_replays_one_person_as_in_the_whole_run(home: Path, tmp_path: Path) -> None:
    person = log(home / "run")[-1]["recipient"]
    rehearse(home / "tiny.yaml", tmp_path / "run", "--only", person)
    assert log(tmp_path / "run") == [row for row in log(home / "run") if row["recipient"] == person]


def test_only_somebody_unknown_is_bad_input_and_leaves_no_run(home: Path, tmp_path: Path) -> None:
    shown = rehearse(home / "tiny.yaml", tmp_path / "run", "--only", "nobody")
    assert shown.code == exits.BAD_INPUT
    assert "--only: no recipient 'nobody'" in shown.err
    assert not (tmp_path / "run").exists()


@pytest.mark.usefixtures("quick")
def test_a_script_forces_one_attempt_and_changes_nobody_else(home: Path, tmp_path: Path) -> None:
    person = next(who for who, channel, _ in events(home / "run", "delivered") if channel == "sms")
    script = tmp_path / "script.yaml"
    script.write_text(f"- {{recipient: {person}, channel: sms, purpose: delivered, value: 0.9999}}\n", encoding="utf-8")
    rehearse(home / "tiny.yaml", tmp_path / "run", "--script", script)
    assert (person, "sms") not in {row[:2] for row in events(tmp_path / "run", "delivered")}
    others = [[row for row in log(folder / "run") if row["recipient"] != person] for folder in (home, tmp_path)]
    assert others[0] == others[1]


def test_a_script_that_is_no_list_of_outcomes_is_bad_input(home: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text("- {recipient: S0000001, value: 0.5}\n", encoding="utf-8")
    shown = rehearse(home / "tiny.yaml", tmp_path / "run", "--script", script)
    assert shown.code == exits.BAD_INPUT
    assert "purpose" in shown.err


@pytest.mark.usefixtures("quick")
def test_as_of_is_told_and_names_the_folder(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = call("run", home / "tiny.yaml", "--as-of", "2025-01-01", "--alone", "--jobs", 1)
    assert manifest(tmp_path / "runs" / "tiny-2025-01-01")["as_of"] == "2025-01-01"
    assert "as of 2025-01-01" in shown.err


@pytest.mark.usefixtures("quick")
def test_the_gate_observes_unless_it_is_told_to_enforce(home: Path, tmp_path: Path) -> None:
    rehearse(home / "tiny.yaml", tmp_path / "run", "--gate", "enforce")
    assert manifest(home / "run")["gate"] == "observe"
    assert events(home / "run", "held") == []
    assert manifest(tmp_path / "run")["gate"] == "enforce"
    held = [row for row in log(tmp_path / "run") if row["event"] == "held"]
    assert {row["rule"] for row in held} == {"BP-QUIET-01"}


@pytest.mark.usefixtures("quick")
def test_both_gates_are_shown_unless_one_is_asked_for(home: Path, tmp_path: Path) -> None:
    assert "obeying the packs:" in call("run", home / "tiny.yaml", "--out", tmp_path / "a", "--jobs", 1).err
    assert "obeying the packs:" not in rehearse(home / "tiny.yaml", tmp_path / "b").err


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("least", "code"), [("block", 0), ("error", 1), ("warn", 1), ("never", 0)])
def test_violations_from_fail_on_up_are_exit_code_1(least: str, code: int, home: Path, tmp_path: Path) -> None:
    assert rehearse(home / "tiny.yaml", tmp_path / "run", "--fail-on", least).code == code


@pytest.mark.usefixtures("quick")
def test_a_campaign_that_breaks_only_a_warning_passes(tmp_path: Path) -> None:
    file = write(tmp_path, ("release_at: 2026-03-02T21:00", "release_at: 2026-03-02T12:00"))
    assert rehearse(file, tmp_path / "run", "--fail-on", "error").code == exits.DONE
    assert rehearse(file, tmp_path / "run", "--fail-on", "warn").code == exits.FINDINGS


def test_an_interrupt_while_writing_leaves_no_half_folder(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(inputs: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("prelaunch.rehearsal.render_report", interrupted)
    shown = rehearse(home / "tiny.yaml", tmp_path / "run")
    assert shown.code == exits.INTERRUPTED
    assert {path.name for path in tmp_path.iterdir()} == {".recipient-key"}


@pytest.mark.usefixtures("quick")
def test_an_interrupt_between_replications_keeps_those_that_are_done(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_only(work: list, jobs: int, done: object, advance: object, *, threads: bool) -> None:  # type: ignore[type-arg]
        done(0, work[0](lambda ended: None))  # type: ignore[operator]
        raise KeyboardInterrupt

    monkeypatch.setattr("scenarios.experiments.simulate.run_all", first_only)
    shown = rehearse(home / "tiny.yaml", tmp_path / "run", "--replications", 3)
    assert shown.code == exits.INTERRUPTED
    assert "interrupted" in shown.err
    assert manifest(tmp_path / "run")["interrupted"]
    assert manifest(tmp_path / "run")["replications"] == 3
    assert manifest(tmp_path / "run")["replications_done"] == [0]


@pytest.mark.usefixtures("quick")
def test_the_manifest_tells_how_many_replications_were_asked_for(home: Path, tmp_path: Path) -> None:
    rehearse(home / "tiny.yaml", tmp_path / "run", "--replications", 2)
    assert manifest(tmp_path / "run")["replications_done"] == [0, 1]
    assert {row["replication"] for row in log(tmp_path / "run")} == {0, 1}


CUSTOMERS = """\
customer_id,phone,city
a-1,+79031234567,Москва
a-2,+79031234568,Москва
a-3,12,Москва
"""


@pytest.mark.usefixtures("quick")
def test_an_audience_file_takes_the_place_of_the_scenarios(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text(CUSTOMERS, encoding="utf-8")
    rehearse(home / "tiny.yaml", tmp_path / "run", "--audience", file)
    told = manifest(tmp_path / "run")["audience"]
    rejects = list(csv.DictReader((tmp_path / "run" / "rejects.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert (told["source"], told["rows"], told["sha256"]) == ("customers.csv", 3, digest(file))
    assert told["people"] + told["rejected"] == 3
    assert len(rejects) == told["rejected"]
    assert {row["recipient"] for row in log(tmp_path / "run")} <= {"a-1", "a-2", "a-3"}
    assert str(tmp_path) not in (tmp_path / "run" / "as-run.json").read_text(encoding="utf-8")


@pytest.mark.usefixtures("quick")
def test_set_changes_a_field_and_the_folder_tells_the_scenario_as_it_was_run(home: Path, tmp_path: Path) -> None:
    rehearse(home / "tiny.yaml", tmp_path / "run", "--set", "audience.synthetic.size=3")
    assert len(events(tmp_path / "run", "released")) == 3
    assert '"size": 3' in (tmp_path / "run" / "as-run.json").read_text(encoding="utf-8")


@pytest.mark.usefixtures("quick")
def test_a_scenario_may_come_from_standard_input(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    call("run", "-", "--alone", "--jobs", 1, stdin=(home / "tiny.yaml").read_bytes())
    assert manifest(tmp_path / "runs" / "stdin")["log_hash"] == manifest(home / "run")["log_hash"]


@pytest.mark.usefixtures("quick")
def test_json_is_all_that_stands_on_standard_output(home: Path, tmp_path: Path) -> None:
    shown = rehearse(home / "tiny.yaml", tmp_path / "run", "--json")
    assert set(shown.json) == {"run", "log_hash", "summary", "findings"}
    assert shown.json["run"] == str(tmp_path / "run")
    assert shown.json["log_hash"] == manifest(tmp_path / "run")["log_hash"]
    assert "Tiny" in shown.err


@pytest.mark.usefixtures("quick")
def test_without_json_standard_output_stays_empty(home: Path, tmp_path: Path) -> None:
    assert rehearse(home / "tiny.yaml", tmp_path / "run").out == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no.yaml"], "there is no such file"),
        (["tiny.yaml", "--out", "tiny.yaml/below/run"], "cannot write there"),
        (["tiny.yaml", "--audience", "no.csv"], "there is no file"),
        (["tiny.yaml", "--set", "seed"], "has no ="),
        (["tiny.yaml", "--set", "packs.0=bp-prom"], "did you mean"),
        (["tiny.yaml", "--as-of", "yesterday"], "--as-of"),
    ],
)
def test_bad_input_is_exit_code_2_and_writes_no_run(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path)
    shown: Called = call("run", *words)
    assert shown.code == exits.BAD_INPUT
    assert told in shown.err
    assert list(tmp_path.glob("runs/*")) == []


@pytest.mark.parametrize("out", ["", ".", "..", "/"])
def test_an_out_that_names_no_folder_is_refused_before_the_run(home: Path, out: str) -> None:
    shown = call("run", home / "tiny.yaml", "--out", out)
    assert shown.code == exits.BAD_INPUT
    assert "names no new folder" in shown.err


def test_the_report_counts_rows_set_aside_by_sort_and_not_by_line(home: Path, tmp_path: Path) -> None:
    same = "".join(f"{name},+79161234567,\n" for name in "abc")
    rows = f"customer_id,phone,city\n{same}d,+79131234567,Омск\ne,+79131234567,\nf\ng,x\n"
    (tmp_path / "base.csv").write_text(rows, encoding="utf-8")
    rehearse(home / "tiny.yaml", tmp_path / "run", "--audience", tmp_path / "base.csv")
    report = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert '<td>the same number as an earlier line</td><td class="n">3</td>' in report
    assert '<td>the row has more or fewer cells than 3</td><td class="n">2</td>' in report


@pytest.mark.usefixtures("quick")
def test_a_rejected_cell_is_no_formula_for_a_spreadsheet(home: Path, tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text('customer_id,phone\na,+79161234567\nb,"=HYPERLINK(1)"\n', encoding="utf-8")
    rehearse(home / "tiny.yaml", tmp_path / "run", "--audience", tmp_path / "base.csv")
    with (tmp_path / "run" / "rejects.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["value"] for row in csv.DictReader(stream)] == ["'=HYPERLINK(1)"]


@pytest.mark.parametrize(
    ("price", "says"),
    [
        ("{event: submit, price: 2, country: KZ}", "none of these prices is for RU"),
        ("{event: submit, price: 2, valid_from: 2027-01-01}", "none of these prices is for RU on 2026-03-02"),
        ("{event: submit, price: 2, valid_to: 2026-03-02}", "none of these prices is for RU on 2026-03-02"),
        ("{event: submit, price: 1000001}", "costs more than 1000000 RUB"),
        ("{event: submit, price: 2, minimum_units: 600000}", "costs more than 1000000 RUB"),
    ],
)
def test_a_price_that_cannot_be_counted_is_no_price_of_nothing(tmp_path: Path, price: str, says: str) -> None:
    file = write(tmp_path, ("{event: submit, price: 2, per: segment}", price))
    shown = rehearse(file, tmp_path / "run")
    assert (shown.code, says in shown.err) == (exits.BAD_INPUT, True)


def test_an_empty_list_of_prices_costs_nothing(tmp_path: Path, quick: None) -> None:
    file = write(tmp_path, ("[{event: submit, price: 2, per: segment}]", "[]"))
    assert rehearse(file, tmp_path / "run", "--fail-on", "never").code == exits.DONE
