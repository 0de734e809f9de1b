"""Words as a reader hears them, each with its place in the original.

Undone are: case, invisible characters, accents, letters of another alphabet that look alike, digits and signs for
letters, letters spaced out or dotted, pictures inside words, Russian in Latin letters, slips in key words. Links and
``{{variables}}`` are single tokens and are not read as words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from policies.content.readings import Kind, Reading, read

_ENDINGS = (
    "ru|рф|su|by|kz|ua|uz|am|ge|com|net|org|info|biz|pro|me|io|ly|cc|app|shop|store|site|online|club|link|bank|xyz|"
    "us|uk|de|fr|eu|co|to|im|gl|test|example"
)
"""Top-level domains by which an address without ``https://`` is known; so that "долг.Оплатите" stays two words."""
LINK = re.compile(
    rf"(?:https?://|www\.)[^\s<>]+|(?<![\w@.])(?:[\w-]+\.)+(?:{_ENDINGS})(?![\w@.-]*\w)(?:/[^\s<>]*)?", re.IGNORECASE
)
_OPAQUE = re.compile(rf"(?P<variable>\{{\{{[^{{}}]*\}}\}})|(?P<link>{LINK.pattern})", re.IGNORECASE)
_MAY_BE_OPAQUE = re.compile(r"\{\{|://|www|\.[^\W\d_]", re.IGNORECASE)
_SPACED = re.compile(r"(?<!\w)\w(?P<gap>\s?[.\-_*/·|,~]\s?|\s)(?:\w(?P=gap)){1,}[^\W\d](?!\w)")
_INSIDE = re.compile(r"(?<=[^\W\d_])[*_|~^'’`·]+(?=[^\W\d_])")
_PICTURE = re.compile(r"(?<=[^\W\d_])[\u2190-\u2bff\U0001f000-\U0001faff]+(?=[^\W\d_])")
_WORD = re.compile(r"(?<!\w)\d{1,3}(?: \d{3})+(?!\w)|(?:[^\W_]|[@$€](?=[^\W\d_]))+|%")
_PLAIN = re.compile(r"[\n\r\t -~А-Яа-яЁё«»“”„–—…₽№€\u00a0]*")
"""Texts of nothing but these characters need no look at each of them."""
_SAME_LENGTH = str.maketrans("ёЁ\u00a0", "ее ")
_GREEK = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχγ", "abezhikmnoptyxaeikvoptuxy")
"""Greek letters -> the Latin ones that they look like."""
_KEPT = frozenset("№")
"""Signs that would fall apart into letters."""


@dataclass(frozen=True, slots=True)
class Token:
    """``readings`` are the ways to read it, several where letters or digits have twins; ``start:end`` is its place.

    ``joined`` tells that letters were put together over spaces or pictures, so that it may hold several words.
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
    capital: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    reading: Reading
    start: int
    end: int
    joined: bool = False


@lru_cache(maxsize=1024)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of ``text`` in order; punctuation is left out."""
    pieces = list(_pieces(text))
    english = any(piece.reading.english for piece in pieces)
    return tuple(
        Token(p.reading.own if english else p.reading.all, p.start, p.end, p.reading.kind, p.joined) for p in pieces
    )


def _pieces(text: str) -> Iterator[_Piece]:
    position = 0
    if _MAY_BE_OPAQUE.search(text):
        for opaque in _OPAQUE.finditer(text):
            yield from _words(text, position, opaque.start())
            kind: Kind = "variable" if opaque["variable"] else "link"
            reading = Reading((opaque[0].casefold(),), (), kind, english=False)
            yield _Piece(reading, opaque.start(), opaque.end())
            position = opaque.end()
    yield from _words(text, position, len(text))


def normalise(text: str) -> str:
    """Return ``text`` as its words in their first reading, joined by single spaces."""
    return " ".join(token.readings[0] for token in tokens(text))


def _words(text: str, start: int, end: int) -> Iterator[_Piece]:
    if _PLAIN.fullmatch(text, start, end):
        flat = text[start:end].translate(_SAME_LENGTH).lower()
        if not _INSIDE.search(flat) and not _SPACED.search(flat):
            return _plain_words(flat, start)
    return _disguised_words(text, start, end)


def _plain_words(flat: str, start: int) -> Iterator[_Piece]:
    for found in _WORD.finditer(flat):
        yield _Piece(read(found[0]), start + found.start(), start + found.end())


def _disguised_words(text: str, start: int, end: int) -> Iterator[_Piece]:
    cells = _close_up(_fold(text, start, end))
    flat = "".join(cell.char for cell in cells)
    for found in _WORD.finditer(flat):
        inside = cells[found.start() : found.end()]
        yield _Piece(read(found[0]), inside[0].at, inside[-1].at + 1, any(cell.joined for cell in inside))


def _fold(text: str, start: int, end: int) -> list[_Cell]:
    """Return plain lower-case characters, each with its place; invisible ones and accents are gone."""
    cells: list[_Cell] = []
    for at in range(start, end):
        char = text[at]
        if char == "\u0306" and cells and cells[-1].char == "и":
            cells[-1] = _Cell("й", cells[-1].at)
            continue
        if _is_invisible(char):
            continue
        cells += [_Cell(plain, at, capital=char.isupper()) for plain in _plain(char)]
    return cells


@lru_cache(maxsize=4096)
def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Mn", "Me")


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    if char in _KEPT:
        return char
    folded = unicodedata.normalize("NFKC", char).translate(_GREEK).casefold()
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
    for found in _PICTURE.finditer(flat):
        if not cells[found.end()].capital or cells[found.start() - 1].capital:  # "Привет😀Как" stays two words
            dropped |= set(range(found.start(), found.end()))
            joined |= {found.start() - 1, found.end()}  # a picture may as well stand between two words
    return [_Cell(c.char, c.at, i in joined) for i, c in enumerate(cells) if i not in dropped]
