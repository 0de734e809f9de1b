"""The mapping file: how the columns, words and times of somebody else's log are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policies.errors import InputError, Problem
from policies.words import suggestion
from policies.yaml_source import Source, read_source
from scenarios.audience.zones import known_zones
from scenarios.foreign.fields import FIELD_NAMES, FIELDS, IGNORED

TIMES = ("auto", "iso", "unix_s", "unix_ms", "unix_us")
SHOWN = ("opt_outs", "replies")
KEYS = ("columns", "values", "constants", "zone", "time", "shows_all")
WORDS = {item.name: item.words for item in FIELDS if item.words}


@dataclass(frozen=True, slots=True)
class LogMapping:
    """How to read a foreign log; the default reads one in our own words.

    ``columns`` gives their name of our column; ``values`` by column their word to ours, or to ``ignore``;
    ``constants`` the value of a column that the file lacks; ``zone`` that of times without one. ``time`` says what a
    bare number is; ``auto`` takes 10 digits for seconds, 13 for milliseconds, 16 for microseconds. ``shows_all`` names
    of what the log misses nothing: who is not seen to opt out (to reply) did not.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    zone: str | None = None
    time: str = "auto"
    shows_all: tuple[str, ...] = ()


def read_mapping(path: Path) -> LogMapping:
    """Return the mapping of a YAML file; raises ``InputError`` with everything that is wrong in it."""
    text = read_source(path)
    if not isinstance(text.value, dict):
        raise InputError([Problem(str(path), "is no mapping", f"give {', '.join(KEYS)}")])
    problems = list(_problems(text))
    if problems:
        raise InputError(problems)
    raw = text.value
    return LogMapping(
        columns=dict(raw.get("columns") or {}),
        values={
            name: {_word(theirs): _word(ours) for theirs, ours in pairs.items()}
            for name, pairs in (raw.get("values") or {}).items()
        },
        constants={name: _word(value) for name, value in (raw.get("constants") or {}).items()},
        zone=raw.get("zone"),
        time=raw.get("time", "auto"),
        shows_all=tuple(raw.get("shows_all") or ()),
    )  # fmt: skip


def _word(value: Any) -> str:
    return str(value).strip()


def _problems(text: Source) -> Iterator[Problem]:
    raw = text.value
    for key in raw:
        if key not in KEYS:
            yield Problem(text.where((key,)), f"there is no field {str(key)!r}", suggestion(str(key), KEYS))
    for key in ("columns", "values", "constants"):
        part = raw.get(key) or {}
        if not isinstance(part, dict):
            yield Problem(text.where((key,)), "must be pairs of ours and theirs", "write name: value, one a line")
            continue
        for name, value in part.items():
            yield from _entry(text, key, name, value)
    if raw.get("time", "auto") not in TIMES:
        yield Problem(text.where(("time",)), f"{raw['time']!r} is no kind of time", f"use one of {', '.join(TIMES)}")
    zone = raw.get("zone")
    if zone is not None and zone not in known_zones():
        yield Problem(text.where(("zone",)), f"{zone!r} is no IANA time zone", "write e.g. Europe/Moscow")
    shown = raw.get("shows_all") or []
    if not isinstance(shown, list) or [word for word in shown if word not in SHOWN]:
        yield Problem(text.where(("shows_all",)), "names what no log shows", f"a list of {', '.join(SHOWN)}")


def _entry(text: Source, key: str, name: Any, value: Any) -> Iterator[Problem]:
    where = text.where((key, name))
    if name not in FIELD_NAMES:
        yield Problem(where, f"{str(name)!r} is none of our columns", suggestion(str(name), FIELD_NAMES))
    elif key == "values" and name not in WORDS:
        yield Problem(where, f"{name} holds no fixed words", f"words are mapped in {', '.join(WORDS)}")
    elif key == "values" and not isinstance(value, dict):
        yield Problem(where, "must be pairs of theirs and ours", "write their word: our word, one a line")
    elif key == "values":
        for theirs, ours in value.items():
            if _word(ours) not in (*WORDS[name], IGNORED):
                remedy = suggestion(_word(ours), (*WORDS[name], IGNORED))
                yield Problem(text.where((key, name, theirs)), f"{_word(ours)!r} is no {name} of ours", remedy)
    elif isinstance(value, (dict, list)) or value is None:
        yield Problem(where, "must be one value", "write a name or a word")
