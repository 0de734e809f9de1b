"""What the page says follows from what was measured."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.measure import engine, missing_rows
from benchmarks.page import page, table
from benchmarks.results import ENGINES, Measured, spread
from benchmarks.run import unstable


def result(**changes: Any) -> dict[str, Any]:
    spent = {"wall_s": 2.0, "cpu_s": 1.0, "peak_mib": 100.0, "rows": 40, "log_hash": "a", "load": 1.5}
    return {**spent, **changes}


def measured(**changes: Any) -> Measured:
    engines = {(name, 10): [result(cpu_s=cpu)] for name, cpu in zip(ENGINES, (6.0, 3.0, 2.0), strict=True)}
    five = {
        "stages": {"all": (3.0, 2.0)}, "peak_mib": 1.0, "child_mib": 1.0, "people": 5, "rows": 7, "log_mib": 1.0,
        "load": 1.0, "messages": 9, "rule_rows": 2, "messages_per_cpu_s": 500_000.0,
    }  # fmt: skip
    whole = {
        "engines": engines, "differing": {10: {"missing": 4, "rows": 40}}, "tie_free": dict.fromkeys(ENGINES, "b"),
        "tie_free_size": 8, "profiles": {name: {"simulator/draws.py": 100.0} for name in ENGINES}, "five_step": [five],
    }  # fmt: skip
    return Measured(**{**whole, **changes})


def test_the_page_shows_ratios_to_the_naive_scheduling(repository: Path) -> None:
    text = page(measured(), repository)
    assert "| 10 | reference | 3.00 | 300000 | 2.00 |" in text
    assert "| 10 | compiled | 2.00 | 200000 | 3.00 |" in text
    assert "4.0 rows of log a recipient" in text
    assert "1.0 million answers a second" in text


def test_the_page_says_when_logs_differ(repository: Path) -> None:
    assert "not equal" not in page(measured(), repository)
    engines = measured().engines | {("compiled", 10): [result(log_hash="other")]}
    assert "are **not equal**, by their hashes" in page(measured(engines=engines), repository)
    free = {"naive": "b", "reference": "c", "compiled": "c"}
    assert page(measured(tie_free=free), repository).count("**not equal**") == 1


def test_a_spread_shows_median_least_and_greatest() -> None:
    assert spread([3, 1, 2]).shown() == "2.0 (1.0-3.0)"
    assert spread([3]).shown(2) == "3.00"
    assert (spread([1, 2]).range(), spread([2, 2.01]).range()) == ("1.0-2.0", "2.0")


@pytest.mark.parametrize(("values", "again"), [([1, 1.1, 1.3], False), ([1, 1.1, 1.5], True)])
def test_measurements_too_far_apart_are_made_again(values: list[float], again: bool) -> None:
    assert unstable(spread(values)) == again


def test_rows_that_the_other_log_lacks_are_counted() -> None:
    one, other = np.array([[1, 2], [3, 4], [5, 6]]), np.array([[3, 4], [1, 7]])
    assert (missing_rows(one, other), missing_rows(other, one)) == (2, 1)


def test_a_table_has_a_rule_below_its_head() -> None:
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n|---|---:|\n| 1 | 2 |"


def test_an_engine_is_measured_with_its_log(tmp_path: Path) -> None:
    found = engine("compiled", 50, tmp_path / "log.npy")
    assert found["rows"] == len(np.load(tmp_path / "log.npy")) > 300
    assert found["cpu_s"] > 0
    assert found["peak_mib"] >= found["before_mib"] > 10
    assert found["log_hash"] == engine("reference", 50)["log_hash"]


@pytest.mark.long
def test_a_quick_bench_prints_the_page_and_writes_nothing(repository: Path) -> None:
    written = repository / "docs" / "performance.md"
    before = written.read_bytes()
    command = [sys.executable, "benchmarks/run.py", "--quick"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("# Performance")
    assert "## The five-step offer" in done.stdout
    assert written.read_bytes() == before
