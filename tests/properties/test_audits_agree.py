"""Whatever the rules, the people and the log: compiled audit, plain Python and gate give the same answers."""

from __future__ import annotations

from datetime import date
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.attempt_table import Attempts, blank_attempts
from policies.audit import chunks as audit_chunks
from policies.audit.audit import audit
from policies.context import Context
from policies.gate import Gate
from policies.kinds import base
from policies.kinds.base import FAILS_UNTIL
from policies.people import People
from policies.records import CATEGORIES, CHANNELS, DAY, HOUR, MINUTE, MISSING, NEVER
from policies.tables import RuleTable, build_tables, compile_rules
from tests.support.judging import instant, make_people, make_rule

START, END = instant("2026-10-20"), instant("2026-11-12")
"""Europe's clocks go back on 25 October, America's on 1 November."""
ZONE_SETS = (
    ("Europe/Moscow",), ("Europe/Berlin",), ("America/New_York",), ("Australia/Lord_Howe",), ("Asia/Kathmandu",),
    ("Asia/Yakutsk", "Asia/Magadan"), ("America/Havana", "America/Santiago", "America/Nuuk"), (),
)  # fmt: skip
CONSENTS: tuple[dict[str, Any], ...] = (
    {"channels": ["sms", "email", "push"], "from": "2026-10-25", "evidence": ["method"]},
    {"categories": ["debt"], "from": "missing", "evidence": "missing"},
    {"categories": "missing", "brand": 1, "from": "2026-10-01", "to": "2026-11-05"},
)
HOURS = st.tuples(st.integers(0, 47), st.integers(0, 48)).map(
    lambda pair: [f"{half // 2:02}:{half % 2 * 30:02}" for half in sorted(pair)]
)
WINDOWS = st.fixed_dictionaries(
    {"workday": HOURS},
    optional={
        "dayoff": st.none() | HOURS, "holiday": HOURS, "shifted_workday": HOURS, "end_inclusive": st.booleans(),
        "pause": HOURS, "weekdays": st.dictionaries(st.sampled_from(["mon", "sat", "sun"]), st.none() | HOURS),
    },
)  # fmt: skip
PERIODS = ["cal_day", "cal_week", "cal_month", "roll_24h", "roll_7d", "roll_30d", "cal_7d"]
CAPS = st.fixed_dictionaries(
    {"caps": st.lists(
        st.fixed_dictionaries({"count": st.integers(1, 4), "period": st.sampled_from(PERIODS)}), min_size=1, max_size=2
    )},
    optional={
        "count_channels": st.lists(st.sampled_from(CHANNELS), max_size=3, unique=True),
        "count_categories": st.lists(st.sampled_from(CATEGORIES), max_size=3, unique=True),
    },
)  # fmt: skip
CHECKS = st.one_of(
    st.tuples(st.just("time_window"), WINDOWS),
    st.tuples(st.just("validity"), st.fixed_dictionaries({"window": WINDOWS})),
    st.tuples(st.just("frequency_cap"), CAPS),
    st.sampled_from([
        ("consent", {}), ("consent", {"match": ["channel"], "evidence": ["method"], "max_age_days": 9}),
        ("opt_out", {"grace_minutes": 30}), ("opt_out", {"by": "received"}), ("template", {}),
        ("opt_out", {"grace_business_days": 2}),
        ("template", {"require": "approved"}), ("service_window", {}), ("attestation", {"input": "x"}),
        ("cool_down", {"inactive_days": 60, "pause_days": 75}), ("known_zone", {}),
        ("validity", {"min_s": 60, "max_s": 3600}),
        ("duplicate", {"minutes": 2880, "remember": 2}), ("duplicate", {"minutes": 20000, "answer": "review"}),
        ("first_contact", {"require": "earlier_message", "input": "y"}),
        ("first_contact", {"require": "person_wrote", "input": "y"}),
        ("session_cap", {"hours": 72, "unanswered": 1, "per_session": 2}),
        ("channel_ban", {"countries": ["RU"], "since": "2026-11-01", "answer": "review"}),
        ("registry", {"register": "uk-tps", "must": "be_absent", "effective_after_days": 9, "unless_consent": True}),
        ("registry", {"register": "us-dnc", "must": "be_present"}),
        ("consent", {"basis": {"rests_on": "soft_opt_in", "evidence": ["method"]}, "or_order_within_days": 100}),
    ]),
)  # fmt: skip
SCOPES = st.fixed_dictionaries({}, optional={
    "when": st.sampled_from(["channel == 'sms'", "country == 'RU'", "true"]),
    "channels": st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=4, unique=True).map(tuple),
    "categories": st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=4, unique=True).map(tuple),
    "countries": st.sampled_from([("RU",), ("DE", "US"), ("US-FL", "US-TX")]),
    "effective_from": st.sampled_from([date(2026, 10, 1), date(2026, 10, 29)]),
    "effective_to": st.sampled_from([date(2026, 10, 31), date(2026, 12, 1)]),
})  # fmt: skip


def law_of(drawn: list[tuple[tuple[str, dict[str, Any]], dict[str, Any]]], people: People) -> tuple[RuleTable, Context]:
    context = Context(start=START, end=END, countries=people.countries, evidence={"x": True, "y": False})
    rules = [make_rule(kind, params, id=f"R-{n}", **scope) for n, ((kind, params), scope) in enumerate(drawn)]
    return compile_rules(rules, context), context


def crowd_of(size: int, rng: np.random.Generator) -> People:
    entries = ({"in": "uk-tps", "since": "2026-10-20"}, {"in": "us-dnc", "since": "missing"})
    people = make_people(ZONE_SETS, consents=CONSENTS, size=size, registers=entries)
    people.zone_set = rng.integers(0, len(ZONE_SETS), size)
    people.countries = (*people.countries, "US-FL")
    people.country = rng.integers(-1, 4, size)
    return people


def log_of(n: int, people: int, rng: np.random.Generator) -> Attempts:
    """Messages on the half hours, where windows change, some a microsecond beside; one cell in ten is not known."""
    attempts = blank_attempts(n)

    def some(column: int, values: Any, missing: int = MISSING) -> None:
        attempts.matrix[:, column] = np.where(rng.random(n) < 0.1, missing, values)

    def moments(none: int) -> Any:
        return np.where(rng.random(n) < 0.3, none, rng.integers(START, END, n))

    halves = rng.integers(START // HOUR * 2, END // HOUR * 2, n) * (HOUR // 2)
    attempts.matrix[:, base.A_AT] = halves + rng.integers(-1, 2, n) * rng.choice([0, 1, MINUTE], n)
    attempts.matrix[:, base.A_CHANNEL] = rng.choice([0, 1, 5, 8], n)
    some(base.A_RECIPIENT, rng.integers(0, people, n), -1)
    some(base.A_CATEGORY, rng.integers(0, len(CATEGORIES), n))
    some(base.A_BRAND, rng.integers(0, 3, n))
    some(base.A_COUNTRY, rng.integers(0, 4, n), -1)
    some(base.A_OPT_OUT_AT, moments(NEVER))
    some(base.A_OPT_OUT_RECEIVED_AT, moments(NEVER))
    some(base.A_VALIDITY, rng.choice([0, HOUR, DAY], n))
    some(base.A_TEXT, rng.integers(0, 3, n))
    some(base.A_TEMPLATE_STATE, rng.integers(0, 6, n))
    some(base.A_TEMPLATE_SINCE, moments(NEVER))
    some(base.A_LAST_INBOUND, moments(-NEVER))
    some(base.A_ORDERS, rng.integers(0, 4, n))
    some(base.A_LAST_ORDER_AT, START - rng.integers(0, 200 * DAY, n))
    some(base.A_WHEN, (rng.integers(0, 3, (n, 3)) * [1, 4, 16]).sum(axis=1))
    attempts.observed[:] = rng.random(n) < 0.8
    return attempts


@settings(max_examples=60, deadline=None)
@given(
    drawn=st.lists(st.tuples(CHECKS, SCOPES), min_size=1, max_size=5), seed=st.integers(0, 2**32 - 1),
    size=st.integers(1, 12), room=st.sampled_from([(8192, 512, 4096), (40, 7, 1), (11, 2, 4)]),
)  # fmt: skip
def test_compiled_plain_and_gate_agree(
    drawn: list[tuple[tuple[str, dict[str, Any]], dict[str, Any]]], seed: int, size: int, room: tuple[int, int, int]
) -> None:
    """``room``: messages of a chunk, of a block, and remembered openings, which collide where there is room for one."""
    rng = np.random.default_rng(seed)
    people = crowd_of(size, rng)
    table, context = law_of(drawn, people)
    tables = build_tables(people, context)
    attempts = log_of(150, size, rng)
    plain = audit(attempts, table, tables, people, compile_from=10**9)
    with patch.multiple(audit_chunks, CHUNK=room[0], BLOCK=room[1], OPENINGS=room[2]):
        fast = audit(attempts, table, tables, people, compile_from=0)
        narrow = audit(attempts, table, tables, people, untils=False, compile_from=0)
    assert (fast == plain).all()
    assert (narrow == np.minimum(plain, FAILS_UNTIL)).all()
    of_gate = answers_of_gate(attempts, table, Gate(table, tables, people))
    asked = attempts.matrix[:, base.A_RECIPIENT] >= 0
    same_country = attempts.matrix[:, base.A_COUNTRY] == people.country[attempts.matrix[:, base.A_RECIPIENT]]
    assert (of_gate == plain)[asked & same_country].all()


def answers_of_gate(attempts: Attempts, table: RuleTable, gate: Gate) -> Any:
    """Ask the gate in order of time, as an engine does; it knows the country of its people alone."""
    states: dict[int, list[int]] = {}
    found = np.zeros((len(attempts), len(table)), np.int64)
    for index in np.argsort(attempts.matrix[:, base.A_AT], kind="stable").tolist():
        row = attempts.matrix[index].tolist()
        who = row[base.A_RECIPIENT]
        if who < 0:
            continue
        state = states.setdefault(who, gate.new_state())
        found[index] = gate.answers(who, row, state)
        if attempts.observed[index]:
            gate.observe(row, state)
    return found


CHANGES = {"Europe/Berlin": "2026-10-25", "Australia/Lord_Howe": "2026-10-03", "America/Havana": "2026-11-01"}
"""Clocks go back by an hour, forwards by half an hour, back by an hour at midnight."""


@pytest.mark.parametrize("room", [1, 4096])
@pytest.mark.parametrize("hours", [("04:00", "20:00"), ("04:00", "04:15"), ("02:15", "02:30"), ("00:15", "00:30")])
@pytest.mark.parametrize("zone", CHANGES)
def test_an_opening_is_not_taken_for_one_of_another_zone_or_after_the_clocks_changed(
    zone: str, hours: tuple[str, str], room: int
) -> None:
    """Each quarter of an hour about the change, in six orders, asked by one person there and by one in Moscow."""
    day = instant(CHANGES[zone])
    rng, each = np.random.default_rng(1), np.arange(day - DAY // 2, day + 2 * DAY, HOUR // 4)
    quarters = np.concatenate([rng.permutation(each) for _ in range(6)])
    people = make_people(((zone,), ("Europe/Moscow",)), size=2 * len(quarters))
    context = Context(start=instant("2026-10-01"), end=END, countries=people.countries)
    table = compile_rules([make_rule("time_window", {"workday": list(hours)})], context)
    tables = build_tables(people, context)
    attempts = blank_attempts(len(people))
    attempts.matrix[:, base.A_AT] = np.repeat(quarters, 2)
    attempts.matrix[:, base.A_RECIPIENT] = np.arange(len(people))
    attempts.matrix[:, base.A_CHANNEL] = CHANNELS.index("sms")
    plain = audit(attempts, table, tables, people, compile_from=10**9)
    with patch.object(audit_chunks, "OPENINGS", room):
        assert (audit(attempts, table, tables, people, compile_from=0) == plain).all()


def test_a_cap_counts_messages_of_channels_that_it_does_not_speak_of() -> None:
    """Even where a whole block holds none but such messages."""
    people = make_people((("Europe/Moscow",),))
    context = Context(start=START, end=END, countries=people.countries)
    cap = {"caps": [{"count": 2, "period": "roll_24h"}], "count_channels": ["push"]}
    table = compile_rules([make_rule("frequency_cap", cap, channels=("sms",))], context)
    attempts = blank_attempts(3)
    attempts.matrix[:, base.A_AT] = START + np.arange(3) * HOUR
    attempts.matrix[:, base.A_RECIPIENT] = 0
    attempts.matrix[:, base.A_CHANNEL] = [CHANNELS.index(name) for name in ("push", "push", "sms")]
    with patch.object(audit_chunks, "BLOCK", 1):
        found = audit(attempts, table, build_tables(people, context), people, compile_from=0)
    assert found[:, 0].tolist() == [base.NOT_APPLICABLE, base.NOT_APPLICABLE, START + DAY]
