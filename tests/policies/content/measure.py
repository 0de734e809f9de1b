"""Precision and recall of the lexicons on the corpus; a helper of the tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from policies.content.lexicon import level, lexicon

CORPUS = Path(__file__).with_name("corpus.yaml")
MEASURED = ("debt", "pressure", "threat", "state", "promo", "opt_out", "relation")


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one lexicon on one half. ``doubted`` are missed texts that at least go to a person's review."""

    hits: int
    false_alarms: int
    missed: int
    doubted: int

    @property
    def precision(self) -> float:
        """Share of the found texts that are rightly found; 1 where none is found."""
        return self.hits / (self.hits + self.false_alarms) if self.hits + self.false_alarms else 1.0

    @property
    def recall(self) -> float:
        """Share of the labelled texts that are found; 1 where none is labelled."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def noticed(self) -> float:
        """Share of the labelled texts that are found or go to a person's review."""
        return (self.hits + self.doubted) / (self.hits + self.missed) if self.hits + self.missed else 1.0


def corpus(half: str) -> list[dict[str, Any]]:
    """Return the labelled texts of one half, ``tuned`` or ``held_out``."""
    raw: dict[str, list[dict[str, Any]]] = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))
    return raw[half]


def mistakes(half: str, name: str) -> list[tuple[str, str, str]]:
    """Return (text, 'false alarm' or 'missed', level) of each text that the lexicon ``name`` gets wrong."""
    found = [(row, level(lexicon(name).matches(row["text"]))) for row in _judged(half, name)]
    return [
        (row["text"], "missed" if name in row["labels"] else "false alarm", strength)
        for row, strength in found
        if (strength == "enough") != (name in row["labels"])
    ]


def score(half: str, name: str) -> Score:
    """Return the counts of the lexicon ``name`` on one half of the corpus."""
    rows, wrong = _judged(half, name), mistakes(half, name)
    missed = [strength for _, kind, strength in wrong if kind == "missed"]
    labelled = sum(name in row["labels"] for row in rows)
    return Score(labelled - len(missed), len(wrong) - len(missed), len(missed), missed.count("some"))


def _judged(half: str, name: str) -> list[dict[str, Any]]:
    return [row for row in corpus(half) if name != "relation" or "promo" in row["labels"]]
