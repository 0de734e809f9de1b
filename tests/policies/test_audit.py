"""The audit: Python and compiled code agree, history is each person's own, bad input is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from policies.audit import chunks as audit_chunks
from policies.audit.audit import FAILS_UNTIL, Attempts, audit, blank_attempts, by_recipient
from policies.context import Context
from policies.errors import InputError
from policies.gate import Gate
from policies.kinds import base
from policies.people import People
from policies.records import DAY, MISSING, NEVER
from policies.tables import RuleTable, Tables, build_tables, compile_rules
from tests.support.judging import instant, make_people, make_rule

START, END = instant("2026-11-01"), instant("2026-11-30")
WINDOW: dict[str, Any] = {"workday": ["08:00", "22:00"], "dayoff": ["09:00", "20:00"]}
CHECKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("time_window", WINDOW),
    ("time_window", {"workday": ["10:00", "20:00"], "pause": ["13:00", "14:00"], "weekdays": {"sun": None}}),
    ("frequency_cap", {"caps": [{"count": 2, "period": "cal_day"}, {"count": 3, "period": "roll_7d"}]}),
    ("frequency_cap", {"caps": [{"count": 4, "period": "cal_month"}], "count_channels": ["sms", "push"]}),
    ("consent", {}),
    ("opt_out", {"grace_minutes": 30}),
    ("cool_down", {"inactive_days": 60, "pause_days": 75}),
    ("template", {}),
    ("template", {"require": "approved"}),
    ("service_window", {}),
    ("channel_ban", {"countries": ["RU"], "since": "2026-11-15", "answer": "review"}),
    ("validity", {"window": WINDOW}),
    ("attestation", {"input": "x"}),
    ("validity", {"min_s": 60, "max_s": 3600}),
    ("duplicate", {"minutes": 2880, "remember": 2}),
    ("duplicate", {"minutes": 2880, "answer": "review"}),
    ("known_zone", {}),
    ("first_contact", {"require": "earlier_message", "input": "x"}),
    ("first_contact", {"require": "person_wrote", "input": "x"}),
    ("session_cap", {"hours": 72, "unanswered": 1, "per_session": 2}),
    ("registry", {"register": "uk-tps", "must": "be_absent", "unless_consent": True}),
)
World = tuple[RuleTable, Tables, People]


@pytest.fixture(scope="module")
def world() -> World:
    zones = (("Europe/Moscow",), ("Asia/Yakutsk", "Asia/Magadan"), ("America/New_York",), ())
    consents = ({"channels": ["sms", "email"], "from": "2026-11-05"}, {"categories": ["debt"], "from": "missing"})
    people = make_people(zones, consents=consents, size=40)
    context = Context(start=START, end=END, countries=people.countries)
    rules = [
        make_rule(kind, params, id=f"R-{index}", categories=("promo", "debt") if index % 2 else ())
        for index, (kind, params) in enumerate(CHECKS)
    ]
    return compile_rules(rules, context), build_tables(people, context), people


def random_attempts(n: int, people: int, seed: int = 1) -> Attempts:
    rng = np.random.default_rng(seed)
    attempts = blank_attempts(n)

    def some(column: int, values: np.ndarray, missing: int = MISSING) -> None:
        attempts.matrix[:, column] = np.where(rng.random(n) < 0.1, missing, values)

    times = rng.integers(START, END, n) // DAY * DAY + rng.integers(0, 48, n) * (DAY // 48)
    attempts.matrix[:, base.A_AT] = times
    attempts.matrix[:, base.A_CHANNEL] = rng.integers(0, 9, n)
    some(base.A_RECIPIENT, rng.integers(0, people, n), -1)
    some(base.A_CATEGORY, rng.integers(0, 6, n))
    some(base.A_OPT_OUT_AT, np.where(rng.random(n) < 0.5, NEVER, rng.integers(START, END, n)))
    some(base.A_VALIDITY, rng.integers(0, 2 * DAY, n))
    some(base.A_TEMPLATE_STATE, rng.integers(0, 6, n))
    some(base.A_TEMPLATE_SINCE, np.where(rng.random(n) < 0.3, NEVER, rng.integers(START, END, n)))
    some(base.A_LAST_INBOUND, np.where(rng.random(n) < 0.3, -NEVER, rng.integers(START, END, n)))
    some(base.A_ORDERS, rng.integers(0, 4, n))
    some(base.A_LAST_ORDER_AT, START - rng.integers(0, 200 * DAY, n))
    attempts.observed[:] = rng.random(n) < 0.8
    return attempts


def test_python_and_compiled_answers_are_equal(world: World) -> None:
    attempts = random_attempts(3_000, 40)
    slow = audit(attempts, *world, compile_from=10**9)
    fast = audit(attempts, *world, compile_from=0)
    assert (slow == fast).all()
    assert {-4, -3, -2, -1, 0} < set(np.unique(np.minimum(slow, 1)).tolist())


def test_the_audit_says_what_the_gate_says(world: World) -> None:
    table, _, people = world
    gate = Gate(*world)
    attempts = random_attempts(300, len(people), seed=2)
    attempts.matrix[:, base.A_RECIPIENT] %= len(people)
    found = audit(attempts, *world)
    states = [gate.new_state() for _ in range(len(people))]
    for index in np.argsort(attempts.matrix[:, base.A_AT], kind="stable").tolist():
        row = attempts.matrix[index].tolist()
        who = row[base.A_RECIPIENT]
        assert gate.answers(who, row, states[who]) == found[index].tolist()
        if attempts.observed[index]:
            gate.observe(row, states[who])
    assert len(table) == found.shape[1]


def test_the_order_of_the_log_does_not_matter(world: World) -> None:
    attempts = random_attempts(500, 40)
    attempts.matrix[:, base.A_AT] += np.arange(500)  # no ties
    shuffled = np.random.default_rng(3).permutation(500)
    found = audit(Attempts(attempts.matrix[shuffled], attempts.observed[shuffled]), *world)
    assert (found == audit(attempts, *world)[shuffled]).all()


@pytest.mark.parametrize(("chunk", "block"), [(7, 512), (8192, 3), (5, 2)])
def test_a_history_lasts_over_chunks_and_blocks(
    world: World, monkeypatch: pytest.MonkeyPatch, chunk: int, block: int
) -> None:
    attempts = random_attempts(500, 5)
    monkeypatch.setattr(audit_chunks, "CHUNK", chunk)
    monkeypatch.setattr(audit_chunks, "BLOCK", block)
    assert (audit(attempts, *world, compile_from=0) == audit(attempts, *world, compile_from=10**9)).all()


def test_a_narrow_matrix_says_that_it_fails_but_not_until_when(world: World) -> None:
    attempts = random_attempts(200, 40)
    narrow, wide = audit(attempts, *world, untils=False), audit(attempts, *world)
    assert narrow.dtype == np.int8
    assert (narrow == np.minimum(wide, FAILS_UNTIL)).all()
    assert (narrow == FAILS_UNTIL).any()


def test_an_empty_log_has_no_answers(world: World) -> None:
    assert audit(blank_attempts(0), *world).shape == (0, len(world[0]))


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        (base.A_AT, MISSING, "instant"),
        (base.A_CHANNEL, 9, "channel"),
        (base.A_CHANNEL, MISSING, "channel"),
        (base.A_RECIPIENT, 40, "recipient"),
        (base.A_RECIPIENT, MISSING, "recipient"),
    ],
)
def test_an_attempt_that_no_rule_can_judge_is_refused(world: World, column: int, value: int, word: str) -> None:
    attempts = random_attempts(10, 40)
    attempts.matrix[4, column] = value
    with pytest.raises(InputError, match=f"attempt 4: .*{word}.*1 such row"):
        audit(attempts, *world)


def test_the_order_is_by_recipient_then_time_then_place() -> None:
    who, at = np.array([2, -1, 2, 0, 2]), np.array([5, 9, 5, 1, 4])
    assert by_recipient(who, at).tolist() == [1, 3, 4, 0, 2]


def test_more_countries_than_bits_are_refused() -> None:
    with pytest.raises(InputError, match="63 countries"):
        Context(start=0, end=1, countries=tuple(f"C{number}" for number in range(63)))
