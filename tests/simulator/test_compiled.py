"""The compiled engine besides random scenarios: room, signatures, the compiler off, numbers, what it cannot play."""

from __future__ import annotations

import dataclasses
import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from policies.records import EVENT_NAMES
from simulator.engine.compiled import numbers
from simulator.engine.compiled.engine import Compiled, machine
from simulator.engine.compiled.flatten import flatten, why_not
from simulator.engine.compiled.warm import compile_for, is_ready
from simulator.engine.log import log_hash
from simulator.engine.run import engine_for, play_reference
from tests.support.crowd import crowd
from tests.support.small import campaign, compiled, scenario, step, sure, template

PLAIN = """
import warnings
warnings.simplefilter("error")
import numba
from benchmarks.workload_w import workload
from simulator.engine.log import log_hash
from simulator.engine.run import run
assert numba.config.DISABLE_JIT
model = workload({size}).model
print(log_hash(run(model, 0, "compiled"), model, 0))
"""


def busy(**changes: object) -> object:
    lively = sure(read=0.5, clicked=0.5, replied=0.3, complained=0.2, unsubscribed=0.2, throughput_per_s=0.5)
    steps = step("viber", stop_on="read", wait_s=60), step("whatsapp", stop_on="clicked", wait_s=60), step("sms")
    return compiled(
        scenario(campaign(*steps), channels={"viber": lively, "whatsapp": lively}, **changes), crowd(60)
    ).model


@pytest.mark.parametrize("room", [1, 64, 100_000])
def test_the_first_size_of_log_and_pools_does_not_matter(room: int) -> None:
    model = busy()
    log = Compiled(flatten(model), 0, room=room).run()
    assert log_hash(log, model, 0) == log_hash(play_reference(model, 0), model, 0)


def test_columns_and_pieces_say_the_same_as_the_matrix() -> None:
    log = Compiled(flatten(busy()), 0, room=1).run()
    assert len(log.parts) > 1
    matrix = log.matrix()
    assert (log.column("occurred_at") == matrix[:, 9]).all()
    assert np.array_equal(np.concatenate([piece.matrix() for piece in log.pieces()]), matrix)


def test_the_loop_has_one_signature_whatever_it_plays() -> None:
    """Two signatures of one function, filled into the cache by two processes, were seen to be taken for each other."""
    for model in (busy(), busy(staff={"people": 1}), compiled(scenario(campaign(step("sms"))), crowd(1)).model):
        Compiled(flatten(model), 0).run()
    assert len(machine().signatures) == 1


def test_the_compiler_switched_off_writes_the_same_log(repository: Path) -> None:
    from benchmarks.workload_w import workload

    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(repository)}
    done = subprocess.run(
        [sys.executable, "-c", PLAIN.format(size=150)], cwd=repository, env=environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    model = workload(150).model
    assert int(done.stdout) == log_hash(Compiled(flatten(model), 0).run(), model, 0)


def test_compiling_ahead_plays_nobody_and_leaves_the_loop_ready() -> None:
    flat = flatten(busy())
    compile_for(flat)
    assert is_ready()
    assert len(flat.model.campaigns[0].members) == 60


def test_a_model_with_rules_of_another_kind_is_played_by_the_reference_which_says_so() -> None:
    class Foreign:
        def decide(self, recipient: int, attempt: list[int], state: list[int]) -> tuple[int, int, int]:
            return 0, 0, -1

        def observe(self, attempt: list[int], state: list[int]) -> None:
            return None

        def new_state(self) -> list[int]:
            return []

    model = dataclasses.replace(busy(), gate=Foreign())
    assert why_not(model) == "its rules are not of the built-in kinds"
    chosen = engine_for(model, "compiled")
    assert chosen.name == "reference"
    assert "not of the built-in kinds" in chosen.notice


@pytest.mark.parametrize(("bare_first", "sent"), [(False, 2), (True, 1)])
def test_both_engines_know_which_message_of_a_sender_is_the_first(bare_first: bool, sent: int) -> None:
    """Without a word on how to stop no first message goes out, and a second one does."""
    asks = {"check": "opt_out_instruction", "first_message": True}
    names = ("bare", "full") if bare_first else ("full", "bare")
    campaigns = [
        campaign(step("sms", template=name), id=name, release_at=f"2021-10-04T{10 + hour}:00")
        for hour, name in enumerate(names)
    ]
    texts = {"bare": template("sms", body="Скидка!"), "full": template("sms", body="Скидка! Отписаться: СТОП")}
    guards = {"rules": [{"id": "first", "kind": "content", "severity": "block", "params": asks}]}
    model = compiled(scenario(*campaigns, templates=texts, guards=guards), crowd(9)).model
    assert why_not(model) is None
    log = Compiled(flatten(model), 0, room=1).run()
    assert log_hash(log, model, 0) == log_hash(play_reference(model, 0), model, 0)
    assert (log.column("event") == EVENT_NAMES.index("submitted")).sum() == 9 * sent


WORDS = [0, 1, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1, 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9]


MULTIPLIERS = [0, 1, 65535, 65536, 65537, 2**20, 2**24, 3, 9]
WHOLES = [0, 1, 600, 10**9, 2**40, 2**55, 7, 2**62, 5]


def all_of(key, part, bound, multiplier, whole, table):  # type: ignore[no-untyped-def]
    """Every function of ``numbers``, for numbers in the whole range."""
    drawn = numbers.draw(key, part)
    return (
        numbers.combine(key, part),
        drawn,
        numbers.happens(drawn, bound),
        numbers.happens_scaled(drawn, bound, multiplier),
        numbers.part_of(drawn, whole),
        numbers.latency(table, drawn),
    )


@pytest.fixture(scope="module")
def machine_numbers() -> object:
    import numba

    return numba.njit(_nrt=False)(all_of)


@pytest.mark.parametrize("table", [np.arange(2049) * 10**10, np.full(2049, 7), np.arange(2049)[::-1] * 10**9])
def test_machine_words_and_pythons_integers_say_the_same(machine_numbers, table) -> None:  # type: ignore[no-untyped-def]
    cases = zip(WORDS, WORDS[::-1], MULTIPLIERS, WHOLES, strict=True)
    for key, (part, bound, multiplier, whole) in itertools.product(WORDS, cases):
        plain = all_of(key, part, bound, multiplier, whole, table)
        found = machine_numbers(np.uint64(key), np.uint64(part), np.uint64(bound), multiplier, whole, table)
        assert tuple(int(value) for value in found) == tuple(int(value) for value in plain)


def test_prices_that_no_word_holds_are_left_to_the_reference() -> None:
    def priced(price: float) -> object:
        sms = sure(prices=[{"event": "submit", "price": price}])
        return compiled(scenario(campaign(step("sms")), channels={"sms": sms}), crowd(3)).model

    assert why_not(priced(1.25)) is None
    assert why_not(priced(0.1234567890123456)) is None
    assert why_not(priced(1.234567890123456e-12)) == "its prices have too many digits"
