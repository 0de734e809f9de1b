"""Words as a reader hears them, each with its place in the original.

Undone are: case, invisible characters, accents, letters of another alphabet that look alike, digits and signs for
letters, letters spaced out or dotted. Links and ``{{variables}}`` are single tokens and are not read as words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from policies.content.alphabets import BOTH_WAYS, SECOND_CHOICE, SIGNS, TO_CYRILLIC, TO_LATIN, home_script, script

_ENDINGS = (
    "ru|рф|su|by|kz|ua|uz|am|ge|com|net|org|info|biz|pro|me|io|ly|cc|app|shop|store|site|online|club|link|bank|xyz|"
    "us|uk|de|fr|eu|co|to|im|gl|test|example"
)
"""Top-level domains by which an address without ``https://`` is known; so that "долг.Оплатите" stays two words."""
LINK = re.compile(
    rf"(?:https?://|www\.)[^\s<>]+|(?<![\w@.])(?:[\w-]+\.)+(?:{_ENDINGS})(?![\w@.-]*\w)(?:/[^\s<>]*)?", re.IGNORECASE
)
_OPAQUE = re.compile(rf"(?P<variable>\{{\{{[^{{}}]*\}}\}})|(?P<link>{LINK.pattern})", re.IGNORECASE)
_SPACED = re.compile(r"(?<!\w)\w(?P<gap>\s?[.\-_*/·|,~]\s?|\s)(?:\w(?P=gap)){1,}\w(?!\w)")
_INSIDE = re.compile(r"(?<=[^\W\d_])[*_|~^'’`·]+(?=[^\W\d_])")
_WORD = re.compile(r"(?<!\w)\d{1,3}(?: \d{3})+(?!\w)|(?:[^\W_]|[@$€](?=[^\W\d_]))+|%")

Kind = Literal["word", "number", "sign", "variable", "link"]


@dataclass(frozen=True, slots=True)
class Token:
    """``readings`` are the ways to read it, several where letters or digits have twins; ``start:end`` is its place.

    ``joined`` tells that spaced-out letters were put together, so that it may hold several words.
    """

    readings: tuple[str, ...]
    start: int
    end: int
    kind: Kind
    joined: bool = False


@dataclass(frozen=True, slots=True)
class _Cell:
    char: str
    at: int
    joined: bool = False


@lru_cache(maxsize=1024)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of ``text`` in order; punctuation is left out."""
    found: list[Token] = []
    position = 0
    for opaque in _OPAQUE.finditer(text):
        found += _words(text, position, opaque.start())
        kind: Kind = "variable" if opaque["variable"] else "link"
        found.append(Token((opaque[0].casefold(),), opaque.start(), opaque.end(), kind))
        position = opaque.end()
    return tuple(found + list(_words(text, position, len(text))))


def normalise(text: str) -> str:
    """Return ``text`` as its words in their first reading, joined by single spaces."""
    return " ".join(token.readings[0] for token in tokens(text))


def _words(text: str, start: int, end: int) -> Iterator[Token]:
    cells = _close_up(_fold(text, start, end))
    flat = "".join(cell.char for cell in cells)
    for found in _WORD.finditer(flat):
        inside = cells[found.start() : found.end()]
        readings, kind = _read(found[0])
        yield Token(readings, inside[0].at, inside[-1].at + 1, kind, any(cell.joined for cell in inside))


def _fold(text: str, start: int, end: int) -> list[_Cell]:
    """Return plain lower-case characters, each with its place; invisible ones and accents are gone."""
    cells: list[_Cell] = []
    for at in range(start, end):
        char = text[at]
        if char == "\u0306" and cells and cells[-1].char == "и":
            cells[-1] = _Cell("й", cells[-1].at)
            continue
        if unicodedata.category(char) in ("Cf", "Mn", "Me"):
            continue
        cells += [_Cell(plain, at) for plain in _plain(char)]
    return cells


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char).casefold()
    if folded == "й":
        return folded
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if unicodedata.category(c) != "Mn").replace(
        "ё", "е"
    )


def _close_up(cells: list[_Cell]) -> list[_Cell]:
    """Return the cells without what stands between spaced-out letters or inside a word."""
    flat = "".join(cell.char for cell in cells)
    dropped: set[int] = set()
    joined: set[int] = set()
    for found in _SPACED.finditer(flat):
        inside = range(found.start(), found.end())
        if sum(flat[i].isalpha() for i in inside) >= 3:
            dropped |= {i for i in inside if not flat[i].isalnum()}
            joined |= set(inside)
    for found in _INSIDE.finditer(flat):
        dropped |= set(range(found.start(), found.end()))
    return [_Cell(c.char, c.at, i in joined) for i, c in enumerate(cells) if i not in dropped]


def _read(word: str) -> tuple[tuple[str, ...], Kind]:
    if word == "%":
        return ("%",), "sign"
    word = "".join(SIGNS.get(char, char) for char in word)
    if not any(char.isalpha() for char in word):
        return (word.replace(" ", ""),), "number"
    home = home_script(word)
    table, twin = (TO_CYRILLIC, TO_LATIN) if home == "cyrillic" else (TO_LATIN, TO_CYRILLIC)
    readings = [_in_script(word, table, home), _in_script(word, table | SECOND_CHOICE[home], home)]
    if all(char in BOTH_WAYS for char in word):
        readings.append("".join(twin.get(char, char) for char in word))
    return tuple(dict.fromkeys(readings)), "word"


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
