"""The transition functions of feedback: counted anew by brute force from a list of events; their documented steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.records import DAY, HOUR, NEVER, WEEK
from simulator.feedback import blocks, limits, pausing, quality, staff, suppression
from simulator.feedback.blocks import Blocking
from simulator.feedback.limits import UNLIMITED, Era, Limit
from simulator.feedback.quality import GREEN, RED, WEIGHTS, YELLOW, Quality

HOURS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6)), min_size=1, max_size=60)
"""Hours since the event before, and who: many at one instant, some days apart."""
OLD = Era((2, 4, 8, UNLIMITED), DAY, 1, 2, lowered_by_quality=True)
NEW = Era((2, 4, 8, UNLIMITED), 6 * HOUR, 1, 2, lowered_by_quality=False)


def limit(era: Era = OLD, level: int = 1) -> Limit:
    return Limit(era, level)


@given(HOURS)
def test_distinct_recipients_are_those_of_the_moving_windows(gaps: list[tuple[int, int]]) -> None:
    state, past, at = limit(), [], 0
    for gap, who in gaps:
        at += gap * HOUR
        limits.count(state, at, who)
        past.append((at, who))
        assert state.distinct_day == len({one for then, one in past if then > at - DAY})
        assert state.distinct_week == len({one for then, one in past if then > at - WEEK})


@given(HOURS, st.integers(0, 200), st.integers(0, 7))
def test_a_place_is_open_below_the_limit_and_for_those_already_counted(
    gaps: list[tuple[int, int]], later: int, asking: int
) -> None:
    state, past, at = limit(), [], 0
    for gap, who in gaps:
        at += gap * HOUR
        limits.count(state, at, who)
        past.append((at, who))
    at += later * HOUR
    counted = {one for then, one in past if then > at - DAY}
    assert limits.open_places(state, at, asking) == (asking in counted or len(counted) < 4)


def test_a_limit_rises_a_while_after_half_of_it_was_used_in_a_week() -> None:
    state = limit()
    assert limits.count(state, 0, 1) == NEVER
    assert limits.count(state, HOUR, 2) == HOUR + DAY
    assert limits.count(state, 2 * HOUR, 3) == NEVER, "one is under way"
    assert not limits.upgrade(state, HOUR)
    assert limits.upgrade(state, HOUR + DAY)
    assert limits.allowed(state) == 8


def test_low_quality_calls_a_rise_off_and_a_week_of_it_costs_a_level() -> None:
    state = limit()
    limits.count(state, 0, 1)
    due = limits.count(state, 0, 2)
    assert limits.flag(state, HOUR) == HOUR + WEEK
    assert not limits.upgrade(state, due)
    assert limits.downgrade(state, HOUR + WEEK)
    assert limits.allowed(state) == 2


def test_quality_that_recovers_within_the_week_costs_nothing() -> None:
    state = limit()
    due = limits.flag(state, 0)
    limits.unflag(state)
    assert not limits.downgrade(state, due)
    assert limits.flag(state, HOUR) == HOUR + WEEK
    assert not limits.downgrade(state, due), "the second week is not over"
    assert limits.allowed(state) == 4


def test_the_lowest_level_is_kept_and_the_highest_is_never_left_upwards() -> None:
    low, high = limit(level=0), limit(level=3)
    assert not limits.downgrade(low, limits.flag(low, 0))
    assert limits.count(high, 0, 1) == limits.count(high, 0, 2) == NEVER


def test_a_portfolio_is_not_lowered_for_quality() -> None:
    state = limit(NEW)
    assert limits.flag(state, 0) == NEVER
    assert limits.count(state, 0, 1) == limits.count(state, 0, 2) == NEVER, "and does not rise meanwhile"
    limits.unflag(state)
    assert limits.count(state, HOUR, 3) == 7 * HOUR


EVENTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=60)


@given(EVENTS)
def test_the_rating_is_that_of_seven_weighted_days(events: list[tuple[int, int, int]]) -> None:
    state, past, at = Quality(100_000, 300_000, 3), [], 0
    for gap, delivered, negative in events:
        at += gap * HOUR
        before = state.rating
        changed = quality.count(state, at, delivered, negative)
        past.append((at // DAY, delivered, negative))
        recent = [(at // DAY - day, good, bad) for day, good, bad in past if at // DAY - day < 7]
        whole = sum(good * WEIGHTS[age] for age, good, _ in recent)
        bad = sum(bad * WEIGHTS[age] for age, _, bad in recent)
        enough = sum(good for _, good, _ in recent) >= 3
        rating = GREEN if not enough or 10 * bad < whole else YELLOW if 10 * bad < 3 * whole else RED
        assert (state.rating, changed) == (rating, rating != before)


def test_a_rating_that_is_looked_at_a_week_later_is_green_again() -> None:
    state = Quality(1, 1, 1)
    assert quality.count(state, 0, 1, 1)
    assert not quality.count(state, 7 * DAY - 1, 0, 0)
    assert quality.count(state, 7 * DAY, 0, 0)
    assert state.rating == GREEN


@given(EVENTS)
def test_a_block_comes_with_a_complaint_over_the_share_of_24_hours(events: list[tuple[int, int, int]]) -> None:
    state, past, at = Blocking(100_000, 300_000, 3, 2 * HOUR), [], 0
    until = -1
    for gap, delivered, negative in events:
        at += gap * HOUR // 4
        word = blocks.count(state, at, delivered, negative)
        past.append((at // HOUR, delivered, negative))
        total = sum(good for hour, good, _ in past if at // HOUR - hour < 24)
        bad = sum(bad for hour, _, bad in past if at // HOUR - hour < 24)
        blocked = bool(negative) and total >= 3 and 10 * bad >= 3 * total and at >= until
        assert (word == blocks.BLOCKED) == blocked
        until = at + 2 * HOUR if blocked else until
        assert blocks.blocked(state, at) == (at < until)


def test_a_sender_is_warned_once() -> None:
    state = Blocking(100_000, 900_000, 1, NEVER)
    assert [blocks.count(state, n, 5, 1) for n in range(3)] == [blocks.WARNED, blocks.QUIET, blocks.QUIET]


def test_a_block_without_end_never_ends() -> None:
    state = Blocking(1, 1, 1, NEVER)
    assert blocks.count(state, 5, 1, 1) == blocks.BLOCKED
    assert blocks.blocked(state, NEVER - 1)


def test_a_red_template_is_paused_three_hours_then_six_then_disabled() -> None:
    state = pausing.Pausing((3 * HOUR, 6 * HOUR))
    assert pausing.usable(state, 0)
    assert pausing.turn_red(state, 0) == 3 * HOUR
    assert not pausing.usable(state, 3 * HOUR - 1)
    assert pausing.usable(state, 3 * HOUR)
    assert pausing.turn_red(state, DAY) == DAY + 6 * HOUR
    assert pausing.turn_red(state, 2 * DAY) == NEVER
    assert not pausing.usable(state, NEVER - 1)


def test_a_delivery_clears_a_run_of_failures() -> None:
    failures = [0, 0]
    for delivered in (False, False, True, False):
        suppression.report(failures, 1, delivered=delivered)
    assert failures == [0, 1]


@pytest.mark.parametrize(("run", "after", "dead"), [(2, 3, False), (3, 3, True), (4, 3, True), (9, 0, False)])
def test_a_number_is_dead_from_so_many_failures_on(run: int, after: int, dead: bool) -> None:
    assert suppression.suppressed([run], 0, after) == dead


def test_staff_take_replies_in_the_order_of_their_coming() -> None:
    team = staff.Staff(on_duty=2)
    assert [staff.arrive(team, who) for who in range(5)] == [True, True, False, False, False]
    assert [staff.finish(team) for _ in range(5)] == [2, 3, 4, -1, -1]
    assert team.busy == 0


def test_a_shift_that_ends_completes_what_it_began_and_the_next_takes_the_rest() -> None:
    team = staff.Staff(on_duty=2)
    for who in range(4):
        staff.arrive(team, who)
    assert staff.change_shift(team, 0) == []
    assert staff.finish(team) == -1
    assert staff.change_shift(team, 3) == [2, 3]
    assert team.busy == 3
