"""What kind of message a text is, with the words that decided: category, collection of a debt, pressure or threat.

Each question is a sum of whole weights over the features of a text (``features``). The weights are data
(``weights.yaml``), made from the training half of the corpus by ``scripts/train_content.py`` and read by people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import yaml

from policies.content.features import Places, features, places_of

Answer = Literal["yes", "unsure", "no"]
TextCategory = Literal["promo", "service", "authentication", "debt"]

CATEGORIES: tuple[TextCategory, ...] = ("promo", "service", "authentication", "debt")
UNSURE = 50
"""A sum within this of nought is for a person to judge; hundredths of a natural logarithm of odds, *assumed*."""
MOST_WORDS = 8
"""Places told for one decision."""


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
    scores = {name: _score(found, known[name]) for name in CATEGORIES}
    ranked = sorted(CATEGORIES, key=lambda name: (-scores[name], CATEGORIES.index(name)))
    best, lead = ranked[0], scores[ranked[0]] - scores[ranked[1]]
    why = _decision(found, known[best], lead)
    return Classified(best, lead, why, _asked(found, "collections"), _asked(found, "pressure"))


def _asked(found: Mapping[str, Places], name: str) -> Decision:
    weights = _weights()[name]
    return _decision(found, weights, _score(found, weights))


def _score(found: Mapping[str, Places], weights: Mapping[str, int]) -> int:
    return weights[""] + sum(weights.get(feature, 0) for feature in found)


def _decision(found: Mapping[str, Places], weights: Mapping[str, int], score: int) -> Decision:
    answer: Answer = "yes" if score > UNSURE else "no" if score <= -UNSURE else "unsure"
    speaking = sorted((f for f in found if weights.get(f, 0) > 0), key=lambda f: (-weights[f], f))
    because = tuple(speaking[:MOST_WORDS])
    places = tuple(dict.fromkeys(place for feature in because for place in sorted(places_of(feature, found))))
    return Decision(answer, score, places[:MOST_WORDS], because)


@cache
def _weights() -> dict[str, dict[str, int]]:
    raw = yaml.safe_load(files("policies.content").joinpath("weights.yaml").read_text(encoding="utf-8"))
    return {name: {"": weights.pop("constant"), **weights} for name, weights in raw.items()}
