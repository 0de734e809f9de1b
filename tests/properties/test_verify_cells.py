"""Why a cell stands for all its schedules: at whatever of them the rules are asked, they answer alike."""

from __future__ import annotations

import itertools
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policies.kinds.base import PASS
from policies.verify.anything import HandOver
from policies.verify.bounds import FREE, Bounds, schedule
from policies.verify.cells import Cell, Cells
from policies.verify.judging import Judge
from policies.verify.plan import Plan
from policies.verify.search import Search
from policies.verify.stretches import gaps, united
from policies.verify.verify import recipients
from scenarios.plan.make import make_plan
from tests.support.crowd import crowd
from tests.support.small import campaign, compiled, scenario, step, sure

ZONES = (("Europe/Berlin",), ("America/New_York",), ("Asia/Vladivostok", "Asia/Yakutsk"))
WINDOW = {
    "workday": ["09:00", "20:30"],
    "dayoff": ["11:00", "18:00"],
    "end_inclusive": True,
    "pause": ["13:00", "14:00"],
}
DUTIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("time_window", WINDOW),
    ("time_window", {"workday": ["08:00", "22:00"], "weekdays": {"sun": None}}),
    ("validity", {"window": {"workday": ["08:00", "21:00"], "dayoff": ["10:00", "20:00"]}}),
    ("known_zone", {}),
    ("frequency_cap", {"caps": [{"count": 1, "period": "cal_day"}, {"count": 2, "period": "roll_7d"}]}),
    ("frequency_cap", {"caps": [{"count": 1, "period": "cal_week"}, {"count": 2, "period": "cal_month"}]}),
    ("frequency_cap", {"caps": [{"count": 2, "period": "roll_24h"}]}),
    ("duplicate", {"minutes": 90}),
    ("consent", {"match": ["channel"], "max_age_days": 10}),
    ("consent", {"or_order_within_days": 3}),
    ("opt_out", {"grace_minutes": 60}),
    ("opt_out", {"grace_business_days": 2}),
    ("cool_down", {"orders": 1, "inactive_days": 2, "pause_days": 3}),
)
ROWS = 16
"""Of the rules above: a cap is a row, and a window with a weekday of its own two."""


def _pack(folder: Path) -> str:
    words = dict.fromkeys(("title", "statement", "rationale", "fix"), "a rule of a test")
    cited = {"citation": {"act": "test", "read_on": "2026-03-01"}, "confidence": "documented"}
    rules = [
        {"id": f"T-{number:02}", **words, **cited, "examples": {"passes": "a", "fails": "b"},
         "checks": [{"kind": kind, "severity": "error", "params": params}]}
        for number, (kind, params) in enumerate(DUTIES)
    ]  # fmt: skip
    path = folder / "pack.yaml"
    path.write_text(yaml.safe_dump({"pack": "t", "title": "t", "version": "1", "rules": rules}), encoding="utf-8")
    return str(path)


class Made:
    """A plan, and the hand-overs that were looked for once; its name stays short where a test fails."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.handed = cache(lambda row: _handed(plan, row))

    def __repr__(self) -> str:
        return "Made"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Two steps in the weekend in which Berlin and New York, three weeks apart, put their clocks forward."""
    pack = _pack(tmp_path_factory.mktemp("pack"))
    steps = [step("sms", wait_s=5400, stop_on="delivered"), step("email", wait_s=85000), step("sms", id="again")]
    raw = scenario(
        campaign(*steps, release_at="2026-03-07T18:00", spread_h=30),
        clock={"start": "2026-03-07T09:00", "zone": "Europe/Berlin", "horizon_days": 4},
        channels={"sms": sure(validity_s=7200)},
        packs=[pack],
        as_of="2026-03-07",
    )
    return Made(make_plan(compiled(raw, crowd(3, zones=ZONES)), delay_s=600))


def _handed(plan: Plan, row: int) -> tuple[Cells, list[HandOver]]:
    """Return hand-overs of all sorts, with what one rule alone asks."""
    guards, rules = Judge(plan, plan.guards, own=True), Judge(plan, plan.rules, own=False)
    cells = Cells(plan, guards, rules, frozenset({row}), frozenset({"history", "agreed", "ordered", "left"}))
    seen: list[HandOver] = []

    class Watching(Search):
        def _judge(self, handed: HandOver) -> None:
            seen.append(handed)

    chance, every = random.Random(row), list(recipients(plan, cells))
    chance.shuffle(every)
    for who in every[:3]:
        Watching(plan, cells, 150).run([who], together=True)
    return cells, seen


def _somewhere(bounds: Bounds, chance: random.Random) -> Bounds:
    """Return one schedule of the bounds: every instant fixed, one after another, to a value that is left."""
    for place in chance.sample(range(1, len(bounds.ids)), len(bounds.ids) - 1):
        low, high = bounds.least(place), bounds.greatest(place)
        at = chance.choice([low, min(high, low + 10 * 86_400_000_000), chance.randint(low, max(low, min(high, FREE)))])
        found = bounds.between(place, 0, at, at)
        assert found is not None
        bounds = found
    return bounds


@pytest.mark.parametrize("row", range(ROWS))
def test_all_schedules_of_a_cell_get_the_same_answer(made: Made, row: int) -> None:
    chance, (cells, seen) = random.Random(row), made.handed(row)
    for handed in chance.sample(seen, min(60, len(seen))):
        node, chain = handed
        (party,) = cells.parties(chain.step)
        parts = cells.split(node, node.bounds, chain.at, chain.step, party)
        for cell in chance.sample(parts, min(4, len(parts))):
            told = _outline(cells.answers(node, cell, chain.step, party))
            for _ in range(4):
                point = _somewhere(cell.bounds, chance)
                assert _outline(_asked_at(cells, handed, row, Cell(point, cell.at, cell.piece))) == told


def test_every_row_is_asked(made: Made) -> None:
    asked = len(made.plan.rules)
    assert asked == ROWS


def _asked_at(cells: Cells, handed: HandOver, row: int, point: Cell) -> dict[int, int]:
    """Return what the row answers at one schedule, asked anew and not from what is remembered of the cell."""
    (party,) = cells.parties(handed.chain.step)
    if cells.rules.fixed(row):
        return cells.fixed_at(handed.node.who.person, handed.chain.step, point.bounds.least(point.at), party)
    return cells.answers(handed.node, point, handed.chain.step, party)


def _outline(answers: dict[int, int]) -> dict[int, int]:
    """Return the answers without the instants until which a rule fails: these move with the schedule."""
    return {number: min(answer, PASS + 1) for number, answer in answers.items()}


BOUNDS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(-4, 6)), max_size=8)


@given(asked=BOUNDS)
def test_bounds_are_empty_only_where_no_schedule_is_left(asked: list[tuple[int, int, int]]) -> None:
    bounds: Bounds | None = Bounds()
    for name in (1, 2, 3):
        assert bounds is not None
        bounds, place = bounds.added(name)
        bounds = bounds.between(place, 0, 0, 5)
    for first, second, most in asked:
        bounds = bounds.limited(first, second, most) if bounds is not None else None
    points = [
        (0, a, b, c)
        for a in range(6) for b in range(6) for c in range(6)
        if all((0, a, b, c)[i] - (0, a, b, c)[j] <= most for i, j, most in asked)
    ]  # fmt: skip
    assert (bounds is None) == (not points)
    if bounds is not None:
        least = tuple(min(column) for column in zip(*points, strict=True))
        assert least in points
        assert least == tuple(bounds.least(place) for place in range(4))
        assert schedule(bounds.trail, 1) == dict(enumerate(least))


def test_bounds_without_a_greatest_value_are_bounds() -> None:
    bounds, first = Bounds().added(1)
    bounds, second = bounds.added(2)
    limited = bounds.between(second, first, 1, FREE)
    assert limited is not None
    limited = limited.between(first, 0, 5, 7)
    assert limited is not None
    assert (limited.least(second), limited.greatest(second)) == (6, FREE)


@given(unit=st.sampled_from([2, 3]), asked=BOUNDS)
def test_a_schedule_of_round_values_keeps_every_bound(unit: int, asked: list[tuple[int, int, int]]) -> None:
    trail = None
    for first, second, most in [(0, 1, 0), (0, 2, 0), (0, 3, 0), *asked]:
        trail = trail, first, second, most
    found = schedule(trail, unit)
    points = [(0, a * unit, b * unit, c * unit) for a in range(8) for b in range(8) for c in range(8)]
    good = [p for p in points if all(p[i] - p[j] <= most for i, j, most in asked)]
    if found is None:
        assert not good
    else:
        at = [found[name] for name in range(4)]
        assert all(value % unit == 0 for value in at)
        assert all(at[i] - at[j] <= most for i, j, most in asked)


@given(
    parts=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=6),
    ask=st.tuples(st.integers(0, 20), st.integers(0, 8)),
)
def test_stretches_that_are_left_are_those_not_seen(parts: list[tuple[int, int]], ask: tuple[int, int]) -> None:
    seen: list[tuple[int, int]] = []
    for first, length in parts:
        seen = united(seen, first, first + length)
    covered = {at for first, length in parts for at in range(first, first + length + 1)}
    left = gaps(seen, ask[0], sum(ask))
    assert {at for first, last in left for at in range(first, last + 1)} == set(range(ask[0], sum(ask) + 1)) - covered
    assert all(last + 1 < following for (_, last), (following, _) in itertools.pairwise(seen))
