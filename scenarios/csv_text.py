"""A small CSV file as text: decoded, without NUL bytes, split by the delimiter that its first line uses most."""

from __future__ import annotations

import csv
import io
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
    CSV; without ``strict`` stray quotes are taken as they
    stand.
    """
    text = _text(path, what, remedy, encodings)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=strict)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError([Problem(f"{path}:{reader.line_num}", f"this is not CSV: {error}", "check quotes")]) from None


def _text(path: Path, what: str, remedy: str, encodings: Sequence[str]) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError([Problem(str(path), f"{what} cannot be read: {error.strerror}", remedy)]) from None
    text = next((found for name in encodings if (found := _decoded(data, name)) is not None), None)
    if text is None:
        raise InputError([Problem(str(path), f"{what} is not UTF-8 text", "save it as CSV UTF-8")])
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError([Problem(f"{path}:{line}", "a NUL byte does not belong in a CSV", "export the file again")])
    return text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
