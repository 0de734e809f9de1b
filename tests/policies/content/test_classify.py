"""The classifiers: what they say and why, how well they do, and that their weights are what training makes."""

from __future__ import annotations

import pytest

from policies.content.classify import QUESTIONS, UNSURE, classify, read_weights
from policies.content.features import concepts, features
from scripts.eval_content import PAGE, page
from scripts.train_content import WEIGHTS, WORTH, trained
from tests.support.content_scores import QUESTIONS as ASKED
from tests.support.content_scores import Score, Share, confusion, kind_of, right_categories, score
from tests.support.corpus import SECOND, THIRD, half

FLOORS = {
    ("train", "collections"): (0.98, 0.98),
    ("test", "collections"): (0.95, 0.95),
    (SECOND, "collections"): (0.94, 0.95),
    (THIRD, "collections"): (0.90, 0.95),
    ("test", "pressure or threat"): (0.94, 0.71),
    (SECOND, "pressure or threat"): (0.81, 0.81),
    (THIRD, "pressure or threat"): (0.89, 0.89),
    ("test", "opt-out"): (0.99, 0.94),
    ("test", "relation, in promo"): (0.99, 0.75),
    ("test", "credit offered, in promo"): (0.99, 0.60),
    ("test", "credit warning"): (0.99, 0.99),
}
"""Least precision and recall: a little below what was measured (docs/content.md). Nobody tunes on the test halves."""
RIGHT = {"train": 0.99, "test": 0.94, SECOND: 0.94, THIRD: 0.93}
"""Least share of texts that get their category."""


@pytest.mark.parametrize(("part", "name"), FLOORS)
def test_a_question_is_answered_as_well_as_was_measured(part: str, name: str) -> None:
    (question,) = [question for question in ASKED if question.name == name]
    counted = score(question, half(part))
    precision, recall = counted.precision.value, counted.recall.value
    assert precision is not None
    assert recall is not None
    assert (precision >= FLOORS[part, name][0], recall >= FLOORS[part, name][1]) == (True, True), counted


@pytest.mark.parametrize("part", RIGHT)
def test_categories_are_as_right_as_was_measured(part: str) -> None:
    share = right_categories(half(part))
    assert share.value is not None
    assert share.value >= RIGHT[part]
    assert sum(confusion(half(part)).values()) == share.of


def test_a_category_comes_with_the_words_that_decided() -> None:
    text = "Ваш дoлг 5 000 ₽ передан коллекторам"
    found = classify(text)
    assert (found.category, found.collections.answer) == ("debt", "yes")
    words = [text[start:end] for start, end in found.collections.places]
    assert {"дoлг", "коллекторам"} <= set(words)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Скидка 30 % на всё, закажите сегодня", "promo"),
        ("Ваш заказ отправлен, трек 5512", "service"),
        ("Код для входа 4412, никому его не сообщайте", "authentication"),
        ("Your payment is overdue, please pay now", "debt"),
    ],
)
def test_plain_texts_get_their_category(text: str, category: str) -> None:
    assert classify(text).category == category


def test_nothing_is_said_of_an_empty_text() -> None:
    found = classify("")
    assert found.collections.answer == "no"
    assert found.collections.places == ()


def test_near_nought_the_answer_is_unsure() -> None:
    answers = {(d.answer, abs(d.score) <= UNSURE) for m in half("train") for d in [kind_of(m.text).collections]}
    assert answers <= {("yes", False), ("no", False), ("unsure", True), ("no", True)}


def test_every_pair_and_group_is_of_known_concepts() -> None:
    known = concepts()
    names = {entry.name for entries in known.words.entries.values() for entry in entries}
    signs = {"price", "code_number"}
    assert {member for members in known.groups.values() for member in members} <= names
    assert {name for pair in known.pairs.values() for name in pair} <= names | signs | known.groups.keys()


def test_features_have_places_in_the_text() -> None:
    for message in half(SECOND):
        for places in features(message.text).values():
            assert all(0 <= start < end <= len(message.text) for start, end in places)


def test_the_weights_are_what_training_makes() -> None:
    lines = WEIGHTS.read_text(encoding="utf-8").splitlines()
    stored, made = read_weights(lines), trained()
    assert lines[0].split(",") == ["feature", *QUESTIONS]
    nothing = (0,) * len(QUESTIONS)
    off = {
        name
        for name in stored.keys() | made.keys()
        if any(abs(a - b) > 1 for a, b in zip(stored.get(name, nothing), made.get(name, nothing), strict=True))
        and max(map(abs, made.get(name, nothing))) != WORTH
    }
    assert off == set(), "run: python scripts/train_content.py"


def test_wilsons_interval_is_that_of_the_books() -> None:
    low, high = Share(81, 263).interval()
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert Share(0, 0).interval() == (0.0, 1.0)


def test_scores_are_counted_by_hand() -> None:
    counted = Score(8, 2, 4)
    assert (counted.precision.value, counted.recall.value, counted.f1) == (0.8, 8 / 12, 16 / 22)


def test_the_page_of_figures_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python scripts/eval_content.py --write"
