"""The hash of packed rows in one pass: ``log.digest_rows`` without making their columns first.

Rows are taken ``LANES`` at a time through all columns, in the order of ``records.COLUMNS``; a mixer works on all
lanes of a column, so that the processor works on many rows at once. The sum is that of the numpy form, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from policies.jit import compiled
from policies.kernels import inlined, kernel
from policies.people import Int64s
from policies.records import MISSING
from simulator.draws import UInt64s
from simulator.engine.compiled.codes import E_DELIVERED
from simulator.engine.compiled.layout import NO_UNITS
from simulator.engine.compiled.legend import (
    CHARGES,
    DIRECTION,
    LANES,
    PLACED,
    STATE,
    UNTIL,
    Legend,
    number_places,
)
from simulator.engine.compiled.numbers import combine, draw, word
from simulator.engine.compiled.tables import Records
from simulator.engine.log import LOW_TURN, REASONS, first_words
from simulator.engine.model import Model

CAMPAIGN, CATEGORY = PLACED.index("campaign"), PLACED.index("category")
_TURN, _NOTHING, _HALF, _LOW = np.uint64(LOW_TURN), np.uint64(0), np.uint64(32), np.uint64(0xFFFFFFFF)


class Words(NamedTuple):
    """The words that names enter the hash by, uint64; 0 where a column is empty."""

    keys: UInt64s  # by recipient
    places: UInt64s  # shape (PLACED, numbers of places)
    delivered: UInt64s  # by number of a place: the charge of deliveries
    charges: UInt64s  # by event: the charge of everything else
    directions: UInt64s  # by event
    events: UInt64s  # by event
    reasons: UInt64s
    rules: UInt64s  # the last: none


class Lanes(NamedTuple):
    """What is under way, ``LANES`` of each: two states a row, the words or numbers of a column, numbers of places."""

    high: UInt64s
    low: UInt64s
    words: UInt64s
    numbers: Int64s
    places: Any  # uint32


@cache
def machine() -> Callable[..., None]:
    """Return the sum compiled; plain Python where the compiler is switched off."""
    return compiled(add_hashes)


def digest_packed(
    rows: Records, costs: Int64s, legend: Legend, model: Model, replication: int, hashes: Mapping[str, UInt64s]
) -> int:
    """Return the sum of the hashes of packed rows; ``hashes`` as in ``log.digest_rows``."""
    total = np.zeros(4, dtype=np.uint64)
    words = words_of(legend, model, hashes)
    machine()(rows, costs, legend, words, np.array(first_words(replication), dtype=np.uint64), new_lanes(), total)
    return whole(total)


def whole(total: UInt64s) -> int:
    """Return the sum that ``add_hashes`` keeps in four parts, so that none overflows."""
    high, high_low, low, low_low = (int(part) for part in total)
    return (((high << 32) + high_low) << 64) + (low << 32) + low_low


def words_of(legend: Legend, model: Model, hashes: Mapping[str, UInt64s]) -> Words:
    """Return the words of all that a packed row can name."""
    keys = np.ascontiguousarray(model.people.key).view()
    keys.flags.writeable = False  # those of some people are: one type for all
    placed = np.stack([hashes[name][legend.places[index]] for index, name in enumerate(PLACED)])
    return Words(
        keys, placed, hashes["charge"][legend.delivered], hashes["charge"][CHARGES], hashes["direction"][DIRECTION],
        hashes["event"][:-1].copy(), hashes["reason"][np.arange(len(REASONS)) - 1], hashes["rule"],
    )  # fmt: skip


def new_lanes() -> Lanes:
    """Return lanes in which nothing stands yet."""
    high, low, words = (np.empty(LANES, dtype=np.uint64) for _ in range(3))
    return Lanes(high, low, words, np.empty(LANES, dtype=np.int64), np.empty(LANES, dtype=np.uint32))


def add_hashes(
    rows: Records, costs: Int64s, legend: Legend, words: Words, first: UInt64s, lanes: Lanes, total: UInt64s
) -> None:
    """Add the hashes of all rows to ``total``: upper and lower halves of their high words, then of their low ones."""
    spent = 0
    for at in range(0, len(rows), LANES):
        size = min(LANES, len(rows) - at)
        number_places(rows, at, size, legend, lanes.places)
        for lane in range(size):
            lanes.high[lane], lanes.low[lane] = first[0], first[1]
        _who_and_what(rows, at, size, words, lanes)
        _when(rows, at, size, words, lanes)
        spent = _what_it_cost(rows, at, size, words, lanes, costs, spent)
        _why(rows, at, size, words, lanes)
        for lane in range(size):
            total[0] += lanes.high[lane] >> _HALF
            total[1] += lanes.high[lane] & _LOW
            total[2] += lanes.low[lane] >> _HALF
            total[3] += lanes.low[lane] & _LOW


@kernel
def _absorb(high: Any, low: Any, words: Any, size: int) -> None:
    """Let the states of all lanes take up a word each: ``log._absorb``."""
    for lane in range(size):
        high[lane] = combine(high[lane], words[lane])
        low[lane] = draw(combine(low[lane], words[lane]) ^ _TURN, _NOTHING)


@kernel
def _absorb_placed(column: int, size: int, words: Any, lanes: Any) -> None:
    for lane in range(size):
        lanes.words[lane] = words.places[column, lanes.places[lane]]
    _absorb(lanes.high, lanes.low, lanes.words, size)


@inlined
def _who_and_what(rows: Any, at: int, size: int, words: Any, lanes: Any) -> None:
    """Campaign, recipient, attempt, step to category, direction and event."""
    _absorb_placed(CAMPAIGN, size, words, lanes)
    for lane in range(size):
        who = word(rows[at + lane].recipient)
        lanes.words[lane] = words.keys[who] if who >= 0 else _NOTHING
    _absorb(lanes.high, lanes.low, lanes.words, size)
    for lane in range(size):
        lanes.numbers[lane] = rows[at + lane].attempt
    _absorb(lanes.high, lanes.low, lanes.numbers, size)
    for column in range(CAMPAIGN + 1, CATEGORY + 1):
        _absorb_placed(column, size, words, lanes)
    for lane in range(size):
        r = rows[at + lane]
        lanes.words[lane] = words.directions[r.event] if r.recipient >= 0 else _NOTHING
    _absorb(lanes.high, lanes.low, lanes.words, size)
    for lane in range(size):
        lanes.words[lane] = words.events[rows[at + lane].event]
    _absorb(lanes.high, lanes.low, lanes.words, size)


@inlined
def _when(rows: Any, at: int, size: int, words: Any, lanes: Any) -> None:
    """When it happened and when the company learned of it."""
    for lane in range(size):
        lanes.numbers[lane] = rows[at + lane].at
    _absorb(lanes.high, lanes.low, lanes.numbers, size)
    for lane in range(size):
        r = rows[at + lane]
        lanes.numbers[lane] = MISSING if UNTIL[r.event] else r.other
    _absorb(lanes.high, lanes.low, lanes.numbers, size)


@inlined
def _what_it_cost(rows: Any, at: int, size: int, words: Any, lanes: Any, costs: Any, spent: int) -> int:
    """Charge, units and cost; returns how many costs are behind."""
    for lane in range(size):
        r = rows[at + lane]
        charge = words.delivered[lanes.places[lane]] if r.event == E_DELIVERED else words.charges[r.event]
        lanes.words[lane] = charge if r.units != NO_UNITS else _NOTHING
    _absorb(lanes.high, lanes.low, lanes.words, size)
    for lane in range(size):
        units = word(rows[at + lane].units)
        lanes.numbers[lane] = units if units != NO_UNITS else MISSING
    _absorb(lanes.high, lanes.low, lanes.numbers, size)
    for lane in range(size):
        lanes.numbers[lane] = MISSING
        if rows[at + lane].units != NO_UNITS:
            lanes.numbers[lane] = costs[spent]
            spent += 1
    _absorb(lanes.high, lanes.low, lanes.numbers, size)
    return spent


@inlined
def _why(rows: Any, at: int, size: int, words: Any, lanes: Any) -> None:
    """Rule, until, reason and state."""
    for lane in range(size):
        r = rows[at + lane]
        lanes.words[lane] = _NOTHING if STATE[r.event] else words.rules[word(r.extra)]
    _absorb(lanes.high, lanes.low, lanes.words, size)
    for lane in range(size):
        r = rows[at + lane]
        lanes.numbers[lane] = r.other if UNTIL[r.event] else MISSING
    _absorb(lanes.high, lanes.low, lanes.numbers, size)
    for lane in range(size):
        lanes.words[lane] = words.reasons[rows[at + lane].reason]
    _absorb(lanes.high, lanes.low, lanes.words, size)
    for lane in range(size):
        r = rows[at + lane]
        extra = word(r.extra)
        lanes.numbers[lane] = extra if STATE[r.event] and extra >= 0 else MISSING
    _absorb(lanes.high, lanes.low, lanes.numbers, size)
