"""The 64-bit key of a recipient: a pure function of the text of its id."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

UInt64s = npt.NDArray[np.uint64]

FNV_OFFSET = 0xCBF29CE484222325
FNV_PRIME = 0x100000001B3
MIX_1 = 0xBF58476D1CE4E5B9
MIX_2 = 0x94D049BB133111EB


def recipient_keys(ids: pa.StringArray) -> UInt64s:
    """Return one key an id: FNV-1a (64 bits) over its UTF-8 bytes, then the finaliser of SplitMix64.

    ``ids`` has no nulls. Bytes are taken position by position for all ids at once.
    """
    offsets = np.frombuffer(ids.buffers()[1], dtype=np.int32)[ids.offset : ids.offset + len(ids) + 1].astype(np.int64)
    data = np.frombuffer(ids.buffers()[2] or b"", dtype=np.uint8)
    lengths = np.diff(offsets)
    state = np.full(len(ids), FNV_OFFSET, dtype=np.uint64)
    rows = np.arange(len(ids))
    for place in range(int(lengths.max(initial=0))):
        rows = rows[lengths[rows] > place]
        state[rows] = (state[rows] ^ data[offsets[rows] + place]) * np.uint64(FNV_PRIME)
    return mix(state)


def mix(state: UInt64s) -> UInt64s:
    """Return the finaliser of SplitMix64 of each word; it spreads every bit over the whole word."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(MIX_1)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(MIX_2)
    return state ^ (state >> np.uint64(31))


def recipient_key(text: str) -> int:
    """Return the key of one id; the plain twin of ``recipient_keys``."""
    state = FNV_OFFSET
    for byte in text.encode():
        state = (state ^ byte) * FNV_PRIME % 2**64
    state = (state ^ (state >> 30)) * MIX_1 % 2**64
    state = (state ^ (state >> 27)) * MIX_2 % 2**64
    return state ^ (state >> 31)
