"""Messages of a log by groups of recipients, stretch by stretch as they are read.

A stretch is put in the order of its groups while the processor's caches still hold it; a group is then collected from
a few long pieces. To fetch messages straight in the order of recipients waits for memory at every one (measured at ten
million: four times as long), and to sort all of them takes as much memory again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.logs.file import BATCH
from policies.logs.records import RECORD, Table

Int64s = npt.NDArray[np.int64]

ALL_IN_ONE = 40
"""A shift that leaves one group, whoever the recipients are."""
GROUPED_FROM = 100_000
"""Rows from which grouping is worth its compilation."""


def shift_for(rows: int, people: int, part: int | None) -> int:
    """Return how many low bits of a recipient's place leave groups of about ``part`` messages; None: one group."""
    if part is None or rows < GROUPED_FROM:
        return ALL_IN_ONE
    return max((people // max(rows // part, 1)).bit_length() - 1, 0)


class Groups:
    """Takes in messages. Group ``g`` are those of recipients ``r`` with ``(r + 1) >> shift == g``; nobody is -1."""

    def __init__(self, rows: int, people: int, shift: int) -> None:
        self.shift, self.count = shift, (people >> shift) + 1
        self.messages = np.empty(rows, RECORD)  # memory that is not used until messages come
        self.ends: list[Int64s] = []
        self._room = np.empty(min(rows, 2 * BATCH) if self.count > 1 else 0, RECORD)
        self._waiting = self._done = 0

    def room_for(self, rows: int) -> Table:
        """Return where the next messages may be written, at most so many; say by ``taken`` how many they were."""
        if self.count == 1:
            return self.messages[self._done :]
        if self._waiting + rows > len(self._room):
            self._put()
        return self._room[self._waiting :]

    def taken(self, found: int) -> None:
        """Take in what was written."""
        if self.count == 1:
            self._done += found
        else:
            self._waiting += found

    def whole(self) -> tuple[Table, Int64s]:
        """Return all messages and where each group of each stretch ends, shape (stretches, groups)."""
        if self.count == 1:
            return self.messages[: self._done], np.array([[self._done]], np.int64)
        self._put()
        return self.messages[: self._done], np.array(self.ends, np.int64).reshape(-1, self.count)

    def _put(self) -> None:
        """Write the waiting messages behind the others, group by group, in their order."""
        waiting, place = self._room[: self._waiting], np.zeros(self.count + 1, np.int64)
        to = self.messages[self._done : self._done + self._waiting]
        _machine()(waiting["recipient"], _words(waiting), self.shift, place, _words(to))
        self.ends.append(place[:-1] + self._done)
        self._done += self._waiting
        self._waiting = 0


def groups_of(messages: Table, ends: Int64s) -> Iterator[Table]:
    """Yield the messages of each group in their order; the same memory each time."""
    starts = np.concatenate([[0], ends.ravel()])[:-1].reshape(ends.shape)
    sizes = (ends - starts).sum(axis=0)
    room, words = np.empty(int(sizes.max(initial=0)), RECORD), _words(messages)  # words are copied in one go
    for group, size in enumerate(sizes.tolist()):
        spans = zip(starts[:, group].tolist(), ends[:, group].tolist(), strict=True)
        pieces = [words[start:end] for start, end in spans if start < end]
        if pieces:
            np.concatenate(pieces, out=_words(room[:size]))
            yield room[:size]


def group_of(messages: Table, ends: Int64s, who: int, shift: int) -> Table:
    """Return the messages of the group in which a recipient is, in their order."""
    starts = np.concatenate([[0], ends.ravel()])[:-1].reshape(ends.shape)
    group = (who + 1) >> shift
    spans = zip(starts[:, group].tolist(), ends[:, group].tolist(), strict=True)
    return np.concatenate([messages[start:end] for start, end in spans])


def _words(table: Table) -> Int64s:
    return table.view(np.int64).reshape(len(table), RECORD.itemsize // 8)


@cache
def _machine() -> Callable[..., None]:
    """Return ``scatter`` compiled."""
    from policies.jit import compiled

    return compiled(scatter)


def scatter(who: Any, words: Any, shift: int, place: Any, out: Any) -> None:
    """Copy the rows of ``words`` to ``out`` by groups of ``2**shift`` recipients, nobody (-1) with the first ones.

    ``place`` (zeros, one more than groups) becomes the end of each group.
    """
    for row in range(len(who)):
        place[((who[row] + 1) >> shift) + 1] += 1
    for group in range(1, len(place)):
        place[group] += place[group - 1]
    for row in range(len(who)):
        group = (who[row] + 1) >> shift
        to = place[group]
        place[group] = to + 1
        for word in range(words.shape[1]):
            out[to, word] = words[row, word]
