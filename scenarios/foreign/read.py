"""A foreign log as one table in our columns; every row that cannot be read is kept with line, column and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.errors import InputError, Problem
from policies.words import suggestion
from scenarios.audience.batches import Batch
from scenarios.foreign.again import once
from scenarios.foreign.convert import Converter
from scenarios.foreign.fields import ALIASES, COMPULSORY, FIELD_NAMES
from scenarios.foreign.instants import NO_ZONE
from scenarios.foreign.mapping import WORDS, Habits, LogMapping, Names
from scenarios.foreign.room import give_back
from scenarios.foreign.sources import STDIN, bytes_of, find_inputs, open_input, read_batches
from scenarios.foreign.unroll import Shape
from scenarios.foreign.whole import together

ORDINARY = Habits()
MOST_KEPT = 10_000
"""Bad rows kept one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read. ``column`` is empty where the whole line is meant."""

    file: str
    line: int
    column: str
    reason: str
    value: str = ""


@dataclass(slots=True)
class BadRows:
    """The first of the bad rows, how many there are, and of each sort how many."""

    rows: list[BadRow] = field(default_factory=list)
    count: int = 0
    sorts: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    examples: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def add(self, row: BadRow) -> None:
        """Take in one bad row."""
        self.count += 1
        if len(self.rows) < MOST_KEPT:
            self.rows.append(row)
        sort = (row.file, row.column, row.reason)
        self.sorts.setdefault(sort, [row.line, 0])[1] += 1
        self.examples.setdefault(sort, row.value)

    def problems(self) -> list[Problem]:
        """Return one problem a sort: where it occurs first, and how many rows have it."""
        found = []
        for sort, (line, count) in self.sorts.items():
            file, column, reason = sort
            value = f"{self.examples[sort][:80]!r} " if self.examples[sort] else ""
            where = f"{file}:{line}: {column}" if column else f"{file}:{line}"
            rows = f"{count} row{'' if count == 1 else 's'}"
            found.append(Problem(where, f"{value}{reason}", f"{rows}{_remedy(column, reason)}"))
        return found


def _remedy(column: str, reason: str) -> str:
    if reason == NO_ZONE:
        return "; name the zone by --zone or in the mapping"
    if reason == f"is no {column} of ours":
        return f"; valid: {', '.join(WORDS[column])}; say in a --mapping FILE which word is which, or ignore"
    if column == "cost" and reason == "is less than nothing":
        return "; if the export tells charges as negative amounts, say `amounts: negative` in a --mapping FILE"
    return ""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A log in our columns and those of ``fields.FURTHER_FIELDS``, rows in the order of the input.

    Instants are int64 microseconds UTC. ``lines`` gives the line of each row, ``file_of`` the index in ``files`` it
    came from. ``columns`` are those that the input has. ``ignored`` counts rows that the mapping leaves out, ``again``
    those that tell of a message once more.
    """

    table: pa.Table
    lines: npt.NDArray[np.int32]
    file_of: npt.NDArray[np.int32]
    files: tuple[str, ...]
    columns: frozenset[str]
    bad: BadRows
    ignored: int = 0
    shows_all: tuple[str, ...] = ()
    again: int = 0
    habits: Habits = ORDINARY


def read_log(
    names: Sequence[str], *, form: str = "auto", mapping: LogMapping = LogMapping(), keep_going: bool = False,  # noqa: B008
    country: str | None = None, others: Sequence[tuple[str, LogMapping]] = (),
    advance: Callable[[int], None] = lambda _: None,
) -> Foreign:  # fmt: skip
    """Return the rows of all files (patterns, ``-``). Raises ``InputError`` for bad rows unless ``keep_going``.

    ``country`` is that of phone numbers without one, where the mapping writes them in one form. ``others`` are mappings
    of the files that fit a pattern; ``mapping`` serves for the rest. ``advance`` is told the bytes read so far.
    """
    converters = [(pattern, Converter(own, country)) for pattern, own in (*others, ("*", mapping))]
    bad = BadRows()
    tables, lines, file_of = [], [], []
    columns: set[str] = set()
    of_files: list[Problem] = []
    files, before = tuple(find_inputs(names)), 0
    for number, name in enumerate(files):
        own = next(own for pattern, own in converters if _fits(name, pattern))
        try:
            for batch, tell in _batches(name, form, own.mapping):
                columns |= {*batch.columns, *own.mapping.constants}
                table, kept = _converted(batch, own, STDIN if name == "-" else name, bad)
                tables.append(table)
                lines.append(kept.astype(np.int32))
                file_of.append(np.full(len(kept), number, np.int32))
                advance(before + tell)
        except InputError as error:  # of the file as a whole; the others may have faults too
            of_files += error.problems
        before += bytes_of([name])
    rows = sum(len(table) for table in tables)
    if bad.count and (of_files or not keep_going or not rows):
        of_files += bad.problems()
    if of_files:
        raise InputError(of_files)
    if not rows:
        raise InputError([Problem(", ".join(files), "holds no row", "export it again")])
    whole = together(tables, columns)
    tables.clear()
    table, again = once(whole)
    give_back()
    return Foreign(
        table=table, lines=np.concatenate(lines),
        file_of=np.concatenate(file_of), files=files, columns=frozenset(columns), bad=bad,
        ignored=sum(converter.ignored for _, converter in converters),
        shows_all=mapping.shows_all, again=again, habits=mapping.receipts,
    )  # fmt: skip


def _batches(name: str, form: str, mapping: LogMapping) -> Iterator[tuple[Batch, int]]:
    """Yield the batches of a file, each with the bytes read so far."""
    source = open_input(name)
    with source.raw:
        shape = Shape(mapping.rows_in, mapping.shape)
        for batch in read_batches(source, form, lambda header, where: match(header, mapping, where), shape):
            yield batch, source.raw.tell()


def _converted(batch: Batch, own: Converter, label: str, bad: BadRows) -> tuple[pa.Table, npt.NDArray[np.int64]]:
    """Return the rows of a batch in our columns and their lines; those that cannot be read go to ``bad``."""
    for reject in batch.rejects:
        bad.add(BadRow(label, reject.line, reject.column, reject.reason, reject.value))
    table, kept, faults = own(batch)
    for line, column, reason, value in faults:
        bad.add(BadRow(label, line, column, reason, value))
    return table, kept


def _fits(name: str, pattern: str) -> bool:
    return fnmatch(name, pattern) or fnmatch(Path(name).name, pattern)


def match(header: Sequence[str], mapping: LogMapping, where: str) -> Mapping[str, str]:
    """Return our name and theirs of each column of ``header`` that is used. Raises ``InputError`` with all faults."""
    folded = {_fold(name): name for name in header if name}
    times = Counter(_fold(name) for name in header if name)
    problems = [
        Problem(where, f"the header has {folded[name]!r} twice", "rename or remove one of them")
        for name, number in times.items()
        if number > 1
    ]
    found: dict[str, str] = {}
    for ours in FIELD_NAMES:
        asked: Names | None = mapping.columns.get(ours)
        names = (ours, *ALIASES.get(ours, ())) if asked is None else (asked,) if isinstance(asked, str) else asked
        theirs = next((folded[_fold(name)] for name in names if _fold(name) in folded), None)
        if theirs is not None:
            found[ours] = theirs
        elif isinstance(asked, str):
            remedy = suggestion(asked, [name for name in header if name], what="the file has")
            problems.append(Problem(where, f"mapping: {ours}: there is no column {asked!r}", remedy))
    lacking = [name for name in COMPULSORY if name not in found and name not in mapping.constants]
    lacking = [name for name in lacking if not isinstance(mapping.columns.get(name), str)]
    if lacking:
        first = ", ".join(header)[:120]
        remedy = "say in a --mapping FILE which column is which"
        problems.append(Problem(where, f"no column {', '.join(lacking)}; the columns are: {first}", remedy))
    if problems:
        raise InputError(problems)
    return found


def _fold(name: str) -> str:
    return " ".join(str(name).split()).casefold()
