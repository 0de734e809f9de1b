"""Schedules apart by how much time lies between two of their instants."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from policies.verify.bounds import Bounds


class Look(NamedTuple):
    """What matters of a message handed over before: its place, the ages, or when it was and the ends of its period."""

    place: int
    ages: list[int]
    since: list[int]
    ends: list[list[int]]

    def split(self, parts: list[Bounds], at: int, sent: int) -> list[Bounds]:
        """Return the schedules apart: by the age of the message, and by the period that it counts in."""
        parts = by_age(parts, at, sent, self.ages)
        if not self.since:
            return parts
        found = []
        for part in by_age(parts, sent, 0, self.since):
            number = bisect_right(self.since, part.least(sent)) - 1
            found += by_age([part], at, 0, self.ends[max(number, 0)])
        return found


def by_age(parts: list[Bounds], later: int, earlier: int, ages: list[int]) -> list[Bounds]:
    """Return the schedules apart: by which of the ages (or instants), in order, have passed between two instants."""
    found = []
    for part in parts:
        rest: Bounds | None = part
        first = bisect_right(ages, -part.most[earlier][later])
        for age in ages[first : bisect_right(ages, part.most[later][earlier])]:
            before = rest.limited(later, earlier, age - 1) if rest is not None else None
            rest = rest.limited(earlier, later, -age) if rest is not None else None
            found += [before] if before is not None else []
        found += [rest] if rest is not None else []
    return found
