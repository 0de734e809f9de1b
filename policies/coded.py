"""Columns of few distinct values: a narrow code a recipient and the values it stands for, int64 as everywhere else.

Most of what a base knows of people repeats: days, counts, amounts that are nothing, opt-outs of nobody. A column of
one value takes no memory at all: its codes are one byte seen ``n`` times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Int64s = npt.NDArray[np.int64]
Codes = npt.NDArray[np.unsignedinteger[Any]]
CODE_TYPES: tuple[type[np.unsignedinteger[Any]], ...] = (np.uint8, np.uint16, np.uint32)


@dataclass(slots=True)
class Coded:
    """``n`` values, or rows of values: ``values[codes[i]]`` is that of recipient ``i``.

    ``codes`` is uint8, uint16 or uint32 of shape (n,), ``values`` int64 of shape (k,) or (k, width). Indexed like an
    array it gives int64: ``column[:]`` all of them, ``rows[who, channel]`` single cells.
    """

    codes: Codes
    values: Int64s

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, where: Any) -> Int64s:
        if isinstance(where, tuple):
            cells: Int64s = self.values[(self.codes[where[0]], *where[1:])]
            return cells
        found: Int64s = self.values[self.codes[where]]
        return found

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """Return all of it as an array; ``column[who]`` takes less where few are asked for."""
        return np.asarray(self[:], dtype)

    def take(self, where: Any) -> Coded:
        """Return the column of the recipients at ``where`` (places, a mask or a slice)."""
        return Coded(self.codes[where], self.values)

    @property
    def nbytes(self) -> int:
        """Return the bytes held: codes and values."""
        return held(self.codes) + held(self.values)


def held(array: npt.NDArray[Any]) -> int:
    """Return the bytes an array holds: of a value that is seen many times, one."""
    shape = (size for size, stride in zip(array.shape, array.strides, strict=True) if stride or not size)
    return int(np.prod(tuple(shape), dtype=np.int64)) * array.itemsize


def code_type(count: int) -> type[np.unsignedinteger[Any]]:
    """Return the narrowest type of ``count`` codes."""
    return next(kind for kind in CODE_TYPES if count <= np.iinfo(kind).max + 1)


def constant(value: int | Sequence[int], size: int) -> Coded:
    """Return ``size`` times the same value, or the same row of values."""
    return Coded(np.broadcast_to(np.uint8(0), (size,)), np.array([value], np.int64))


def coded(values: npt.ArrayLike) -> Coded:
    """Return a column of whole numbers; its distinct values are in rising order."""
    plain = np.asarray(values, np.int64)
    if not len(plain) or (plain == plain[0]).all():
        return constant(int(plain[0]) if len(plain) else 0, len(plain))
    column = pa.array(plain).dictionary_encode()
    distinct = column.dictionary.to_numpy()
    order = np.argsort(distinct)
    place = np.empty(len(order), code_type(len(order)))
    place[order] = np.arange(len(order))
    return Coded(place[column.indices.to_numpy()], distinct[order])


def coded_rows(rows: Int64s) -> Coded:
    """Return rows of whole numbers, shape (n, width); the distinct rows are in rising order, column by column."""
    mixed = np.zeros(len(rows), np.int64)
    for column in rows.T:
        part = coded(column)
        if len(part.values) == 1:
            continue
        mixed = coded(mixed * len(part.values) + part.codes).codes.astype(np.int64)
    if not mixed.any():
        return constant(rows[0].tolist() if len(rows) else [0] * rows.shape[1], len(rows))
    count = int(mixed.max()) + 1
    first = np.empty(count, np.int64)
    first[mixed[::-1]] = np.arange(len(rows))[::-1]
    return Coded(mixed.astype(code_type(count)), np.ascontiguousarray(rows[first]))


def joined(parts: Sequence[Coded]) -> Coded:
    """Return the columns one after another, as one."""
    values = np.concatenate([part.values for part in parts])
    whole = coded(values) if values.ndim == 1 else coded_rows(values)
    size = sum(len(part) for part in parts)
    if len(whole.values) == 1:
        return Coded(np.broadcast_to(np.uint8(0), (size,)), whole.values)
    codes, at, before = np.empty(size, whole.codes.dtype), 0, 0
    for part in parts:
        codes[at : at + len(part)] = whole.codes[before : before + len(part.values)][part.codes]
        at, before = at + len(part), before + len(part.values)
    return Coded(codes, whole.values)
