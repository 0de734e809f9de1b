"""What is measured is what was asked for; nothing here depends on how fast the machine is."""

from __future__ import annotations

import mmap
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.first_and_warm import measure_w, missing_rows
from benchmarks.five_step import measure_five_step
from benchmarks.lower_bound import available
from benchmarks.measure import Memory, Watch, available_mib
from benchmarks.tasks import HASHED, LOWER_BOUND, NAMES
from benchmarks.threads import measure_threads
from benchmarks.variants import VARIANTS, measure_variant, variant
from simulator.engine.log import EVENT
from simulator.engine.run import run

HERE = [name for name in NAMES if available() or name not in LOWER_BOUND]


@pytest.mark.parametrize("name", HERE)
def test_an_engine_is_measured_with_its_first_run_and_warm(name: str) -> None:
    found = measure_w(name, 50, 2)
    assert found["cpu_s"] > 0
    assert found["people_bytes"] > 50
    assert found["peak_mib"] > 10
    assert found["warm_cpu_s"] == found["warm_lay_out_s"] + found["warm_play_s"] > 0


def test_the_hashes_of_all_engines_are_equal_without_ties() -> None:
    hashes = {measure_w(name, 50, 0, hashed=True, ties=False)["log_hash"] for name in HASHED if name in HERE}
    assert len(hashes) == 1


def test_the_naive_log_is_compared_with_the_compiled_one() -> None:
    assert measure_w("naive", 50, 0, hashed=True)["missing"] == 0


def test_less_is_kept_of_a_dispatch_log_and_nothing_about_people_of_none() -> None:
    full, dispatch, none = (measure_w(f"compiled-{keep}", 50, 0) for keep in ("full", "dispatch", "none"))
    assert full["rows"] > dispatch["rows"] > none["rows"]
    assert full["log_bytes"] > dispatch["log_bytes"] > none["log_bytes"]
    assert full["state_bytes"] == none["state_bytes"] > 0


def test_without_a_warm_run_there_is_no_warm_figure() -> None:
    assert "warm_cpu_s" not in measure_w("reference", 20, 0)


def test_rows_that_the_other_log_lacks_are_counted() -> None:
    one, other = np.array([[1, 2], [3, 4], [5, 6]]), np.array([[3, 4], [1, 7]])
    assert (missing_rows(one, other), missing_rows(other, one)) == (2, 1)


def test_the_first_variant_is_w_itself_and_each_other_lacks_something() -> None:
    logs = {name: run(variant(name, 300), 0, "reference").matrix() for name in VARIANTS}
    assert list(logs) == ["W", "without rules", "without limit and ratings", "without either"]
    assert len({log.tobytes() for log in logs.values()}) == len(logs)


def test_without_rules_nobody_is_held_or_denied() -> None:
    events = set(run(variant("without rules", 300), 0, "reference").column("event").tolist())
    assert not {EVENT["held"], EVENT["denied"]} & events
    assert measure_variant("without rules", "full", 50, 1)["warm_cpu_s"] > 0


def test_without_feedback_there_is_neither_limit_nor_rating() -> None:
    events = set(run(variant("without limit and ratings", 1000), 0, "reference").column("event").tolist())
    assert not {EVENT["limit_changed"], EVENT["quality_changed"], EVENT["template_state"]} & events


def test_two_replications_are_measured_by_one_thread_and_by_two() -> None:
    found = measure_threads(50, "none", turns=1)
    assert set(found["wall_s"]) == set(found["cpu_s"]) == {"1", "2"}
    assert min(found["wall_s"].values()) > 0


def test_memory_counts_from_where_it_began() -> None:
    memory = Memory()
    with mmap.mmap(-1, 64 << 20) as fresh:
        fresh.write(b"1" * len(fresh))
        grown = memory.figures()
    assert 60 < grown["over_mib"] <= grown["peak_mib"]  # the system counts memory roughly: two looks may differ
    free = available_mib()
    assert free is None or free > 0


def test_a_watch_keeps_each_stage_by_name() -> None:
    watch = Watch()
    with watch("one") as tell:
        tell(1)
    assert watch.stages["one"] >= (0, 0)


def test_the_stages_of_the_five_step_offer_add_up() -> None:
    found = measure_five_step(40)
    *parts, whole = (spent[1] for spent in found["stages"].values())
    assert sum(parts) == pytest.approx(whole, abs=0.5)
    assert (found["people"], found["messages"] > 0) == (40, True)


@pytest.mark.long
def test_a_quick_bench_prints_the_page_and_writes_nothing(repository: Path) -> None:
    written = repository / "docs" / "performance.md"
    before = written.read_bytes()
    command = [sys.executable, "benchmarks/run.py", "--quick"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("# Performance")
    for section in ("Engines on workload W", "Where the time goes", "Two threads", "The five-step offer"):
        assert f"## {section}" in done.stdout
    assert written.read_bytes() == before
