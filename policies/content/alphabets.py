"""Letters that look alike, and words that mix Cyrillic and Latin ones.

The tables are our own choice from how the letters look in common fonts; they are data for evasion, not for reading.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Script = Literal["cyrillic", "latin", "other"]

TO_CYRILLIC = dict(zip("abceghikmnoprstuxy", "авседникмпоргстиху", strict=True)) | {
    "0": "о",
    "1": "и",
    "3": "з",
    "4": "ч",
    "6": "б",
}
"""A Latin letter or a digit inside a Cyrillic word -> the Cyrillic letter it stands for."""
TO_LATIN = dict(zip("авгекмнорстухьіѕјӏ", "abrekmhopctyxbisjl", strict=True)) | {
    "0": "o",
    "1": "i",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
}
"""A Cyrillic letter or a digit inside a Latin word -> the Latin letter it stands for."""
SECOND_CHOICE = {"cyrillic": {"3": "е"}, "latin": {"1": "l"}, "other": {}}
"""Digits that may stand for a second letter, by the alphabet of the word."""
BOTH_WAYS = frozenset("abcehkmoptxyавсенкмортху")
"""Lower-case letters whose small or capital form is the same picture in both alphabets."""
SIGNS = {"@": "a", "$": "s", "€": "e"}

_RUN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class MixedWord:
    """A word written in two alphabets; ``foreign`` are the positions of its letters of the rarer one."""

    word: str
    start: int
    end: int
    foreign: tuple[int, ...]
    suggestion: str


@lru_cache(maxsize=4096)
def script(char: str) -> Script:
    """Return the alphabet of one letter."""
    name = unicodedata.name(char, "")
    if name.startswith("CYRILLIC"):
        return "cyrillic"
    return "latin" if name.startswith("LATIN") else "other"


def mixed_words(text: str) -> tuple[MixedWord, ...]:
    """Return the words that mix Cyrillic and Latin letters; parts joined by a hyphen are words of their own."""
    return tuple(_mixed(found[0], found.start()) for found in _RUN.finditer(text) if _is_mixed(found[0]))


def _is_mixed(word: str) -> bool:
    return {"cyrillic", "latin"} <= {script(char) for char in word}


def _mixed(word: str, start: int) -> MixedWord:
    home = home_script(word.casefold())
    foreign = tuple(start + i for i, char in enumerate(word) if script(char) not in (home, "other"))
    table = TO_CYRILLIC if home == "cyrillic" else TO_LATIN
    return MixedWord(word, start, start + len(word), foreign, "".join(_in_case(char, table, home) for char in word))


def _in_case(char: str, table: dict[str, str], home: Script) -> str:
    if script(char) in (home, "other"):
        return char
    swapped = table.get(char.casefold(), char)
    return swapped.upper() if char.isupper() else swapped


def home_script(word: str) -> Script:
    """Return the alphabet of a lower-case word: letters without a twin decide, then the majority, then Cyrillic."""
    sure: list[Script] = [script(char) for char in word if char.isalpha() and char not in BOTH_WAYS]
    voters = sure if set(sure) - {"other"} else [script(char) for char in word if char.isalpha()]
    latin, cyrillic = voters.count("latin"), voters.count("cyrillic")
    if not latin and not cyrillic:
        return "other"
    return "latin" if latin > cyrillic else "cyrillic"
