"""The benchmark of the audit measures what it says, and its page follows from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks.audit import Found
from benchmarks.audit_measure import kernel, ours, whole
from benchmarks.audit_page import page
from benchmarks.audit_world import DAYS, START, crowd, law, log_of, names, people_file, write_log
from policies.records import DAY, HOUR


def result(**changes: Any) -> dict[str, Any]:
    spent = {"messages": 1_000_000, "wall_s": 0.5, "cpu_s": 0.5, "peak_mib": 100.0, "load": 1.0, "equal": True}
    return {**spent, "stages": {"read": 0.1, "code": 0.2, "sort": 0.3}, **changes}


def found(**changes: Any) -> Found:
    whole_of = {name: [result()] for name in ("three", "ten", "large")}
    given: dict[str, Any] = {"kernel": {10: [result(cpu_s=0.1)]}, "whole": whole_of, "compiling": [result(cpu_s=9.0)]}
    return Found(**given | changes)


def test_the_page_shows_messages_a_second_and_ratios(repository: Path) -> None:
    text = page(found(rivals={"polars": [result(cpu_s=2.0)]}), repository)
    assert "| 10 | 1,000,000 | 10.00 | 100 | 1 | 1.0 |" in text
    assert "| polars | 1,000,000 | 2.00 | 4.0 | 0.50 | 100 | equal |" in text
    assert "compiles: 9.0 s of CPU" in text


def test_the_page_says_which_tools_are_lacking_and_whose_answers_differ(repository: Path) -> None:
    text = page(found(rivals={"polars": [result(equal=False)]}, missing=["duckdb"]), repository)
    assert "**not equal**" in text
    assert "not installed: duckdb" in text


def test_the_log_is_in_order_of_time_and_within_its_days() -> None:
    at = log_of(500, names(crowd(500)))["occurred_at"].to_numpy()
    assert (np.diff(at) >= 0).all()
    assert START <= at[0] < at[-1] < START + DAYS * DAY


def test_three_rules_pass_and_fail_as_a_look_at_the_log_says(tmp_path: Path) -> None:
    file = tmp_path / "log.parquet"
    write_log(2500, file)
    log, people = pq.read_table(file).to_pylist(), pq.read_table(people_file(file)).to_pylist()
    bits = {person["recipient"]: person["channels"] for person in people}
    channels = ["push", "email", "viber", "vk", "whatsapp", "sms"]
    before: dict[str, list[int]] = {}
    answers = ours(file).tolist()
    for row, (consent, _, cap) in zip(log, answers, strict=True):
        last = before.setdefault(row["recipient"], [])
        assert consent == (0 if bits[row["recipient"]] >> channels.index(row["channel"]) & 1 else -1)
        assert cap == (1 if len(last) > 1 and row["occurred_at"] < last[-2] + 24 * HOUR else 0)
        last.append(row["occurred_at"])
    assert {hours for _, hours, _ in answers} == {0, 1}


def test_the_kernel_and_the_whole_way_are_measured(tmp_path: Path) -> None:
    file = tmp_path / "log.parquet"
    write_log(3000, file)
    assert len(law(40, crowd(10))[0]) == 40
    assert kernel(3000, 10)["cpu_s"] > 0
    assert set(whole(file, 3)["stages"]) == {"read", "code", "sort"}


@pytest.mark.long
def test_a_quick_bench_of_the_audit_prints_the_page_and_writes_nothing(repository: Path) -> None:
    written = repository / "docs" / "performance-audit.md"
    before = written.read_bytes()
    command = [sys.executable, "-m", "benchmarks.audit", "--quick"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("# Performance of the audit")
    assert "not equal" not in done.stdout
    assert written.read_bytes() == before
    if "not installed" not in done.stdout:
        assert all(f"| {tool} |" in done.stdout for tool in ("polars", "DuckDB", "Rego"))
