"""External ids that need no memory: a prefix and a running number, written when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Int64s = npt.NDArray[np.int64]


MOST_DIGITS = 9
"""Digits of a number that surely fits 32 bits, whose division is quick."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """``size`` ids such as S0000001: ``prefix``, then the number from ``first`` on, with zeros up to ``digits``."""

    prefix: str
    digits: int
    size: int
    first: int = 1

    def __len__(self) -> int:
        return self.size

    def take(self, places: Any) -> pa.StringArray:
        """Return the ids of recipients by place."""
        numbers = np.asarray(places, np.int64) + self.first
        if self.first + self.size <= 10 ** min(self.digits, MOST_DIGITS):
            return _padded(self.prefix.encode(), self.digits, numbers.astype(np.uint32))
        words = pa.array(numbers).cast(pa.string())
        return pc.binary_join_element_wise(self.prefix, pc.utf8_lpad(words, self.digits, "0"), "")

    def to_pylist(self) -> list[str]:
        """Return all ids; for few people."""
        names: list[str] = self.take(np.arange(self.size)).to_pylist()
        return names

    def places(self, names: pa.StringArray) -> Int64s:
        """Return the place of each name; -1 where it is nobody's."""
        digits = pc.utf8_slice_codeunits(names, start=len(self.prefix))
        pattern = rf"^([0-9]{{{self.digits}}}|[1-9][0-9]{{{self.digits},17}})$"
        well = pc.and_(pc.starts_with(names, self.prefix), pc.match_substring_regex(digits, pattern=pattern))
        mine = well.fill_null(False).to_numpy(zero_copy_only=False)
        places = np.full(len(names), -1, np.int64)
        number = digits.filter(pa.array(mine)).cast(pa.int64()).to_numpy(zero_copy_only=False) - self.first
        places[mine] = np.where((number >= 0) & (number < self.size), number, -1)
        return places


def _padded(prefix: bytes, digits: int, numbers: npt.NDArray[np.uint32]) -> pa.StringArray:
    """Return the prefix and each number with leading zeros, all of one length: digits go where they belong at once."""
    width = len(prefix) + digits
    text = np.empty((len(numbers), width), np.uint8)
    text[:, : len(prefix)] = np.frombuffer(prefix, np.uint8)
    ten, rest = np.uint32(10), numbers
    for place in range(width - 1, len(prefix) - 1, -1):
        left = rest // ten
        text[:, place] = rest - left * ten + ord("0")
        rest = left
    ends = np.arange(len(numbers) + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(ends), pa.py_buffer(text))


def places_among(ids: pa.Array, names: pa.Array) -> Int64s:
    """Return the place of each name in ``ids``; -1 where it is not there. The shorter side is held as a table."""
    names = names.cast(ids.type)
    if len(names) >= len(ids):
        found = pc.index_in(names, value_set=ids).fill_null(-1)
        return np.asarray(found.to_numpy(zero_copy_only=False), np.int64)
    distinct = names.dictionary_encode()
    wanted = pc.index_in(ids, value_set=distinct.dictionary)
    rows = np.flatnonzero(wanted.is_valid().to_numpy(zero_copy_only=False))
    places = np.full(len(distinct.dictionary) + 1, -1, np.int64)
    places[wanted.take(pa.array(rows)).to_numpy(zero_copy_only=False)] = rows
    codes = distinct.indices.fill_null(len(distinct.dictionary)).to_numpy(zero_copy_only=False)
    return np.asarray(places[codes], np.int64)
