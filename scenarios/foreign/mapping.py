"""The mapping of a log: how the columns, words, times and amounts of somebody else's export are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policies.errors import InputError, Problem
from policies.words import suggestion
from policies.yaml_source import Source, read_source
from scenarios.foreign.mapping_checks import KEYS, WORDS, problems_of

__all__ = ["SHIPPED", "WORDS", "About", "Habits", "LogMapping", "find_mapping", "read_mapping", "shipped_mappings"]

SHIPPED = Path(__file__).parent / "mappings"
"""Where the mappings of common exports are; each is called as its file."""
DEEPEST = 8
"""Mappings that extend each other at most; more is a circle."""

Names = str | tuple[str, ...]
"""A column that must be there, or several of which the first that is there counts (none: not told)."""


@dataclass(frozen=True, slots=True)
class About:
    """What a mapping is and where it is from: addresses with the day they were read, and what was not found there."""

    title: str = ""
    sources: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Habits:
    """What the receipts of a provider are like, so that only what is out of the ordinary is told.

    ``read_implies_delivered``: a message that is read at once gets no receipt of its delivery. ``failed_alone``: one
    that fails at once has no other row. ``charged``: at what a price is due (``submit`` or ``delivered``).
    ``counts_segments``: the units are the parts of an SMS. Without a habit nothing is made of it.
    """

    read_implies_delivered: bool = False
    failed_alone: bool = False
    charged: str = "submit"
    counts_segments: bool = False


@dataclass(frozen=True, slots=True)
class LogMapping:
    """How to read a foreign log; the default reads one in our own words.

    ``columns`` gives their name of our column; ``values`` by column their word to ours, or to ``ignore`` (``*``: every
    other word); ``constants`` the value of a column that the file lacks; ``zone`` that of times without one. ``time``
    says what a bare number is; ``auto`` takes 10 digits for seconds, 13 for milliseconds, 16 for microseconds.
    ``shows_all`` names of what the log misses nothing: who is not seen to opt out (to reply) did not. ``amounts``:
    ``micro`` units, ``decimal``, or ``negative`` decimals for what is charged. ``recipients``: ``phones`` are written
    as +79161234567. ``inbound``: ``swapped`` where the sender of an answer stands in the sender's column. JSON holds
    its rows in a list called one of ``rows_in``, or in another ``shape`` (scenarios.foreign.unroll).
    """

    columns: Mapping[str, Names] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    zone: str | None = None
    time: str = "auto"
    shows_all: tuple[str, ...] = ()
    amounts: str = "micro"
    recipients: str = "as_written"
    inbound: str = "as_written"
    rows_in: tuple[str, ...] = ()
    shape: str = "rows"
    receipts: Habits = Habits()
    about: About = About()


def shipped_mappings() -> dict[str, LogMapping]:
    """Return the mappings of common exports by name."""
    return {path.stem: read_mapping(path) for path in sorted(SHIPPED.glob("*.yaml"))}


def find_mapping(name: str) -> LogMapping:
    """Return the mapping of a file or the shipped one of this name; raises ``InputError`` if there is neither."""
    return read_mapping(_place(name, Path(), "--mapping"))


def read_mapping(path: Path) -> LogMapping:
    """Return the mapping of a YAML file; raises ``InputError`` with everything that is wrong in it."""
    raw = _whole(path, 0)
    about = raw.get("about") or {}
    return LogMapping(
        columns={
            name: tuple(map(_word, theirs)) if isinstance(theirs, list) else theirs
            for name, theirs in (raw.get("columns") or {}).items()
        },
        values={
            name: {_word(theirs): _word(ours) for theirs, ours in pairs.items()}
            for name, pairs in (raw.get("values") or {}).items()
        },
        constants={name: _word(value) for name, value in (raw.get("constants") or {}).items()},
        zone=raw.get("zone"),
        time=raw.get("time", "auto"),
        shows_all=tuple(raw.get("shows_all") or ()),
        amounts=raw.get("amounts", "micro"),
        recipients=raw.get("recipients", "as_written"),
        inbound=raw.get("inbound", "as_written"),
        rows_in=tuple(raw.get("rows_in") or ()),
        shape=raw.get("shape", "rows"),
        receipts=Habits(**(raw.get("receipts") or {})),
        about=About(
            title=_word(about.get("title", "")),
            sources=tuple(f"{_word(item['address'])} ({item['read_on']})" for item in about.get("sources") or ()),
            assumed=tuple(map(_word, about.get("assumed") or ())),
        ),
    )


def _word(value: Any) -> str:
    return str(value).strip()


def _whole(path: Path, depth: int) -> dict[str, Any]:
    """Return what stands in a file, laid over what it extends."""
    text = read_source(path)
    if not isinstance(text.value, dict):
        raise InputError([Problem(str(path), "is no mapping", f"give {', '.join(KEYS)}")])
    problems = list(problems_of(text))
    if problems:
        raise InputError(problems)
    raw: dict[str, Any] = text.value
    if "extends" not in raw:
        return raw
    if depth == DEEPEST:
        raise InputError([Problem(str(path), "extends itself by way of others", "break the circle")])
    return _laid_over(_whole(_extended(text, path), depth + 1), raw)


def _extended(text: Source, path: Path) -> Path:
    return _place(str(text.value["extends"]), path.parent, text.where(("extends",)))


def _place(name: str, folder: Path, where: str) -> Path:
    """Return the file of a mapping that is named: a path, from ``folder`` on, or a shipped one."""
    shipped = SHIPPED / f"{name}.yaml"
    if (folder / name).is_file() or Path(name).suffix or Path(name).name != name:
        return folder / name
    if shipped.is_file():
        return shipped
    names = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
    remedy = f"{suggestion(name, names)}; or give the path of a YAML file"
    raise InputError([Problem(where, f"there is no mapping {name!r}", remedy)])


def _laid_over(base: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``raw`` over ``base``: pairs are laid over pairs, anything else replaces what was there."""
    found = dict(base)
    for key, value in raw.items():
        below = found.get(key)
        both = isinstance(value, dict) and isinstance(below, dict)
        found[key] = _laid_over(below, value) if both and below is not None else value
    return found
