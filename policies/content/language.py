"""In which language a text is written: Russian, also in Latin letters, or English."""

from __future__ import annotations

from typing import Literal

from policies.content.alphabets import home_script
from policies.content.features import concepts
from policies.content.normalise import Token, tokens
from policies.content.readings import ENGLISH, read

Language = Literal["ru", "en", "und"]
"""``und``: not to be told, by the code of ISO 639-3."""


def language_of(text: str) -> Language:
    """Return the language of most letters; of Latin ones, that in which more of the words are known to us.

    A text without letters, or in another alphabet, has none.
    """
    words = [token for token in tokens(text) if token.kind == "word"]
    letters = {"cyrillic": 0, "latin": 0, "other": 0}
    for token in words:
        letters[_home(token)] += token.end - token.start
    if not letters["cyrillic"] and not letters["latin"]:
        return "und"
    if letters["cyrillic"] >= letters["latin"]:
        return "ru"
    if any(not ENGLISH.isdisjoint(token.readings) for token in words):
        return "en"
    return "ru" if sum(map(_leaning, words)) < 0 else "en"


def _home(token: Token) -> str:
    """Return the alphabet of a word; one of nothing but twins takes that of its common English reading."""
    return "latin" if not ENGLISH.isdisjoint(token.readings) else home_script(token.readings[0])


def _leaning(token: Token) -> int:
    """Return 1 for a word known in its Latin letters, -1 for one known only as Russian, 0 for one not known."""
    if _known(token.readings[:1]):
        return 1
    return -1 if _known(read(token.readings[0]).russian) else 0


def _known(readings: tuple[str, ...]) -> bool:
    """Tell whether a concept has a word of these readings."""
    return bool(readings) and not concepts().known.isdisjoint(concepts().words.index.numbers(readings, "word", False))
