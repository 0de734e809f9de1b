"""Word lists as data, and what of them a text contains.

An entry of a lexicon has ``find`` (one word or several in a row), and may have ``with`` (one of these must stand
within the window), ``unless`` (none of these may), ``not_after`` (none of these directly before) and ``weight``: 2
decides alone, 1 raises suspicion, and two such together decide. In a word ``*`` stands for any letters,
``(a|b c)`` for a choice; ``#`` is any number and ``{}`` any variable. Near a word of ``doubt`` (of fiction or teaching)
nothing decides alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from policies.content.normalise import Token, tokens
from policies.errors import InputError, Problem

WINDOW = 6
"""Tokens either side in which a pair counts; *assumed*, from the rule catalogue's own proposal."""
ENOUGH = 2
"""The weight that decides."""

LEXICONS = (
    "bankruptcy", "carrier_forbidden", "credit", "debt", "debt_collector", "debt_purpose", "help_word", "legal_threat",
    "media", "message_frequency", "message_rates", "messengers", "opt_out", "overdue", "pressure", "promo", "relation",
    "relevance", "state", "stop_request", "threat",
)  # fmt: skip
LANGUAGES = ("ru", "en")

_WIDE_CHOICE = re.compile(r"\(([^()]* [^()]*)\)")

Level = Literal["none", "some", "enough"]
Phrase = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One compiled entry; ``name`` is its ``find`` as written."""

    name: str
    find: tuple[Phrase, ...]
    near: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]
    not_after: tuple[Phrase, ...]
    doubt: tuple[Phrase, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found in a text: the words that decided, as they stand in the original, and their places."""

    entry: str
    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The entries of one meaning, by language."""

    name: str
    meaning: str
    entries: Mapping[str, tuple[Entry, ...]]

    def matches(self, text: str, languages: Iterable[str] = LANGUAGES) -> tuple[Match, ...]:
        """Return what of this lexicon stands in ``text``, at most one match an entry."""
        words = tokens(text)
        heard = " ".join(reading for token in words for reading in token.readings)
        found = (_match(entry, words, text, heard) for code in languages for entry in self.entries.get(code, ()))
        return tuple(match for match in found if match is not None)


def level(matches: Sequence[Match]) -> Level:
    """Return ``enough`` where the weights of distinct words decide, ``some`` where they only raise suspicion."""
    weights = {match.places: match.weight for match in sorted(matches, key=lambda match: match.weight)}
    total = sum(weights.values())
    return "enough" if total >= ENOUGH else "some" if total else "none"


@cache
def lexicon(name: str) -> Lexicon:
    """Return the shipped lexicon ``name``; raises InputError with every fault of its file."""
    if name not in LEXICONS:
        raise InputError([Problem(f"lexicon {name}", "there is no such lexicon", f"one of {', '.join(LEXICONS)}")])
    source = files("policies.content").joinpath("lexicons", f"{name}.yaml")
    return parse_lexicon(name, yaml.safe_load(source.read_text(encoding="utf-8")))


def parse_lexicon(name: str, raw: Any) -> Lexicon:
    """Return the lexicon for parsed YAML: ``meaning``, and a list of entries for each language."""
    problems: list[Problem] = []
    doubt = _phrases(raw.get("doubt", ()))
    entries = {code: _entries(name, code, raw.get(code, []), doubt, problems) for code in LANGUAGES}
    problems += [
        Problem(f"{name}.yaml: {key}", "unknown field") for key in raw if key not in ("meaning", "doubt", *LANGUAGES)
    ]
    if problems:
        raise InputError(problems)
    return Lexicon(name, raw["meaning"], entries)


def _entries(
    name: str, code: str, rows: list[Any], doubt: tuple[Phrase, ...], problems: list[Problem]
) -> tuple[Entry, ...]:
    known = {"find", "with", "unless", "not_after", "weight"}
    out = []
    for i, row in enumerate(rows):
        fields = {"find": row} if isinstance(row, str) else row
        if "find" not in fields or fields.keys() - known:
            problems.append(
                Problem(f"{name}.yaml: {code}[{i}]", "needs `find`, and only known fields", str(sorted(known)))
            )
            continue
        out.append(_entry(fields, doubt))
    return tuple(out)


def _entry(fields: Mapping[str, Any], doubt: tuple[Phrase, ...]) -> Entry:
    near, unless, not_after = (_phrases(fields.get(key, ())) for key in ("with", "unless", "not_after"))
    find, weight = _phrases([fields["find"]]), fields.get("weight", ENOUGH)
    return Entry(fields["find"], find, near, unless, not_after, doubt, weight)


def _phrases(texts: Iterable[Any]) -> tuple[Phrase, ...]:
    plain = (phrase for text in texts for phrase in _spelled_out(str(text).replace("ё", "е").replace("-", " ")))
    return tuple(tuple(re.compile(_word(word)) for word in phrase.split()) for phrase in plain)


def _spelled_out(text: str) -> Iterator[str]:
    """Yield ``text`` once for each branch of a choice that holds several words."""
    choice = _WIDE_CHOICE.search(text)
    if choice is None:
        yield text
        return
    for branch in choice[1].split("|"):
        yield from _spelled_out(text[: choice.start()] + branch + text[choice.end() :])


def _word(word: str) -> str:
    special = {"#": r"\d+", "{}": r"\{\{.*\}\}", "%": "%"}
    return special.get(word) or word.replace("*", r"\w*")


def _match(entry: Entry, words: tuple[Token, ...], text: str, heard: str) -> Match | None:
    for phrase in entry.find:
        if not phrase[0].search(heard):  # most entries end here, without a look at each word
            continue
        for at in _places(phrase, words):
            decided = _decide(entry, words, at, at + len(phrase))
            if decided is not None:
                spans = tuple((words[i].start, words[i].end) for i in decided)
                weight = min(entry.weight, 1) if _near(entry.doubt, words, at) else entry.weight
                return Match(entry.name, tuple(text[start:end] for start, end in spans), spans, weight)
    return None


def _decide(entry: Entry, words: tuple[Token, ...], start: int, end: int) -> list[int] | None:
    """Return the tokens that make the entry true at ``start:end``; None where a condition speaks against it."""
    if _near(entry.unless, words, start):
        return None
    if any(_stands(phrase, words, start - len(phrase)) for phrase in entry.not_after):
        return None
    own = list(range(start, end))
    if not entry.near:
        return own
    low, around = _window(words, start)
    pair = next((i + low for phrase in entry.near for i in _places(phrase, around) if i + low not in own), None)
    return None if pair is None else sorted([*own, pair])


def _window(words: Sequence[Token], at: int) -> tuple[int, Sequence[Token]]:
    """Return the position of the first token of the window around ``at``, and the window."""
    low = max(0, at - WINDOW)
    return low, words[low : at + WINDOW + 1]


def _near(phrases: Iterable[Phrase], words: Sequence[Token], at: int) -> bool:
    _, around = _window(words, at)
    return any(_stands(phrase, around, i) for phrase in phrases for i in range(len(around) - len(phrase) + 1))


def _places(phrase: Phrase, words: Sequence[Token]) -> Iterable[int]:
    return (i for i in range(len(words) - len(phrase) + 1) if _stands(phrase, words, i))


def _stands(phrase: Phrase, words: Sequence[Token], at: int) -> bool:
    return at >= 0 and all(_is(pattern, words[at + i]) for i, pattern in enumerate(phrase))


def _is(pattern: re.Pattern[str], token: Token) -> bool:
    if token.joined and len(pattern.pattern) > 3:
        return any(pattern.search(reading) for reading in token.readings)
    return any(pattern.fullmatch(reading) for reading in token.readings)
