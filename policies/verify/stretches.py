"""Stretches of time, both ends included, in order and apart: what was looked at, and what is still to be."""

from __future__ import annotations

Stretches = list[tuple[int, int]]


def gaps(seen: Stretches, first: int, last: int) -> Stretches:
    """Return the stretches of ``[first, last]`` that ``seen`` leaves out."""
    found = []
    for begin, end in seen:
        if end < first:
            continue
        if begin > last:
            break
        if begin > first:
            found.append((first, begin - 1))
        first = end + 1
    return [*found, (first, last)] if first <= last else found


def united(seen: Stretches, first: int, last: int) -> Stretches:
    """Return ``seen`` with one stretch more; those that touch are one."""
    before = [one for one in seen if one[1] < first - 1]
    after = [one for one in seen if one[0] > last + 1]
    middle = seen[len(before) : len(seen) - len(after)]
    whole = min([first, *(one[0] for one in middle)]), max([last, *(one[1] for one in middle)])
    return [*before, whole, *after]
