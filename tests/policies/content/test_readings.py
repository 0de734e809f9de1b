"""Disguised words: digits for letters, Russian in Latin letters, slips of the pen, pictures inside words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.content import normalise
from policies.content.language import language_of
from policies.content.normalise import tokens
from policies.content.readings import read
from policies.content.translit import cyrillic_readings
from policies.content.typos import mended

HEARD = {
    "к4рта": "карта",
    "3алог": "залог",
    "отка3": "отказ",
    "zadolzhennost": "задолженность",
    "vzyskanie": "взыскание",
    "prosro4ka": "просрочка",
    "zaymu": "займу",
    "задолженость": "задолженность",
    "просрчоенный": "просроченный",
    "взыскаание": "взыскание",
    "bal4nce": "balance",
    "overdeu": "overdue",
    "до💰лг": "долг",
    "οverdue": "overdue",
}


@pytest.mark.parametrize(("written", "word"), HEARD.items())
def test_a_disguised_word_is_heard(written: str, word: str) -> None:
    stem = word.removesuffix("ь")
    assert any(reading.startswith(stem) for reading in tokens(written)[0].readings), tokens(written)


@pytest.mark.parametrize("word", ["изысканный", "коллектив", "пристань", "долгий", "наследство", "collage", "договор"])
def test_a_word_that_is_right_is_left_alone(word: str) -> None:
    assert mended(word) == ()


def test_a_word_that_begins_like_a_key_word_needs_no_mending() -> None:
    assert mended("просроченный") == ()
    assert mended("прсроченный") == ("просроченный",)
    assert mended("пррс") == ()


def test_each_kind_of_slip_is_mended() -> None:
    assert mended("неустойкка") == ()
    assert mended("неустка") == ()
    for slip in ("неустока", "неуустойка", "неусдойка", "неутсойка"):
        assert any(word.startswith("неустойк") for word in mended(slip)), slip


def test_russian_in_latin_letters_is_not_heard_in_an_english_text() -> None:
    assert "долг" in tokens("vash dolg")[1].readings
    assert "долг" not in tokens("your dolg")[1].readings


@pytest.mark.parametrize("word", ["ab", "a1b", "слово", ""])
def test_only_latin_words_of_three_letters_are_heard_as_russian(word: str) -> None:
    assert cyrillic_readings(word) == ()


def test_many_digits_are_not_guessed() -> None:
    assert read("а1б2в3г4д5").own == read("а1б2в3г4д5").own[:2]


def test_the_number_sign_is_no_word() -> None:
    assert [token.readings[0] for token in tokens("договор №5")] == ["договор", "5"]


def test_a_picture_between_two_sentences_parts_them() -> None:
    assert [token.readings[0] for token in tokens("привет😀Как")] == ["привет", "как"]


@given(st.text(st.sampled_from("абвгдеёйАБЯabcXYZ013 .,-—«»%₽№\u00a0\n@$"), max_size=80))
def test_a_plain_text_is_read_like_a_disguised_one(text: str) -> None:
    quick = list(normalise._words(text, 0, len(text)))
    slow = list(normalise._disguised_words(text, 0, len(text)))
    assert quick == slow


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ваш заказ готов", "ru"),
        ("Your order is ready", "en"),
        ("Vash dolg 500 rub, oplatite segodnya", "ru"),
        ("Order ready", "en"),
        ("Yоur order", "en"),
        ("12 345", "und"),
        ("", "und"),
        ("注意", "und"),
        ("Оплатите Apple", "ru"),
    ],
)
def test_the_language_of_a_text_is_told(text: str, language: str) -> None:
    assert language_of(text) == language
