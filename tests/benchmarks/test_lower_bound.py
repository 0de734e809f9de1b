"""The C program plays the same model as the engines: it writes the log of the engines, row for row."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import lower_bound
from benchmarks.lower_bound.__main__ import measure
from benchmarks.lower_bound.program import FAULTS
from benchmarks.lower_bound.rows import EVENTS, REASONS, ROW
from benchmarks.workload_w import people, scenario, workload
from scenarios.compile.model import compile_scenario
from scenarios.experiments.prepare import prepare_file
from scenarios.model import decode
from simulator.engine.log import Matrix, log_hash
from simulator.engine.model import Model
from simulator.engine.run import run

Raw = dict[str, Any]
needs_compiler = pytest.mark.skipif(not lower_bound.available(), reason=lower_bound.NO_COMPILER)


def same_log(model: Model, replication: int = 0) -> bool:
    written = lower_bound.matrix(lower_bound.run(model, replication), model)
    expected = run(model, replication, "compiled")
    return log_hash(Matrix(written), model, replication) == log_hash(expected, model, replication)


def changed(size: int, seed: int, *changes: Callable[[Raw], None]) -> Model:
    raw = scenario(size, seed, ties=True)
    for change in changes:
        change(raw)
    return compile_scenario(decode(raw), people(size, seed)).model


@needs_compiler
@pytest.mark.parametrize("ties", [True, False])
@pytest.mark.parametrize(("size", "seed"), [(1, 1), (20, 2), (300, 3), (700, 4)])
def test_the_c_program_writes_the_log_of_the_engines(size: int, seed: int, ties: bool) -> None:
    assert same_log(workload(size, seed=seed, ties=ties).model)


@needs_compiler
def test_another_replication_is_another_log() -> None:
    model = workload(200).model
    assert same_log(model, 3)
    logs = [Matrix(lower_bound.matrix(lower_bound.run(model, number), model)) for number in (0, 3)]
    assert log_hash(logs[0], model, 0) != log_hash(logs[1], model, 0)


def slow(raw: Raw) -> None:
    """Queues in which people read an earlier message, and in which evening falls."""
    for name in ("push", "email", "viber", "whatsapp", "sms"):
        raw["channels"][name]["throughput_per_s"] /= 5


def in_the_evening(raw: Raw) -> None:
    raw["campaigns"][1]["release_at"] = "2021-10-04T20:30"


def without_jitter(raw: Raw) -> None:
    """Everyone who was held goes at the same instant."""
    raw["campaigns"][1]["hold_jitter_s"] = 0


def three_days(raw: Raw) -> None:
    raw["clock"]["horizon_days"] = 3


def often_read(raw: Raw) -> None:
    for name in ("push", "email", "viber", "whatsapp", "sms"):
        raw["channels"][name] |= {"read": 0.9, "complained": 0.05}


def small_limit(raw: Raw) -> None:
    raw["senders"]["whatsapp"]["limit"] = 3
    raw["feedback"]["whatsapp"] |= {"yellow_rate": 1, "red_rate": 1}


def mild_ratings(raw: Raw) -> None:
    raw["feedback"]["whatsapp"] |= {"yellow_rate": 0.004, "red_rate": 0.05}


CHANGES = [
    (slow,), (slow, in_the_evening), (slow, in_the_evening, without_jitter), (three_days, slow), (often_read,),
    (often_read, without_jitter), (small_limit,), (small_limit, slow), (mild_ratings,), (mild_ratings, often_read),
]  # fmt: skip


@needs_compiler
@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: "-".join(change.__name__ for change in changes))
def test_the_logs_are_equal_where_queues_holds_limits_and_ratings_are_put_to_the_test(
    changes: tuple[Callable[[Raw], None], ...],
) -> None:
    assert same_log(changed(1000, 11, *changes))


@needs_compiler
def test_these_changes_bring_about_all_that_the_program_can_write() -> None:
    events: set[int] = set()
    reasons: set[int] = set()
    for changes in CHANGES:
        log = lower_bound.run(changed(1000, 11, *changes))
        events |= set(log["event"].tolist())
        reasons |= set(log["reason"].tolist())
    assert events == set(range(len(EVENTS)))
    assert reasons == set(range(len(REASONS)))


@needs_compiler
def test_rows_that_are_only_counted_are_as_many_as_those_that_are_kept() -> None:
    given = lower_bound.hand_over(workload(500).model)
    kept, counted = lower_bound.play(given), lower_bound.play(given, keep=False)
    assert len(counted.log) == 0
    found = np.zeros_like(counted.counts)
    np.add.at(found, (kept.log["event"], kept.log["subject"]), 1)
    assert (counted.counts == found).all()
    assert kept.rows == counted.rows == len(kept.log)


@needs_compiler
def test_the_log_outlives_the_run_that_wrote_it() -> None:
    log = lower_bound.run(workload(100).model)
    again = lower_bound.run(workload(100).model)
    assert log.tobytes() == again.tobytes()
    assert log.itemsize == ROW.itemsize == 24


@needs_compiler
def test_an_earlier_campaign_that_reaches_into_the_offer_is_a_fault() -> None:
    given = lower_bound.hand_over(workload(100).model)
    given.figures.earlier_at = given.figures.offer_at
    with pytest.raises(ValueError, match=FAULTS[2]):
        lower_bound.play(given)


def test_a_model_that_is_not_w_is_refused(repository: Path) -> None:
    other = prepare_file(repository / "scenarios/library/five-step-offer.yaml").compiled().model
    with pytest.raises(ValueError, match="this model lacks: two campaigns, one step and five"):
        lower_bound.hand_over(other)


def test_a_w_that_is_changed_beyond_its_figures_is_refused() -> None:
    def staying_longer(raw: Raw) -> None:
        raw["clock"]["horizon_days"] = 8

    def with_clicks(raw: Raw) -> None:
        raw["channels"]["sms"]["clicked"] = 0.1

    with pytest.raises(ValueError, match="at most seven days"):
        lower_bound.hand_over(changed(20, 1, staying_longer))
    with pytest.raises(ValueError, match="reads and complaints alone"):
        lower_bound.hand_over(changed(20, 1, with_clicks))


def test_without_a_compiler_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)
    assert not lower_bound.available()
    command = [sys.executable, "-m", "benchmarks.lower_bound", "10"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (3, "", lower_bound.NO_COMPILER)


@needs_compiler
def test_a_measurement_has_the_hash_of_the_engines() -> None:
    model = workload(100).model
    found = measure(100, hashed=True)
    assert found["log_hash"] == f"{log_hash(run(model, 0, 'compiled'), model, 0):032x}"
    assert found["rows"] == measure(100, keep=False)["rows"]
    assert found["least_cpu_s"] == found["release_s"] + found["play_s"]
    assert json.loads(json.dumps(found)) == found
