"""A YAML text as plain values, with the line on which each field stands.

Scalars are read by the core words of YAML 1.2, so ``no`` and ``on`` stay text, ``12:30`` is no number in base sixty and
``2021-10-01`` is text. Keys are always text. Tags, merge keys and several documents are refused; aliases are allowed as
long as the tree, written out, stays within the limits below (*assumed*: far above any sensible file).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from policies.errors import InputError, Problem

FieldPath = tuple[str | int, ...]
Lines = dict[FieldPath, int]

MAX_NODES = 200_000
MAX_DEPTH = 40
EMPTY_REMEDY = "`prelaunch init` writes a scenario to start from; docs/pack.schema.json says what a pack holds"

_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: tuple[tuple[str, object], ...] = (
    ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None),
    ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
)  # fmt: skip
_STR_TAG = "tag:yaml.org,2002:str"


def dotted(path: FieldPath) -> str:
    """Return a path as text: ``campaigns.0.cascade.1.template``, list items counted from 0."""
    return ".".join(str(part) for part in path)


def parse(text: str, label: str) -> tuple[Any, Lines]:
    """Return the plain value of a YAML text and the lines of its fields; all faults are raised together."""
    reader = _Reader(label)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            reader.take(event)
    except yaml.YAMLError as error:
        reader.problems.append(_syntax_problem(error, label, text))
        raise InputError(reader.problems) from None
    if reader.root is None:
        raise InputError([Problem(label, "the file is empty", EMPTY_REMEDY)])
    lines: Lines = {}
    value = _plain(reader.root, (), lines)
    if reader.problems:
        raise InputError(reader.problems)
    return value, lines


def _syntax_problem(error: yaml.YAMLError, label: str, text: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Problem(label, f"this is not YAML: {error}", "save the file as plain UTF-8 text")
    lines = text.splitlines()
    number = min(mark.line + 1, max(len(lines), 1))
    line = lines[number - 1] if lines else ""
    reason = getattr(error, "problem", None) or "it cannot be read"
    return Problem(f"{label}:{number}", f"this is not YAML: {reason}", _syntax_remedy(line))


def _syntax_remedy(line: str) -> str:
    if "\t" in line[: len(line) - len(line.lstrip())] or line.startswith("\t"):
        return "indent with spaces, not with tabs"
    if line.count('"') % 2 or line.count("'") % 2:
        return "close the quotes"
    if line.count("[") != line.count("]") or line.count("{") != line.count("}"):
        return "close the brackets; a text with braces needs quotes"
    return "check the indentation and put texts with ':' or '#' in quotes"


@dataclass(slots=True)
class _Node:
    """A scalar (``value``), a list (``items``) or a mapping (``entries``: key, its line, its node)."""

    line: int
    value: Any = None
    items: list[_Node] | None = None
    entries: dict[str, tuple[int, _Node]] | None = None
    pending: tuple[str, int] | None = None
    size: int = 1
    depth: int = 0
    open: bool = False


@dataclass(slots=True)
class _Reader:
    """Builds the tree from parser events without recursion, so that deep nesting cannot exhaust the stack."""

    label: str
    root: _Node | None = None
    stack: list[_Node] = field(default_factory=list)
    anchors: dict[str, _Node] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    documents: int = 0

    def take(self, event: yaml.Event) -> None:
        """Add one event to the tree."""
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent):
            self._document(line)
        elif isinstance(event, yaml.AliasEvent):
            self._add(self._alias(event.anchor or "", line), line, None)
        elif isinstance(event, yaml.ScalarEvent):
            self._check_tag(event.tag, line)
            self._scalar(event, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._check_tag(event.tag, line)
            self._open(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close(line)

    def _note(self, line: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(f"{self.label}:{line}", what, remedy))

    def _stop(self, line: int, what: str, remedy: str) -> NoReturn:
        self._note(line, what, remedy)
        raise InputError(self.problems)

    def _document(self, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            self._stop(line, "a second document begins here", "one file holds one thing: remove the '---'")

    def _check_tag(self, tag: str | None, line: int) -> None:
        if tag not in (None, "!", _STR_TAG):
            self._note(line, f"the tag {tag} is not supported", "write the plain value")

    def _alias(self, anchor: str, line: int) -> _Node:
        node = self.anchors.get(anchor)
        if node is None:
            remedy = f"aliases need &{anchor} above; quote a text that begins with *"
            self._stop(line, f"*{anchor} refers to nothing", remedy)
        if node.open:
            self._stop(line, f"*{anchor} contains itself", "write the value out")
        return node

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        holder = self.stack[-1] if self.stack else None
        if holder is not None and holder.entries is not None and holder.pending is None:
            self._key(holder.entries, event.value, line)
            holder.pending = (event.value, line)
            return
        plain = not event.style and event.tag is None
        self._add(_Node(line, self._resolve(event.value, line) if plain else event.value), line, event.anchor)

    def _key(self, entries: dict[str, tuple[int, _Node]], key: str, line: int) -> None:
        if key == "<<":
            self._note(line, "merge keys ('<<') are not supported", "write the fields out")
        elif key in entries:
            what = f"{key!r} stands twice in one block; first on line {entries[key][0]}"
            field_name = dotted((*self._path(), key))
            self.problems.append(Problem(f"{self.label}:{line}: {field_name}", what, "keep one of them"))

    def _path(self) -> FieldPath:
        """Return the path of the block that is being read: in each holder it is what was added last."""
        holders = self.stack[:-1]
        return tuple(next(reversed(node.entries)) if node.entries else len(node.items or ()) - 1 for node in holders)

    def _open(self, event: yaml.CollectionStartEvent, line: int) -> None:
        is_map = isinstance(event, yaml.MappingStartEvent)
        node = _Node(line, items=None if is_map else [], entries={} if is_map else None, depth=1, open=True)
        self._add(node, line, event.anchor)
        self.stack.append(node)

    def _close(self, line: int) -> None:
        node = self.stack.pop()
        node.open = False
        if self.stack:
            self._grow(node, line)

    def _add(self, node: _Node, line: int, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
        if not self.stack:
            self.root = node
            return
        holder = self.stack[-1]
        if holder.items is not None:
            holder.items.append(node)
        elif holder.pending is None:
            self._stop(line, "a key must be a plain word", "a text that begins with {{ or [ needs quotes")
        elif holder.entries is not None:
            key, key_line = holder.pending
            holder.entries[key], holder.pending = (key_line, node), None
        if len(self.stack) + node.depth > MAX_DEPTH:
            self._stop(line, f"the nesting is deeper than {MAX_DEPTH} levels", "flatten it; is a bracket left open?")
        if not node.open:
            self._grow(node, line)

    def _grow(self, node: _Node, line: int) -> None:
        holder = self.stack[-1]
        holder.size += node.size
        holder.depth = max(holder.depth, node.depth + 1)
        if sum(item.size for item in self.stack) > MAX_NODES:
            remedy = "write fewer entries, or fewer aliases"
            self._stop(line, f"the file, written out, has more than {MAX_NODES} values", remedy)

    def _resolve(self, text: str, line: int) -> object:
        for word, value in _WORDS:
            if text == word:
                return value
        number = math.inf if _NOT_FINITE.fullmatch(text) else _number(text)
        if number is None:
            return text
        if not math.isfinite(number) or abs(number) >= 2**63:
            self._note(line, f"{text[:40]} is no number to compute with", "write an ordinary number; quote a text")
            return 0
        return number


def _number(text: str) -> int | float | None:
    for pattern, base in ((_INT, 10), (_OCTAL, 8), (_HEX, 16)):
        if pattern.fullmatch(text):
            return int(text, base) if len(text) < 100 else math.inf
    return float(text) if _FLOAT.fullmatch(text) else None


def _plain(node: _Node, path: FieldPath, lines: Lines) -> Any:
    """Return the node as dicts, lists and scalars, noting the lines; the depth is within ``MAX_DEPTH``."""
    lines.setdefault(path, node.line)
    if node.items is not None:
        return [_plain(item, (*path, index), lines) for index, item in enumerate(node.items)]
    if node.entries is None:
        return node.value
    result: dict[str, Any] = {}
    for key, (line, item) in node.entries.items():
        lines[(*path, key)] = line
        result[key] = _plain(item, (*path, key), lines)
    return result
