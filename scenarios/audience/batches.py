"""Batches of a file under our column names: text columns, and the line on which each row begins."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from policies.errors import InputError, Problem
from scenarios.audience.columns import MANY, match_columns
from scenarios.audience.notices import Reject
from scenarios.audience.records import Block, Faults, read_blocks, without
from scenarios.audience.refusals import Refusal
from scenarios.audience.source import is_parquet, open_text

Int64s = npt.NDArray[np.int64]

CODED = pa.dictionary(pa.int32(), pa.string())
PARQUET_ROWS = 1 << 16


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a file. Columns of ``columns.MANY`` are plain text, the others are coded by a dictionary."""

    columns: Mapping[str, pa.Array]
    lines: Int64s
    rejects: list[Reject]
    blank: Int64s
    encoding: str = "utf-8"
    unused: tuple[str, ...] = ()  # columns of the file that nothing asks for

    def __len__(self) -> int:
        return len(self.lines)


def read_batches(path: Path, mapping: Mapping[str, str], wanted: Collection[str]) -> Iterator[Batch]:
    """Yield the rows of a CSV or Parquet file; raises ``InputError`` if it cannot be one."""
    if is_parquet(path):
        yield from _parquet_batches(path, mapping, wanted)
        return
    with path.open("rb") as raw:
        text = open_text(path, raw)
        found = match_columns(text.header, mapping, wanted, f"{path}:{text.first_line - 1}")
        unused = tuple(name for place, name in enumerate(text.header) if place not in found.values())
        for block in read_blocks(text.stream, text.delimiter, text.first_line, text.mac):
            yield replace(csv_batch(block, found, len(text.header), text.delimiter, text.encoding), unused=unused)


def csv_batch(block: Block, found: Mapping[str, int], width: int, delimiter: str, encoding: str) -> Batch:
    """Return the rows of a block; ``found`` gives the position of each column, ``width`` the cells of a row."""
    try:
        return _parse(block, found, width, delimiter, encoding)
    except pa.ArrowInvalid:
        return _parse(_drop_undecodable(block), found, width, delimiter, encoding)


def _parse(block: Block, found: Mapping[str, int], width: int, delimiter: str, encoding: str) -> Batch:
    data, lines = block.data, block.lines
    rejects = [Reject(line, "", reason, value) for line, reason, value in block.faults]
    if not len(lines):
        columns = {name: pa.array([], pa.string() if name in MANY else CODED) for name in found}
        return Batch(columns, lines, rejects, lines, encoding)
    odd: list[tuple[int, int, str]] = []

    def remember(row: pacsv.InvalidRow) -> str:
        odd.append((row.number - 1, row.actual_columns, row.text))
        return "skip"

    names = [str(place) for place in range(width)]
    kept = {str(place): pa.string() if name in MANY else CODED for name, place in found.items()}
    table = pacsv.read_csv(
        pa.py_buffer(data),
        read_options=pacsv.ReadOptions(use_threads=False, column_names=names, block_size=len(data) + 1),
        parse_options=pacsv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=remember
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=kept, include_columns=list(kept), strings_can_be_null=True, null_values=[""],
            quoted_strings_can_be_null=True,
        ),
    )  # fmt: skip
    rejects += [_wrong_width(int(lines[row]), cells, width, text) for row, cells, text in odd]
    keep = np.ones(len(lines), dtype=np.bool_)
    keep[[row for row, _, _ in odd]] = False
    lines = lines[keep]
    assert table.num_rows == len(lines), "the cutter and the parser of CSV disagree"
    columns = {name: _whole(table.column(str(place))) for name, place in found.items()}
    return _without_blank(columns, lines, rejects, encoding)


def _without_blank(columns: dict[str, pa.Array], lines: Int64s, rejects: list[Reject], encoding: str) -> Batch:
    blank = np.ones(len(lines), dtype=np.bool_)
    for column in columns.values():
        if not blank.any():
            break
        blank &= column.is_null().to_numpy(zero_copy_only=False)
    if blank.any():
        columns = {name: column.filter(pa.array(~blank)) for name, column in columns.items()}
    return Batch(columns, lines[~blank], rejects, lines[blank], encoding)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _wrong_width(line: int, cells: int, width: int, text: str) -> Reject:
    return Reject(line, "", Refusal.WRONG_WIDTH.format(count=cells, width=width), text[:80].strip())


def _drop_undecodable(block: Block) -> Block:
    """Return the block without the records that are not UTF-8."""
    spans = zip(block.starts.tolist(), block.ends.tolist(), strict=True)
    records = [block.data[start:end] for start, end in spans]
    bad = [row for row, record in enumerate(records) if not _decodes(record)]
    texts = (records[row][:80].decode("utf-8", "replace").strip() for row in bad)
    lines = block.lines[bad].tolist()
    faults: Faults = [(line, Refusal.NOT_UTF8, text) for line, text in zip(lines, texts, strict=True)]
    return without(block.data, block.starts, block.ends, block.lines, bad, block.faults + faults)


def _decodes(record: bytes) -> bool:
    try:
        record.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parquet_batches(path: Path, mapping: Mapping[str, str], wanted: Collection[str]) -> Iterator[Batch]:
    row = 1
    try:
        with pq.ParquetFile(path) as file:
            found = match_columns(file.schema_arrow.names, mapping, wanted, str(path))
            names = [file.schema_arrow.names[place] for place in found.values()]
            for batch in file.iter_batches(PARQUET_ROWS, columns=list(dict.fromkeys(names))):
                columns = {ours: _column(ours, batch.column(name)) for ours, name in zip(found, names, strict=True)}
                yield Batch(columns, np.arange(row, row + len(batch)), [], np.zeros(0, dtype=np.int64))
                row += len(batch)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        first = str(error).partition("\n")[0][:200]
        raise InputError([Problem(str(path), f"cannot be read as Parquet: {first}", "write the file again")]) from None


def as_text(column: pa.Array) -> pa.Array:
    """Return any column as text: lists joined by |, instants in ISO form with Z if they had a zone."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return pc.binary_join(column.cast(pa.list_(pa.string())), "|")
    if pa.types.is_timestamp(column.type):
        zoned = column.type.tz is not None
        text = column.cast(pa.timestamp("us", column.type.tz), safe=False).cast(pa.timestamp("us")).cast(pa.string())
        return pc.binary_join_element_wise(text, "Z", "") if zoned else text
    if pa.types.is_floating(column.type) and pc.all(pc.equal(pc.floor(column), column), skip_nulls=True).as_py():
        return column.cast(pa.int64(), safe=False).cast(pa.string())
    return column.cast(pa.string())


def _column(name: str, column: pa.Array) -> pa.Array:
    """Return a column as a batch holds it; of repeated values each becomes text once."""
    if name in MANY:
        return _said(as_text(column))
    if pa.types.is_nested(column.type):
        return _said(as_text(column)).dictionary_encode()
    coded = column.dictionary_encode()
    texts = _said(as_text(coded.dictionary)).dictionary_encode()
    return pa.DictionaryArray.from_arrays(texts.indices.take(coded.indices), texts.dictionary)


def _said(column: pa.Array) -> pa.Array:
    """Return the texts, null where there is nothing between the delimiters."""
    blank = pc.equal(column, "")
    return pc.if_else(blank, None, column) if pc.any(blank).as_py() else column
