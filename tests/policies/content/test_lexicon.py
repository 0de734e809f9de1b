"""The lexicons: their registry, their conditions, and how well they do on the corpus."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from policies.content.lexicon import LEXICONS, level, lexicon, parse_lexicon
from policies.errors import InputError
from tests.policies.content.measure import MEASURED, corpus, mistakes, score

HELD_OUT = {
    "debt": (0.90, 0.85, 0.90),
    "pressure": (1.0, 0.40, 0.40),
    "threat": (1.0, 0.40, 0.40),
    "state": (1.0, 0.50, 0.50),
    "promo": (0.85, 0.33, 0.66),
    "opt_out": (1.0, 1.0, 1.0),
    "relation": (1.0, 0.75, 0.75),
}
"""Least precision, recall, and recall with reviews on texts nobody tuned on: a word list misses what is implied."""


def test_the_registry_equals_the_folder(repository: Path) -> None:
    files = (repository / "policies" / "content" / "lexicons").glob("*.yaml")
    assert sorted(file.stem for file in files) == list(LEXICONS)


def test_the_corpus_is_large_enough_and_every_text_is_new() -> None:
    texts = [row["text"] for half in ("tuned", "held_out") for row in corpus(half)]
    assert len(texts) == len(set(texts))
    assert len(corpus("tuned")) >= 120
    assert len(corpus("held_out")) >= 60


@pytest.mark.parametrize("name", MEASURED)
def test_no_tuned_text_is_judged_wrongly(name: str) -> None:
    assert mistakes("tuned", name) == []


@pytest.mark.parametrize(("name", "least"), HELD_OUT.items())
def test_held_out_texts_are_judged_as_well_as_promised(name: str, least: tuple[float, float, float]) -> None:
    measured = score("held_out", name)
    assert measured.precision >= least[0]
    assert measured.recall >= least[1]
    assert measured.noticed >= least[2]


CONDITIONS = [
    ("{find: погас*, unless: [балл*]}", "погасите долг", True),
    ("{find: погас*, unless: [балл*]}", "погасите ими баллы", False),
    ("{find: погас*, unless: [балл*]}", "погасите раз два три четыре пять шесть баллы", True),
    ("{find: погас*, unless: [балл*]}", "погасите раз два три четыре пять баллы", False),
    ("{find: арест*, with: [счет*]}", "арест раз два три четыре пять счета", True),
    ("{find: арест*, with: [счет*]}", "арест раз два три четыре пять шесть счета", False),
    ("{find: арест*, with: [счет*]}", "счет раз два три четыре пять под арестом", False),
    ("{find: долг, not_after: [нет]}", "нет долг", False),
    ("{find: долг, not_after: [нет]}", "нет, но долг", True),
    ("судебн* приказ*", "судебный приказ", True),
    ("судебн* приказ*", "приказ судебный", False),
    ("(нет долга|без долга)", "живу без долга", True),
    ("'# %'", "20 %", True),
    ("'{} рублей'", "{{sum}} рублей", True),
]


@pytest.mark.parametrize(("entry", "text", "found"), CONDITIONS)
def test_an_entry_holds_under_its_conditions(entry: str, text: str, found: bool) -> None:
    words = parse_lexicon("test", {"meaning": "a test", "ru": [yaml.safe_load(entry)]})
    assert bool(words.matches(text)) is found


def test_two_suspicions_decide_and_one_does_not() -> None:
    words = parse_lexicon(
        "test", {"meaning": "", "ru": [{"find": "срочно", "weight": 1}, {"find": "иначе", "weight": 1}]}
    )
    assert level(words.matches("Срочно! Срочно!")) == "some"
    assert level(words.matches("Срочно, иначе")) == "enough"
    assert level(words.matches("Спокойно")) == "none"


def test_near_a_word_of_doubt_nothing_decides_alone() -> None:
    words = parse_lexicon("test", {"meaning": "", "doubt": ["роман*"], "ru": ["пристав"]})
    assert level(words.matches("пристав")) == "enough"
    assert level(words.matches("роман Пристав")) == "some"


def test_a_match_quotes_the_original() -> None:
    text = "Завтра APECT вашего ИMУЩECTBA"
    match = lexicon("debt").matches(text)[0]
    assert match.words == ("APECT", "ИMУЩECTBA")
    assert [text[start:end] for start, end in match.places] == list(match.words)


def test_every_fault_of_a_lexicon_is_told() -> None:
    with pytest.raises(InputError) as caught:
        parse_lexicon("test", {"meaning": "", "ru": [{"with": ["a"]}, {"find": "a", "near": "b"}], "de": []})
    assert len(caught.value.problems) == 3


def test_an_unknown_lexicon_is_refused() -> None:
    with pytest.raises(InputError, match="no such lexicon"):
        lexicon("poetry")
