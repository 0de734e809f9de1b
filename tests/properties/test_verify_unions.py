"""Bounds that are taken together hold the schedules of their parts, and no others."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from policies.verify.bounds import Bounds, schedule
from policies.verify.unions import fewer

MOST = 5
ASKED = st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(-4, 5))


def _whole() -> Bounds:
    bounds: Bounds | None = Bounds()
    for name in (1, 2):
        assert bounds is not None
        bounds, place = bounds.added(name)
        bounds = bounds.between(place, 0, 0, MOST)
    assert bounds is not None
    return bounds


def _points(bounds: Bounds) -> set[tuple[int, ...]]:
    points = ((0, a, b) for a in range(MOST + 1) for b in range(MOST + 1))
    return {
        point
        for point in points
        if all(point[i] - point[j] <= bounds.most[i][j] for i, j in itertools.product(range(3), repeat=2))
    }


@given(cuts=st.lists(ASKED, max_size=4), left=st.sets(st.integers(0, 15), max_size=4))
def test_nothing_is_added_and_nothing_lost(cuts: list[tuple[int, int, int]], left: set[int]) -> None:
    whole = _whole()
    parts = [whole]
    for first, second, most in cuts:
        halves = [(part.limited(first, second, most), part.limited(second, first, -most - 1)) for part in parts]
        parts = [half for pair in halves for half in pair if half is not None]
    parts = [part for number, part in enumerate(parts) if number not in left]
    found = fewer(parts, whole)
    assert len(found) <= len(parts)
    assert set().union(*map(_points, found)) == set().union(*map(_points, parts))
    for one in found:
        assert schedule(one.trail, 1) == {0: 0, 1: one.least(1), 2: one.least(2)}


@given(cuts=st.lists(st.integers(1, MOST), max_size=MOST, unique=True))
def test_stretches_that_touch_become_one(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), MOST + 1]
    parts = [_whole().between(1, 0, first, last - 1) for first, last in itertools.pairwise(edges)]
    (one,) = fewer([part for part in parts if part is not None], _whole())
    assert one.most == _whole().most
