"""A measurement that is interrupted keeps what it has; going on measures the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import run
from benchmarks.results import Measured, Record
from benchmarks.run import kept_before, measure_all, wanted_tasks
from benchmarks.store import load, save
from benchmarks.tasks import BENCH, LONG, NAMES, QUICK, Task, tasks

ONE, TWO = Task(("engine", "naive", "10", "0", "timed")), Task(("engine", "c-full", "10", "3", "timed"))
NOTHING = Measured({}, ())


@pytest.fixture
def measuring(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """The tasks that were measured, in order; none of them really is."""
    seen: list[Task] = []

    def measure(task: Task) -> Record:
        seen.append(task)
        return Record(task.words, task.number, "abc", {"cpu_s": 1.0})

    monkeypatch.setattr(run, "measure", measure)
    return seen


def forget(measured: Measured) -> None:
    """Keep nothing."""


def test_each_measurement_is_kept_as_soon_as_it_is_made(measuring: list[Task], tmp_path: Path) -> None:
    path = tmp_path / "measured.json"
    sizes: list[int] = []

    def keep(measured: Measured) -> None:
        save(path, measured)
        sizes.append(len(load(path).records))

    done = measure_all([ONE, TWO], NOTHING, keep)
    assert sizes == [1, 2]
    assert load(path) == done
    assert load(tmp_path / "absent.json") == NOTHING


def test_what_was_measured_is_not_measured_again(measuring: list[Task]) -> None:
    before = measure_all([ONE], NOTHING, forget)
    after = measure_all([ONE, TWO], before, forget)
    assert measuring == [ONE, TWO]
    assert [record.words for record in after.records] == [ONE.words, TWO.words]


def test_what_could_not_be_measured_is_tried_again(measuring: list[Task]) -> None:
    before = Measured({}, [Record(ONE.words, 0, "abc", {}, left_out="no memory")])
    after = measure_all([ONE], before, forget)
    assert [record.left_out for record in after.records] == [""]


def test_a_measurement_without_room_is_left_out_and_says_so() -> None:
    record = run.measure(Task(ONE.words, needs_mib=1e12))
    assert record.left_out.startswith("needs 1,000,000,000,000 MiB of memory")


def test_a_measurement_that_fails_is_left_out_and_says_so() -> None:
    assert run.measure(Task(("no such measurement",))).left_out == "its process ended with code 1"


def test_a_new_bench_keeps_what_only_the_long_one_measures_and_the_other_way_round() -> None:
    short, long = tasks(BENCH)[0], tasks(LONG)[0]
    saved = Measured({}, [Record(task.words, 0, "abc", {}) for task in (short, long)])
    assert [r.words for r in kept_before(saved, tasks(BENCH), resume=False).records] == [long.words]
    assert [r.words for r in kept_before(saved, tasks(LONG), resume=False).records] == [short.words]
    assert kept_before(saved, tasks(BENCH), resume=True) == saved


def test_sizes_that_are_not_asked_for_stay_and_what_nobody_measures_any_more_goes() -> None:
    largest = tasks(LONG)[-1]
    saved = Measured({}, [Record(words, 0, "abc", {}) for words in (largest.words, ("no such measurement",))])
    asked = wanted_tasks(LONG, 1_000_000)
    assert largest.words not in {task.words for task in asked}
    assert [r.words for r in kept_before(saved, asked, resume=False).records] == [largest.words]


def test_engines_take_turns_and_no_task_is_asked_for_twice() -> None:
    for plan in (BENCH, LONG, QUICK):
        asked = [(task.words[:3], task.words[3:], task.number) for task in tasks(plan)]
        assert len(set(asked)) == len(asked)
    assert [task.words[1] for task in tasks(BENCH)[: len(NAMES)]] == list(NAMES)


def test_without_a_compiler_the_c_program_is_left_out() -> None:
    assert any("c-full" in task.words for task in tasks(BENCH))
    assert not any("c-full" in task.words for task in tasks(BENCH, compiler=False))


def test_the_long_bench_runs_a_hundred_million_and_the_naive_scheduling_at_a_million() -> None:
    said = [" ".join(task.words[:3]) for task in tasks(LONG)]
    assert said == [
        "engine naive 1000000", "engine reference 1000000", "engine compiled-dispatch-file 100000000",
    ]  # fmt: skip


def test_sizes_may_be_bounded() -> None:
    sizes = {int(task.words[2]) for task in wanted_tasks(BENCH, 100_000) if task.words[0] == "engine"}
    assert sizes == {10_000, 100_000}
