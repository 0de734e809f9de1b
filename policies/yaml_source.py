"""A YAML file from disk or standard input: text that is text, parsed, with the line of each field."""

from __future__ import annotations

import hashlib
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.errors import InputError, Problem
from policies.words import nearest
from policies.yaml_tree import FieldPath, Lines, dotted, parse

MAX_BYTES = 10_000_000
MAX_LINE = 100_000
"""Limits of a file and of one of its lines, both *assumed*: far above any sensible scenario, pack or mapping."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file. ``lines`` gives the line of each field, counted from 1, by its path; ``overridden`` are the paths
    that an option replaced, which stand in no file."""

    label: str
    text: str
    sha256: str
    value: Any
    lines: Lines
    overridden: frozenset[FieldPath] = frozenset()

    def where(self, path: FieldPath) -> str:
        """Return ``file:line: field`` for a path; a field that is not in the file takes the line of what holds it."""
        if any(path[: len(prefix)] == prefix for prefix in self.overridden):
            return f"option: {dotted(path)}"
        place = f"{self.label}:{self.line(path)}"
        return f"{place}: {dotted(path)}" if path else place

    def line(self, path: FieldPath) -> int:
        """Return the line of a path, or of what holds it, counted from 1."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_source(path: Path | str, label: str | None = None) -> Source:
    """Return the parsed file, or standard input for ``-``; raises ``InputError`` when it is not sound YAML.

    ``label`` is how messages name the file; its path without one.
    """
    label = label or ("<stdin>" if str(path) == "-" else str(path))
    data = _read_bytes(path, label)
    text = _decode(data, label)
    value, lines = parse(text, label)
    return Source(label, text, hashlib.sha256(data).hexdigest(), value, lines)


def _read_bytes(path: Path | str, label: str) -> bytes:
    if str(path) == "-":
        return _within_limit(label, sys.stdin.buffer.read(MAX_BYTES + 1))
    try:
        with Path(path).open("rb") as file:
            return _within_limit(label, file.read(MAX_BYTES + 1))
    except IsADirectoryError:
        raise InputError([Problem(label, "this is a folder", "name a YAML file")]) from None
    except FileNotFoundError:
        what = "the file cannot be read: there is no such file"
        raise InputError([Problem(label, what, _similar_file(Path(path)))]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([Problem(label, f"the file cannot be read: {reason}")]) from None


def _similar_file(path: Path) -> str:
    try:
        names = sorted(item.name for item in path.parent.iterdir() if item.suffix in (".yaml", ".yml"))
    except OSError:
        return "check the folder"
    near = nearest(path.name, names)
    return f"did you mean {near}?" if near else "check the path"


def _within_limit(label: str, data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        remedy = "it holds a description; keep lists of people in an audience file"
        raise InputError([Problem(label, f"the file is larger than {MAX_BYTES // 1_000_000} MB", remedy)])
    return data


def _decode(data: bytes, label: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError([Problem(f"{label}:1", "the file is in UTF-16", "save it as UTF-8")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise InputError([Problem(f"{label}:{line}", what, "save the file as UTF-8 text")]) from None
    problems = list(_bad_characters(text, label))
    if problems:
        raise InputError(problems)
    return text


def _bad_characters(text: str, label: str) -> Iterator[Problem]:
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        what = f"character U+{ord(found.group()):04X} does not belong in a text file"
        yield Problem(f"{label}:{line}", what, "remove it; is this really YAML?")
    for number, line_text in enumerate(io.StringIO(text), 1):
        if len(line_text) > MAX_LINE:
            what = f"the line has {len(line_text)} characters; the limit is {MAX_LINE}"
            yield Problem(f"{label}:{number}", what, "break it up, or keep the data in a file of its own")
