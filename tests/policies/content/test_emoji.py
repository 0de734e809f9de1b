"""Emoji are counted as people see them."""

from __future__ import annotations

import pytest

from policies.content.emoji import count_emoji, find_emoji

COUNTED = {
    "👨‍👩‍👧‍👦": 1,
    "🇷🇺": 1,
    "🇷🇺🇺🇸": 2,
    "🇷🇺🇷": 2,
    "1️⃣": 1,
    "#⃣": 1,
    "👍🏽": 1,
    "👍🏽👍": 2,
    "☝🏽": 1,
    "☎️": 1,
    "❤️‍🔥": 1,
    "👩‍⚕️": 1,
    "🏳️‍🌈": 1,
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿": 1,
    "😀😀 и 😀": 3,
    "🫠": 1,
}
NOT_COUNTED = ("©", "®", "™", "☎", "❤", "✔", "⌚\ufe0e", "№", "12 #5 *", "→", "½", "текст :)")


@pytest.mark.parametrize(("text", "count"), COUNTED.items())
def test_what_is_seen_as_one_is_counted_once(text: str, count: int) -> None:
    assert count_emoji(text) == count


@pytest.mark.parametrize("text", NOT_COUNTED)
def test_signs_shown_as_text_are_not_counted(text: str) -> None:
    assert count_emoji(text) == 0


def test_places_cover_the_whole_emoji() -> None:
    text = "да 👨‍👩‍👧 нет"
    assert [text[start:end] for start, end in find_emoji(text)] == ["👨‍👩‍👧"]
