"""Messages of two runs put side by side, one person and campaign at a time: gained, lost, or changed in what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from policies.people import Int64s
from policies.records import CHANNELS, SECOND
from scenarios.diff.sides import ATTEMPTS, Names, Side, places_in

Mask = npt.NDArray[np.bool_]

CHANGES = ("channel", "hour", "price", "outcome", "text", "sender")
"""In what a message of both runs may differ: by what it goes, when (by a second or more: less is the jostling of a
queue), for how much, what becomes of it, its words, its sender."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Messages side by side, person by person in the order of the first audience, then by campaign and time.

    ``a`` and ``b`` are places in the two sides, -1 where a side has no such message. ``changed`` tells by name of
    ``CHANGES`` which pairs differ. ``stopped_a`` and ``stopped_b`` are the steps that send nothing in both runs for
    different reasons, as places in the stops of the two sides.
    """

    a: Int64s
    b: Int64s
    changed: Mapping[str, Mask]
    stopped_a: Int64s
    stopped_b: Int64s

    @property
    def gained(self) -> Mask:
        """Return the messages of the second run alone."""
        return self.a < 0

    @property
    def lost(self) -> Mask:
        """Return the messages of the first run alone."""
        return self.b < 0

    @property
    def differing(self) -> Int64s:
        """Return the places of all pairs that are gained, lost or changed."""
        return np.flatnonzero(self.gained | self.lost | np.logical_or.reduce(list(self.changed.values())))


def pair_up(a: Side, b: Side, words: tuple[Int64s, Int64s], names: Names) -> Pairs:
    """Return the messages of both sides in pairs.

    A message is the same in both if person, campaign, channel and attempt are: these have the same luck. Of what is
    left of a person's campaign, the first in the one run stands beside the first in the other, the second beside the
    second: they have changed channel. ``words`` tells for each side the text of each template of ``names``, by one
    numbering.
    """
    left, right = _same(a, b)
    more_left, more_right = _in_order(a, b, left, right, len(names.campaigns))
    left, right = np.concatenate([left, more_left]), np.concatenate([right, more_right])
    lost, gained = _others(len(a), left), _others(len(b), right)
    one = np.concatenate([left, lost, np.full(len(gained), -1)])
    two = np.concatenate([right, np.full(len(lost), -1), gained])
    order = _by_person(a, b, one, two)
    one, two = one[order], two[order]
    stopped_a = np.arange(len(a.stops.key))
    stopped_b = b.stops.find(a.stops.key)
    stopped_a, stopped_b = _other_reason(a, b, stopped_a, stopped_b)
    return Pairs(one, two, _changes(a, b, one, two, words), stopped_a, stopped_b)


def _same(a: Side, b: Side) -> tuple[Int64s, Int64s]:
    found = places_in(b.key, a.key)
    left = np.flatnonzero(found >= 0)
    return left, found[left]


def _in_order(a: Side, b: Side, left: Int64s, right: Int64s, campaigns: int) -> tuple[Int64s, Int64s]:
    """Return pairs of what is left: the n-th message of a person's campaign here with the n-th there."""
    rest_a, rank_a = _ranked(a, _others(len(a), left), campaigns)
    rest_b, rank_b = _ranked(b, _others(len(b), right), campaigns)
    found = places_in(rank_b, rank_a)
    both = found >= 0
    return rest_a[both], rest_b[found[both]]


def _ranked(side: Side, rest: Int64s, campaigns: int) -> tuple[Int64s, Int64s]:
    """Return the messages by person, campaign and time, and a rising key of person, campaign and place among them."""
    pair = side.recipient[rest] * campaigns + side.campaign[rest]
    order = np.lexsort((side.key[rest], side.at[rest], pair))
    rest, pair = rest[order], pair[order]
    first = np.flatnonzero(np.append(True, pair[1:] != pair[:-1])) if len(pair) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(first, len(pair)))
    rank = np.arange(len(pair)) - np.repeat(first, sizes)
    return rest, pair * (ATTEMPTS * len(CHANNELS)) + rank


def _others(size: int, taken: Int64s) -> Int64s:
    free = np.ones(size, np.bool_)
    free[taken] = False
    return np.flatnonzero(free)


def either(a: Int64s, b: Int64s, one: Int64s, two: Int64s) -> Int64s:
    """Return for each pair the value of the first side, of the second where the first has no message."""
    if not len(a) or not len(b):
        return b[two] if len(b) else a[one]
    return np.where(one >= 0, a[one], b[two])


def _by_person(a: Side, b: Side, one: Int64s, two: Int64s) -> Int64s:
    columns = (either(getattr(a, n), getattr(b, n), one, two) for n in ("key", "at", "campaign", "recipient"))
    return np.lexsort(tuple(columns))


def _changes(a: Side, b: Side, one: Int64s, two: Int64s, words: tuple[Int64s, Int64s]) -> dict[str, Mask]:
    both = (one >= 0) & (two >= 0)
    left, right = one[both], two[both]

    def spread(differs: Mask) -> Mask:
        changed = np.zeros(len(one), np.bool_)
        changed[both] = differs
        return changed

    moved = a.channel[left] != b.channel[right]
    return {
        "channel": spread(moved),
        "hour": spread(np.abs(a.at[left] - b.at[right]) >= SECOND),
        "price": spread(a.cost[left] != b.cost[right]),
        "outcome": spread(a.outcome[left] != b.outcome[right]),
        "text": spread((words[0][a.template[left]] != words[1][b.template[right]]) & ~moved),
        "sender": spread((a.sender[left] != b.sender[right]) & ~moved),
    }


def _other_reason(a: Side, b: Side, left: Int64s, right: Int64s) -> tuple[Int64s, Int64s]:
    both = right >= 0
    left, right = left[both], right[both]
    differs = (
        (a.stops.event[left] != b.stops.event[right])
        | (a.stops.rule[left] != b.stops.rule[right])
        | (a.stops.reason[left] != b.stops.reason[right])
    )
    return left[differs], right[differs]
