"""A YAML file as plain values with the line of each field, for packs and other data files of this package.

Only ``null``, ``true``, ``false`` and decimal numbers are converted; dates, clock times and words like ``no`` stay
text, so that ``08:00`` is never a number in base sixty.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from policies.errors import InputError, Problem

FieldPath = tuple[str | int, ...]
MAX_BYTES = 5_000_000
MAX_DEPTH = 30
"""Both *assumed*: far above any sensible pack, far below what exhausts memory or the stack."""

_CONSTANTS: dict[str, bool | None] = {"null": None, "~": None, "": None, "true": True, "false": False}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+([eE][-+]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class YamlText:
    """A parsed file. ``lines`` gives the line of each field, counted from 1, by its path."""

    label: str
    sha256: str
    value: Any
    lines: dict[FieldPath, int]

    def where(self, path: FieldPath) -> str:
        """Return ``file:line: field``; a field that is absent takes the line of what should hold it."""
        at = path
        while at and at not in self.lines:
            at = at[:-1]
        place = f"{self.label}:{self.lines.get(at, 1)}"
        return f"{place}: {dotted(path)}" if path else place


def dotted(path: FieldPath) -> str:
    """Return a path as text, list items counted from 0: ``rules.3.checks.0.kind``."""
    return ".".join(str(part) for part in path)


def read_yaml(path: Path, label: str | None = None) -> YamlText:
    """Return the parsed file; raises ``InputError`` when it cannot be read or is not sound YAML."""
    label = label or str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError([Problem(label, f"the file cannot be read: {error.strerror}", "check the path")]) from None
    if len(data) > MAX_BYTES:
        raise InputError([Problem(label, f"the file is larger than {MAX_BYTES // 1_000_000} MB", "split it up")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError([Problem(label, "the file is not UTF-8 text", "save it as UTF-8")]) from None
    value, lines = parse_yaml(text, label)
    return YamlText(label, hashlib.sha256(data).hexdigest(), value, lines)


def parse_yaml(text: str, label: str) -> tuple[Any, dict[FieldPath, int]]:
    """Return the plain value of a YAML text and the line of each field."""
    try:
        _refuse_depth(text, label)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{label}:{mark.line + 1}" if mark else label
        reason = getattr(error, "problem", None) or "it cannot be read"
        remedy = "check the indentation; put texts with ':' or '#' in quotes"
        raise InputError([Problem(place, f"this is not YAML: {reason}", remedy)]) from None
    if root is None:
        raise InputError([Problem(label, "the file is empty", "see docs/pack.schema.json for what belongs in it")])
    reader = _Reader(label)
    value = reader.plain(root, ())
    if reader.problems:
        raise InputError(reader.problems)
    return value, reader.lines


def _refuse_depth(text: str, label: str) -> None:
    """Raise for nesting too deep to read, and for aliases, which could make a small file huge."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        place = f"{label}:{_line(event.start_mark)}"
        if depth > MAX_DEPTH:
            raise InputError([Problem(place, f"nested deeper than {MAX_DEPTH} levels", "is a bracket left open?")])
        if isinstance(event, yaml.AliasEvent):
            raise InputError([Problem(place, "aliases (*name) are not read here", "write the value out")])


@dataclass(slots=True)
class _Reader:
    """Turns nodes into values, collecting lines and problems on the way."""

    label: str
    lines: dict[FieldPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def plain(self, node: yaml.Node, path: FieldPath) -> Any:
        """Return the value of a node."""
        self.lines.setdefault(path, _line(node.start_mark))
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, path))
        quoted = getattr(node, "style", None) is not None
        return node.value if quoted else _scalar(node.value)

    def _entries(self, node: yaml.MappingNode, path: FieldPath) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        for key, item in node.value:
            name, line = str(key.value), _line(key.start_mark)
            if name in seen:
                what = f"{name!r} stands twice; first on line {seen[name]}"
                self.problems.append(Problem(f"{self.label}:{line}: {dotted((*path, name))}", what, "keep one"))
            seen[name] = line
            self.lines[(*path, name)] = line
            yield name, self.plain(item, (*path, name))


def _line(mark: Any) -> int:
    """Return the line of a mark, counted from 1."""
    return int(mark.line) + 1


def _scalar(text: str) -> Any:
    """Return a constant, a number, or the text itself."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
