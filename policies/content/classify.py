"""What kind of message a text is, with the words that decided: category, collection of a debt, pressure or threat.

Each question is a sum of whole weights over the features of a text (``features``). The weights are data
(``weights.csv``), made from the training texts by ``scripts/train_content.py`` and read by people.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from policies.content.features import Places, features, places_of

Answer = Literal["yes", "unsure", "no"]
TextCategory = Literal["promo", "service", "authentication", "debt"]

CATEGORIES: tuple[TextCategory, ...] = ("promo", "service", "authentication", "debt")
QUESTIONS = (*CATEGORIES, "collections", "pressure")
"""The columns of the weights."""
CONSTANT = "(constant)"
"""The row of what is added for every text."""
UNSURE = 50
"""A sum within this of nought is for a person to judge; hundredths of a natural logarithm of odds, *assumed*."""
MOST_WORDS = 8
"""Places told for one decision."""
TELLING = 4
"""A word is told where its feature weighs at least the weightiest one's weight over this; *assumed*."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``places`` are those of the words that spoke for it, weightiest first; ``because`` names their features."""

    answer: Answer
    score: int
    places: Places
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classified:
    """``category`` is the likeliest, ``lead`` by how much it leads the next; ``why`` holds its words."""

    category: TextCategory
    lead: int
    why: Decision
    collections: Decision
    pressure: Decision


@lru_cache(maxsize=1024)
def classify(text: str) -> Classified:
    """Return what kind of message ``text`` is."""
    found, known = features(text), _weights()
    weighed = {feature: known[feature] for feature in found if feature in known}
    scores = dict(zip(QUESTIONS, map(sum, zip(known[CONSTANT], *weighed.values(), strict=True)), strict=True))
    ranked = sorted(CATEGORIES, key=lambda name: (-scores[name], CATEGORIES.index(name)))
    best, lead = ranked[0], scores[ranked[0]] - scores[ranked[1]]
    why, collections, pressure = (
        _decision(found, _of_question(weighed, name), score)
        for name, score in ((best, lead), *((name, scores[name]) for name in ("collections", "pressure")))
    )
    return Classified(best, lead, why, collections, pressure)


def _of_question(weighed: Mapping[str, tuple[int, ...]], name: str) -> dict[str, int]:
    at = QUESTIONS.index(name)
    return {feature: weights[at] for feature, weights in weighed.items()}


def _decision(found: Mapping[str, Places], weights: Mapping[str, int], score: int) -> Decision:
    answer: Answer = "yes" if score > UNSURE else "no" if score <= -UNSURE else "unsure"
    heavy = max((0, *weights.values()))
    speaking = sorted((f for f in weights if 0 < weights[f] * TELLING >= heavy), key=lambda f: (-weights[f], f))
    because = tuple(speaking[:MOST_WORDS])
    places = tuple(dict.fromkeys(place for feature in because for place in sorted(places_of(feature, found))))
    return Decision(answer, score, places[:MOST_WORDS], because)


@cache
def _weights() -> dict[str, tuple[int, ...]]:
    return read_weights(files("policies.content").joinpath("weights.csv").read_text(encoding="utf-8").splitlines())


def read_weights(lines: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return what each feature adds to each of ``QUESTIONS``; hundredths of a natural logarithm of odds."""
    rows = csv.reader(lines)
    next(rows)
    return {name: tuple(map(int, weights)) for name, *weights in rows}
