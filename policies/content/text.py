"""The text-relevant part of a template, and the ``{{variables}}`` in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class TextButton:
    """A button: ``kind`` is ``url``, ``phone``, ``quick_reply`` or ``copy_code``; ``target`` is its link or number."""

    kind: str
    label: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One ``{{name}}`` at ``start:end`` of a field; ``column`` is the audience column that fills it."""

    name: str
    column: str
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TemplateText:
    """What a template says.

    ``variables`` pairs a placeholder's name with the audience column that fills it; a name that is not paired is
    itself the column. ``final`` marks a text as it was sent, with nothing left to fill: a placeholder in it is a fault.
    ``sender`` is the name that it is sent under; None where it is not known, or not the same for all.
    """

    channel: str
    category: str
    body: str
    language: str = "ru"
    subject: str | None = None
    header: str | None = None
    footer: str | None = None
    buttons: tuple[TextButton, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    final: bool = False
    sender: str | None = None

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield (field, text) of every text a person reads, in reading order; empty fields are left out."""
        named = (("subject", self.subject), ("header", self.header), ("body", self.body), ("footer", self.footer))
        for field, text in named:
            if text:
                yield field, text
        for index, button in enumerate(self.buttons):
            if button.label:
                yield f"buttons[{index}].label", button.label

    def part(self, field: str) -> str:
        """Return the text of a field that ``parts`` names; raises KeyError for another."""
        return dict(self.parts())[field]

    def column(self, name: str) -> str:
        """Return the audience column that fills the placeholder ``name``."""
        return dict(self.variables).get(name, name)

    def placeholders(self) -> tuple[Placeholder, ...]:
        """Return every placeholder in reading order, those in the targets of buttons last."""
        targets = [(f"buttons[{i}].target", b.target) for i, b in enumerate(self.buttons) if b.target]
        return tuple(
            Placeholder(found[1], self.column(found[1]), field, found.start(), found.end())
            for field, text in [*self.parts(), *targets]
            for found in PLACEHOLDER.finditer(text)
        )


def without_placeholders(text: str) -> str:
    """Return ``text`` with every placeholder left out."""
    return PLACEHOLDER.sub("", text)
