"""How well the content classifiers do on the corpus: counts, precision, recall, F1, with Wilson's intervals of 95 %."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from policies.content.checks.promo import RISK_WARNING
from policies.content.classify import Classified, classify
from policies.content.lexicon import level, lexicon
from policies.content.normalise import tokens
from tests.support.corpus import CATEGORIES, Message

NORMAL = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``of``; None as a value where there is nothing to count."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """Return the share."""
        return self.hits / self.of if self.of else None

    def interval(self) -> tuple[float, float]:
        """Return Wilson's interval of 95 %; 0 to 1 where there is nothing to count."""
        if not self.of:
            return 0.0, 1.0
        p, n, z = self.hits / self.of, self.of, NORMAL
        middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one question on some texts."""

    hits: int
    false_alarms: int
    missed: int

    @property
    def precision(self) -> Share:
        """Return how many of the found are rightly found."""
        return Share(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> Share:
        """Return how many of the labelled are found."""
        return Share(self.hits, self.hits + self.missed)

    @property
    def f1(self) -> float | None:
        """Return the harmonic mean of precision and recall."""
        all_of_them = 2 * self.hits + self.false_alarms + self.missed
        return 2 * self.hits / all_of_them if all_of_them else None


@dataclass(frozen=True, slots=True)
class Question:
    """``truth`` says what a person labelled (None: not counted), ``answer`` what the code says."""

    name: str
    truth: Callable[[Message], bool | None]
    answer: Callable[[Message], bool]


@cache
def kind_of(text: str) -> Classified:
    """Return what ``classify`` says; kept for the whole corpus, which many tables ask again."""
    return classify(text)


def says(name: str) -> Callable[[Message], bool]:
    """Return the question whether the lexicon ``name`` decides on a text."""
    return cache(lambda message: level(lexicon(name).matches(message.text)) == "enough")


def _collects(message: Message) -> bool | None:
    """Bare threats are not counted: one cannot say whether what they demand is a debt."""
    bare = "threat" in message.labels and "collections" not in message.labels
    return None if bare else "collections" in message.labels


def _labelled(label: str) -> Callable[[Message], bool | None]:
    return lambda message: label in message.labels if message.listed else None


def _warns(message: Message) -> bool:
    said = {reading for token in tokens(message.text) for reading in token.readings}
    return all(word in said for word in RISK_WARNING)


def _in_promo(label: str) -> Callable[[Message], bool | None]:
    return lambda message: label in message.labels if message.listed and message.category == "promo" else None


QUESTIONS = (
    Question("collections", _collects, lambda m: kind_of(m.text).collections.score > 0),
    Question("collections, words alone", _collects, says("debt")),
    Question("pressure or threat", lambda m: bool(m.labels & {"pressure", "threat"}),
             lambda m: kind_of(m.text).pressure.score > 0),
    Question("opt-out", _labelled("opt_out"), says("opt_out")),
    Question("relation, in promo", _in_promo("relation"), says("relation")),
    Question("credit offered, in promo", _in_promo("credit_offer"), says("credit")),
    Question("credit warning", _labelled("credit_warning"), _warns),
)  # fmt: skip


def score(question: Question, messages: Iterable[Message]) -> Score:
    """Return the counts of ``question`` on ``messages``."""
    pairs = Counter((truth, question.answer(m)) for m in messages if (truth := question.truth(m)) is not None)
    return Score(pairs[True, True], pairs[False, True], pairs[True, False])


def of_category(name: str) -> Question:
    """Return the question whether a text is of the category ``name``."""
    return Question(name, lambda m: m.category == name, lambda m: kind_of(m.text).category == name)


def right_categories(messages: Sequence[Message]) -> Share:
    """Return how many texts get their category."""
    return Share(sum(kind_of(m.text).category == m.category for m in messages), len(messages))


def confusion(messages: Iterable[Message]) -> dict[tuple[str, str], int]:
    """Return how many texts of each category (first) are taken for each (second)."""
    counts: Counter[tuple[str, str]] = Counter((m.category, kind_of(m.text).category) for m in messages)
    return {(true, said): counts[true, said] for true in CATEGORIES for said in CATEGORIES}
