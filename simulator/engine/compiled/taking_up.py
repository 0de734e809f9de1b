"""Whom a replication takes up, and when: people, their chains and what is listed by person, made before it begins."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from policies.jit import compiled
from policies.people import Int64s
from simulator.engine.compiled import layout
from simulator.engine.compiled.chains import CHAIN_WORDS, begin_chains, list_chains
from simulator.engine.compiled.crowd import PERSON_WORDS, begin_people, new_block, records_of, stretches
from simulator.engine.compiled.flatten import Flat
from simulator.engine.compiled.radix import new_counts
from simulator.engine.compiled.release_items import Packing, draw_items, packing_of, release_of
from simulator.engine.compiled.release_order import moves, put_in_order
from simulator.engine.compiled.tables import Records, aligned, read_only
from simulator.engine.model import Model

Kernel = Callable[..., Any]


class Kernels(NamedTuple):
    """What is compiled, each by itself."""

    draw_items: Kernel
    put_in_order: Kernel
    begin_chains: Kernel
    list_chains: Kernel
    begin_people: Kernel


PLAIN = Kernels(draw_items, put_in_order, begin_chains, list_chains, begin_people)


class Taken(NamedTuple):
    """Fields of ``State``; ``released`` chains are in use, and there is one at least."""

    released: int
    people: Records
    own: Int64s
    chains: Records
    chain_ptr: Int64s
    chain_ids: Int64s


@cache
def machines() -> Kernels:
    """Return the kernels compiled; plain Python where the compiler is switched off."""
    return Kernels(*map(compiled, PLAIN))


def take_up_all(flat: Flat, run: int, kernels: Kernels) -> Taken:
    """Return everybody who is taken up in the replication with this run key, numbered by their first release."""
    model, key, p = flat.model, np.uint64(run), packing_of(flat.model)
    words, count = _ordered(model, key, p, kernels)
    chains = words.view(layout.CHAIN).view(np.recarray)
    number = np.full(max(len(model.people), 1), -1, dtype=np.int32)
    taken = kernels.begin_chains(words, chains, words[len(words) - count :], number, p)
    block = _people(flat, key, number, taken, kernels)
    del number
    ptr, ids = _listed(chains, count, taken, kernels) if flat.now[0].keeps_chains else _listed(chains, 0, 0, kernels)
    return Taken(count, records_of(block), block[:, PERSON_WORDS:], chains, ptr, ids)


def _ordered(model: Model, run: np.uint64, p: Packing, kernels: Kernels) -> tuple[Int64s, int]:
    """Return the memory of the chains, of which the last words are items in order, and the number of these.

    They are drawn and sorted there: of each record's words the first and the last are theirs.
    """
    keys, begin = read_only(model.people.key, np.uint64), 0
    members = [read_only(campaign.members, np.uint32) for campaign in model.campaigns]
    draws = [
        (whom, keys, run, release_of(campaign, model.end, p), p)
        for whom, campaign in zip(members, model.campaigns, strict=True)
    ]
    count = sum(_size(each, kernels) for each in draws)
    words = aligned(max(count, 1) * CHAIN_WORDS)
    words[count * CHAIN_WORDS :] = 0
    items, spare = words[:count], words[len(words) - count :]
    if moves(p) % 2 == 0:
        items, spare = spare, items
    for each in draws:
        begin = kernels.draw_items(items, begin, *each)
    kernels.put_in_order(items, spare, new_counts(), keys, p)
    return words, count


def _size(draw: tuple[Any, ...], kernels: Kernels) -> int:
    """Return how many a campaign takes up before the end; they are counted only where it may go on until then."""
    members, _, _, release, _ = draw
    surely = release.span < release.until
    return len(members) if surely else int(kernels.draw_items(np.zeros(0, dtype=np.int64), 0, *draw))


def _people(flat: Flat, run: np.uint64, number: Any, taken: int, kernels: Kernels) -> Int64s:
    """Return the memory of those who are taken up, filled in."""
    block = new_block(taken, len(flat.own_start))
    block[taken:, PERSON_WORDS:] = flat.own_start
    people, columns = records_of(block), np.array([*flat.own_of_people], dtype=np.int64)
    for stretch in stretches(flat):
        kernels.begin_people(block, people, number, stretch, run, flat.place_of, flat.own_start, columns)
    scripted = number[flat.tables.script[:, 0]] if flat.model.script else number[:0]
    people.bits[scripted[scripted >= 0]] |= layout.SCRIPTED
    return block


def _listed(chains: Records, count: int, people: int, kernels: Kernels) -> tuple[Int64s, Int64s]:
    """Return the chains of each person in order of release, as (ptr, ids)."""
    ptr, ids = np.zeros(max(people, 1) + 1, dtype=np.int64), np.zeros(max(count, 1), dtype=np.int64)
    kernels.list_chains(chains[:count], ptr, ids)
    return ptr, ids
