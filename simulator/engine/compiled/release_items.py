"""First releases as whole numbers that sort by time, drawn straight into the memory that is to be sorted.

An item says, from its top bit down: when (in ticks), the first bits of the person's key (so that those who share an
instant are seldom looked up), the campaign, and the recipient. It is never negative, so that 63 bits are left.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from policies.kernels import kernel
from policies.people import Int64s
from simulator.engine.compiled.codes import D_RELEASE
from simulator.engine.compiled.numbers import combine, draw, word
from simulator.engine.model import Campaign, Model

BITS = 63
MILLISECOND = 1000
"""Releases fall on whole ones, from the instant at which their campaign begins."""
_ONE, _HALF, _KEY_BITS = np.uint64(1), np.uint64(32), np.uint64(63)


class Packing(NamedTuple):
    """Where the parts of an item lie: ``hint`` bits of the key over ``low`` ones, of which ``who`` name a recipient."""

    base: int  # the instant of tick 0
    tick: int  # microseconds, a part of a millisecond
    hint: int
    low: int
    who: int


class Release(NamedTuple):
    """How one campaign takes people up; ``span`` and ``until`` are milliseconds since it begins."""

    key: np.uint64
    campaign: int  # its index
    first: int  # the tick at which it begins
    span: int
    until: int  # what is drawn from here on lies past the horizon


def packing_of(model: Model) -> Packing:
    """Return how the releases of this model are packed; ``hint`` is negative where they do not fit."""
    begun = [campaign for campaign in model.campaigns if campaign.release_at < model.end]
    base = min((campaign.release_at for campaign in begun), default=model.end)
    tick = math.gcd(MILLISECOND, *(campaign.release_at - base for campaign in begun))
    last = max((min(campaign.release_at + campaign.spread, model.end) - base for campaign in begun), default=0)
    who = len(model.people).bit_length()
    low = who + len(model.campaigns).bit_length()
    return Packing(base, tick, BITS - max((last // tick).bit_length(), 1) - low, low, who)


def fits(model: Model) -> bool:
    """Say whether each release of this model can be told by an item, and all of them be counted by 31 bits."""
    taken = sum(len(campaign.members) for campaign in model.campaigns)
    return packing_of(model).hint >= 0 and max(taken, len(model.people)) < 2**31


def release_of(campaign: Campaign, end: int, p: Packing) -> Release:
    """Return how a campaign takes people up before ``end``."""
    until = max(-(-(end - campaign.release_at) // MILLISECOND), 0)
    first = (campaign.release_at - p.base) // p.tick if until else 0
    return Release(np.uint64(campaign.key), campaign.index, first, campaign.spread // MILLISECOND, until)


def draw_items(
    items: Int64s, begin: int, members: npt.NDArray[np.uint32], keys: npt.NDArray[np.uint64], run: np.uint64,
    release: Release, p: Packing,
) -> int:  # fmt: skip
    """Draw when each member is taken up, and write items from ``items[begin]`` on; return where they end.

    ``keys`` are those of all people. Who would be taken up past the horizon is left out. What finds no room in
    ``items`` is counted only.
    """
    place, ticks = begin, MILLISECOND // p.tick
    for number in range(len(members)):
        who = word(members[number])
        person = keys[who]
        drawn = draw(combine(combine(run, person), release.key), D_RELEASE)
        after = share_of(word(drawn >> _HALF), release.span)
        if after < release.until:
            if place < len(items):
                when = (release.first + after * ticks) << p.hint | first_bits(person, p.hint)
                items[place] = when << p.low | release.campaign << p.who | who
            place += 1
    return place


@kernel
def share_of(share: int, whole: int) -> int:
    """Return ``share * whole >> 32``: ``world._share``."""
    return ((share >> 16) * whole + ((share & 0xFFFF) * whole >> 16)) >> 16


@kernel
def first_bits(key: Any, number: int) -> int:
    """Return so many first bits of a key, at most 63."""
    return word(key >> _ONE >> (_KEY_BITS - np.uint64(number)))


@kernel
def instant_of(item: int, p: Packing) -> int:
    """Return the instant of an item, microseconds."""
    return p.base + (item >> p.hint >> p.low) * p.tick


@kernel
def recipient_of(item: int, p: Packing) -> int:
    """Return whom an item takes up."""
    return item & ((1 << p.who) - 1)


@kernel
def campaign_of(item: int, p: Packing) -> int:
    """Return the index of an item's campaign."""
    return (item & ((1 << p.low) - 1)) >> p.who
