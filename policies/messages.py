"""The judged messages of a run: their answers and what is needed to speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from policies.kinds.base import A_AT, A_CAMPAIGN, A_CHANNEL, A_TEMPLATE
from policies.people import People

Answers = npt.NDArray[np.int64] | npt.NDArray[np.int8]
Int64s = npt.NDArray[np.int64]


class Seen(Protocol):
    """What the rules saw of each message: its cells, or the means to find them again."""

    def instants(self, numbers: Int64s) -> Int64s:
        """Return when some messages were handed over."""

    def places(self, numbers: Int64s) -> Int64s:
        """Return where some messages stand in the log."""

    def attempt(self, number: int) -> list[int]:
        """Return the attempt vector of one message."""

    def reaches(self) -> tuple[Int64s, Int64s, Int64s]:
        """Return campaign, channel and template of every message, as places in lists; negative where not known."""


@dataclass(frozen=True, slots=True)
class SeenInMatrix:
    """Messages in the order of the log, as a matrix int64 of shape (n, A_WIDTH)."""

    matrix: Int64s

    def instants(self, numbers: Int64s) -> Int64s:
        """Return when some messages were handed over."""
        at: Int64s = self.matrix[numbers, A_AT]
        return at

    def places(self, numbers: Int64s) -> Int64s:
        """Return the numbers: messages stand in the order of the log."""
        return numbers

    def attempt(self, number: int) -> list[int]:
        """Return the attempt vector of one message."""
        cells: list[int] = self.matrix[number].tolist()
        return cells

    def reaches(self) -> tuple[Int64s, Int64s, Int64s]:
        """Return campaign, channel and template of every message."""
        return self.matrix[:, A_CAMPAIGN], self.matrix[:, A_CHANNEL], self.matrix[:, A_TEMPLATE]


@dataclass(frozen=True, slots=True)
class Messages:
    """The judged messages: their answers and what is needed to speak of them.

    ``answers`` has shape (n, rule rows), see ``audit``; ``seen`` is a matrix int64 of shape (n, A_WIDTH) in the
    order of the log, or a ``Seen``. The names are those of the indices in A_CAMPAIGN, A_TEMPLATE, A_SENDER; ``people``
    gives recipients and their zones.
    """

    answers: Answers
    seen: Any
    people: People
    campaigns: Sequence[str] = ()
    templates: Sequence[str] = ()
    senders: Sequence[str] = ()

    def attempt(self, number: int) -> list[int]:
        """Return the attempt vector of one message."""
        return self._seen.attempt(number)

    def earliest(self, found: Int64s, limit: int) -> Int64s:
        """Return the ``limit`` earliest of some messages, those of one instant in the order of the log."""
        if limit <= 0 or not len(found):
            return found[:0]
        at = self._seen.instants(found)
        if limit < len(found):
            near = at <= np.partition(at, limit - 1)[limit - 1]
            found, at = found[near], at[near]
        return found[np.lexsort((self._seen.places(found), at))][:limit]

    def reaches(self) -> tuple[Int64s, Int64s, Int64s]:
        """Return campaign, channel and template of every message, as places in lists; negative where not known."""
        return self._seen.reaches()

    def first(self, found: Int64s) -> int:
        """Return which of some messages stands first in the log."""
        return int(found[np.argmin(self._seen.places(found))])

    @property
    def _seen(self) -> Seen:
        return SeenInMatrix(self.seen) if isinstance(self.seen, np.ndarray) else self.seen
