"""A dispatch log and its scenario say all that the full log says, bit for bit, on every random scenario."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.workload_w import workload
from simulator.engine.compiled.engine import Compiled
from simulator.engine.compiled.flatten import flatten
from simulator.engine.compiled.replay import Replay, machine
from simulator.engine.keep import kept
from simulator.engine.log import Matrix, log_hash
from simulator.engine.run import play_reference
from tests.support.logs import canonical, first_difference
from tests.support.random_scenarios import Case, cases
from tests.support.small import compiled

slow = (HealthCheck.too_slow, HealthCheck.data_too_large)
TINY = 1
"""First size of the derived log, so that it is full in the middle of everything."""


def assert_expands(case: Case) -> None:
    """The dispatch logs of both engines, each in its own order of birth, become the full log."""
    model = compiled(case.raw, case.people).model
    flat = flatten(model)
    full = play_reference(model, 0).matrix()
    whole = log_hash(Matrix(full), model, 0)
    for log in (kept(Matrix(full), "dispatch"), Compiled(flat, 0, keep="dispatch").run()):
        expanded = Replay(flat, 0, room=TINY).expand(log)
        assert np.array_equal(canonical(full), canonical(expanded.matrix())), first_difference(full, expanded.matrix())
        assert log_hash(expanded, model, 0) == whole


@settings(max_examples=60, suppress_health_check=slow)
@given(cases())
def test_a_dispatch_log_expands_to_the_full_one(case: Case) -> None:
    assert_expands(case)


@pytest.mark.long
@settings(max_examples=1000, suppress_health_check=slow)
@given(cases())
def test_a_dispatch_log_expands_to_the_full_one_on_many_scenarios(case: Case) -> None:
    assert_expands(case)


@settings(max_examples=20, suppress_health_check=slow)
@given(cases())
def test_the_dispatch_log_of_the_reference_expands_in_the_very_order_of_birth(case: Case) -> None:
    model = compiled(case.raw, case.people).model
    full = play_reference(model, 0)
    assert np.array_equal(Replay(flatten(model), 0).expand(kept(full, "dispatch")).matrix(), full.matrix())


@settings(max_examples=20, suppress_health_check=slow)
@given(cases())
def test_plain_python_expands_to_the_same(case: Case) -> None:
    model = compiled(case.raw, case.people).model
    full = play_reference(model, 0)
    replay = Replay(flatten(model), 0, room=TINY, plain=True)
    assert np.array_equal(replay.expand(kept(full, "dispatch")).matrix(), full.matrix())


@settings(max_examples=20, suppress_health_check=slow)
@given(cases())
def test_a_log_may_be_expanded_stretch_by_stretch(case: Case) -> None:
    model = compiled(case.raw, case.people).model
    full = play_reference(model, 0)
    rows = kept(full, "dispatch").matrix()
    replay = Replay(flatten(model), 0)
    parts = [replay.expand(Matrix(rows[start : start + 7])).matrix() for start in range(0, len(rows), 7)]
    assert np.array_equal(np.concatenate(parts), full.matrix())


def test_the_replay_has_one_signature_whatever_it_expands() -> None:
    """Two signatures of one function, filled into the cache by two processes, were seen to be taken for each other."""
    for size in (1, 2, 40):
        model = workload(size).model
        log = kept(play_reference(model, 0), "dispatch")
        assert len(Replay(flatten(model), 0).expand(log)) == len(play_reference(model, 0))
        Replay(flatten(model), 0).expand(Matrix(log.matrix()[:1]))
    assert len(machine().signatures) == 1
