"""The ways to read one written word: letters of the other alphabet, digits and signs for letters, Latin for Russian.

The first reading is the likeliest and needs no guess about digits; the others are what else a reader may hear.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from policies.content.alphabets import BOTH_WAYS, SECOND_CHOICE, SIGNS, TO_CYRILLIC, TO_LATIN, home_script, script
from policies.content.translit import cyrillic_readings
from policies.content.typos import mended

Kind = Literal["word", "number", "sign", "variable", "link"]

LIKE_DIGITS = {
    "cyrillic": {"0": "о", "1": "ил", "3": "зе", "4": "ча", "5": "с", "6": "б", "7": "т", "8": "в"},
    "latin": {"0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b"},
}
"""Digits -> the letters that they may stand for, by the alphabet of the word; our own choice from how they look."""
_COMMON = (
    "and any are because been but by can code for from has have her his how if is it its more of off or our out over "
    "pay she than that the their them then there these they this those was we were what when which who will with you "
    "your"
)
ENGLISH = frozenset(_COMMON.split())
"""Common English words that are no Russian in Latin letters: a text with one of them is read as English."""
MOST_DIGITS = 4
"""Digits in one word beyond which no letters are guessed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The readings of a word in its own alphabet, and those in Russian where it is written in Latin letters."""

    own: tuple[str, ...]
    russian: tuple[str, ...]
    kind: Kind
    english: bool

    @property
    def all(self) -> tuple[str, ...]:
        """Return every reading, the word's own first."""
        return self.own + self.russian


@lru_cache(maxsize=2**17)
def read(word: str) -> Reading:
    """Return the readings of a lower-case ``word`` without accents, and what kind of token it is."""
    if word == "%":
        return Reading(("%",), (), "sign", english=False)
    word = "".join(SIGNS.get(char, char) for char in word)
    if not any(char.isalpha() for char in word):
        return Reading((word.replace(" ", ""),), (), "number", english=False)
    own = tuple(dict.fromkeys(_readings(word)))
    russian = tuple(dict.fromkeys(_russian(own)))
    return Reading(own, russian, "word", english=not ENGLISH.isdisjoint(own))


def _russian(own: tuple[str, ...]) -> Iterator[str]:
    for latin in own:
        for reading in cyrillic_readings(latin):
            yield reading
            yield from mended(reading)


def _readings(word: str) -> Iterator[str]:
    home = home_script(word)
    table, twin = (TO_CYRILLIC, TO_LATIN) if home == "cyrillic" else (TO_LATIN, TO_CYRILLIC)
    plain = [_in_script(word, table, home), _in_script(word, table | SECOND_CHOICE[home], home)]
    if all(char in BOTH_WAYS for char in word):
        plain.append("".join(twin.get(char, char) for char in word))
    plain += _guessed(word, table, home)
    yield from plain
    for reading in plain:
        yield from mended(reading)


def _in_script(word: str, table: dict[str, str], home: str) -> str:
    """Return ``word`` in one alphabet; a digit becomes a letter only between letters or before at least three."""
    out = []
    for i, char in enumerate(word):
        stands_in = char.isdigit() and _is_letter_here(word, i)
        foreign = char.isalpha() and script(char) not in (home, "other")
        out.append(table.get(char, char) if stands_in or foreign else char)
    return "".join(out)


def _is_letter_here(word: str, i: int) -> bool:
    before, after = word[:i], word[i + 1 :]
    return after[:1].isalpha() and (before[-1:].isalpha() or (not before and sum(map(str.isalpha, after)) >= 3))


def _guessed(word: str, table: dict[str, str], home: str) -> list[str]:
    """Return the word with each of its digits read as a letter, in all ways; none where it has many or few letters."""
    digits = sum(char.isdigit() for char in word)
    if not 0 < digits <= MOST_DIGITS or len(word) - digits < 2 or home == "other":
        return []
    choices = [LIKE_DIGITS[home].get(char) or _own(char, table, home) for char in word]
    return ["".join(letters) for letters in product(*choices)]


def _own(char: str, table: dict[str, str], home: str) -> str:
    foreign = char.isalpha() and script(char) not in (home, "other")
    return table.get(char, char) if foreign else char
