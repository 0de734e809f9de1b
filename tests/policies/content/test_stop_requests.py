"""Free text in which people ask to get no more messages."""

from __future__ import annotations

import pytest

from policies.content.stop_requests import stop_request

SEVEN = ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe")
WAYS = ("{}", " {} ", "{}.", "{}!!!", '"{}"', "Please {}.", "{} please", "{} all messages", "I want to {}")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("word", SEVEN)
def test_each_of_the_seven_words_is_understood(word: str, way: str) -> None:
    for written in (word, word.upper(), word.title()):
        assert stop_request(way.format(written)) == "yes"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("S T O P", "yes"),
        ("st\u043ep", "yes"),  # a Cyrillic letter
        ("opt-out", "yes"),
        ("OPTOUT", "yes"),
        ("Remove me from your list", "yes"),
        ("don't text me", "yes"),
        ("stop one two three four five six seven", "yes"),
        ("stop one two three four five six seven eight", "perhaps"),
        ("cancel my order", "perhaps"),
        ("please stop by our shop", "no"),
        ("I will stop by tomorrow", "no"),
        ("stop, by the way", "yes"),
        ("when does the sale end?", "perhaps"),
        ("please don't stop", "no"),
        ("do not cancel", "no"),
        ("the weekend", "no"),
        ("nonstop", "no"),
        ("thanks, see you", "no"),
        ("", "no"),
        ("Стоп", "yes"),
        ("СТОП!", "yes"),
        ("отписаться", "yes"),
        ("Не пишите мне больше", "yes"),
        ("удалите мой номер, пожалуйста", "yes"),
        ("хватит присылать смс", "yes"),
        ("не надо стоп", "no"),
        ("Спасибо, жду заказ", "no"),
    ],
)
def test_a_wish_is_told_from_other_answers(text: str, wish: str) -> None:
    assert stop_request(text) == wish
