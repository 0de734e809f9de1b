"""People who are taken up, as they stand at the start: read in the order of the audience, written by number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from policies.people import Int64s
from simulator.engine.compiled import layout
from simulator.engine.compiled.codes import D_ENGAGEMENT
from simulator.engine.compiled.flatten import Flat
from simulator.engine.compiled.numbers import combine, draw, word
from simulator.engine.compiled.prefetch import prefetch
from simulator.engine.compiled.tables import Records, aligned, read_only

PERSON_WORDS = layout.PERSON.itemsize // 8
PIECE = 1 << 15
"""Recipients read at a time; bounds what their columns take, which may be narrower, or one value for all."""
AHEAD = 16
"""People between asking for a record's memory and writing it."""
_LEVEL = np.uint64(56)


class Stretch(NamedTuple):
    """What is known of some recipients, one after another, from the place ``first`` on."""

    first: int
    keys: npt.NDArray[np.uint64]
    zone: npt.NDArray[np.int16]
    country: npt.NDArray[np.int16]
    present: npt.NDArray[np.uint16]
    feature_phone: npt.NDArray[np.bool_]
    dead: npt.NDArray[np.bool_]
    consents: npt.NDArray[np.int32]
    own: Int64s  # shape (columns that differ, n)


def stretches(flat: Flat) -> Iterator[Stretch]:
    """Yield all recipients; an empty stretch where there are none. Types of arrays are always the same."""
    size = len(flat.model.people)
    for first in range(0, max(size, 1), PIECE):
        yield _stretch(flat, first, min(first + PIECE, size))


def _stretch(flat: Flat, first: int, stop: int) -> Stretch:
    people = flat.model.people

    def part(values: Any, kind: type[np.generic]) -> Any:
        return read_only(values[first:stop], kind)

    own = np.zeros((len(flat.own_of_people), stop - first), dtype=np.int64)
    for row, values in zip(own, flat.own_of_people.values(), strict=True):
        row[:] = values[first:stop]
    return Stretch(
        first, part(people.key, np.uint64), part(people.zone_set, np.int16), part(people.country, np.int16),
        part(people.present, np.uint16), part(people.feature_phone, np.bool_), part(flat.model.dead, np.bool_),
        part(people.consent_set, np.int32), own,
    )  # fmt: skip


def new_block(people: int, columns: int) -> Int64s:
    """Return the memory of so many people, each with a record and own columns side by side, not filled in.

    One look fetches both; where they take 64 bytes, one line of the processor's cache.
    """
    size = max(people, 2)  # of a single row numpy would say that it is contiguous: another type
    block = aligned(size * (PERSON_WORDS + columns)).reshape(size, -1)
    block[people:] = 0
    return block


def records_of(block: Int64s) -> Records:
    """Return the records in such memory."""
    return np.ndarray((len(block),), layout.PERSON, block, strides=block.strides[:1]).view(np.recarray)


def begin_people(
    block: Int64s, people: Records, number: npt.NDArray[np.int32], s: Stretch, run: np.uint64,
    place_of: npt.NDArray[np.uint16], start: Int64s, columns: Int64s,
) -> None:  # fmt: skip
    """Write those of a stretch who have a ``number`` (by recipient; else -1) into ``block``, which holds ``people``.

    ``place_of`` is by zone set and country, both from -1 on; ``start`` is what own columns begin with, but for
    ``columns``, which differ from person to person.
    """
    last = len(number) - 1
    for place in range(len(s.keys)):
        prefetch(people, max(word(number[min(s.first + place + AHEAD, last)]), 0))
        who = word(number[s.first + place])
        if who < 0:
            continue
        for column in range(PERSON_WORDS):
            block[who, column] = 0
        for column in range(len(start)):
            block[who, PERSON_WORDS + column] = start[column]
        for row in range(len(columns)):
            block[who, PERSON_WORDS + columns[row]] = s.own[row, place]
        person, key = people[who], s.keys[place]
        person.key, person.recipient, person.consents = key, s.first + place, s.consents[place]
        person.bits = (
            word(s.present[place])
            | word(s.feature_phone[place]) * layout.FEATURE_PHONE
            | word(s.dead[place]) * layout.DEAD
        )
        person.place = place_of[word(s.zone[place]) + 1, word(s.country[place]) + 1]
        person.level = word(draw(combine(run, key), D_ENGAGEMENT) >> _LEVEL)
