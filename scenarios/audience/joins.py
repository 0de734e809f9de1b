"""Columns of people made or read piece by piece, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from policies.coded import Coded, joined

LARGEST = 2**31 - 1
"""Bytes that the offsets of a plain Arrow text column can address."""


MERGED = 32
"""So many small pieces become one larger: thousands of them would leave holes in the memory."""


@dataclass(slots=True)
class Pieces:
    """Columns by name that grow batch by batch; each batch must have the same columns."""

    large: dict[str, list[Any]] = field(default_factory=dict)
    small: dict[str, list[Any]] = field(default_factory=dict)
    batches: int = 0

    def add(self, columns: Mapping[str, Any]) -> None:
        """Take the columns of one batch."""
        for name, column in columns.items():
            self.small.setdefault(name, []).append(column)
        self.batches += 1
        if self.batches % MERGED == 0:
            for name, pieces in self.small.items():
                self.large.setdefault(name, []).append(join_columns(pieces))
            self.small.clear()

    def names(self) -> tuple[str, ...]:
        """Return the columns that have not been taken out."""
        return tuple(dict.fromkeys((*self.large, *self.small)))

    def pop(self, name: str) -> Any:
        """Take out the whole column."""
        return join_columns(self.large.pop(name, []) + self.small.pop(name, []))


def join_columns(pieces: list[Any]) -> Any:
    """Return coded columns, texts or arrays one after another; an array of one value takes no memory.

    Arrays are taken out of ``pieces`` one by one.
    """
    if isinstance(pieces[0], Coded):
        return joined(pieces)
    if isinstance(pieces[0], pa.Array):
        return join_texts(pieces)
    whole = np.empty(sum(len(piece) for piece in pieces), pieces[0].dtype)
    at = 0
    for place, piece in enumerate(pieces):
        whole[at : at + len(piece)] = piece
        at += len(piece)
        pieces[place] = None  # so that no column is held twice
    return whole if not len(whole) or (whole != whole[0]).any() else np.broadcast_to(whole[:1].copy(), whole.shape)


def join_texts(pieces: Sequence[pa.Array]) -> pa.Array:
    """Return the texts one after another; with wide offsets where they need them."""
    if sum(piece.nbytes for piece in pieces) > LARGEST:
        pieces = [piece.cast(pa.large_string()) for piece in pieces]
    return pa.concat_arrays(pieces)
