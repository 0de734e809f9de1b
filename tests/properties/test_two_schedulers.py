"""The reference and the heap scheduler write the same log, bit for bit, on every random scenario."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from policies.records import EVENT_NAMES
from simulator.engine.log import FIELDS
from simulator.engine.run import run
from tests.support.random_scenarios import FEATURES, Case, cases
from tests.support.small import compiled

slow = (HealthCheck.too_slow, HealthCheck.data_too_large)


def first_difference(one: Any, other: Any) -> str:
    """The first row in which two logs differ, as both have it."""
    for number, (left, right) in enumerate(zip(one.tolist(), other.tolist(), strict=False)):
        if left != right:
            names = [{**dict(zip(FIELDS, row, strict=True)), "event": EVENT_NAMES[row[8]]} for row in (left, right)]
            return f"row {number}:\n{names[0]}\n{names[1]}"
    return f"{len(one)} rows against {len(other)}"


def assert_same_logs(case: Case) -> None:
    model = compiled(case.raw, case.people).model
    reference, heap = (run(model, 0, engine).matrix() for engine in ("reference", "heap"))
    assert np.array_equal(reference, heap), first_difference(reference, heap)


@settings(max_examples=60, suppress_health_check=slow)
@given(cases())
def test_both_schedulers_write_the_same_log(case: Case) -> None:
    assert_same_logs(case)


@pytest.mark.long
@settings(max_examples=400, suppress_health_check=slow)
@given(cases())
def test_both_schedulers_write_the_same_log_on_many_scenarios(case: Case) -> None:
    assert_same_logs(case)


def test_the_random_scenarios_use_every_feature_and_bring_about_every_event() -> None:
    """Each feature in at least one of twenty of 150 scenarios, ties in at least half; every event type occurs."""
    seen: Counter[str] = Counter()

    @settings(max_examples=150, database=None, suppress_health_check=slow)
    @given(cases())
    def collect(case: Case) -> None:
        matrix = run(compiled(case.raw, case.people).model, 0, "heap").matrix()
        seen.update(name for name, uses in FEATURES.items() if uses(case))
        seen.update(EVENT_NAMES[event] for event in set(matrix[:, 8].tolist()))

    collect()
    assert {name: seen[name] for name in FEATURES if seen[name] < 150 / 20} == {}
    assert {name for name in EVENT_NAMES if not seen[name]} == set()
    assert seen["ties"] >= 150 / 2
