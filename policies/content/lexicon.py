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
from collections.abc import Set as AbstractSet
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
REMEMBERED = 2**17
"""Words of which is remembered what they are; texts repeat most of theirs."""

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
Where = Mapping[int, Sequence[int]]
"""The tokens, in order, that each pattern present in a text is."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Some phrases; ``begins`` are the patterns of their first words, most of which stand in no text at hand."""

    all: tuple[Phrase, ...]
    begins: frozenset[int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One compiled entry; ``name`` is its ``find`` as written, or the concept that it belongs to."""

    name: str
    find: tuple[Phrase, ...]
    near: Phrases
    unless: Phrases
    not_after: tuple[Phrase, ...]
    doubt: Phrases
    weight: int


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found in a text: the words that decided, as they stand in the original, and their places."""

    entry: str
    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    weight: int


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The entries of one meaning, by language; ``begins`` tells by a pattern's number which entries begin with it."""

    name: str
    meaning: str
    entries: Mapping[str, tuple[Entry, ...]]
    begins: Mapping[str, Mapping[int, tuple[int, ...]]]
    index: WordIndex

    def matches(self, text: str, languages: Iterable[str] = LANGUAGES) -> tuple[Match, ...]:
        """Return what of this lexicon stands in ``text``, at most one match an entry."""
        return _matches(self, text, tuple(languages))

    def begun(self, code: str, present: AbstractSet[int]) -> Iterator[Entry]:
        """Yield the entries of a language, in order, that begin with one of the numbers ``present``."""
        begins, entries = self.begins.get(code, {}), self.entries.get(code, ())
        for at in sorted({at for number in begins.keys() & present for at in begins[number]}):
            yield entries[at]


@lru_cache(maxsize=4096)
def _matches(words: Lexicon, text: str, languages: tuple[str, ...]) -> tuple[Match, ...]:
    read, where = tokens(text), _where(words.index, len(words.index.known), text)
    matches = (_match(entry, read, text, where) for code in languages for entry in words.begun(code, where.keys()))
    return tuple(match for match in matches if match is not None)


@lru_cache(maxsize=1024)
def _where(index: WordIndex, patterns: int, text: str) -> Where:
    """Return the places of each pattern in ``text``; ``patterns`` is how many there are, which grows with lexicons."""
    where: dict[int, list[int]] = {}
    for at, token in enumerate(tokens(text)):
        for number in _numbers(index, patterns, token.readings, token.kind, token.joined):
            where.setdefault(number, []).append(at)
    return where


@lru_cache(maxsize=REMEMBERED)
def _numbers(index: WordIndex, patterns: int, readings: tuple[str, ...], kind: Kind, joined: bool) -> frozenset[int]:
    return index.numbers(readings, kind, joined)


@cache
def shared_index() -> WordIndex:
    """Return the index of the words of all shipped lexicons, so that each word of a text is looked up once."""
    return WordIndex()


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
    return parse_lexicon(name, yaml.safe_load(source.read_text(encoding="utf-8")), shared_index())


def parse_lexicon(name: str, raw: Any, index: WordIndex | None = None) -> Lexicon:
    """Return the lexicon for parsed YAML: ``meaning``, and a list of entries for each language.

    ``index`` takes up its words; a new one where none is given.
    """
    problems: list[Problem] = []
    index = WordIndex() if index is None else index
    doubt = _begun(_phrases(raw.get("doubt", ()), index))
    entries = {code: _entries(name, code, raw.get(code, []), doubt, index, problems) for code in LANGUAGES}
    problems += [
        Problem(f"{name}.yaml: {key}", "unknown field") for key in raw if key not in ("meaning", "doubt", *LANGUAGES)
    ]
    if problems:
        raise InputError(problems)
    begins = {code: _begins(rows) for code, rows in entries.items()}
    return Lexicon(name, raw["meaning"], entries, begins, index)


def _begins(entries: Sequence[Entry]) -> dict[int, tuple[int, ...]]:
    """Return which entries begin with each pattern, by their places in ``entries``."""
    begins: dict[int, list[int]] = {}
    for at, entry in enumerate(entries):
        for number in dict.fromkeys(phrase[0] for phrase in entry.find):
            begins.setdefault(number, []).append(at)
    return {number: tuple(places) for number, places in begins.items()}


def _entries(
    name: str, code: str, rows: list[Any], doubt: Phrases, index: WordIndex, problems: list[Problem]
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


def _entry(fields: Mapping[str, Any], doubt: Phrases, index: WordIndex) -> Entry:
    near, unless, not_after = (_phrases(fields.get(key, ()), index) for key in ("with", "unless", "not_after"))
    find, weight = _phrases([fields["find"]], index), fields.get("weight", ENOUGH)
    return Entry(fields.get("name", fields["find"]), find, _begun(near), _begun(unless), not_after, doubt, weight)


def _begun(phrases: tuple[Phrase, ...]) -> Phrases:
    return Phrases(phrases, frozenset(phrase[0] for phrase in phrases))


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


def _match(entry: Entry, words: tuple[Token, ...], text: str, where: Where) -> Match | None:
    if entry.near.all and entry.near.begins.isdisjoint(where):
        return None
    for phrase in entry.find:
        if phrase[0] not in where:
            continue
        for at in _places(phrase, where, 0, len(words)):
            decided = _decide(entry, where, len(words), at, at + len(phrase))
            if decided is not None:
                spans = tuple((words[i].start, words[i].end) for i in decided)
                weight = min(entry.weight, 1) if _near(entry.doubt, where, len(words), at) else entry.weight
                return Match(entry.name, tuple(text[start:end] for start, end in spans), spans, weight)
    return None


def _decide(entry: Entry, where: Where, size: int, start: int, end: int) -> list[int] | None:
    """Return the tokens that make the entry true at ``start:end``; None where a condition speaks against it."""
    if _near(entry.unless, where, size, start):
        return None
    if any(_stands(phrase, where, start - len(phrase)) for phrase in entry.not_after):
        return None
    own = list(range(start, end))
    if not entry.near.all:
        return own
    low, high = _window(start, size)
    pairs = (i for p in entry.near.all if p[0] in where for i in _places(p, where, low, high) if i not in own)
    pair = next(pairs, None)
    return None if pair is None else sorted([*own, pair])


def _window(at: int, size: int) -> tuple[int, int]:
    """Return the first token of the window around ``at`` and the one behind its last."""
    return max(0, at - WINDOW), min(size, at + WINDOW + 1)


def _near(phrases: Phrases, where: Where, size: int, at: int) -> bool:
    if phrases.begins.isdisjoint(where):
        return False
    low, high = _window(at, size)
    return any(phrase[0] in where and _places(phrase, where, low, high) for phrase in phrases.all)


def _places(phrase: Phrase, where: Where, low: int, high: int) -> list[int]:
    """Return where ``phrase`` begins, of those places at which all of it lies in ``low:high``."""
    begun, behind = where.get(phrase[0], ()), high - len(phrase) + 1
    if len(phrase) == 1:
        return [at for at in begun if low <= at < behind]
    if any(number not in where for number in phrase):
        return []
    return [at for at in begun if low <= at < behind and _stands(phrase, where, at)]


def _stands(phrase: Phrase, where: Where, at: int) -> bool:
    for number in phrase:
        if at not in where.get(number, ()):
            return False
        at += 1
    return True
