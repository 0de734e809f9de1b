"""Columns of people made or read piece by piece, put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from policies.coded import Coded, joined

Parts = dict[str, list[Any]]
"""Columns by name, piece by piece."""
LARGEST = 2**31 - 1
"""Bytes that the offsets of a plain Arrow text column can address."""


def join_columns(pieces: Sequence[Any]) -> Any:
    """Return coded columns, texts or arrays one after another; an array of one value takes no memory."""
    if isinstance(pieces[0], Coded):
        return joined(pieces)
    if isinstance(pieces[0], pa.Array):
        return join_texts(pieces)
    whole = np.concatenate(pieces)
    return whole if not len(whole) or (whole != whole[0]).any() else np.broadcast_to(whole[:1].copy(), whole.shape)


def join_texts(pieces: Sequence[pa.Array]) -> pa.Array:
    """Return the texts one after another; with wide offsets where they need them."""
    if sum(piece.nbytes for piece in pieces) > LARGEST:
        pieces = [piece.cast(pa.large_string()) for piece in pieces]
    return pa.concat_arrays(pieces)
