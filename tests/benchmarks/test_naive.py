"""The baseline plays the same model as the reference: it writes the same log where no two events tie."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.first_and_warm import missing_rows
from benchmarks.naive import run_naive
from benchmarks.workload_w import workload
from policies.records import EVENT_NAMES
from scenarios.experiments.prepare import prepare_file
from simulator.engine.log import Matrix, log_hash
from simulator.engine.run import run


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_ties_the_baseline_writes_the_log_of_the_reference(seed: int) -> None:
    model = workload(600, seed=seed, ties=False).model
    naive, reference = run_naive(model).matrix(), run(model, 0, "reference").matrix()
    assert log_hash(Matrix(naive), model, 0) == log_hash(Matrix(reference), model, 0)


def test_another_replication_is_another_log() -> None:
    model = workload(100, ties=False).model
    assert log_hash(run_naive(model, 1), model, 1) == log_hash(run(model, 1), model, 1)
    assert log_hash(run_naive(model, 1), model, 0) != log_hash(run(model, 0), model, 0)


def test_the_baseline_plays_staff_purchases_opt_outs_and_throttles_too(repository: Path) -> None:
    """On the five-step offer failures are reported, people answer and buy; jitter keeps held people from tying."""
    changed = {
        "audience.synthetic.size": 300,
        "campaigns.0.hold_jitter_s": 600,
        "campaigns.0.cascade.0.throttle_per_h": 61.7,
    }
    model = prepare_file(repository / "scenarios/library/five-step-offer.yaml", overrides=changed).compiled().model
    naive, reference = run_naive(model).matrix(), run(model, 0, "reference").matrix()
    assert missing_rows(reference, naive) == missing_rows(naive, reference) == 0
    seen = {EVENT_NAMES[event] for event in naive[:, 8].tolist()}
    assert {"held", "replied", "answered", "purchased", "unsubscribed", "held_out", "suppressed"} <= seen
