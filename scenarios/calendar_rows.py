"""The rows of a calendar CSV under our names of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from policies.errors import InputError, Problem
from policies.words import nearest, suggestion
from scenarios.csv_text import csv_rows
from scenarios.model import CalendarFile

NEEDED = ("id", "channel", "started_at")
COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("id", ("id",)),
    ("type", ("type", "campaign_type")),
    ("channel", ("channel",)),
    ("started_at", ("started_at",)),
    ("finished_at", ("finished_at",)),
    ("size", ("size", "total_count")),
    ("hour_limit", ("hour_limit",)),
)
"""Our columns and the names by which they are known without a mapping."""


def calendar_rows(path: Path, spec: CalendarFile) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row under our column names); empty lines are left out."""
    rows = csv_rows(path, "the calendar")
    header = [name.strip() for name in next(rows, (1, []))[1]]
    places = _places(header, spec.mapping, str(path))
    for line, row in rows:
        if any(row):
            if len(row) != len(header):
                what = f"{len(row)} cells under {len(header)} headings"
                raise InputError([Problem(f"{path}:{line}", what, "put texts with commas in quotes")])
            yield line, {name: row[place].strip() for name, place in places.items()}


def _places(header: list[str], mapping: Mapping[str, str], label: str) -> dict[str, int]:
    """Return the place of each column that the file has; raises ``InputError`` where one is missing or unknown."""
    known = [name for name, _ in COLUMNS]
    problems = [
        Problem(f"{label}:1", f"the calendar has no column {ours!r}", suggestion(ours, known, what="columns"))
        for ours in mapping
        if ours not in known
    ]
    places: dict[str, int] = {}
    for ours, names in COLUMNS:
        wanted = (mapping[ours],) if ours in mapping else names
        found = [header.index(name) for name in wanted if name in header]
        if found:
            places[ours] = found[0]
        elif ours in NEEDED or ours in mapping:
            near = nearest(wanted[0], header)
            remedy = (
                f"is it {near!r}? Say so in calendar.mapping" if near else f"the columns are: {', '.join(header)[:200]}"
            )
            problems.append(Problem(f"{label}:1", f"there is no column {wanted[0]!r}", remedy))
    if problems:
        raise InputError(problems)
    return places
