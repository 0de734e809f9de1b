"""``prelaunch compare``: scenario files side by side, paired by common random numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from prelaunch import exits
from prelaunch.commands.compare import _narrow
from prelaunch.comparing import _names
from scenarios.experiments.compare import MEASURES
from tests.prelaunch.tiny import Called, call, rehearse, write

SOONER = ("wait_s: 3600", "wait_s: 1")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The tiny scenario, and the same with an SMS a second after the push."""
    folder = tmp_path_factory.mktemp("compare")
    return write(folder), write(folder, SOONER, name="sooner.yaml")


def compare(*words: object) -> Called:
    return call("compare", *words, "--jobs", 1, "--replications", 2)


def differences(shown: Called, place: int = 1) -> dict[str, Any]:
    """The mean and both ends of each paired difference, by name of the measure."""
    return {
        line["name"]: [line["cells"][place]["difference"][part] for part in ("mean", "low", "high")]
        for line in shown.json["lines"]
    }


def test_a_scenario_compared_with_itself_differs_by_exactly_nothing(files: tuple[Path, Path]) -> None:
    shown = compare(files[0], files[0], "--json")
    found = differences(shown)
    assert len(found) > 5
    assert all(value in (0, None) for values in found.values() for value in values)
    assert found["cost"] == [0, 0, 0]
    assert shown.json["scenarios"] == [str(files[0]), f"{files[0]} (2)"]


def test_two_scenarios_differ_in_what_was_changed_and_share_their_luck(files: tuple[Path, Path]) -> None:
    shown = compare(*files, "--json")
    assert shown.json["scenarios"] == ["tiny", "sooner"]
    assert differences(shown)["time_to_reach_p95"][0] < 0
    assert differences(shown)["reach_fate"][0] >= 0


def test_the_first_figures_are_those_of_a_run(files: tuple[Path, Path], tmp_path: Path) -> None:
    shown = call("compare", *files, "--jobs", 1, "--replications", 1, "--json").json
    cost = next(line for line in shown["lines"] if line["name"] == "cost")["cells"][0]["figure"]["mean"]
    run = rehearse(files[0], tmp_path / "run", "--json").json
    assert f"{cost:.2f}" in str(run["summary"])


def test_the_seed_of_the_first_holds_for_all_unless_one_is_given(files: tuple[Path, Path], tmp_path: Path) -> None:
    other = write(tmp_path, ("seed: 3", "seed: 9"), name="other.yaml")
    assert differences(compare(files[0], other, "--json"))["cost"] == [0, 0, 0]
    assert compare(files[0], other, "--json").json["seed"] == 3
    assert compare(files[0], other, "--seed", 5, "--json").json["seed"] == 5


def test_an_audience_file_is_one_for_all(files: tuple[Path, Path], tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("customer_id,phone,city\n1,+79031234567,Москва\n", encoding="utf-8")
    shown = compare(*files, "--audience", people, "--json").json
    cost = next(line for line in shown["lines"] if line["name"] == "cost")
    assert [cell["figure"]["mean"] for cell in cost["cells"]] == [2, 2]


def test_the_table_names_scenarios_measures_and_replications_on_standard_error(files: tuple[Path, Path]) -> None:
    shown = compare(*files)
    assert (shown.code, shown.out) == (exits.DONE, "")
    assert "2 paired replications, seed 3" in shown.err
    for words in ("tiny", "sooner", "cost", "RUB", "time to reach, 95 %", "Δ"):
        assert words in shown.err


def test_one_replication_says_that_it_gives_no_interval(files: tuple[Path, Path]) -> None:
    assert "no interval" in call("compare", *files, "--jobs", 1, "--replications", 1).err


def test_json_is_all_that_stands_on_standard_output(files: tuple[Path, Path]) -> None:
    shown = compare(*files, "--json").json
    assert list(shown) == ["scenarios", "currency", "seed", "replications", "notes", "lines"]
    assert [line["name"] for line in shown["lines"]] == [measure.name for measure in MEASURES]


def test_a_page_is_written_where_it_is_asked_for(files: tuple[Path, Path], tmp_path: Path) -> None:
    shown = compare(*files, "--out", tmp_path / "deep" / "page.html")
    page = (tmp_path / "deep" / "page.html").read_text(encoding="utf-8")
    assert f"page: {tmp_path / 'deep' / 'page.html'}" in shown.err
    assert page.startswith("<!doctype html>")
    assert "sooner" in page
    assert re.search(r"""(?:src|href)=["']http""", page) is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["tiny.yaml"], "give two or more"),
        ([], "FILES"),
        (["tiny.yaml", "no.yaml"], "there is no such file"),
        (["tiny.yaml", "sooner.yaml", "--out", "tiny.yaml/page.html"], "cannot be written"),
        (["tiny.yaml", "euro.yaml"], "EUR"),
    ],
)
def test_bad_input_is_exit_code_2(
    words: list[str], told: str, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files[0].parent)
    write(files[0].parent, ("seed: 3", "seed: 3\ncurrency: EUR"), name="euro.yaml")
    shown = compare(*words)
    assert (shown.code, shown.out) == (exits.BAD_INPUT, "")
    assert told in shown.err


def test_an_interrupt_compares_what_all_have_finished(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_only(work: list, jobs: int, done: object, advance: object, *, threads: bool) -> None:  # type: ignore[type-arg]
        for piece in range(3):  # both of replication 0, the first of replication 1
            done(piece, work[piece](lambda ended: None))  # type: ignore[operator]
        raise KeyboardInterrupt

    monkeypatch.setattr("scenarios.experiments.simulate.run_all", two_only)
    shown = compare(*files, "--json")
    assert shown.code == exits.INTERRUPTED
    assert shown.json["replications"] == 1
    assert "interrupted" in shown.err


def test_names_are_short_and_never_twice_the_same() -> None:
    given = [Path("a/x.yaml"), Path("b/x.yaml"), Path("y.yaml"), Path("a/x.yaml")]
    assert _names(given) == ["a/x.yaml", "b/x.yaml", "y", "a/x.yaml (2)"]


def test_a_cell_that_is_too_wide_has_its_interval_on_a_line_of_its_own() -> None:
    cell = "59.00 RUB (46.29 … 71.71)\nΔ 0 RUB (0 … 0)"
    assert _narrow(cell, 20) == "59.00 RUB\n  (46.29 … 71.71)\nΔ 0 RUB (0 … 0)"
    assert _narrow(cell, 25) == cell
