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
from simulator.engine.compiled.sources import PACKAGES
from simulator.engine.compiled.tables import Records, aligned, read_only
from simulator.engine.model import Campaign, Model

Machine = Callable[..., Any]


class Taken(NamedTuple):
    """Fields of ``State``; ``released`` chains are in use, and there is one at least."""

    released: int
    people: Records
    own: Int64s
    chains: Records
    chain_ptr: Int64s
    chain_ids: Int64s


@cache
def machines() -> tuple[Machine, Machine, Machine, Machine, Machine]:
    """Return the kernels compiled; plain Python where the compiler is switched off."""
    kernels: tuple[Machine, ...] = (draw_items, put_in_order, begin_chains, list_chains, begin_people)
    draw, order, chains, listed, people = (compiled(kernel, PACKAGES) for kernel in kernels)
    return draw, order, chains, listed, people


def take_up_all(flat: Flat, run: int) -> Taken:
    """Return everybody who is taken up in the replication with this run key, numbered by their first release."""
    _, _, begin, listed, _ = machines()
    p = packing_of(flat.model)
    words, count = _ordered(flat.model, np.uint64(run), p)
    chains = words.view(layout.CHAIN).view(np.recarray)
    number = np.full(max(len(flat.model.people), 1), -1, dtype=np.int32)
    taken = begin(words, chains, words[len(words) - count :], number, p)
    people, own = _people(flat, np.uint64(run), number, taken)
    del number
    keeps = bool(flat.now[0].keeps_chains)
    ptr = np.zeros(max(taken, 1) + 1 if keeps else 1, dtype=np.int64)
    ids = np.zeros(count if keeps else 1, dtype=np.int64)
    listed(chains[: count if keeps else 0], ptr, ids)
    return Taken(count, people, own, chains, ptr, ids)


def _ordered(model: Model, run: np.uint64, p: Packing) -> tuple[Int64s, int]:
    """Return the memory of the chains, of which the last words are items in order, and the number of these.

    They are drawn and sorted there: of each record's words the first and the last are theirs.
    """
    draw, order, *_ = machines()
    keys = read_only(model.people.key, np.uint64)
    sizes = [_size(model, campaign, run, p) for campaign in model.campaigns]
    count = sum(sizes)
    words = aligned(max(count, 1) * CHAIN_WORDS)
    words[count * CHAIN_WORDS :] = 0
    items, spare = words[:count], words[len(words) - count :]
    if moves(p) % 2 == 0:
        items, spare = spare, items
    begin = 0
    for campaign in model.campaigns:
        members = read_only(campaign.members, np.uint32)
        begin = draw(items, begin, members, keys, run, release_of(campaign, model.end, p), p)
    order(items, spare, new_counts(), keys, p)
    return words, count


def _size(model: Model, campaign: Campaign, run: np.uint64, p: Packing) -> int:
    """Return how many the campaign takes up before the end."""
    release = release_of(campaign, model.end, p)
    if release.span < release.until:
        return len(campaign.members)
    if not release.until:
        return 0
    draw, *_ = machines()
    nowhere = np.zeros(0, dtype=np.int64)
    keys, members = read_only(model.people.key, np.uint64), read_only(campaign.members, np.uint32)
    return int(draw(nowhere, 0, members, keys, run, release, p))


def _people(flat: Flat, run: np.uint64, number: Any, taken: int) -> tuple[Records, Int64s]:
    """Return the records of those who are taken up and their own columns."""
    *_, begin = machines()
    block = new_block(taken, len(flat.own_start))
    block[taken:, PERSON_WORDS:] = flat.own_start
    people, own = records_of(block), block[:, PERSON_WORDS:]
    columns = np.array([*flat.own_of_people], dtype=np.int64)
    for stretch in stretches(flat):
        begin(block, people, number, stretch, run, flat.place_of, flat.own_start, columns)
    scripted = number[flat.tables.script[:, 0]] if flat.model.script else number[:0]
    people.bits[scripted[scripted >= 0]] |= layout.SCRIPTED
    return people, own
