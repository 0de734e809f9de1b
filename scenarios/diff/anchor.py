"""Scenarios of two folders made comparable: what they read from files is named alike where the files are equal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scenarios.audience.source import digest
from scenarios.load import Loaded, load_values
from scenarios.plain_values import plain_values

Paths = Mapping[tuple[str | int, ...], Path]


def anchored(first: Loaded, second: Loaded) -> tuple[Loaded, Loaded]:
    """Return both scenarios with full paths; a file of the second that equals the first's bears the first's name.

    Scenarios of one folder are returned as they are.
    """
    if first.base_dir.resolve() == second.base_dir.resolve():
        return first, second
    own, other = _files(first), _files(second)
    twins = {place: own[place] for place in own.keys() & other.keys() if _equal(own[place], other[place])}
    return _renamed(first, own), _renamed(second, {**other, **twins})


def _files(loaded: Loaded) -> dict[tuple[str | int, ...], Path]:
    """Return the files that a scenario names, by the place of the name in its plain values."""
    scenario, base = loaded.scenario, loaded.base_dir.resolve()
    found: dict[tuple[str | int, ...], Path] = {
        ("packs", index): base / name
        for index, name in enumerate(scenario.packs)
        if "/" in name or name.endswith((".yaml", ".yml"))
    }
    if scenario.audience.file is not None:
        found["audience", "file", "path"] = base / scenario.audience.file.path
        if scenario.audience.file.number_ranges:
            found["audience", "file", "number_ranges"] = base / scenario.audience.file.number_ranges
    if scenario.calendar is not None:
        found["calendar", "path"] = base / scenario.calendar.path
    return found


def _equal(first: Path, second: Path) -> bool:
    return digest(first) == digest(second)


def _renamed(loaded: Loaded, files: Paths) -> Loaded:
    values: Any = plain_values(loaded.scenario)
    for place, path in files.items():
        holder = values
        for part in place[:-1]:
            holder = holder[part]
        holder[place[-1]] = str(path)
    return load_values(values, loaded, str(loaded.path))
