"""The 64-bit key of a recipient: a pure function of the text of its id."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.ids import Numbered

UInt64s = npt.NDArray[np.uint64]

FNV_OFFSET = 0xCBF29CE484222325
FNV_PRIME = 0x100000001B3
MIX_1 = 0xBF58476D1CE4E5B9
MIX_2 = 0x94D049BB133111EB


def recipient_keys(ids: pa.StringArray) -> UInt64s:
    """Return one key an id: FNV-1a (64 bits) over its UTF-8 bytes, then the finaliser of SplitMix64.

    ``ids`` has no nulls. Ids of one length are taken together, byte by byte.
    """
    offsets = np.frombuffer(ids.buffers()[1], dtype=np.int32)[ids.offset : ids.offset + len(ids) + 1].astype(np.int64)
    data = np.frombuffer(ids.buffers()[2] or b"", dtype=np.uint8)
    lengths = np.diff(offsets)
    state = np.full(len(ids), FNV_OFFSET, dtype=np.uint64)
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        words, starts = state[rows], offsets[:-1][rows]
        for place in range(length):
            words = (words ^ data[starts + place]) * np.uint64(FNV_PRIME)
        state[rows] = words
    return mix(state)


def numbered_keys(ids: Numbered, first: int, size: int) -> UInt64s:
    """Return the keys of the ids ``first`` .. ``first + size`` - 1 without writing the ids; as ``recipient_keys``."""
    numbers = np.arange(first, first + size, dtype=np.int64) + ids.first
    digits = len(str(ids.first + ids.size))
    words = np.full(size, FNV_OFFSET, dtype=np.uint64)
    for byte in ids.prefix.encode():
        words = (words ^ np.uint64(byte)) * np.uint64(FNV_PRIME)
    for place in range(max(digits, ids.digits) - 1, -1, -1):
        byte = (numbers // 10**place % 10 + ord("0")).astype(np.uint64)
        more = (words ^ byte) * np.uint64(FNV_PRIME)
        words = more if place < ids.digits else np.where(numbers >= 10**place, more, words)
    return mix(words)


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
