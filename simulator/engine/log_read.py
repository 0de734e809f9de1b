"""The way back from a log's table to its integers: the inverse of ``log.to_arrow``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from policies.people import Int64s
from policies.records import COLUMNS, MISSING
from simulator.engine.log import FIELDS, WIDTH, Matrix, names
from simulator.engine.model import Model

TYPES = {column.name: column.type for column in COLUMNS}


def from_arrow(table: pa.Table, model: Model) -> Matrix:
    """Return the rows of a log with the columns of ``to_arrow``.

    Raises ValueError, with the column and the word, for a name that the model does not know.
    """
    known = names(model)
    rows = np.empty((len(table), WIDTH), dtype=np.int64)
    for index, name in enumerate(FIELDS):
        values = table[name].combine_chunks()
        if TYPES[name] == "text":
            rows[:, index] = _codes(values, name, None if name == "recipient" else known[name], model)
        else:
            empty = -1 if name == "attempt" else MISSING
            rows[:, index] = values.fill_null(empty).to_numpy(zero_copy_only=False)
    rows[:, FIELDS.index("reason")] += 1  # nought is no reason
    return Matrix(rows)


def _codes(values: pa.Array, name: str, among: Sequence[str] | None, model: Model) -> Int64s:
    """Return the code of each word, -1 for none; without ``among`` the words are external ids."""
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    words = values.dictionary.cast(pa.string())
    places = model.people.places_of(words) if among is None else _places(words, among)
    used = values.indices.unique().drop_null().to_numpy()
    unknown = used[places[used] < 0]
    if len(unknown):
        raise ValueError(f"{name} {words[int(unknown[0])].as_py()!r} is not in this scenario")
    indices = values.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
    codes: Int64s = np.concatenate([places, [-1]])[indices]
    return codes


def _places(words: pa.Array, among: Sequence[str]) -> Int64s:
    found = pc.index_in(words, value_set=pa.array(list(among), type=pa.string())).fill_null(-1)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)
