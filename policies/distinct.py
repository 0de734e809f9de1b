"""Distinct rows of a few columns: what depends on them is worked out once a combination and not once a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from policies.coded import coded
from policies.people import Int64s


def distinct_rows(columns: Sequence[pa.Array]) -> tuple[list[tuple[Any, ...]], Int64s]:
    """Return (rows, code): the distinct combinations that occur, None where a value is missing, and each person's.

    ``columns`` are one or more, of one length; ``code`` has that length.
    """
    dictionaries = [column if pa.types.is_dictionary(column.type) else column.dictionary_encode() for column in columns]
    places = [column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64) for column in dictionaries]
    code = np.zeros(len(columns[0]), np.int64)
    for place, column in zip(places, dictionaries, strict=True):
        code = coded(code * (len(column.dictionary) + 1) + place + 1).codes.astype(np.int64)
    first = np.zeros(int(code.max(initial=-1)) + 1, np.int64)
    first[code[::-1]] = np.arange(len(code))[::-1]
    values = [[*column.dictionary.to_pylist(), None] for column in dictionaries]
    rows = [tuple(known[place[row]] for known, place in zip(values, places, strict=True)) for row in first.tolist()]
    return rows, code
