"""Fewer bounds for the same schedules: two that make up one are taken together, and nothing is added."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from policies.verify.bounds import Bounds

FEW = 8
"""Of so many bounds each is tried with each; of more only with the one before, which is where most of them meet."""


def fewer(parts: Sequence[Bounds], whole: Bounds) -> list[Bounds]:
    """Return bounds that together hold the schedules of ``parts`` and no others; all of them lie in ``whole``."""
    found: list[Bounds] = []
    for part in parts:
        found.append(part)
        while len(found) > 1 and (both := together(found[-2], found[-1], whole)) is not None:
            found[-2:] = [both]
    while len(found) <= FEW and (pair := _a_pair(found, whole)) is not None:
        one, other, both = pair
        found = [both, *(part for part in found if part is not one and part is not other)]
    return found


def _a_pair(parts: list[Bounds], whole: Bounds) -> tuple[Bounds, Bounds, Bounds] | None:
    for one, other in itertools.combinations(parts, 2):
        both = together(one, other, whole)
        if both is not None:
            return one, other, both
    return None


def together(one: Bounds, other: Bounds, whole: Bounds) -> Bounds | None:
    """Return bounds for the schedules of both, None where there are no such bounds without others between.

    What was asked to get there is told by ``whole``, which holds both, and by what the bounds add to it.
    """
    rows = one.joined(other)
    hull = Bounds(rows, whole.ids)
    for first, (mine, most) in enumerate(zip(one.most, rows, strict=True)):
        for second, (bound, new) in enumerate(zip(mine, most, strict=True)):
            if bound < new:
                outside = hull.limited(second, first, -bound - 1)
                if outside is not None and not within(outside, other):
                    return None
    trail = whole.trail
    for first, (most, widest) in enumerate(zip(rows, whole.most, strict=True)):
        for second, (bound, wide) in enumerate(zip(most, widest, strict=True)):
            if bound < wide:
                trail = trail, whole.ids[first], whole.ids[second], bound
    return Bounds(rows, whole.ids, trail)


def within(one: Bounds, other: Bounds) -> bool:
    """Say whether every schedule of ``one`` is one of ``other``."""
    return all(
        bound <= most
        for mine, theirs in zip(one.most, other.most, strict=True)
        for bound, most in zip(mine, theirs, strict=True)
    )
