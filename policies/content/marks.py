"""Marks: what a text must hold or must not hold, as regular expressions by name, held as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from policies.content.text import PLACEHOLDER, TemplateText

MARKS = (
    "ca-mailing-address", "e-mail", "energy-renovation", "fr-stop", "link", "mersis", "mx-forbidden", "opt-out",
    "phone", "promo-tr", "tr-refusal",
)  # fmt: skip
"""The marks of ``marks.yaml``, whose head says what their fields are."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark; ``languages`` is empty for one that every language shares."""

    name: str
    meaning: str
    find: tuple[re.Pattern[str], ...]
    column: re.Pattern[str] | None = None
    sender: re.Pattern[str] | None = None
    then: tuple[re.Pattern[str], ...] = ()
    languages: tuple[str, ...] = ()

    def speaks(self, text: TemplateText) -> bool:
        """Say whether the mark is known in the text's language."""
        return not self.languages or text.language[:2].lower() in self.languages

    def places(self, text: TemplateText) -> Iterator[tuple[str, re.Match[str]]]:
        """Yield (field, match) wherever it stands in the text or in the target of a button, outside of variables."""
        sent_so = self.sender and text.sender and self.sender.fullmatch(text.sender)
        patterns = (*self.find, *(self.then if sent_so else ()))
        targets = [(f"buttons[{i}].target", button.target or "") for i, button in enumerate(text.buttons)]
        for field, written in [*text.parts(), *targets]:
            fixed = PLACEHOLDER.sub(lambda place: " " * len(place[0]), written)
            for pattern in patterns:
                yield from ((field, match) for match in pattern.finditer(fixed))

    def may_fill(self, text: TemplateText) -> bool:
        """Say whether a variable of the text may hold the mark."""
        return self.column is not None and any(self.column.search(place.column) for place in text.placeholders())


@cache
def mark(name: str) -> Mark:
    """Return the mark ``name``; raises ValueError for an unknown one."""
    if name not in MARKS:
        raise ValueError(f"there is no mark {name!r}")
    return _mark(name, _file()[name])


@cache
def _file() -> dict[str, Any]:
    source = files("policies.content").joinpath("marks.yaml")
    raw: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return raw


def _mark(name: str, raw: dict[str, Any]) -> Mark:
    column, sender = (re.compile(raw[key], re.IGNORECASE) if key in raw else None for key in ("column", "sender"))
    find, then = (tuple(re.compile(text, re.IGNORECASE) for text in raw.get(key, ())) for key in ("find", "then"))
    return Mark(name, raw["meaning"], find, column, sender, then, tuple(raw.get("languages", ())))
