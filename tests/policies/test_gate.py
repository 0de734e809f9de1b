"""What all rules together say: combination, holds, candidate zones, history."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.calendars.zones import local_time
from policies.context import Context
from policies.gate import ALLOW, DECISION_NAMES, DENY, HOLD, UNSURE, Gate, both
from policies.kinds.base import A_AT, A_LOCAL, FAIL, PASS, REVIEW, UNKNOWN
from policies.kinds.frequency_cap import next_month
from policies.records import DAY, HOUR, MINUTE, NEVER
from policies.tables import build_tables, compile_rules
from tests.support.judging import instant, make_attempt, make_people, make_rule

OPEN: dict[str, Any] = {"workday": ["00:00", "24:00"]}
DAYTIME: dict[str, Any] = {"workday": ["10:00", "20:00"], "dayoff": None}
NEVER_OPEN: dict[str, Any] = {"workday": None}
CONSENTS: tuple[dict[str, Any], ...] = ({},)


def gate_of(*checks: tuple[str, dict[str, Any]], zones: tuple[tuple[str, ...], ...] = (("Europe/Moscow",),)) -> Gate:
    people = make_people(zones, consents=CONSENTS)
    context = Context(start=instant("2026-11-01"), end=instant("2026-12-31"), countries=people.countries)
    rules = [make_rule(kind, params, id=f"R-{index}") for index, (kind, params) in enumerate(checks)]
    return Gate(compile_rules(rules, context), build_tables(people, context), people)


def decide(gate: Gate, at: str, recipient: int = 0, **message: Any) -> tuple[str, int, int]:
    attempt = make_attempt({"at": at} | message)
    decision, until, row = gate.decide(recipient, attempt, gate.new_state())
    assert attempt[A_AT] == instant(at)
    return DECISION_NAMES[decision], until, row


def test_nothing_stands_in_the_way() -> None:
    assert decide(gate_of(("consent", {}), ("time_window", OPEN)), "2026-11-20T12:00")[::2] == ("allow", -1)


def test_a_gate_without_rules_allows() -> None:
    assert decide(gate_of(), "2026-11-20T12:00")[0] == "allow"


@pytest.mark.parametrize(
    ("kinds", "expected", "row"),
    [
        (["hold", "unknown", "fail"], "deny", 2),
        (["hold", "unknown"], "unknown", 1),
        (["unknown", "hold"], "unknown", 0),
        (["hold", "review"], "unknown", 1),
        (["pass", "hold"], "hold", 1),
        (["fail", "unknown"], "deny", 0),
        (["review", "unknown"], "unknown", 0),
    ],
)
def test_the_gravest_answer_decides(kinds: list[str], expected: str, row: int) -> None:
    checks = {
        "pass": ("time_window", OPEN),
        "hold": ("time_window", {"workday": ["18:00", "20:00"]}),
        "unknown": ("attestation", {"input": "x"}),
        "review": ("channel_ban", {"answer": "review"}),
        "fail": ("channel_ban", {}),
    }
    found = decide(gate_of(*(checks[kind] for kind in kinds)), "2026-11-20T12:00")
    assert (found[0], found[2]) == (expected, row)


def test_a_hold_ends_where_all_windows_are_open() -> None:
    gate = gate_of(("time_window", {"workday": ["10:00", "20:00"]}), ("time_window", {"workday": ["18:00", "23:00"]}))
    assert decide(gate, "2026-11-20T05:00") == ("hold", instant("2026-11-20T15:00"), 1)
    assert decide(gate, "2026-11-20T18:00") == ("hold", instant("2026-11-21T15:00"), 1)


def test_windows_that_never_meet_are_denied() -> None:
    gate = gate_of(("time_window", {"workday": ["10:00", "12:00"]}), ("time_window", {"workday": ["12:00", "23:00"]}))
    decision, until, row = decide(gate, "2026-11-20T08:00")
    assert (decision, until) == ("deny", NEVER)
    assert row in (0, 1)


def test_a_hold_into_a_denial_is_no_common_window() -> None:
    gate = gate_of(("time_window", DAYTIME), ("opt_out", {"grace_minutes": 60}))
    assert decide(gate, "2026-11-20T04:00", opt_out_at="2026-11-20T04:00") == ("deny", NEVER, 1)


def test_a_hold_into_a_review_is_unknown() -> None:
    gate = gate_of(("time_window", DAYTIME), ("channel_ban", {"since": "2026-11-20", "answer": "review"}))
    assert decide(gate, "2026-11-19T23:00")[::2] == ("unknown", 1)


def test_a_cap_and_a_window_are_held_together() -> None:
    gate = gate_of(("time_window", DAYTIME), ("frequency_cap", {"caps": [{"count": 1, "period": "roll_24h"}]}))
    state = gate.new_state()
    gate.observe(make_attempt({"at": "2026-11-19T16:00"}), state)
    attempt = make_attempt({"at": "2026-11-20T08:00"})
    assert gate.decide(0, attempt, state)[:2] == (HOLD, instant("2026-11-20T16:00"))
    gate.observe(make_attempt({"at": "2026-11-19T18:00"}), state)
    assert gate.decide(0, attempt, state)[:2] == (HOLD, instant("2026-11-23T07:00"))


def test_all_candidate_zones_must_pass() -> None:
    gate = gate_of(("time_window", DAYTIME), zones=(("Europe/Moscow", "Asia/Yekaterinburg"), ()))
    assert decide(gate, "2026-11-20T07:30")[0] == "allow"
    assert decide(gate, "2026-11-20T06:00")[0] == "unknown"
    assert decide(gate, "2026-11-20T03:00")[:2] == ("hold", instant("2026-11-20T07:00"))
    assert decide(gate, "2026-11-20T07:30", recipient=1)[0] == "unknown"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (PASS, PASS, PASS),
        (PASS, FAIL, REVIEW),
        (PASS, 5, REVIEW),
        (PASS, UNKNOWN, UNKNOWN),
        (REVIEW, PASS, REVIEW),
        (REVIEW, UNKNOWN, UNKNOWN),
        (REVIEW, FAIL, REVIEW),
        (FAIL, 5, FAIL),
        (FAIL, UNKNOWN, UNKNOWN),
        (5, 7, 7),
        (FAIL, FAIL, FAIL),
    ],
)
def test_answers_of_two_zones_are_joined(one: int, other: int, expected: int) -> None:
    assert both(one, other) == both(other, one) == expected


def test_rules_of_other_channels_are_left_out() -> None:
    people = make_people()
    context = Context(start=instant("2026-11-01"), end=instant("2026-12-31"), countries=people.countries)
    rules = [make_rule("channel_ban", {}, channels=("viber",)), make_rule("channel_ban", {}, categories=("debt",))]
    gate = Gate(compile_rules(rules, context), build_tables(people, context), people)
    assert decide(gate, "2026-11-20T12:00")[0] == "allow"
    assert decide(gate, "2026-11-20T12:00", channel="viber")[::2] == ("deny", 0)
    assert decide(gate, "2026-11-20T12:00", category="debt")[::2] == ("deny", 1)
    assert decide(gate, "2026-11-20T12:00", category=None)[::2] == ("unknown", 1)


def test_a_rule_holds_between_its_dates_in_its_zone_and_country() -> None:
    people = make_people()
    context = Context(start=instant("2026-11-01"), end=instant("2026-12-31"), countries=people.countries)
    rule = make_rule(
        "channel_ban", {}, countries=("RU",), zone="Europe/Moscow",
        effective_from=date(2026, 11, 10), effective_to=date(2026, 11, 20),
    )  # fmt: skip
    gate = Gate(compile_rules([rule], context), build_tables(people, context), people)
    for at, expected in (
        ("2026-11-09T20:59:59", "allow"),
        ("2026-11-09T21:00:00", "deny"),
        ("2026-11-19T20:59:59", "deny"),
        ("2026-11-19T21:00:00", "allow"),
    ):
        assert decide(gate, at)[0] == expected


@pytest.mark.parametrize(
    ("home", "of_rule", "expected"),
    [
        ("US", ("US",), "hold"),
        ("US-FL", ("US",), "hold"),
        ("US-FL", ("US-FL",), "hold"),
        ("US-FL", ("US-FL", "US"), "hold"),
        ("US", ("US-FL", "US"), "hold"),
        ("US-TX", ("US-FL",), "allow"),
        ("US", ("US-FL",), "unknown"),
        ("CA", ("US-FL",), "allow"),
        (None, ("US-FL",), "unknown"),
    ],
)
def test_a_rule_for_a_country_speaks_of_its_parts_and_one_for_a_part_may_speak_of_the_country(
    home: str | None, of_rule: tuple[str, ...], expected: str
) -> None:
    people = make_people((("Etc/UTC",),), country=home)
    context = Context(start=instant("2026-11-01"), end=instant("2026-12-31"), countries=people.countries)
    rule = make_rule("time_window", {"workday": ["10:00", "20:00"]}, countries=of_rule)
    gate = Gate(compile_rules([rule], context), build_tables(people, context), people)
    assert decide(gate, "2026-11-20T03:00")[0] == expected
    assert decide(gate, "2026-11-20T12:00")[0] == "allow"


def test_only_grave_rules_act() -> None:
    people = make_people()
    context = Context(start=instant("2026-11-01"), end=instant("2026-12-31"), countries=people.countries)
    severities = ("block", "error", "warn", "info")
    table = compile_rules([make_rule("channel_ban", {}, severity=name) for name in severities], context)
    assert len(table) == 4
    assert [check.severity for check in table.acting().row_check] == ["block", "error"]
    assert table.acting(("warn",)).rows[:, 7].tolist() == [2]


HOURS = st.integers(0, 24 * 60).map(lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}")
WINDOWS = st.none() | st.lists(HOURS, min_size=2, max_size=2)
PARAMS = st.fixed_dictionaries(
    {"workday": WINDOWS},
    optional={"dayoff": WINDOWS, "holiday": WINDOWS, "shifted_workday": WINDOWS, "end_inclusive": st.booleans()},
)
ZONES = st.sampled_from(["Europe/Moscow", "America/New_York", "Australia/Lord_Howe"])
INSTANTS = st.integers(instant("2026-10-15"), instant("2026-11-30"))


@given(PARAMS, ZONES, INSTANTS)
def test_until_is_the_first_instant_that_passes(params: dict[str, Any], zone: str, at: int) -> None:
    gate = gate_of(("time_window", params), zones=((zone,),))
    attempt, state = make_attempt({"at": at}), gate.new_state()
    until = gate.answers(0, attempt, state)[0]
    if until > 0:
        attempt[A_AT] = until
        assert gate.answers(0, attempt, state) == [PASS]
        attempt[A_AT] = until - 1
        assert gate.answers(0, attempt, state)[0] != PASS


@given(st.integers(0, 23 * 60), st.integers(1, 60), ZONES, INSTANTS)
def test_a_window_passes_exactly_inside_it(start: int, length: int, zone: str, at: int) -> None:
    end = start + length
    hours = [f"{value // 60:02}:{value % 60:02}" for value in (start, end)]
    gate = gate_of(("time_window", {"workday": hours}), zones=((zone,),))
    attempt = make_attempt({"at": at})
    answer = gate.answers(0, attempt, gate.new_state())[0]
    assert (answer == PASS) == (start * MINUTE <= attempt[A_LOCAL] % DAY < end * MINUTE)


@given(
    st.integers(1, 4),
    st.sampled_from([("roll_24h", 1), ("roll_7d", 7), ("roll_30d", 30)]),
    st.lists(st.integers(1, 20 * HOUR), min_size=1, max_size=30),
)
def test_whoever_waits_for_the_cap_keeps_it(count: int, period: tuple[str, int], gaps: list[int]) -> None:
    gate = gate_of(("frequency_cap", {"caps": [{"count": count, "period": period[0]}]}))
    sent: list[int] = []
    state, at = gate.new_state(), instant("2026-11-02")
    for gap in gaps:
        at += gap
        attempt = make_attempt({"at": at})
        decision, until, _ = gate.decide(0, attempt, state)
        in_window = [one for one in sent if one > at - period[1] * DAY]
        assert (decision == ALLOW) == (len(in_window) < count)
        at = until if decision == HOLD else at
        attempt[A_AT] = at
        assert gate.decide(0, attempt, state)[0] == ALLOW
        gate.observe(attempt, state)
        sent.append(at)


@given(st.integers(0, 47_000))
def test_the_next_month_is_that_of_the_calendar(day: int) -> None:
    today = date.fromordinal(date(1970, 1, 1).toordinal() + day)
    first = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    assert next_month(day) == first.toordinal() - date(1970, 1, 1).toordinal()


def test_the_days_reach_beyond_the_clocks() -> None:
    people = make_people((("Pacific/Kiritimati",), ("Pacific/Pago_Pago",)))
    context = Context(start=instant("2026-11-01T23:00"), end=instant("2026-11-02T01:00"), countries=people.countries)
    tables = build_tables(people, context)
    clocks = (tables.zone_ptr.tolist(), tables.trans_at.tolist(), tables.trans_off.tolist())
    for zone in (0, 1):
        for at in (context.start - 35 * DAY, context.end + 35 * DAY - 1):
            day = local_time(at, zone, *clocks) // DAY
            assert tables.day_first <= day < tables.day_first + tables.day_class.shape[1]


def test_decisions_have_names() -> None:
    assert [DECISION_NAMES[code] for code in (ALLOW, HOLD, UNSURE, DENY)] == ["allow", "hold", "unknown", "deny"]
    assert datetime.fromtimestamp(instant("2026-11-20") / 1_000_000, UTC).date() == date(2026, 11, 20)
