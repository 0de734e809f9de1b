"""Things of many owners by time, sorted once: how many each owner has had by an instant, and which came last."""

from __future__ import annotations

import numpy as np

from policies.runs.columns import Int64s


class ByOwner:
    """Things with an owner and an instant each; owners are any numbers, such as codes of senders.

    Of one owner and instant they keep their order. Questions are put for many owners and instants at once, and take
    the logarithm of the number of things each.
    """

    def __init__(self, owners: Int64s, at: Int64s) -> None:
        self._names, own = np.unique(owners, return_inverse=True)
        self._instants = np.unique(at)
        self._width = len(self._instants) + 1
        keys = own * self._width + np.searchsorted(self._instants, at, side="right")
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]

    def count(self, owners: Int64s, at: Int64s) -> Int64s:
        """Return how many things each owner has at its instant or before."""
        first, end = self._span(owners, at)
        return end - first

    def latest(self, owners: Int64s, at: Int64s) -> Int64s:
        """Return which thing is the owner's last one at its instant or before; -1 for none."""
        first, end = self._span(owners, at)
        found: Int64s = np.where(end > first, np.append(self._order, -1)[end - 1], -1)
        return found

    def _span(self, owners: Int64s, at: Int64s) -> tuple[Int64s, Int64s]:
        """Return where the things of each owner begin, and where those at the instant or before end."""
        place = np.searchsorted(self._names, owners)
        known = np.append(self._names, 0)[place] == owners  # one behind all names has no things in any case
        first = np.searchsorted(self._keys, place * self._width)
        reached = place * self._width + np.searchsorted(self._instants, at, side="right")
        return first, np.where(known, np.searchsorted(self._keys, reached, side="right"), first)
