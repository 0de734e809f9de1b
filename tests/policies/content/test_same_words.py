"""Texts that say the same are one text to the rule on repetitions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from policies.content.same_words import same_words
from policies.content.text import TemplateText, TextButton

TEXT = TemplateText("sms", "promo", "Скидка {{share}} % до пятницы", sender="SHOP")


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"sender": "OTHER"}, True),
        ({"sender": None, "category": "service", "language": "en"}, True),
        ({"body": " скидка  {{share}} %\nдо ПЯТНИЦЫ"}, True),
        ({"channel": "viber"}, False),
        ({"body": "Скидка {{share}} % до субботы"}, False),
        ({"subject": "Скидка"}, False),
        ({"footer": "Отписаться: СТОП"}, False),
        ({"buttons": (TextButton("url", "Купить", "https://example.ru"),)}, False),
        ({"variables": (("share", "points"),)}, False),
    ],
)
def test_a_text_is_known_by_its_channel_and_by_what_is_read(changes: dict[str, Any], same: bool) -> None:
    assert same_words([TEXT, replace(TEXT, **changes)]).tolist() == [0, 0 if same else 1]


def test_each_text_names_the_first_that_says_the_same() -> None:
    other = replace(TEXT, body="Код 1234")
    assert same_words([other, TEXT, replace(other, sender="A"), replace(TEXT, sender="B")]).tolist() == [0, 1, 0, 1]
    assert len(same_words(())) == 0
