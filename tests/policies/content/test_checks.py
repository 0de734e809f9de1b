"""Each named check, on cases held as data, and the kind that wraps them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import yaml

from policies.content import marks
from policies.content.checks import CHECK_NAMES, ContentFacts
from policies.content.text import TemplateText, TextButton
from policies.kinds import content
from policies.kinds.base import A_SENT_BEFORE, A_TEXT, A_WIDTH, ANSWER_NAMES, FAIL, P_0, P_1, P_WIDTH, PASS, UNKNOWN
from policies.records import MISSING

RAW: dict[str, list[Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
CASES = [(name, *case) for name, cases in RAW.items() for case in cases]


def text_of(raw: str | dict[str, Any]) -> TemplateText:
    """Return the text of a case; a string is the body of a promotional SMS."""
    fields: dict[str, Any] = {"channel": "sms", "category": "promo", **({"body": raw} if isinstance(raw, str) else raw)}
    fields["buttons"] = tuple(TextButton(*button) for button in fields.get("buttons", ()))
    fields["variables"] = tuple(fields.get("variables", {}).items())
    return TemplateText(**fields)


def facts_of(raw: dict[str, Any]) -> ContentFacts:
    """Return the facts of a case."""
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    fields |= {key: frozenset(raw[key]) for key in ("columns", "dictionary") if key in raw}
    return ContentFacts(**fields)


@pytest.mark.parametrize(("name", "raw", "given", "expected"), CASES)
def test_a_check_answers_as_the_case_says(name: str, raw: Any, given: dict[str, Any], expected: str) -> None:
    params = {"check": name, **given.get("params", {})}
    jsonschema.validate(params, content.schema)
    found = content.result(params, text_of(raw), facts_of(given.get("facts", {})))
    assert found.answer == expected, found
    parts = dict(text_of(raw).parts())
    assert all(word.words in parts[word.field] for word in found.words if name in ("collections", "emoji_count"))


def test_every_check_has_cases() -> None:
    assert sorted(RAW) == sorted(CHECK_NAMES)


@pytest.mark.parametrize("name", CHECK_NAMES)
def test_a_failure_becomes_a_review_where_the_rule_asks(name: str) -> None:
    failing = [(raw, given) for raw, given, expected in RAW[name] if expected == "fail"]
    assert failing
    for raw, given in failing:
        params = {"check": name, **given.get("params", {}), "answer": "review"}
        assert content.result(params, text_of(raw), facts_of(given.get("facts", {}))).answer == "review"


def test_answers_stand_in_the_order_of_the_texts() -> None:
    texts = [text_of("Ваш долг у коллекторов"), text_of("Погасите"), text_of("Привет")]
    answers = content.answers({"check": "collections"}, texts, None)
    assert answers.dtype == np.int64
    assert [ANSWER_NAMES[int(answer)] for answer in answers] == ["fail", "review", "pass"]


def test_the_kind_looks_the_answer_up_and_an_unknown_text_never_passes() -> None:
    table = np.array([[UNKNOWN, UNKNOWN], [PASS, -7]], np.int64)
    row, attempt = [0] * P_WIDTH, [MISSING] * A_WIDTH
    row[P_0] = content.prepare({"check": "threat"}, None, 1)[0][0]
    assert content.evaluate(row, attempt, table) == UNKNOWN
    attempt[A_TEXT] = 1
    assert content.evaluate(row, attempt, table) == -7


@pytest.mark.parametrize(
    ("first", "before", "answer", "expected"),
    [
        (True, 0, FAIL, FAIL),
        (True, 1, FAIL, PASS),
        (True, 0, PASS, PASS),
        (True, MISSING, FAIL, UNKNOWN),
        (True, MISSING, PASS, PASS),
        (False, 1, FAIL, FAIL),
        (False, MISSING, FAIL, FAIL),
    ],
)
def test_a_check_of_first_messages_passes_later_ones(first: bool, before: int, answer: int, expected: int) -> None:
    row, attempt = [0] * P_WIDTH, [MISSING] * A_WIDTH
    row[P_0], row[P_1] = content.prepare({"check": "threat", "first_message": first}, None)[0]
    attempt[A_TEXT], attempt[A_SENT_BEFORE] = 0, before
    assert content.evaluate(row, attempt, np.array([[answer]], np.int64)) == expected


def test_a_later_message_needs_no_text_where_only_the_first_counts() -> None:
    row, attempt = [0] * P_WIDTH, [MISSING] * A_WIDTH
    row[P_1], attempt[A_SENT_BEFORE] = 1, 1
    assert content.evaluate(row, attempt, np.zeros((1, 0), np.int64)) == PASS


def test_the_schema_refuses_an_unknown_check() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"check": "poetry"}, content.schema)


@pytest.mark.parametrize("answer", content.ANSWERS.values())
def test_every_answer_of_the_kind_has_a_sentence(answer: int) -> None:
    assert content.explain({"check": "mixed_alphabets"}, answer, []).startswith("mixed alphabets: ")


def test_the_words_that_decided_are_quoted_with_their_field() -> None:
    text = text_of({"body": "Ваш заказ готов", "footer": "Оплатите дoлг"})
    words = content.result({"check": "collections"}, text, None).words
    assert [(word.words, word.field, word.start, word.end) for word in words] == [
        ("Оплатите", "footer", 0, 8),
        ("дoлг", "footer", 9, 13),
    ]


def test_the_marks_are_those_of_their_file_and_each_says_what_it_means_and_whence() -> None:
    raw = yaml.safe_load(Path(marks.__file__).with_name("marks.yaml").read_text(encoding="utf-8"))
    assert tuple(raw) == tuple(sorted(raw)) == marks.MARKS
    for name, fields in raw.items():
        assert marks.mark(name).meaning == fields["meaning"]
        assert fields["source"]
        assert set(fields) <= {"meaning", "find", "column", "sender", "then", "languages", "source"}


def test_an_unknown_mark_is_an_error() -> None:
    with pytest.raises(ValueError, match="no mark 'poetry'"):
        marks.mark("poetry")


def test_a_text_in_a_language_that_the_check_cannot_read_is_not_judged() -> None:
    params = {"check": "promo_in_service", "languages": ["en", "ru"]}
    for language, expected in (("en", "fail"), ("en-GB", "fail"), ("hi", "unknown")):
        text = text_of({"category": "service", "body": "Ready. Discount 20 %", "language": language})
        assert content.result(params, text, None).answer == expected
