"""Coded columns give back what was put in, and take next to nothing where values repeat."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.coded import coded, coded_rows, constant, held, joined
from policies.records import MISSING, NEVER

VALUES = st.lists(st.sampled_from([MISSING, -NEVER, -1, 0, 7, NEVER]), max_size=30)
ROWS = st.lists(st.tuples(st.integers(-2, 2), st.sampled_from([MISSING, 0, NEVER])), max_size=30)


@given(values=VALUES)
def test_a_column_gives_back_what_was_put_in(values: list[int]) -> None:
    column = coded(np.array(values, np.int64))
    assert column[:].tolist() == values
    assert column.values.tolist() == (sorted(set(values)) or [0])
    assert column[::2].tolist() == values[::2]


@given(rows=ROWS)
def test_rows_give_back_what_was_put_in(rows: list[tuple[int, int]]) -> None:
    column = coded_rows(np.array(rows, np.int64).reshape(-1, 2))
    assert list(map(tuple, column[:].tolist())) == rows
    assert list(map(tuple, column.values.tolist())) == (sorted(set(rows)) or [(0, 0)])
    assert column[:, 1].tolist() == [second for _, second in rows]


@given(first=VALUES, second=VALUES)
def test_joined_columns_are_the_column_of_all(first: list[int], second: list[int]) -> None:
    whole = joined((coded(np.array(first, np.int64)), coded(np.array(second, np.int64))))
    assert whole[:].tolist() == first + second


def test_joined_rows_are_the_rows_of_all() -> None:
    parts = [constant([1, 2], 3), coded_rows(np.array([[1, 2], [0, 5]])), constant([0, 5], 1)]
    assert joined(parts)[:].tolist() == [[1, 2]] * 4 + [[0, 5]] * 2


@pytest.mark.parametrize(("distinct", "width"), [(1, 0), (2, 1), (256, 1), (257, 2), (65_537, 4)])
def test_codes_are_as_narrow_as_the_values_allow(distinct: int, width: int) -> None:
    size = 70_000
    column = coded(np.arange(size) % distinct)
    assert column.nbytes == distinct * 8 + (size * width or 1)


def test_a_column_is_an_array_for_whoever_wants_one() -> None:
    column = coded([3, 1, 3])
    assert np.asarray(column).dtype == np.int64
    assert np.asarray(column, np.int8).tolist() == (np.array([3, 1, 3]) + 0).tolist()
    assert np.array_equal(column, [3, 1, 3])


def test_a_value_seen_many_times_is_held_once() -> None:
    assert held(np.broadcast_to(np.int64(3), (1000,))) == 8
    assert held(np.zeros((10, 2))) == 160
    assert held(np.zeros((0, 2))) == 0
