"""The state of one replication as arrays, and how they grow."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from policies import openings
from policies.kinds.base import A_WIDTH
from policies.people import Int64s
from policies.records import CHANNELS, MISSING, NEVER
from simulator.engine.compiled import layout
from simulator.engine.compiled.flatten import Flat
from simulator.engine.compiled.tables import Records, Tables, records
from simulator.engine.compiled.taking_up import PLAIN, machines, take_up_all
from simulator.engine.keep import LogName, kept_events
from simulator.engine.log import WIDTH

ROOM = 1 << 14


class State(NamedTuple):
    """What events change. Records of ``layout`` unless said otherwise; pools and log are larger than what they hold."""

    now: Records
    campaigns: Records
    senders: Records
    templates: Records
    sender_quality: Records
    template_quality: Records
    blocking: Records
    pausing: Records
    limits: Records
    servers: Records
    outages: Records  # shape (channels, senders + 1): of the whole channel first
    accounts: Int64s  # shape (tariffs, layout.COUNTRIES, months + 1): units billed so far
    people: Records
    own: Int64s  # shape (people, columns)
    chains: Records
    released_at: Int64s  # by chain, where a condition asks
    tries: npt.NDArray[np.uint16]  # shape (chains, columns)
    chain_ptr: Int64s  # by person, where purchases stop cascades
    chain_ids: Int64s
    levels: Records
    queues: Records
    pool: Records
    next_block: npt.NDArray[np.int32]
    feedback: Records
    holds: Records
    due: Records
    replies: Records
    message: Records
    attempt: Int64s
    openings: Int64s  # what ``policies.openings`` remembers
    log: Records
    costs: Int64s  # of the rows of the log that have units
    wide: Int64s  # shape (n, WIDTH)
    kept: npt.NDArray[np.int8]  # by event: 1 where its rows are written to the log


World: Any = NamedTuple("World", [(name, Any) for name in (*Tables._fields, *State._fields)])  # type: ignore[misc]
"""Tables and state together: what the kernels are given."""


def new_state(flat: Flat, key: int, room: int | None = None, keep: LogName = "full", *, plain: bool = False) -> State:
    """Return the state at the start of a replication with this run key.

    ``room``: entries of every pool at first; left out, ``ROOM``, and for the queues one for each cascade: memory that
    nothing is written to costs nothing, while enlarging a pool copies it. ``plain``: people are taken up in Python,
    without the compiler (56 us each, measured).
    """
    model = flat.model
    taken = take_up_all(flat, key, PLAIN if plain else machines())
    chains = taken.chains
    now = flat.now.copy()
    n = now[0]
    n.key, n.chains, n.at = key, taken.released, model.start
    n.timer_at, n.serving, n.buying = NEVER, -1, -1
    asks = any(c.about for step in model.steps for c in step.conditions)
    months = len(model.month_starts) + 1
    providers = flat.providers.copy()
    blocks = max((taken.released if room is None else room) // layout.BLOCK, int(n.push_room) + 1)
    room = ROOM if room is None else room
    state = State(
        now, flat.campaigns.copy(), providers.senders, providers.templates, providers.sender_quality,
        providers.template_quality, providers.blocking, providers.pausing, providers.limits, providers.servers,
        records(layout.OUTAGE, (len(CHANNELS), len(model.senders) + 1)),
        np.zeros((*flat.tables.rates.shape, months) if _has_tiers(flat) else (1, 1, 1), dtype=np.int64),
        taken.people, taken.own, chains, chains.at.copy() if asks else np.zeros(1, np.int64),
        np.zeros((len(chains), max(flat.tries_columns, 1)) if flat.tries_columns else (1, 1), dtype=np.uint16),
        taken.chain_ptr, taken.chain_ids,
        flat.levels.copy(), records(layout.QUEUE, flat.queues), records(layout.ENTRY, 0), np.zeros(0, dtype=np.int32),
        records(layout.EVENT, room + int(n.push_room)), records(layout.EVENT, room + int(n.push_room)),
        records(layout.EVENT, len(model.servers) + 1), records(layout.REPLY, room), records(layout.MESSAGE, 1),
        np.full(A_WIDTH, MISSING, dtype=np.int64), np.zeros(openings.SHAPE, dtype=np.int64),
        records(layout.ROW, room + int(n.row_room)),
        np.zeros(room + int(n.row_room), dtype=np.int64),
        np.zeros((room + int(n.push_room), WIDTH), dtype=np.int64),
        kept_events(keep),
    )  # fmt: skip
    return more_blocks(state, blocks)


def _has_tiers(flat: Flat) -> bool:
    rates = flat.tables.rates
    return bool((rates.tier_to - rates.tier_from > 1).any())


def more_blocks(state: State, blocks: int) -> State:
    """Return the state with so many more blocks in the pool of the queues."""
    before = len(state.next_block)
    pool = records(layout.ENTRY, (before + blocks) * layout.BLOCK)
    pool[: before * layout.BLOCK] = state.pool[: before * layout.BLOCK]
    following = np.arange(1, before + blocks + 1, dtype=np.int32)
    following[:before] = state.next_block
    now = state.now[0]
    following[-1] = now.free_block
    now.free_block = before
    now.free_blocks += blocks
    return state._replace(pool=pool, next_block=following)


def grown(state: State, room: int) -> State:
    """Return the state with every pool enlarged that has no room for so many more entries; the log is not one."""
    now = state.now[0]
    if now.free_blocks < room:
        state = more_blocks(state, max(len(state.next_block), room))
    sizes = {"feedback": now.feedback_size, "holds": now.hold_size, "replies": now.replies, "wide": now.wide_rows}
    for name, size in sizes.items():
        array = getattr(state, name)
        if size + room > len(array):
            state = state._replace(**{name: _longer(array, 2 * len(array) + room)})
    return state


def _longer(array: Any, size: int) -> Any:
    """Return a longer array with the same beginning."""
    if array.dtype.names:
        longer: Any = records(array.dtype, size)
    else:
        longer = np.zeros((size, *array.shape[1:]), dtype=array.dtype)
    longer[: len(array)] = array
    return longer


def expected_bytes(flat: Flat) -> int:
    """Return about how many bytes the state of a replication takes: people, cascades, and an entry for each that waits.

    A quarter is added to the entries for blocks that are not full (W takes a tenth; assumed).
    """
    releases = sum(len(campaign.members) for campaign in flat.model.campaigns)
    people = min(len(flat.model.people), releases) * (layout.PERSON.itemsize + 8 * len(flat.own_start))
    waiting = layout.ENTRY.itemsize * 5 // 4
    return people + releases * (layout.CHAIN.itemsize + waiting + 2 * flat.tries_columns)


def nbytes(state: State) -> int:
    """Return the bytes of all arrays of the state but the log; of the pool, those of blocks that were ever used."""
    arrays = zip(State._fields, state, strict=True)
    used = int(np.count_nonzero(state.pool.at[:: layout.BLOCK])) * layout.BLOCK * layout.ENTRY.itemsize
    return used + sum(array.nbytes for name, array in arrays if name not in ("log", "costs", "wide", "pool"))
