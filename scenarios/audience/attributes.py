"""Further columns as Arrow arrays: numbers where every value is one, else texts coded by a dictionary."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

WHOLE = r"^-?(0|[1-9][0-9]{0,17})$"
DECIMAL = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$"


def attribute(chunks: list[pa.Array], keep: pa.BooleanArray | None) -> pa.Array:
    """Return one array of the kept rows: int64, double or dictionary; null where the cell is empty.

    A text with leading zeros (a postcode, a code) is no number.
    """
    coded = [chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode() for chunk in chunks]
    whole = pa.chunked_array(coded).unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    if keep is not None:
        whole = whole.filter(keep)
    texts = whole.dictionary
    for pattern, kind in ((WHOLE, pa.int64()), (DECIMAL, pa.float64())):
        if len(texts) and pc.all(pc.match_substring_regex(texts, pattern=pattern)).as_py():
            return texts.cast(kind).take(whole.indices)
    return whole
