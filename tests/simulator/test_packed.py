"""What compiled code reads off packed rows is what numpy reads off them: columns, tables and hashes."""

from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from policies.records import EVENT_NAMES, MISSING, NEVER
from simulator.engine.compiled import columns, hashing, layout, packed
from simulator.engine.compiled.columns import columns_of, lay_out
from simulator.engine.compiled.engine import Compiled
from simulator.engine.compiled.flatten import flatten
from simulator.engine.compiled.hashing import add_hashes, new_lanes, whole, words_of
from simulator.engine.compiled.legend import LANES, legend_of
from simulator.engine.compiled.packed import Packed, Part
from simulator.engine.compiled.tables import records
from simulator.engine.log import REASONS, WIDTH, Matrix, first_words, log_hash, name_hashes, read_columns, to_arrow
from simulator.engine.model import Model
from tests.support.crowd import crowd
from tests.support.random_scenarios import Case, cases
from tests.support.small import campaign, compiled, scenario, step, sure

SIZES = (0, 1, LANES - 1, LANES, LANES + 1, 5 * LANES + 7)
slow = (HealthCheck.too_slow, HealthCheck.data_too_large)


@pytest.fixture(scope="module")
def model() -> Model:
    """Two campaigns, one of which pays by the second, and a sender whose step names a template."""
    channels = {"voice": sure(prices=[{"event": "second", "price": 2}]), "sms": sure()}
    senders = {"n": {"channel": "sms"}, "other": {"channel": "viber", "traffic": "advertising", "provider": "p"}}
    first, second = campaign(step("voice", wait_s=60), step("sms")), campaign(step("viber"), id="second")
    return compiled(scenario(first, second, channels=channels, senders=senders), crowd(20)).model


def odd_rows(model: Model, size: int) -> Packed:
    """Rows of every event at every place, with and without units, people, rules and states, and some wide ones."""
    draw = np.random.Generator(np.random.PCG64(size))
    rows = records(layout.ROW, size)[:size]
    rows.at = draw.integers(-NEVER, NEVER, size)
    rows.other = draw.choice([MISSING, -1, 0, 7, NEVER], size)
    rows.recipient = draw.integers(-1, len(model.people), size)
    rows.units = draw.choice([layout.NO_UNITS, -1, 0, 1, 2**31 - 1], size)
    rows.place = draw.integers(-1 - len(model.campaigns), len(model.steps), size)
    rows.attempt = draw.choice([-1, 0, 2**15 - 1], size)
    rows.extra = draw.integers(-1, len(model.rule_names), size)
    rows.event = draw.integers(0, len(EVENT_NAMES), size)
    rows.reason = draw.integers(0, len(REASONS), size)
    costs = draw.integers(-NEVER, NEVER, np.count_nonzero(rows.units != layout.NO_UNITS))
    half = size // 2
    paid = int(np.count_nonzero(rows.units[:half] != layout.NO_UNITS))
    wide = np.full((3, WIDTH), 0, dtype=np.int64)
    parts = Part(rows[:half], costs[:paid]), Part(rows[half:], costs[paid:])
    return Packed(parts, wide, legend_of(model))


def assert_read_alike(log: Packed, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = to_arrow(log, model, run="r", replication=2), log_hash(log, model, 2)
    with monkeypatch.context() as few:
        few.setattr(packed, "MANY", 0)
        found = to_arrow(log, model, run="r", replication=2), log_hash(log, model, 2)
    found[0].validate(full=True)
    assert found[0].schema.equals(wanted[0].schema)
    assert found[0].equals(wanted[0])
    assert found[1] == wanted[1] == log_hash(Matrix(log.matrix()), model, 2)


@pytest.mark.parametrize("size", SIZES)
def test_odd_rows_are_read_alike(size: int, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_read_alike(odd_rows(model, size), model, monkeypatch)


@settings(max_examples=40, suppress_health_check=slow)
@given(cases())
def test_logs_of_random_scenarios_are_read_alike(case: Case) -> None:
    played = compiled(case.raw, case.people).model
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert_read_alike(Compiled(flatten(played), 0).run(), played, monkeypatch)


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="the compiler is switched off")
def test_each_is_compiled_for_one_set_of_types(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MANY", 0)
    for size in (0, 1, 2, 3):
        log_hash(odd_rows(model, size), model, 0)
        to_arrow(odd_rows(model, size), model, run="r", replication=0)
    key = model.people.key.copy()
    key.flags.writeable = False
    log_hash(odd_rows(model, 3), replace(model, people=replace(model.people, key=key)), 0)
    assert [len(machine().signatures) for machine in (columns.machine, hashing.machine)] == [1, 1]


def test_plain_python_reads_the_same(model: Model) -> None:
    log = odd_rows(model, LANES + 1)
    part = log.parts[1]
    alone = Packed((part,), log.wide[:0], log.legend)
    laid, total = columns_of(len(alone)), np.zeros(4, dtype=np.uint64)
    lay_out(part.rows, part.costs, log.legend, laid, 0, np.empty(LANES, dtype=np.uint32))
    read = read_columns(alone, model)
    for name, values in packed.named(laid).items():
        assert np.array_equal(values, read[name]), name
    words = words_of(log.legend, model, name_hashes(model))
    add_hashes(part.rows, part.costs, log.legend, words, np.array(first_words(0), np.uint64), new_lanes(), total)
    assert whole(total) % 2**128 == log_hash(alone, model, 0)


def test_a_code_without_a_name_is_told(model: Model) -> None:
    log = odd_rows(model, LANES)
    log.parts[0].rows.reason[0] = 255
    with pytest.raises(IndexError, match="a code of the log is 254"):
        to_arrow(log, model, run="r", replication=0)
