"""Evasions are undone, and every word keeps its place in the original."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.content.alphabets import mixed_words
from policies.content.classify import classify
from policies.content.normalise import normalise, tokens

UNDONE = {
    "Ваш дoлг: 500 р.": "ваш долг 500 р",
    "д о л г перед нами": "долг перед нами",
    "д.о.л.г": "долг",
    "д - о - л - г": "долг",
    "дол*г": "долг",
    "з@долженность": "задолженность",
    "3адолженн0сть": "задолженность",
    "д0лг": "долг",
    "к0лл3кт0р": "коллзктор",
    "В З Ы С К А Н И Е  Д О Л Г А": "взыскание долга",
    "вз\u200bыск\u00adание": "взыскание",
    "ДÓЛГ ещё": "долг еще",
    "за\u0439мы и заи\u0306мы": "займы и займы",
    "c0llecti0n d3bt": "collection debt",
    "𝐝𝐞𝐛𝐭 ｄｅｂｔ": "debt debt",
    "Код PROMO10 5G": "код promo10 5g",
    "1 000 000 рублей": "1000000 рублей",
    "1 2 3 4": "1 2 3 4",
    "долг.Оплатите": "долг оплатите",
    "скидка -20%": "скидка 20 %",
}


@pytest.mark.parametrize(("written", "read"), UNDONE.items())
def test_a_text_is_read_as_it_is_heard(written: str, read: str) -> None:
    assert normalise(written) == read


def test_links_and_variables_are_not_read_as_words() -> None:
    kinds = [token.kind for token in tokens("Долг {{debt}} https://dolg.ru/dolg bank.ru 5")]
    assert kinds == ["word", "variable", "link", "link", "number"]


def test_a_word_of_twins_has_two_readings() -> None:
    assert tokens("APECT")[0].readings[:2] == ("apect", "арест")
    assert tokens("долг")[0].readings == ("долг",)
    assert tokens("к0лл3кт0р")[0].readings[:2] == ("коллзктор", "коллектор")
    assert tokens("co1lector")[0].readings[:2] == ("coilector", "collector")


def test_joined_letters_keep_the_place_of_all_of_them() -> None:
    text = "ваш д о л г, да"
    token = tokens(text)[1]
    assert (text[token.start : token.end], token.joined) == ("д о л г", True)


@given(st.text(st.sampled_from("абвгabc013@ .*-{}\u200b\u0306%é😀") | st.characters(codec="utf-8"), max_size=60))
def test_places_lie_in_the_text_in_order(text: str) -> None:
    found = tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert all(left.start <= right.start for left, right in pairwise(found))


MIXED = {
    "Ваш дoлг": [("дoлг", "долг", (5,))],
    "cкидкa": [("cкидкa", "скидка", (0, 5))],
    "SMS-код и e-mail": [],
    "BИП": [("BИП", "ВИП", (0,))],
    "оnline": [("оnline", "online", (0,))],
    "Только кириллица, only Latin": [],
}


@pytest.mark.parametrize(("text", "expected"), MIXED.items())
def test_words_of_two_alphabets_are_found(text: str, expected: list[tuple[str, str, tuple[int, ...]]]) -> None:
    assert [(w.word, w.suggestion, w.foreign) for w in mixed_words(text)] == expected


def test_a_picture_between_two_words_hides_neither() -> None:
    assert (
        classify("Погасите🔥просрочку").collections.answer == classify("Погасите просрочку").collections.answer == "yes"
    )
