"""Texts from JSON lines or plain lines, one after the other; what cannot be read is kept with its line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

import msgspec

from policies.errors import InputError, Problem

Form = Literal["auto", "jsonl", "lines"]

STDIN = "-"
LINE_BYTES = 1 << 20
"""Longest line; a text is far shorter, and what is longer is no file of lines."""
JSON_ENDINGS = (".jsonl", ".ndjson")
WRITTEN = "found"
"""The field that we add; the input may not have it."""
MOST_KEPT = 10_000
"""Problems kept one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text with the fields that stood beside it, and where it comes from; ``line`` counts from 1."""

    fields: dict[str, Any]
    text: str
    file: str
    line: int


@dataclass(slots=True)
class Bad:
    """The lines that could not be read."""

    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, line: int, what: str, remedy: str = "", column: str = "") -> None:
        """Take in one bad line."""
        self.count += 1
        if len(self.problems) < MOST_KEPT:
            self.problems.append(Problem(f"{file}:{line}: {column}" if column else f"{file}:{line}", what, remedy))


def texts(sources: Sequence[str], form: Form, column: str, bad: Bad) -> Iterator[Text]:
    """Yield the texts of ``sources`` (paths, or ``-``) in order; bad lines go to ``bad``, empty ones are passed over.

    ``column`` names the text among the fields of JSON lines. Raises InputError at once for sources that cannot be
    opened, all of them together.
    """
    _refuse_unreadable(sources)
    for source in sources:
        with _opened(source) as stream:
            yield from _of_stream(stream, _named(source), _form(source, form), column, bad)


def _refuse_unreadable(sources: Sequence[str]) -> None:
    problems = [Problem(s, "is given twice", "name it once") for s in sorted({s for s in sources if s == STDIN})]
    problems = problems if list(sources).count(STDIN) > 1 else []
    for source in sources:
        path = Path(source)
        if source == STDIN:
            continue
        if path.is_dir():
            problems.append(Problem(source, "is a folder", f"name its files: {source}/*.jsonl"))
        else:
            try:
                path.open("rb").close()
            except OSError as error:
                problems.append(Problem(source, (error.strerror or "cannot be read").lower(), "check the name"))
    if problems:
        raise InputError(problems)


@contextmanager
def _opened(source: str) -> Iterator[BinaryIO]:
    if source == STDIN:
        yield sys.stdin.buffer
        return
    with Path(source).open("rb") as stream:
        yield stream


def _named(source: str) -> str:
    return "<stdin>" if source == STDIN else source


def _form(source: str, form: Form) -> Form:
    if form != "auto" or source == STDIN:
        return form
    return "jsonl" if source.lower().endswith(JSON_ENDINGS) else "lines"


def _of_stream(stream: BinaryIO, name: str, form: Form, column: str, bad: Bad) -> Iterator[Text]:
    for number, raw in _lines(stream):
        if len(raw) > LINE_BYTES:
            bad.add(name, number, f"is longer than {LINE_BYTES} bytes", "give one text a line")
            continue
        line = raw.strip(b"\r\n")
        if not line.strip():
            continue
        if form == "auto":  # standard input: its first line tells
            form = "jsonl" if line.lstrip().startswith(b"{") else "lines"
        read = _json(line, name, number, column, bad) if form == "jsonl" else _plain(line, name, number, bad)
        if read is not None:
            yield read


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its number; of one that is too long only the beginning."""
    number, raw = 1, stream.readline(LINE_BYTES + 1).removeprefix(b"\xef\xbb\xbf")
    while raw:
        yield number, raw
        while len(raw) > LINE_BYTES and not raw.endswith(b"\n"):
            raw = stream.readline(LINE_BYTES + 1)
        number, raw = number + 1, stream.readline(LINE_BYTES + 1)


def _plain(line: bytes, name: str, number: int, bad: Bad) -> Text | None:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        bad.add(name, number, f"byte {error.start + 1} is not UTF-8", "save the texts as UTF-8")
        return None
    return Text({"text": text}, text, name, number)


def _json(line: bytes, name: str, number: int, column: str, bad: Bad) -> Text | None:
    try:
        row = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        bad.add(name, number, f"is not JSON: {str(error)[:80].lower()}", "one object a line, as UTF-8")
        return None
    if not isinstance(row, dict):
        bad.add(name, number, f"is {_kind(row)}, not an object", f'write {{"{column}": "..."}}')
    elif column not in row:
        bad.add(name, number, "is missing", "name the field of the text by --field", column)
    elif not isinstance(row[column], str):
        bad.add(name, number, f"is {_kind(row[column])}, not a text", "write it in quotes", column)
    elif WRITTEN in row:
        bad.add(name, number, "is the field that this command adds", "rename yours", WRITTEN)
    else:
        return Text(row, row[column], name, number)
    return None


def _kind(value: object) -> str:
    names = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return "null" if value is None else names.get(type(value), "something else")
