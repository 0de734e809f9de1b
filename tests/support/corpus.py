"""The labelled corpus of ``tests/corpus``: loading, and its fixed split by family and by author."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent.parent / "corpus"
LABELS = ("collections", "pressure", "threat", "opt_out", "relation", "credit_offer", "credit_warning")
CATEGORIES = ("promo", "service", "authentication", "debt")
VARIANTS = ("homoglyph", "zero-width", "spaced", "digits", "translit", "emoji", "case", "typo")
SECOND = "test-2"
"""YAML files whose name ends so were written after the first look at the test half; nobody tunes on them either."""
THIRD = "test-3"
"""Files of JSON lines whose name ends so are of authors who wrote no other; the other files of lines are trained on."""
PARTS = ("train", "test", SECOND, THIRD)


@dataclass(frozen=True, slots=True)
class Message:
    """One text; ``half`` is one of ``PARTS``, ``variant`` the disguise or None.

    ``author`` is empty for the first one, who wrote the families and the word lists.
    """

    id: str
    family: str
    half: str
    language: str
    category: str
    labels: frozenset[str]
    variant: str | None
    text: str
    author: str = ""

    @property
    def listed(self) -> bool:
        """Tell whether the labels of word lists were given too, not only those of collection, pressure and threat."""
        return not self.author


@cache
def messages() -> tuple[Message, ...]:
    """Return the whole corpus in the order of its files."""
    families = [message for path in sorted(FOLDER.glob("*.yaml")) for message in _of_file(path)]
    return (*families, *(message for path in sorted(FOLDER.glob("*.jsonl")) for message in _of_lines(path)))


def half(name: str) -> tuple[Message, ...]:
    """Return the messages of one of ``PARTS``."""
    return tuple(message for message in messages() if message.half == name)


def half_of(family: str) -> str:
    """Return ``train`` or ``test`` by the parity of the first byte of SHA-256 of the name; no family is ever moved."""
    return ("train", "test")[hashlib.sha256(family.encode()).digest()[0] % 2]


def _of_file(path: Path) -> list[Message]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    second = path.stem.endswith(SECOND)
    return [
        _message(raw, family, number, row, SECOND if second else half_of(family["family"]))
        for family in raw["families"]
        for number, row in enumerate(family["texts"], 1)
    ]


def _of_lines(path: Path) -> list[Message]:
    part = THIRD if path.stem.endswith(THIRD) else "train"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Message(
            f"{path.stem}/{number}", f"{path.stem} {row['family']}", part, row["language"], row["category"],
            frozenset(row["labels"]), row.get("variant"), row["text"], path.stem,
        )
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip


def _message(raw: dict[str, Any], family: dict[str, Any], number: int, row: Any, part: str) -> Message:
    fields = _fields(row)
    labels = set(family.get("labels", ())) | set(fields.get("also", ()))
    labels -= set(fields.get("not", ()))
    name = family["family"]
    category = fields.get("category", family.get("category", raw["category"]))
    return Message(
        f"{name}/{number}", name, part, raw["language"], category, frozenset(labels), fields.get("variant"),
        fields["text"],
    )  # fmt: skip


def _fields(row: Any) -> dict[str, Any]:
    """Return the fields of a text: a string, a pair of disguise and text, or the fields themselves."""
    if isinstance(row, str):
        return {"text": row}
    return {"variant": row[0], "text": row[1]} if isinstance(row, list) else dict(row)
