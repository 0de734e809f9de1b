"""Cuts the bytes of a CSV file into records and knows the line on which each begins.

A quotation mark counts only where a cell begins, as in Arrow's own parser: 5" pipe is a plain cell. Blocks without
quotation marks, and blocks whose marks are all regular, are cut by array operations; only the others are scanned.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from scenarios.audience.refusals import Refusal

Int64s = npt.NDArray[np.int64]
Faults = list[tuple[int, str, str]]

BLOCK_BYTES = 4 << 20
RECORD_BYTES = 1 << 20
"""A longer record is turned away, and an opened quotation mark is searched for its end no farther."""

TOO_LONG = Refusal.LINE_TOO_LONG.format(size=RECORD_BYTES >> 20)

NEWLINE, QUOTE = 10, 34


class Source(Protocol):
    """Anything that gives bytes."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records; record ``i`` begins on line ``lines[i]``. ``faults``: (line, reason, text) of those left out."""

    data: bytes
    lines: Int64s
    starts: Int64s
    ends: Int64s
    faults: Faults


@dataclass(slots=True)
class Cut:
    """Where records begin and end in a buffer, and on which line of it (from 0) each begins."""

    starts: Int64s
    ends: Int64s
    line: Int64s
    bad: dict[int, str] = field(default_factory=dict)


def read_blocks(source: Source, delimiter: str, first_line: int = 1, mac: bool = False) -> Iterator[Block]:
    """Yield the records of ``source`` in blocks of about four megabytes.

    ``first_line`` is the number of the first line; ``mac`` says that lines end in a bare carriage return.
    """
    scan, carry, line = _scanner(delimiter), b"", first_line
    while True:
        piece = source.read(BLOCK_BYTES)
        data = _newlines(carry + piece, mac, at_end=not piece)
        if not piece and data and not data.endswith(b"\n"):
            data += b"\n"
        cut = _cut(data, delimiter, scan, at_end=not piece)
        used = int(cut.ends[-1]) if len(cut.ends) else 0
        if used:
            yield _block(data[:used], cut, line)
        line += data.count(b"\n", 0, used)
        carry = data[used:]
        if len(carry) > RECORD_BYTES and b"\n" not in carry:
            empty = np.zeros(0, dtype=np.int64)
            yield Block(b"", empty, empty, empty, [(line, TOO_LONG, _excerpt(carry))])
            carry, ended = _skip_line(source, mac)
            line += 1
            if ended:
                return
        elif not piece:
            return


def _newlines(data: bytes, mac: bool, at_end: bool) -> bytes:
    """Return ``data`` with every line end as a newline; a stray carriage return becomes a blank."""
    if b"\r" not in data:
        return data
    data = data.replace(b"\r\n", b"\n")
    if mac:
        return data.replace(b"\r", b"\n")
    tail = b"\r" if data.endswith(b"\r") and not at_end else b""
    return data[: len(data) - len(tail)].replace(b"\r", b" ") + tail


def _skip_line(source: Source, mac: bool) -> tuple[bytes, bool]:
    while piece := source.read(BLOCK_BYTES):
        _, found, rest = _newlines(piece, mac, at_end=False).partition(b"\n")
        if found:
            return rest, False
    return b"", True


def _cut(data: bytes, delimiter: str, scan: re.Pattern[bytes], at_end: bool) -> Cut:
    view = np.frombuffer(data, dtype=np.uint8)
    newlines = np.flatnonzero(view == NEWLINE)
    if b'"' not in data:
        return _pieces(newlines, np.arange(len(newlines)))
    quotes = np.flatnonzero(view == QUOTE)
    outside = np.flatnonzero(np.searchsorted(quotes, newlines) % 2 == 0)
    tail = len(data) - (int(newlines[outside[-1]]) + 1 if len(outside) else 0)
    if tail <= RECORD_BYTES and not (at_end and tail) and _regular(view, quotes, ord(delimiter)):
        cut = _pieces(newlines, outside)
        if (cut.ends - cut.starts).max(initial=0) <= RECORD_BYTES:
            return cut
    return _scan(data, newlines, scan, at_end)


def _pieces(newlines: Int64s, outside: Int64s) -> Cut:
    ends = newlines[outside] + 1
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends))[: len(ends)]
    line = np.concatenate((np.zeros(1, dtype=np.int64), outside + 1))[: len(ends)]
    cut = Cut(starts, ends, line)
    cut.bad = dict.fromkeys(np.flatnonzero(ends - starts > RECORD_BYTES).tolist(), TOO_LONG)
    return cut


def _regular(view: npt.NDArray[np.uint8], quotes: Int64s, delimiter: int) -> bool:
    """True when every other mark opens a cell or is the second of a doubled one; then the marks between them close."""
    before = np.where(quotes > 0, view[quotes - 1], NEWLINE)
    doubled = np.zeros(len(quotes), dtype=np.bool_)
    doubled[2::2] = quotes[2::2] == quotes[1:-1:2] + 1
    opens = doubled | (before == delimiter) | (before == NEWLINE)
    return bool(opens[::2].all())


def _scanner(delimiter: str) -> re.Pattern[bytes]:
    mark = re.escape(delimiter.encode())
    cell = rb'(?:"(?:[^"]++|"")*+"[^' + mark + rb"\n]*+|(?!\")[^" + mark + rb"\n]*+)"
    return re.compile(cell + rb"(?:" + mark + cell + rb")*+\n")


def _scan(data: bytes, newlines: Int64s, scan: re.Pattern[bytes], at_end: bool) -> Cut:
    """Return the records found one by one; a line that opens a mark without end is bad and ends at its newline."""
    starts: list[int] = []
    ends: list[int] = []
    bad: dict[int, str] = {}
    place = 0
    last = int(newlines[-1]) + 1 if len(newlines) else 0
    while place < last:
        found = scan.match(data, place, min(len(data), place + RECORD_BYTES))
        if found:
            end = found.end()
        elif not at_end and len(data) - place <= RECORD_BYTES:
            break
        else:
            end = data.index(b"\n", place) + 1
            bad[len(starts)] = TOO_LONG if end - place > RECORD_BYTES else Refusal.NOT_CLOSED
        starts.append(place)
        ends.append(end)
        place = end
    first = np.array(starts, dtype=np.int64)
    return Cut(first, np.array(ends, dtype=np.int64), np.searchsorted(newlines, first), bad)


def _block(data: bytes, cut: Cut, first_line: int) -> Block:
    if b"\0" in data:
        nul = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 0)
        hit = np.unique(np.searchsorted(cut.ends, nul, side="right"))
        cut.bad = {**dict.fromkeys(hit.tolist(), Refusal.NUL), **cut.bad}
    lines = cut.line + first_line
    if not cut.bad:
        return Block(data, lines, cut.starts, cut.ends, [])
    faults = [
        (int(lines[row]), reason, _excerpt(data[int(cut.starts[row]) : int(cut.ends[row])]))
        for row, reason in sorted(cut.bad.items())
    ]
    return without(data, cut.starts, cut.ends, lines, cut.bad, faults)


def without(data: bytes, starts: Int64s, ends: Int64s, lines: Int64s, bad: Collection[int], faults: Faults) -> Block:
    """Return the block of the records that are not ``bad`` (positions of records), with ``faults``."""
    keep = np.ones(len(lines), dtype=np.bool_)
    keep[np.fromiter(bad, dtype=np.int64)] = False
    pieces = (data[start:end] for start, end in zip(starts[keep].tolist(), ends[keep].tolist(), strict=True))
    after = np.cumsum((ends - starts)[keep])
    return Block(b"".join(pieces), lines[keep], after - (ends - starts)[keep], after, faults)


def _excerpt(record: bytes) -> str:
    return record[:80].decode("utf-8", "replace").replace("\0", "\\0").strip("\r\n")
