"""Cutting bytes into records: the same rows and lines as Python's own reader of CSV finds."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.audience import records
from scenarios.audience.records import read_blocks
from scenarios.audience.refusals import Refusal

cell = st.text(alphabet='ab"\n, я', max_size=6)


def written(rows: list[list[str]]) -> tuple[bytes, list[int]]:
    """Return the rows as CSV with every cell quoted, and the line on which each begins."""
    lines, line = [], 1
    for row in rows:
        lines.append(line)
        line += 1 + sum(text.count("\n") for text in row)
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(), lines


@given(rows=st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=12), size=st.integers(7, 64))
def test_records_begin_on_their_lines_wherever_blocks_end(rows: list[list[str]], size: int) -> None:
    data, lines = written(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK_BYTES", size)
        blocks = list(read_blocks(io.BytesIO(data), ","))
    assert [line for block in blocks for line in block.lines.tolist()] == lines
    assert b"".join(block.data for block in blocks) == data


def test_a_mark_inside_a_cell_is_a_letter() -> None:
    data = b'1,5" pipe,2\n3,OOO "R",4\n"5 ""x""",6,7\n'
    (block,) = read_blocks(io.BytesIO(data), ",")
    assert block.lines.tolist() == [1, 2, 3]


def test_after_an_open_mark_reading_goes_on_with_the_next_line() -> None:
    blocks = list(read_blocks(io.BytesIO(b'1,2\n3,"4\n5,6\n'), ","))
    assert b"".join(block.data for block in blocks) == b"1,2\n5,6\n"
    assert [fault for block in blocks for fault in block.faults] == [(2, Refusal.NOT_CLOSED, '3,"4')]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_any_line_end_is_understood(end: bytes) -> None:
    data = end.join([b"1,2", b"3,4", b"5,6"])
    blocks = list(read_blocks(io.BytesIO(data), ",", mac=end == b"\r"))
    assert b"".join(block.data for block in blocks) == b"1,2\n3,4\n5,6\n"


def test_a_line_without_end_is_skipped_while_streaming() -> None:
    data = b"1,2\n3," + b"x" * (3 * records.BLOCK_BYTES) + b"\n5,6\n"
    blocks = list(read_blocks(io.BytesIO(data), ","))
    assert b"".join(block.data for block in blocks) == b"1,2\n5,6\n"
    assert [fault[:2] for block in blocks for fault in block.faults] == [(2, records.TOO_LONG)]
    assert [line for block in blocks for line in block.lines.tolist()] == [1, 3]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b'1,"a"b"\n2,"c"\n3,4\n', [1, 2, 3]),
        (b'1,x"a\n2,"c\nd"\n3,4"\n', [1, 2, 4]),
        (b'1,x"\n2,y"\n3,4\n', [1, 2, 3]),
    ],
)
def test_irregular_marks_are_cut_as_the_parser_cuts_them(data: bytes, lines: list[int]) -> None:
    blocks = list(read_blocks(io.BytesIO(data), ","))
    assert [line for block in blocks for line in block.lines.tolist()] == lines
