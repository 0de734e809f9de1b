"""The batches of a log as one table: each column in one piece, and empty ones without memory of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa

from scenarios.foreign.convert import DEFAULTS
from scenarios.foreign.fields import COMPULSORY


def together(tables: Sequence[pa.Table], told: Collection[str]) -> pa.Table:
    """Return the rows of all batches; a column that no file tells is one array of nothing for all that are alike.

    Twenty-odd empty columns of ten million rows would take a gigabyte otherwise. Columns are put together one by one,
    so that only one of them stands twice in memory.
    """
    schema = tables[0].schema
    told = {*told, *DEFAULTS, *COMPULSORY}
    nothing = {kind: pa.nulls(sum(map(len, tables)), kind) for kind in set(schema.types)}
    columns = [
        _column([table[item.name] for table in tables]) if item.name in told else nothing[item.type] for item in schema
    ]
    return pa.table(columns, names=schema.names)


def coded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return a column of words as one array with one dictionary."""
    if column.num_chunks == 1:
        return column.chunk(0)
    parts = column.unify_dictionaries().chunks
    if not parts:
        return pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), pa.array([], pa.string()))
    indices = pa.concat_arrays([part.indices for part in parts])  # pyarrow's own way takes time by parts times words
    return pa.DictionaryArray.from_arrays(indices, parts[0].dictionary)


def _column(parts: Sequence[pa.ChunkedArray]) -> pa.Array:
    chunks = list(_chunks(parts))
    if pa.types.is_dictionary(parts[0].type):
        return coded(pa.chunked_array(chunks, parts[0].type))
    return pa.concat_arrays(chunks) if chunks else pa.array([], parts[0].type)


def _chunks(parts: Sequence[pa.ChunkedArray]) -> Iterator[pa.Array]:
    for part in parts:
        yield from part.chunks
