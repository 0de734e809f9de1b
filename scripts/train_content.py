"""Train the content classifiers on the training half of the corpus and write ``policies/content/weights.yaml``.

Logistic regression with a quadratic penalty, by Newton's method from nought: nothing is drawn, so there is no seed. A
message is never judged by weights that its own family shaped where ``--cross`` prints how well that goes: the families
are then cut into eight by a hash of their names.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from policies.content.features import features  # noqa: E402  the script may be run from anywhere
from tests.support.corpus import CATEGORIES, half  # noqa: E402

WEIGHTS = ROOT / "policies" / "content" / "weights.yaml"
OLDER = ROOT / "tests" / "policies" / "content" / "corpus.yaml"
"""The lexicons' own texts, whose tuned half trains the yes-or-no questions too."""
PENALTY = 0.002
"""Of a unit of weight squared, a message; chosen by ``--cross`` from 0.0005 to 0.004, where little changes."""
LEAST = 2
"""Messages in which a feature must stand."""
FOLDS = 8
FAVOUR = {"collections": 2.0, "pressure": 3.0}
"""How much more a positive message counts: a missed one costs more than a false alarm; chosen by ``--cross``."""
HEAD = """\
# Written by `python scripts/train_content.py` from the training half of tests/corpus; do not edit, train anew.
# What each feature (concepts.yaml) adds to an answer, in hundredths of a natural logarithm of odds. For categories the
# highest sum wins; `collections` and `pressure` are answered yes above nought.
"""

Floats = npt.NDArray[np.float64]
Row = tuple[frozenset[str], str, float]
"""Features, family, and 1 or 0."""


def main() -> None:
    """Write the weights, or print how well families are judged that were left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cross", action="store_true", help="print cross-validated figures instead of writing")
    if parser.parse_args().cross:
        cross()
        return
    WEIGHTS.write_text(HEAD + yaml.safe_dump(trained(), sort_keys=False, allow_unicode=True), encoding="utf-8")


def trained() -> dict[str, dict[str, int]]:
    """Return the weights of each question: the constant, then features by falling weight."""
    return {name: _written(*fit(rows, FAVOUR.get(name, 1.0))) for name, rows in questions().items()}


def questions() -> dict[str, list[Row]]:
    """Return the training rows of each category, one against the rest, and of the two questions."""
    rows = [(frozenset(features(m.text)), m) for m in half("train")]
    out: dict[str, list[Row]] = {
        name: [(f, m.family, float(m.category == name)) for f, m in rows] for name in CATEGORIES
    }
    asked: dict[str, Callable[[frozenset[str]], bool | None]] = {"collections": collects, "pressure": presses}
    for name, answer in asked.items():
        given = [(f, m.family, answer(m.labels)) for f, m in rows]
        older = [(frozenset(features(raw["text"])), raw["text"], answer(_labels(raw))) for raw in _older()]
        out[name] = [(f, family, float(value)) for f, family, value in given + older if value is not None]
    return out


def collects(labels: frozenset[str]) -> bool | None:
    """Tell whether a debt is collected; None for bare pressure, of which one cannot say what it is about."""
    bare = labels & {"threat", "pressure", "state"} and "collections" not in labels
    return None if bare else "collections" in labels


def presses(labels: frozenset[str]) -> bool | None:
    """Tell whether the text presses or threatens."""
    return bool(labels & {"pressure", "threat"})


def _older() -> list[dict[str, Any]]:
    raw: dict[str, list[dict[str, Any]]] = yaml.safe_load(OLDER.read_text(encoding="utf-8"))
    return raw["tuned"]


def _labels(raw: dict[str, Any]) -> frozenset[str]:
    return frozenset("collections" if label == "debt" else label for label in raw["labels"])


def fit(rows: Sequence[Row], favour: float) -> tuple[float, dict[str, float]]:
    """Return the constant and the weights of a logistic regression, by Newton's method."""
    counts = Counter(feature for found, _, _ in rows for feature in found)
    names = sorted(name for name, count in counts.items() if count >= LEAST)
    x = np.array([[1.0, *(float(name in found) for name in names)] for found, _, _ in rows])
    y = np.array([value for _, _, value in rows])
    weight = np.where(y > 0, favour, 1.0) / len(y)
    penalty = np.diag([0.0, *[PENALTY] * len(names)])
    w: Floats = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-(x @ w)))
        slope = x.T @ (weight * (p - y)) + penalty @ w
        bend = (x * (weight * p * (1 - p))[:, None]).T @ x + penalty
        w = w - np.linalg.solve(bend, slope)
    return float(w[0]), dict(zip(names, map(float, w[1:]), strict=True))


def _written(constant: float, weights: dict[str, float]) -> dict[str, int]:
    whole = {name: round(100 * weight) for name, weight in weights.items()}
    ranked = sorted((name for name in whole if whole[name]), key=lambda name: (-whole[name], name))
    return {"constant": round(100 * constant), **{name: whole[name] for name in ranked}}


def cross() -> None:
    """Print precision and recall of the questions, each family judged by weights of the others."""
    scores = {name: _left_out(rows, FAVOUR.get(name, 1.0)) for name, rows in questions().items()}
    for name in ("collections", "pressure"):
        yes = np.array([value for _, _, value in questions()[name]]) > 0
        said = scores[name] > 0
        hits = int((said & yes).sum())
        print(f"{name}: precision {hits / said.sum():.3f}, recall {hits / yes.sum():.3f}")
    right = np.array([CATEGORIES.index(m.category) for m in half("train")])
    best = np.argmax([scores[name] for name in CATEGORIES], axis=0)
    print(f"category: right {np.mean(best == right):.3f}")


def _left_out(rows: Sequence[Row], favour: float) -> Floats:
    folds = [hashlib.sha256(f"cross {family}".encode()).digest()[0] % FOLDS for _, family, _ in rows]
    out = np.zeros(len(rows))
    for fold in range(FOLDS):
        constant, weights = fit([row for row, own in zip(rows, folds, strict=True) if own != fold], favour)
        for i, (found, _, _) in enumerate(rows):
            if folds[i] == fold:
                out[i] = constant + sum(weights.get(name, 0.0) for name in found)
    return out


if __name__ == "__main__":
    main()
