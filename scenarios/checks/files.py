"""What lies outside the file: the audience, number ranges, the calendar, rule packs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from policies.words import nearest, suggestion
from policies.yaml_tree import FieldPath
from scenarios.checks.facts import Facts
from scenarios.plain_errors import Fault

PACK_SUFFIXES = (".yaml", ".yml")


def check(facts: Facts) -> Iterator[Fault]:
    """Yield the faults of files that are named but are not there."""
    audience = facts.scenario.audience.file
    if audience is not None:
        yield from _file(facts, ("audience", "file", "path"), audience.path)
        if audience.number_ranges is not None:
            yield from _file(facts, ("audience", "file", "number_ranges"), audience.number_ranges)
    calendar = facts.scenario.calendar
    if calendar is not None:
        yield from _file(facts, ("calendar", "path"), calendar.path)
    yield from _packs(facts)


def shipped_packs() -> list[str]:
    """Return the names of the rule packs that come with the package, in alphabetical order."""
    folder = files("policies").joinpath("packs")
    return sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml"))


def _packs(facts: Facts) -> Iterator[Fault]:
    shipped = shipped_packs()
    seen: set[str] = set()
    for index, pack in enumerate(facts.scenario.packs):
        path: FieldPath = ("packs", index)
        if pack in seen:
            yield Fault(path, f"the pack {pack!r} is named twice", "remove one of them")
        elif pack.endswith(PACK_SUFFIXES) or "/" in pack:
            yield from _file(facts, path, pack)
        elif pack not in shipped:
            yield Fault(path, f"there is no rule pack {pack!r}", suggestion(pack, shipped, what="packs"))
        seen.add(pack)


def _file(facts: Facts, path: FieldPath, name: str) -> Iterator[Fault]:
    full = facts.base_dir / name
    try:
        if full.is_file():
            return
        exists = full.exists()
    except (OSError, ValueError):
        exists = False
    if exists:
        yield Fault(path, f"{name!r} is not a file", "name a file")
    else:
        yield Fault(path, f"there is no file {name[:100]!r}", _near_file(full))


def _near_file(full: Path) -> str:
    try:
        names = [item.name for item in full.parent.iterdir()]
    except (OSError, ValueError):
        return "paths start from the scenario's folder"
    near = nearest(full.name, names)
    return f"did you mean {near}?" if near else "paths start from the scenario's folder"
