"""The distinct texts of a log, however its rows are cut."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.foreign import texts
from scenarios.foreign.texts import WHAT, distinct_texts
from scenarios.foreign.whole import coded

CELLS = st.sampled_from([None, "a", "b", "c"])
ROWS = st.lists(st.tuples(*[CELLS] * len(WHAT)), min_size=1, max_size=12)


def table(rows: list[tuple[Any, ...]], cut: int) -> pa.Table:
    """A table of coded columns in pieces, each with a dictionary of its own."""
    return pa.table({
        name: pa.chunked_array([
            pa.array(list(column[first : first + cut]), pa.string()).dictionary_encode()
            for first in range(0, len(rows), cut)
        ])
        for name, column in zip(WHAT, zip(*rows, strict=True), strict=True)
    })  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(1, 5), st.integers(1, 5))
def test_each_row_has_the_place_of_its_text(rows: list[tuple[Any, ...]], cut: int, step: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "ROWS", step)
        found, codes = distinct_texts(table(rows, cut))
    known: dict[tuple[Any, ...], int] = {}
    expected = [known.setdefault(row, len(known)) if row[0] is not None else -1 for row in rows]
    assert codes.tolist() == expected
    assert [(text.body, text.channel, text.sender) for text in found] == [
        (row[0], row[1] or "", row[4]) for row in known
    ]


@given(ROWS, st.integers(1, 5))
@settings(max_examples=30, deadline=None)
def test_a_column_in_pieces_becomes_one_of_the_same_words(rows: list[tuple[Any, ...]], cut: int) -> None:
    made = table(rows, cut)
    for name in WHAT:
        assert coded(made[name]).to_pylist() == made[name].to_pylist()
