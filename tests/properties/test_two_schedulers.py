"""The reference and the compiled engine write the same log, bit for bit, on every random scenario."""

from __future__ import annotations

from collections import Counter
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from policies.records import EVENT_NAMES
from simulator.engine.compiled import slots
from simulator.engine.compiled.engine import Compiled
from simulator.engine.compiled.flatten import flatten
from simulator.engine.run import play_reference
from tests.support.logs import canonical, first_difference
from tests.support.random_scenarios import FEATURES, Case, cases
from tests.support.small import compiled

slow = (HealthCheck.too_slow, HealthCheck.data_too_large)
TINY = 1
"""First size of every pool: each log begins with next to no room, and grows in the middle of everything."""


def assert_same_logs(case: Case) -> None:
    model = compiled(case.raw, case.people).model
    reference = play_reference(model, 0).matrix()
    with patch.object(slots, "SHARED", 1):  # as many slots for the ends of holds as there are people
        machine = Compiled(flatten(model), 0, room=TINY).run().matrix()
    assert np.array_equal(canonical(reference), canonical(machine)), first_difference(reference, machine)


@settings(max_examples=150, suppress_health_check=slow)
@given(cases())
def test_both_engines_write_the_same_log(case: Case) -> None:
    assert_same_logs(case)


@pytest.mark.long
@settings(max_examples=2000, suppress_health_check=slow)
@given(cases())
def test_both_engines_write_the_same_log_on_many_scenarios(case: Case) -> None:
    assert_same_logs(case)


def test_the_random_scenarios_use_every_feature_and_bring_about_every_event() -> None:
    """Each feature in at least one of twenty of 300 scenarios, ties in at least half; every event type occurs."""
    seen: Counter[str] = Counter()

    @settings(max_examples=300, derandomize=True, suppress_health_check=slow)
    @given(cases())
    def collect(case: Case) -> None:
        matrix = play_reference(compiled(case.raw, case.people).model, 0).matrix()
        seen.update(name for name, uses in FEATURES.items() if uses(case))
        seen.update(EVENT_NAMES[event] for event in set(matrix[:, 8].tolist()))

    collect()
    assert {name: seen[name] for name in FEATURES if seen[name] < 300 / 20} == {}
    assert {name for name in EVENT_NAMES if not seen[name]} == set()
    assert seen["ties"] >= 300 / 2
