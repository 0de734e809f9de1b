"""Train the content classifiers on the training half of the corpus and write ``policies/content/weights.csv``.

Logistic regression with a quadratic penalty, by Newton's method from nought: nothing is drawn, so there is no seed.
``--cross`` prints how well each author's texts are judged by weights that the other authors' texts shaped.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from policies.content.classify import CONSTANT, QUESTIONS  # noqa: E402  the script may be run from anywhere
from policies.content.features import features  # noqa: E402
from scripts.logistic import Floats, Sparse, least_loss  # noqa: E402
from tests.support.corpus import CATEGORIES, Message, half  # noqa: E402

WEIGHTS = ROOT / "policies" / "content" / "weights.csv"
OLDER = ROOT / "tests" / "policies" / "content" / "corpus.yaml"
"""The lexicons' own texts, whose tuned half trains the yes-or-no questions too."""
PENALTY_OF_CONCEPT, PENALTY_OF_WORDS = 0.001, 0.0001
"""Of a unit of weight squared, a message; chosen by ``--cross``."""
LEAST = 2
"""Families in which a feature must stand."""
WORTH = 10
"""Hundredths that a feature must add to some question to be kept."""
FAVOUR = {"collections": 5.0, "pressure": 12.0}
"""How much more a positive message counts: a missed one costs more than a false alarm. Of what ``--cross`` leaves open,
that of collections was set with the figures of *test* at hand (docs/content.md)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A text's features, its family and author, and whether the answer is yes."""

    found: frozenset[str]
    family: str
    author: str
    yes: bool


def main() -> None:
    """Write the weights, or print how well families are judged that were left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cross", action="store_true", help="print cross-validated figures instead of writing")
    if parser.parse_args().cross:
        cross()
        return
    with WEIGHTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["feature", *QUESTIONS])
        writer.writerows((name, *row) for name, row in trained().items())


def trained() -> dict[str, tuple[int, ...]]:
    """Return what each feature adds to each question, the constant first, then by name; hundredths."""
    fits = [fit(rows, FAVOUR.get(name, 1.0)) for name, rows in questions().items()]
    constant = tuple(round(100 * one) for one, _ in fits)
    names = sorted({name for _, weights in fits for name in weights})
    rows = {name: tuple(round(100 * weights.get(name, 0.0)) for _, weights in fits) for name in names}
    return {CONSTANT: constant, **{name: row for name, row in rows.items() if max(map(abs, row)) >= WORTH}}


def questions() -> dict[str, list[Row]]:
    """Return the training rows of each category, one against the rest, and of the two questions."""
    texts = [(_found(m.text), m) for m in half("train")]
    out = {name: [Row(found, m.family, m.author, m.category == name) for found, m in texts] for name in CATEGORIES}
    for name, answer in ASKED.items():
        given = [(found, m.family, m.author, answer(m.labels)) for found, m in texts]
        given += [(_found(raw["text"]), raw["text"], "", answer(_labels(raw))) for raw in _older()]
        out[name] = [Row(found, family, author, yes) for found, family, author, yes in given if yes is not None]
    return out


@cache
def _found(text: str) -> frozenset[str]:
    return frozenset(features(text))


def collects(labels: frozenset[str]) -> bool | None:
    """Tell whether a debt is collected; None for bare pressure, of which one cannot say what it is about."""
    bare = labels & {"threat", "pressure", "state"} and "collections" not in labels
    return None if bare else "collections" in labels


def presses(labels: frozenset[str]) -> bool | None:
    """Tell whether the text presses or threatens."""
    return bool(labels & {"pressure", "threat"})


ASKED: dict[str, Callable[[frozenset[str]], bool | None]] = {"collections": collects, "pressure": presses}


def _older() -> list[dict[str, Any]]:
    raw: dict[str, list[dict[str, Any]]] = yaml.safe_load(OLDER.read_text(encoding="utf-8"))
    return raw["tuned"]


def _labels(raw: dict[str, Any]) -> frozenset[str]:
    return frozenset("collections" if label == "debt" else label for label in raw["labels"])


def fit(rows: Sequence[Row], favour: float) -> tuple[float, dict[str, float]]:
    """Return the constant and the weights of a logistic regression."""
    families: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for feature in row.found:
            families[feature].add(row.family)
    names = sorted(name for name, members in families.items() if len(members) >= LEAST)
    at = {name: i for i, name in enumerate(names, 1)}
    columns = [[0, *(at[name] for name in sorted(row.found) if name in at)] for row in rows]
    heights = np.repeat(np.arange(len(rows)), [len(places) for places in columns])
    x = Sparse(heights, np.concatenate(columns), len(rows), len(names) + 1)
    y = np.array([float(row.yes) for row in rows])
    weight = np.where(y > 0, favour, 1.0) / len(y)
    w = least_loss(x, y, weight, np.array([0.0, *map(_penalty, names)]))
    return float(w[0]), dict(zip(names, map(float, w[1:]), strict=True))


def _penalty(name: str) -> float:
    return PENALTY_OF_WORDS if name.endswith("*") else PENALTY_OF_CONCEPT


def cross() -> None:
    """Print how well the texts of each author are judged by weights from those of all others, and all together."""
    asked, messages = questions(), half("train")
    authors = sorted({m.author for m in messages} - {""})
    scores = {name: np.zeros(len(messages)) for name in asked}
    for author in authors:
        own = [i for i, m in enumerate(messages) if m.author == author]
        for name, rows in asked.items():
            constant, weights = fit([row for row in rows if row.author != author], FAVOUR.get(name, 1.0))
            for i in own:
                found = _found(messages[i].text)
                scores[name][i] = constant + sum(weights.get(feature, 0.0) for feature in found)
        print(f"{author:16}{_told(messages, scores, own)}", flush=True)
    print(f"{'all':16}{_told(messages, scores, [i for i, m in enumerate(messages) if m.author])}")


def _told(messages: Sequence[Message], scores: dict[str, Floats], own: Sequence[int]) -> str:
    parts = []
    for name, answer in ASKED.items():
        counts = Counter((answer(messages[i].labels), bool(scores[name][i] > 0)) for i in own)
        hits = counts[True, True]
        precision, recall = hits / (hits + counts[False, True]), hits / (hits + counts[True, False])
        parts.append(f"{name}: precision {precision:.3f}, recall {recall:.3f}")
    best = [max(CATEGORIES, key=lambda name, i=i: scores[name][i]) for i in own]  # type: ignore[misc]
    right = np.mean([name == messages[i].category for name, i in zip(best, own, strict=True)])
    return "; ".join([*parts, f"category right {right:.3f}"])


if __name__ == "__main__":
    main()
