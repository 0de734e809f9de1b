"""Chains in order of release, people numbered by their first one, and the chains of each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from policies.people import Int64s
from simulator.engine.compiled import layout
from simulator.engine.compiled.prefetch import prefetch
from simulator.engine.compiled.release_items import Packing, campaign_of, instant_of, recipient_of
from simulator.engine.compiled.tables import Records

CHAIN_WORDS = layout.CHAIN.itemsize // 8
AHEAD = 16
"""Items between asking for a person's number and using it."""


def begin_chains(words: Int64s, chains: Records, items: Int64s, number: npt.NDArray[np.int32], p: Packing) -> int:
    """Write a chain for each item, number people in order of their first, and return how many they are.

    ``words`` is the memory of ``chains``, and ``items`` may be the last of it: no record reaches beyond the item that
    it is made of. ``number`` is by recipient, -1 at first.
    """
    people, last = 0, len(items) - 1
    for place in range(len(items)):
        prefetch(number, recipient_of(items[min(place + AHEAD, last)], p))
        item = items[place]
        who = recipient_of(item, p)
        if number[who] < 0:
            number[who] = people
            people += 1
        for word in range(place * CHAIN_WORDS, (place + 1) * CHAIN_WORDS):
            words[word] = 0
        chain = chains[place]
        chain.at, chain.who, chain.campaign = instant_of(item, p), number[who], campaign_of(item, p)
    return people


def list_chains(chains: Records, ptr: Int64s, ids: Int64s) -> None:
    """Fill in the chains of each person in order of release: ``ids[ptr[who]:ptr[who + 1]]``; ``ptr`` is zero so far."""
    for c in range(len(chains)):
        ptr[chains[c].who + 1] += 1
    for who in range(1, len(ptr)):
        ptr[who] += ptr[who - 1]
    for c in range(len(chains)):
        who = chains[c].who
        ids[ptr[who]] = c
        ptr[who] += 1
    for who in range(len(ptr) - 1, 0, -1):
        ptr[who] = ptr[who - 1]
    if len(chains):
        ptr[0] = 0
