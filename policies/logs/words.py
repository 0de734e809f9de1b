"""Columns of words as codes, and whose the external ids of a column are; a dictionary is looked at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.id_finder import finder
from policies.people import People

Int32s = npt.NDArray[np.int32]


def still(values: npt.NDArray[Any]) -> Any:
    """Return the array in one piece, to be read only: compiled code is for one set of types, and Arrow's are such."""
    whole = np.ascontiguousarray(values).view()
    whole.flags.writeable = False
    return whole


def codes_and_words(column: pa.Array) -> tuple[Int32s, list[str | None]]:
    """Return the code of each row, -1 where it is empty, and the words that the codes stand for."""
    coded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    return codes(coded), coded.dictionary.to_pylist()


def codes(coded: pa.DictionaryArray) -> Int32s:
    """Return the code of each row, -1 where it is empty."""
    indices = coded.indices.fill_null(-1) if coded.indices.null_count else coded.indices
    values: Int32s = still(indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False))
    return values


class LastPlaces:
    """Whose the ids of a column are: called with columns of a log of ``size`` rows, gives each row's recipient.

    -1 where it is empty or nobody's. Where columns share a dictionary, as batches of a file do, it is looked up once.
    """

    def __init__(self, people: People, size: int) -> None:
        self._find: Callable[[pa.Array], Int32s] = finder(people.ids, size)
        self._dictionary: pa.Array | None = None
        self._places = np.empty(0, np.int32)

    def __call__(self, column: pa.Array) -> Int32s:
        if not isinstance(column, pa.DictionaryArray):
            found: Int32s = still(self._find(column))
            return found
        if self._dictionary is None or not _same(self._dictionary, column.dictionary):
            self._dictionary = column.dictionary
            self._places = np.append(self._find(column.dictionary), np.int32(-1))
        places: Int32s = still(self._places[codes(column)])
        return places


def _same(one: pa.Array, other: pa.Array) -> bool:
    """Say whether two arrays lie in the same memory, or are short and equal."""
    if len(one) != len(other) or one.offset != other.offset:
        return False
    addresses = [[part and part.address for part in array.buffers()] for array in (one, other)]
    return addresses[0] == addresses[1] or bool(one.equals(other))
