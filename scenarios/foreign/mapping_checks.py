"""Everything that may be wrong in a mapping file, each with its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.errors import Problem
from policies.words import suggestion
from policies.yaml_source import Source
from scenarios.audience.zones import known_zones
from scenarios.foreign.fields import FIELD_NAMES, FIELDS, IGNORED, TOLD

CHOICES = {
    "time": ("auto", "iso", "unix_s", "unix_ms", "unix_us"),
    "amounts": ("micro", "decimal", "negative"),
    "recipients": ("as_written", "phones"),
    "inbound": ("as_written", "swapped"),
    "shape": ("rows", "whatsapp_webhooks"),
}
"""Fields of a mapping that hold one of a few words; the first one unless told otherwise."""
SHOWN = ("opt_outs", "replies")
HABITS = {
    "read_implies_delivered": (True, False), "failed_alone": (True, False), "charged": ("submit", "delivered"),
    "counts_segments": (True, False),
}  # fmt: skip
ABOUT = ("title", "sources", "assumed")
KEYS = ("extends", "about", "columns", "values", "constants", "zone", *CHOICES, "shows_all", "rows_in", "receipts")
WORDS = {item.name: item.words for item in FIELDS if item.words}
FREE = ("reason", "template", "campaign", "sender")
"""Columns whose words may be put into any other words."""


def problems_of(text: Source) -> Iterator[Problem]:
    """Yield what is wrong in a mapping file, which holds pairs."""
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
    yield from _settings(text)
    yield from _receipts(text)
    yield from _about(text)


def _settings(text: Source) -> Iterator[Problem]:
    raw = text.value
    for key, words in CHOICES.items():
        if raw.get(key, words[0]) not in words:
            remedy = f"use one of {', '.join(words)}"
            yield Problem(text.where((key,)), f"{str(raw[key])!r} is no kind of {key}", remedy)
    zone = raw.get("zone")
    if zone is not None and zone not in known_zones():
        yield Problem(text.where(("zone",)), f"{zone!r} is no IANA time zone", "write e.g. Europe/Moscow")
    shown = raw.get("shows_all") or []
    if not isinstance(shown, list) or [word for word in shown if word not in SHOWN]:
        yield Problem(text.where(("shows_all",)), "names what no log shows", f"a list of {', '.join(SHOWN)}")
    lists = raw.get("rows_in") or []
    if not isinstance(lists, list) or not all(isinstance(name, str) for name in lists):
        yield Problem(text.where(("rows_in",)), "must be a list of names", "write rows_in: [results]")
    if not isinstance(raw.get("extends", ""), str):
        yield Problem(text.where(("extends",)), "must be one name or path", "write extends: twilio")


def _receipts(text: Source) -> Iterator[Problem]:
    habits = text.value.get("receipts") or {}
    if not isinstance(habits, dict):
        yield Problem(text.where(("receipts",)), "must be pairs", f"known: {', '.join(HABITS)}")
        return
    for name, value in habits.items():
        where = text.where(("receipts", name))
        if name not in HABITS:
            yield Problem(where, f"there is no habit {str(name)!r}", suggestion(str(name), tuple(HABITS)))
        elif value not in HABITS[name]:
            yield Problem(where, f"{str(value)!r} does not fit", f"one of {', '.join(map(str, HABITS[name]))}")


def _about(text: Source) -> Iterator[Problem]:
    about = text.value.get("about") or {}
    where = text.where(("about",))
    if not isinstance(about, dict) or set(about) - set(ABOUT):
        yield Problem(where, "holds something else", f"give {', '.join(ABOUT)}")
        return
    sources = about.get("sources") or []
    if not isinstance(sources, list) or not all(
        isinstance(s, dict) and {"address", "read_on"} <= set(s) for s in sources
    ):
        yield Problem(where, "sources must have address and read_on", "one entry a page")
    if not isinstance(about.get("assumed") or [], list):
        yield Problem(where, "assumed must be a list", "one sentence an entry")


def _entry(text: Source, key: str, name: Any, value: Any) -> Iterator[Problem]:
    where = text.where((key, name))
    if name not in FIELD_NAMES:
        yield Problem(where, f"{str(name)!r} is none of our columns", suggestion(str(name), FIELD_NAMES))
    elif key == "values":
        yield from _words(text, name, value)
    elif key == "columns" and isinstance(value, list) and value:
        if not all(isinstance(theirs, str) for theirs in value):
            yield Problem(where, "must be a list of names", "write the names they may have")
    elif isinstance(value, (dict, list)) or value is None:
        yield Problem(where, "must be one value", "write a name or a word")


def _words(text: Source, name: str, value: Any) -> Iterator[Problem]:
    where = text.where(("values", name))
    if name not in (*WORDS, *FREE):
        yield Problem(where, f"{name} holds no fixed words", f"words are mapped in {', '.join((*WORDS, *FREE))}")
    elif not isinstance(value, dict):
        yield Problem(where, "must be pairs of theirs and ours", "write their word: our word, one a line")
    elif name in WORDS:
        known = (*WORDS[name], IGNORED, *((TOLD,) if name == "event" else ()))
        for theirs, ours in value.items():
            if str(ours).strip() not in known:
                what = f"{str(ours).strip()!r} is no {name} of ours"
                yield Problem(text.where(("values", name, theirs)), what, suggestion(str(ours).strip(), known))
