"""The rows of a file or of standard input as batches of texts: Parquet, CSV or JSON lines, told apart by content."""

from __future__ import annotations

import glob
import gzip
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from policies.errors import InputError, Problem
from scenarios.audience.batches import PARQUET_ROWS, Batch, as_text, csv_batch
from scenarios.audience.notices import Reject
from scenarios.audience.records import RECORD_BYTES, TOO_LONG, read_blocks
from scenarios.audience.source import open_text
from scenarios.foreign.unroll import Shape

FORMATS = ("auto", "parquet", "csv", "jsonl")
JSON_ROWS = 1 << 16
GZIP = b"\x1f\x8b"
STDIN = "standard input"
IN_MEMORY = 1 << 26
"""Bytes of standard input from which they are kept on disk: Parquet is read from its end."""

Match = Callable[[Sequence[str], str], Mapping[str, str]]
"""Returns, for names of a header and where they stand, our name and theirs of each column to read."""


@dataclass(frozen=True, slots=True)
class Input:
    """An input by its name for people and its bytes."""

    label: str
    raw: BinaryIO


def find_inputs(names: Sequence[str]) -> list[str]:
    """Return the files that the names and patterns stand for, in order; raises ``InputError`` for those of nothing."""
    found: list[str] = []
    problems = []
    for name in names:
        matches = [name] if name == "-" or Path(name).exists() else sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - absolute too
        if not matches:
            problems.append(Problem(name, "there is no such file", "check the path"))
        found += matches
    if problems:
        raise InputError(problems)
    return list(dict.fromkeys(found))


def bytes_of(names: Sequence[str]) -> int:
    """Return how many bytes the files hold that are there; standard input counts for nothing."""
    return sum(Path(name).stat().st_size for name in names if name != "-" and Path(name).is_file())


def open_input(name: str) -> Input:
    """Return an open file, or what comes from standard input (``-``), on disk if it is large. Raises ``InputError``."""
    if name == "-":
        if sys.stdin is None:
            raise InputError([Problem(STDIN, "is closed", "name a file, or pass the log in")])
        kept: Any = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the reader closes it
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.seek(0)
        return Input(STDIN, kept)
    try:
        return Input(name, Path(name).open("rb"))
    except OSError as error:
        raise InputError([Problem(name, f"cannot be read: {error.strerror}", "check the path")]) from None


def read_batches(source: Input, form: str, match: Match, shape: Shape = Shape()) -> Iterator[Batch]:  # noqa: B008
    """Yield the rows of an input as texts under our names; ``form`` is one of FORMATS, ``shape`` that of JSON."""
    chosen = _sniff(source.raw) if form == "auto" else form
    if chosen == "jsonl":
        yield from _json(source, match, shape)
        return
    readers = {"parquet": _parquet, "csv": _csv}
    yield from readers[chosen](source, match)


def _sniff(raw: BinaryIO) -> str:
    head = raw.read(4096)
    raw.seek(0)
    if head.startswith(GZIP):
        try:
            head = zlib.decompressobj(31).decompress(head)
        except zlib.error:
            return "csv"
    if head.startswith(b"PAR1"):
        return "parquet"
    return "jsonl" if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else "csv"


def _csv(source: Input, match: Match) -> Iterator[Batch]:
    text = open_text(Path(source.label), source.raw)
    found = match(text.header, f"{source.label}:{text.first_line - 1}")
    places = {ours: text.header.index(theirs) for ours, theirs in found.items()}
    for block in read_blocks(text.stream, text.delimiter, text.first_line, text.mac):
        yield csv_batch(block, places, len(text.header), text.delimiter, text.encoding)


def _parquet(source: Input, match: Match) -> Iterator[Batch]:
    row = 1
    try:
        with pq.ParquetFile(source.raw) as file:
            found = match(file.schema_arrow.names, source.label)
            for batch in file.iter_batches(PARQUET_ROWS, columns=list(dict.fromkeys(found.values()))):
                columns = {ours: as_text(batch.column(theirs)) for ours, theirs in found.items()}
                yield Batch(columns, np.arange(row, row + len(batch)), [], np.zeros(0, np.int64))
                row += len(batch)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        first = str(error).partition("\n")[0][:200]
        problem = Problem(source.label, f"cannot be read as Parquet: {first}", "write the file again")
        raise InputError([problem]) from None


def _json(source: Input, match: Match, shape: Shape) -> Iterator[Batch]:
    rows: list[Mapping[str, Any]] = []
    lines: list[int] = []
    rejects: list[Reject] = []
    found: dict[str, str] | None = None
    seen = False
    for number, row in _rows(source, shape):
        seen = True
        if row is None:
            continue
        if isinstance(row, str):
            rejects.append(Reject(number, "", row, ""))
            continue
        rows.append(row)
        lines.append(number)
        if len(rows) == JSON_ROWS:
            found = found or dict(match(_keys(rows), source.label))
            yield _batch(rows, lines, rejects, found)
            rows, lines, rejects = [], [], []
    if not seen:
        raise InputError([Problem(source.label, "the file is empty", "export it again")])
    if rows or rejects:
        found = found or dict(match(_keys(rows), source.label) if rows else {})
        yield _batch(rows, lines, rejects, found)


def _rows(source: Input, shape: Shape) -> Iterator[tuple[int, Mapping[str, Any] | str | None]]:
    """Yield (line, row) or (line, what is wrong with it); an object may hold several rows, or none (None)."""
    for number, item in _objects(source):
        if isinstance(item, str):
            yield number, item
            continue
        yield number, None
        for row in shape(item):
            yield number, row


def _objects(source: Input) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """Yield (line, object) or (line, what is wrong with it); of one JSON list, (place from 1, object)."""
    compressed = source.raw.read(2) == GZIP
    source.raw.seek(0)
    raw = gzip.GzipFile(fileobj=source.raw) if compressed else source.raw
    decode = msgspec.json.Decoder().decode
    try:
        first = raw.readline(RECORD_BYTES + 1).removeprefix(b"\xef\xbb\xbf")
        if first.lstrip()[:1] == b"[" or first.strip() == b"{":
            yield from enumerate(_listed(first + raw.read(), source.label), 1)
            return
        number, line = 1, first
        while line:
            if len(line) > RECORD_BYTES and not line.endswith(b"\n"):
                while line and not line.endswith(b"\n"):
                    line = raw.readline(RECORD_BYTES)
                yield number, TOO_LONG
            elif line.strip():
                yield number, _object(line, decode)
            number, line = number + 1, raw.readline(RECORD_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        problem = Problem(source.label, f"the compressed data are damaged: {error}", "copy the file again")
        raise InputError([problem]) from None


def _object(line: bytes, decode: Callable[[bytes], Any]) -> Mapping[str, Any] | str:
    try:
        row = decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "the line is no JSON"
    return row if isinstance(row, dict) else "the line is no JSON object"


def _listed(data: bytes, label: str) -> Iterator[Mapping[str, Any] | str]:
    try:
        rows = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError([Problem(label, f"is no JSON: {error}", "write one object a line")]) from None
    rows = rows if isinstance(rows, list) else [rows]
    return (row if isinstance(row, dict) else "the entry is no JSON object" for row in rows)


def _keys(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(key for row in rows for key in row))


def _batch(
    rows: Sequence[Mapping[str, Any]], lines: Sequence[int], rejects: list[Reject], found: Mapping[str, str]
) -> Batch:
    columns = {ours: pa.array([_cell(row.get(theirs)) for row in rows], pa.string()) for ours, theirs in found.items()}
    return Batch(columns, np.array(lines, np.int64), rejects, np.zeros(0, np.int64))


def _cell(value: Any) -> str | None:
    """Return a JSON value as the text of a cell; a list becomes words separated by |."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, list):
        return "|".join(_cell(item) or "" for item in value) or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else str(value)
