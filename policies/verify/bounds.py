"""Bounds on the differences of instants: all schedules that share one order of events and one set of answers.

``most[i][j]`` is the greatest value that instant ``i`` minus instant ``j`` may take; instant 0 is the epoch. Instants
are whole microseconds, so a system of such bounds that has a solution has one in whole numbers, and a least one: every
instant as early as the bounds allow. (The difference bounds of timed automata: Dill 1989.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

FREE = 2**62
"""No bound."""
Trail = tuple[Any, int, int, int] | None
"""What was asked so far: (trail before, id, id, bound), for the schedule of a witness; ids are never given twice."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Closed bounds: each is as tight as the others make it. ``ids`` names the instants for the trail."""

    most: tuple[tuple[int, ...], ...] = ((0,),)
    ids: tuple[int, ...] = (0,)
    trail: Trail = None

    def added(self, name: int) -> tuple[Bounds, int]:
        """Return the bounds with one more instant, of which nothing is known, and its place."""
        rows = tuple((*row, FREE) for row in self.most)
        place = len(rows)
        return Bounds((*rows, (*[FREE] * place, 0)), (*self.ids, name), self.trail), place

    def later(self, name: int, since: int, least: int, most: int) -> tuple[Bounds, int]:
        """Return the bounds with an instant more, for which ``least <= instant - since <= most``, and its place.

        As nothing else is said of it, no bound of the others changes; ``least`` must not be above ``most``.
        """
        rows = tuple((*row, row[since] - least if row[since] < FREE else FREE) for row in self.most)
        own = [FREE if FREE in (most, bound) else most + bound for bound in self.most[since]]
        known = self.ids[since]
        trail = (self.trail, known, name, -least)
        trail = (trail, name, known, most) if most < FREE else trail
        return Bounds((*rows, (*own, 0)), (*self.ids, name), trail), len(rows)

    def limited(self, first: int, second: int, most: int) -> Bounds | None:
        """Return the bounds with ``first - second <= most``; None if no schedule is left."""
        m = self.most
        mine, other = m[first], m[second]
        if most >= mine[second]:
            return self
        if most + other[first] < 0:
            return None
        steps = [(place, bound) for place, bound in enumerate(other) if bound < FREE and most + bound < mine[place]]
        rows = tuple(
            _through(row, row[first] + most, steps) if row[first] < FREE and row[first] + most < row[second] else row
            for row in m
        )
        return Bounds(rows, self.ids, (self.trail, self.ids[first], self.ids[second], most))

    def between(self, place: int, since: int, least: int, most: int) -> Bounds | None:
        """Return the bounds with ``least <= place - since <= most``."""
        found = self.limited(since, place, -least)
        return found if found is None or most >= FREE else found.limited(place, since, most)

    def kept(self, places: Sequence[int]) -> Bounds:
        """Return what the bounds say of some instants alone; the epoch stays."""
        if not places:
            return Bounds(trail=self.trail)
        take = itemgetter(0, *places)
        return Bounds(tuple(map(take, take(self.most))), take(self.ids), self.trail)

    def joined(self, other: Bounds) -> tuple[tuple[int, ...], ...]:
        """Return the tightest bounds that every schedule of either keeps; they are closed."""
        pairs = zip(self.most, other.most, strict=True)
        return tuple(tuple(map(max, mine, theirs)) for mine, theirs in pairs)

    def least(self, place: int) -> int:
        """Return the earliest value of an instant; all instants may take their earliest value together."""
        return -self.most[0][place]

    def greatest(self, place: int) -> int:
        """Return the latest value of an instant."""
        return self.most[place][0]


def _through(row: tuple[int, ...], through: int, steps: list[tuple[int, int]]) -> tuple[int, ...]:
    """Return a row of bounds, tighter where the way by the new bound is shorter: so far to it, then on by ``steps``."""
    new = list(row)
    for place, bound in steps:
        if through + bound < row[place]:
            new[place] = through + bound
    return tuple(new)


def schedule(trail: Trail, unit: int) -> dict[int, int] | None:
    """Return the earliest instants, by id, that keep every bound of the trail and are multiples of ``unit``.

    None where there are no such instants. The epoch is a multiple of every unit.
    """
    asked: dict[tuple[int, int], int] = {}
    while trail is not None:
        trail, first, second, most = trail
        asked[first, second] = min(most // unit, asked.get((first, second), FREE))
    at = {0: 0}
    for _ in range(len({name for pair in asked for name in pair}) + 1):
        changed = False
        for (first, second), most in asked.items():
            if first in at and at[first] - most > at.get(second, -FREE):
                at[second] = at[first] - most
                changed = True
        if at[0] > 0:
            return None
        if not changed:
            return {name: value * unit for name, value in at.items()}
    return None
