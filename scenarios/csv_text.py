"""A small CSV file as text: decoded, without NUL bytes, split by the delimiter that its first line uses most."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from policies.errors import InputError, Problem


def csv_rows(
    path: Path,
    what: str,
    remedy: str = "check the path",
    *,
    strict: bool = True,
    encodings: Sequence[str] = ("utf-8-sig",),
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) for each row of ``path``, the heading first; ``what`` names the file in messages.

    Of the ``encodings`` the first that fits is taken. Raises ``InputError`` for a file that is no text of them, or no
    CSV; without ``strict`` stray quotes are taken as they stand.
    """
    yield from csv_rows_of(read_file(path, what, remedy), name_of(path), what, strict=strict, encodings=encodings)


def csv_rows_of(
    data: bytes, name: str, what: str, *, strict: bool = True, encodings: Sequence[str] = ("utf-8-sig",)
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV of these bytes as ``csv_rows`` does; ``name`` stands in messages for its file."""
    text = _text(data, name, what, encodings)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=strict)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError([Problem(f"{name}:{reader.line_num}", f"this is not CSV: {error}", "check quotes")]) from None


def name_of(path: Path) -> str:
    """Return how messages name a file."""
    return "<stdin>" if str(path) == "-" else str(path)


def read_file(path: Path, what: str, remedy: str = "check the path") -> bytes:
    """Return the bytes of a file (``-``: standard input). Raises ``InputError`` if it cannot be read."""
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InputError([Problem(str(path), f"{what} cannot be read: {error.strerror}", remedy)]) from None


def _text(data: bytes, name: str, what: str, encodings: Sequence[str]) -> str:
    text = next((found for coding in encodings if (found := _decoded(data, coding)) is not None), None)
    if text is None:
        raise InputError([Problem(name, f"{what} is not UTF-8 text", "save it as CSV UTF-8")])
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError([Problem(f"{name}:{line}", "a NUL byte does not belong in a CSV", "export the file again")])
    return text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
