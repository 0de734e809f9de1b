"""What a text speaks of, as features that a classifier weighs: concepts, pairs of them, lexicons, signs, and its words.

Concepts and pairs are data (``concepts.yaml``). Words count by their beginnings (``оплат*``), alone and with the next
(``не* оплат*``). A feature of a text has the places of the words that make it true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import yaml

from policies.content.lexicon import LANGUAGES, Lexicon, level, lexicon, parse_lexicon, shared_index
from policies.content.normalise import Token, tokens

Places = tuple[tuple[int, int], ...]

ASKED = ("credit", "debt", "legal_threat", "opt_out", "pressure", "promo", "relation", "threat")
"""Lexicons of which a feature tells whether they decide (``debt!``) or only raise suspicion (``debt?``)."""
CODE_LENGTH = range(4, 9)
"""Digits of a one-time code; *assumed*."""
BEGINNING = 5
"""Letters of a word that count, so that most endings of Russian fall off; 4 and 6 did about as well, each author left
out in turn."""
SHORTEST = 3
"""Letters from which a word counts by itself; shorter ones count only with the next."""
MONEY = frozenset(("р", "руб", "рублей", "рубля", "rub", "тыс", "тысяч", "млн", "dollars", "pounds", "euros", "usd"))
CURRENCIES = "₽$€£"


@dataclass(frozen=True, slots=True)
class Concepts:
    """The concepts as one lexicon whose entries bear the concept's name, groups of them, and pairs.

    ``known`` are the numbers of the patterns of their words, but for the one that any word is.
    """

    words: Lexicon
    known: frozenset[int]
    groups: Mapping[str, frozenset[str]]
    pairs: Mapping[str, tuple[str, str]]


@cache
def concepts() -> Concepts:
    """Return the shipped concepts; raises InputError with every fault of their file."""
    raw = yaml.safe_load(files("policies.content").joinpath("concepts.yaml").read_text(encoding="utf-8"))
    rows = {code: list(_rows(raw["concepts"], code)) for code in LANGUAGES}
    words = parse_lexicon("concepts", {"meaning": "what a text speaks of", **rows}, shared_index())
    groups = {name: frozenset(members) for name, members in raw["groups"].items()}
    known = {n for entries in words.entries.values() for entry in entries for phrase in entry.find for n in phrase}
    any_word = words.index.numbers(("",), "word", False)
    pairs = {f"{left}&{right}": (left, right) for left, right in raw["pairs"]}
    return Concepts(words, frozenset(known - any_word), groups, pairs)


def _rows(named: dict[str, dict[str, Any]], code: str) -> Iterator[dict[str, Any]]:
    for name, languages in named.items():
        for row in languages.get(code, ()):
            yield {"name": name, **(row if isinstance(row, dict) else {"find": row})}


def features(text: str) -> dict[str, Places]:
    """Return the features of ``text`` with the places of their words; pairs have none of their own (``places_of``)."""
    found: dict[str, Places] = {}
    for match in concepts().words.matches(text):
        before = found.get(match.entry)
        if before is None:
            found[match.entry] = match.places
        elif any(place not in before for place in match.places):
            found[match.entry] = found[f"{match.entry}+"] = before + match.places
    for name in ASKED:
        matches = lexicon(name).matches(text)
        if matches:
            sure = level(matches) == "enough"
            found[f"{name}{'!' if sure else '?'}"] = tuple(place for match in matches for place in match.places)
    words = tokens(text)
    found |= _signs(text, words)
    known = concepts()
    there = found.keys() | {name for name, members in known.groups.items() if not members.isdisjoint(found)}
    pairs: dict[str, Places] = {name: () for name, (a, b) in known.pairs.items() if a in there and b in there}
    return found | pairs | _beginnings(words)


def places_of(feature: str, found: Mapping[str, Places]) -> Places:
    """Return the places of the words of ``feature``; those of both sides of a pair, of all members of a group."""
    groups = concepts().groups
    members = (member for side in feature.split("&") for member in groups.get(side, (side,)))
    return tuple(dict.fromkeys(place for member in members for place in found.get(member, ())))


def _beginnings(words: Sequence[Token]) -> dict[str, Places]:
    """Return each word by its beginning, and each two in a row; numbers, links and variables are left out."""
    found: dict[str, Places] = {}
    plain = [(f"{token.readings[0][:BEGINNING]}*", (token.start, token.end)) for token in words if token.kind == "word"]
    for name, place in plain:
        if len(name) > SHORTEST:  # the sign at its end counts too
            found.setdefault(name, (place,))
    for (left, before), (right, after) in pairwise(plain):
        found.setdefault(f"{left} {right}", (before, after))
    return found


def _signs(text: str, words: Sequence[Token]) -> dict[str, Places]:
    """Return features of prices, numbers like one-time codes, per cent signs and links."""
    found: dict[str, Places] = {}
    for i, token in enumerate(words):
        kind: str = token.kind
        if kind == "number":
            after = words[i + 1].readings[0] if i + 1 < len(words) else ""
            kind = _kind_of_number(text, token, after)
        if kind not in ("word", "number", "variable"):
            found.setdefault(kind, ((token.start, token.end),))
    return found


def _kind_of_number(text: str, token: Token, after: str) -> str:
    """Return ``price``, ``code_number`` or ``number``; ``after`` is the next word."""
    beside = text[max(0, token.start - 1) : token.start] + text[token.end : token.end + 2].strip()[:1]
    if after in MONEY or any(sign in beside for sign in CURRENCIES):
        return "price"
    code = len(token.readings[0]) in CODE_LENGTH and " " not in text[token.start : token.end]
    return "code_number" if code and "*" not in beside and "№" not in beside else "number"
