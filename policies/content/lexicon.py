"""Word lists as data, and what of them a text contains.

An entry of a lexicon has ``find`` (one word or several in a row), and may have ``with`` (one of these must stand
within the window), ``unless`` (none of these may), ``not_after`` (none of these directly before) and ``weight``: 2
decides alone, 1 raises suspicion, and two such together decide. In a word ``*`` stands for any letters,
``(a|b c)`` for a choice; ``#`` is any number and ``{}`` any variable. Near a word of ``doubt`` (of fiction or teaching)
nothing decides alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from policies.content.normalise import Token, tokens
from policies.content.readings import Kind
from policies.content.word_index import WordIndex
from policies.errors import InputError, Problem

WINDOW = 6
"""Tokens either side in which a pair counts; *assumed*, from the rule catalogue's own proposal."""
ENOUGH = 2
"""The weight that decides."""
REMEMBERED = 2**15
"""Words of which a lexicon remembers what they are; texts repeat most of theirs."""

LEXICONS = (
    "bankruptcy", "carrier_forbidden", "credit", "debt", "debt_collector", "debt_purpose", "help_word", "legal_threat",
    "media", "message_frequency", "message_rates", "messengers", "opt_out", "overdue", "pressure", "promo", "relation",
    "relevance", "sectors", "state", "stop_request", "threat",
)  # fmt: skip
LANGUAGES = ("ru", "en")

_WIDE_CHOICE = re.compile(r"\(([^()]* [^()]*)\)")
_INNER_CHOICE = re.compile(r"\(([^()]*)\)")

Level = Literal["none", "some", "enough"]
Phrase = tuple[int, ...]
"""A phrase: the numbers of its words' patterns."""
Found = Sequence[frozenset[int]]
"""For each token of a text the numbers of the patterns that it is."""


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
    """The entries of one meaning, by language; ``begins`` tells by a pattern's number which entries begin with it."""

    name: str
    meaning: str
    entries: Mapping[str, tuple[Entry, ...]]
    begins: Mapping[str, Mapping[int, tuple[int, ...]]]
    numbers: Callable[[tuple[str, ...], Kind, bool], frozenset[int]]

    def matches(self, text: str, languages: Iterable[str] = LANGUAGES) -> tuple[Match, ...]:
        """Return what of this lexicon stands in ``text``, at most one match an entry."""
        words = tokens(text)
        found = [self.numbers(token.readings, token.kind, token.joined) for token in words]
        present: frozenset[int] = frozenset().union(*found)
        if not present:
            return ()
        matches = (_match(entry, words, text, found) for code in languages for entry in self._begun(code, present))
        return tuple(match for match in matches if match is not None)

    def _begun(self, code: str, present: frozenset[int]) -> Iterator[Entry]:
        """Yield the entries of a language, in order, that begin with a word that is present."""
        begins, entries = self.begins.get(code, {}), self.entries.get(code, ())
        for at in sorted({at for number in present for at in begins.get(number, ())}):
            yield entries[at]


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
    index = WordIndex()
    doubt = _phrases(raw.get("doubt", ()), index)
    entries = {code: _entries(name, code, raw.get(code, []), doubt, index, problems) for code in LANGUAGES}
    problems += [
        Problem(f"{name}.yaml: {key}", "unknown field") for key in raw if key not in ("meaning", "doubt", *LANGUAGES)
    ]
    if problems:
        raise InputError(problems)
    begins = {code: _begins(rows) for code, rows in entries.items()}
    return Lexicon(name, raw["meaning"], entries, begins, lru_cache(maxsize=REMEMBERED)(index.numbers))


def _begins(entries: Sequence[Entry]) -> dict[int, tuple[int, ...]]:
    """Return which entries begin with each pattern, by their places in ``entries``."""
    begins: dict[int, list[int]] = {}
    for at, entry in enumerate(entries):
        for number in dict.fromkeys(phrase[0] for phrase in entry.find):
            begins.setdefault(number, []).append(at)
    return {number: tuple(places) for number, places in begins.items()}


def _entries(
    name: str, code: str, rows: list[Any], doubt: tuple[Phrase, ...], index: WordIndex, problems: list[Problem]
) -> tuple[Entry, ...]:
    known = {"find", "with", "unless", "not_after", "weight", "name"}
    out = []
    for i, row in enumerate(rows):
        fields = {"find": row} if isinstance(row, str) else row
        if "find" not in fields or fields.keys() - known:
            problems.append(
                Problem(f"{name}.yaml: {code}[{i}]", "needs `find`, and only known fields", str(sorted(known)))
            )
            continue
        out.append(_entry(fields, doubt, index))
    return tuple(out)


def _entry(fields: Mapping[str, Any], doubt: tuple[Phrase, ...], index: WordIndex) -> Entry:
    near, unless, not_after = (_phrases(fields.get(key, ()), index) for key in ("with", "unless", "not_after"))
    find, weight = _phrases([fields["find"]], index), fields.get("weight", ENOUGH)
    return Entry(fields.get("name", fields["find"]), find, near, unless, not_after, doubt, weight)


def _phrases(texts: Iterable[Any], index: WordIndex) -> tuple[Phrase, ...]:
    plain = (phrase for text in texts for phrase in _spelled_out(str(text).replace("ё", "е").replace("-", " ")))
    return tuple(tuple(index.number_of(word) for word in phrase.split()) for phrase in plain)


def _spelled_out(text: str) -> Iterator[str]:
    """Yield ``text`` once for each branch of a choice that holds several words or another choice."""
    choice = _INNER_CHOICE.search(text) if _is_nested(text) else _WIDE_CHOICE.search(text)
    if choice is None:
        yield text
        return
    for branch in choice[1].split("|"):
        yield from _spelled_out(text[: choice.start()] + branch + text[choice.end() :])


def _is_nested(text: str) -> bool:
    return re.search(r"\([^()]*\(", text) is not None


def _match(entry: Entry, words: tuple[Token, ...], text: str, found: Found) -> Match | None:
    for phrase in entry.find:
        for at in _places(phrase, found):
            decided = _decide(entry, found, at, at + len(phrase))
            if decided is not None:
                spans = tuple((words[i].start, words[i].end) for i in decided)
                weight = min(entry.weight, 1) if _near(entry.doubt, found, at) else entry.weight
                return Match(entry.name, tuple(text[start:end] for start, end in spans), spans, weight)
    return None


def _decide(entry: Entry, found: Found, start: int, end: int) -> list[int] | None:
    """Return the tokens that make the entry true at ``start:end``; None where a condition speaks against it."""
    if _near(entry.unless, found, start):
        return None
    if any(_stands(phrase, found, start - len(phrase)) for phrase in entry.not_after):
        return None
    own = list(range(start, end))
    if not entry.near:
        return own
    low, around = _window(found, start)
    pair = next((i + low for phrase in entry.near for i in _places(phrase, around) if i + low not in own), None)
    return None if pair is None else sorted([*own, pair])


def _window(found: Found, at: int) -> tuple[int, Found]:
    """Return the position of the first token of the window around ``at``, and the window."""
    low = max(0, at - WINDOW)
    return low, found[low : at + WINDOW + 1]


def _near(phrases: Sequence[Phrase], found: Found, at: int) -> bool:
    if not phrases:
        return False
    _, around = _window(found, at)
    return any(_stands(phrase, around, i) for phrase in phrases for i in range(len(around) - len(phrase) + 1))


def _places(phrase: Phrase, found: Found) -> Iterator[int]:
    first = phrase[0]
    return (i for i in range(len(found) - len(phrase) + 1) if first in found[i] and _stands(phrase, found, i))


def _stands(phrase: Phrase, found: Found, at: int) -> bool:
    return at >= 0 and all(number in found[at + i] for i, number in enumerate(phrase))
