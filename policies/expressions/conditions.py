"""The guards of one table of rules with what they ask of a run, and their answers for its messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from policies.content.text import TemplateText, without_placeholders
from policies.distinct import distinct_rows
from policies.expressions.guard import Answers, Guard
from policies.expressions.language import ATTRIBUTES
from policies.kinds import base as k
from policies.people import People
from policies.places import nation
from policies.records import CATEGORIES, CHANNELS

Int64s = npt.NDArray[np.int64]
Facts = dict[str, str]

CELLS = {
    "channel": k.A_CHANNEL, "category": k.A_CATEGORY, "template": k.A_TEMPLATE, "sender": k.A_SENDER,
    "campaign": k.A_CAMPAIGN, "text_category": k.A_TEXT, "language": k.A_TEXT, "country": k.A_COUNTRY,
    "subdivision": k.A_COUNTRY,
}  # fmt: skip
"""The cell of an attempt from which a fact is read; attributes go by the recipient."""


class Names(Protocol):
    """The names behind the indices of campaigns, senders and templates."""

    @property
    def campaigns(self) -> Sequence[str]: ...
    @property
    def senders(self) -> Sequence[str]: ...
    @property
    def templates(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Conditions:
    """The guards of a table of rules, in the order of their bits, and the texts and places of the run."""

    guards: tuple[Guard, ...] = ()
    texts: tuple[TemplateText, ...] = ()
    countries: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.guards)

    def filler(self, names: Names, people: People) -> Filler:
        """Return what sets A_WHEN of attempts of these people."""
        return Filler(self, names, people)


class Filler:
    """Sets A_WHEN of attempts, asking once for each distinct combination of the facts that the guards ask for."""

    def __init__(self, conditions: Conditions, names: Names, people: People) -> None:
        self.conditions, self.names, self.people = conditions, names, people
        self._asked = frozenset(fact for guard in conditions.guards for fact in guard.facts)
        self._cells = sorted({CELLS[fact] for fact in self._asked if fact in CELLS})
        self._person, self._attributes = person_classes(people, self._asked)
        self._answers = Answers(conditions.guards)
        self._known: dict[tuple[int, ...], int] = {}

    def __call__(self, matrix: Int64s) -> None:
        """Fill in the attempts ``matrix``, shape (n, A_WIDTH); nothing where there is no guard."""
        if not self.conditions or not len(matrix):
            return
        columns = [self._country(matrix) if cell == k.A_COUNTRY else matrix[:, cell] for cell in self._cells]
        combinations, code = np.unique(np.stack([*columns, self._who(matrix)], axis=1), axis=0, return_inverse=True)
        bits = [self._bits(tuple(row)) for row in combinations.tolist()]
        matrix[:, k.A_WHEN] = np.array(bits, np.int64)[code.reshape(-1)]

    def _bits(self, combination: tuple[int, ...]) -> int:
        if combination not in self._known:
            *values, person = combination
            facts = dict(self._attributes[person]) if person >= 0 else {}
            for cell, value in zip(self._cells, values, strict=True):
                facts |= self._facts_of(cell, value)
            self._known[combination] = self._answers.bits(facts)
        return self._known[combination]

    def _facts_of(self, cell: int, value: int) -> Facts:
        """Return the facts that one cell of an attempt gives; nothing where it is not known."""
        texts, countries, names = self.conditions.texts, self.conditions.countries, self.names
        if cell == k.A_TEXT:
            return text_facts(texts[value], self._asked) if 0 <= value < len(texts) else {}
        if cell == k.A_COUNTRY:
            return place_facts(countries[value]) if 0 <= value < len(countries) else {}
        words: dict[int, tuple[str, Sequence[str]]] = {
            k.A_CHANNEL: ("channel", CHANNELS), k.A_CATEGORY: ("category", CATEGORIES),
            k.A_TEMPLATE: ("template", names.templates), k.A_SENDER: ("sender", names.senders),
            k.A_CAMPAIGN: ("campaign", names.campaigns),
        }  # fmt: skip
        name, known = words[cell]
        return {name: known[value]} if 0 <= value < len(known) else {}

    def _who(self, matrix: Int64s) -> Int64s:
        """Return the combination of attributes of each attempt's recipient; -1 of nobody, or where none is asked."""
        who = matrix[:, k.A_RECIPIENT]
        if not self._attributes:
            return np.full(len(matrix), -1, np.int64)
        return np.where(who >= 0, self._person[who], -1)

    def _country(self, matrix: Int64s) -> Int64s:
        """Return the country of each attempt, of its recipient where the attempt does not say."""
        country, who = matrix[:, k.A_COUNTRY], matrix[:, k.A_RECIPIENT]
        own = np.asarray(self.people.country, np.int64)[who] if len(self.people) else np.full(len(who), -1)
        return np.where(country >= 0, country, np.where(who >= 0, own, -1))


def text_facts(text: TemplateText, asked: frozenset[str]) -> Facts:
    """Return language and category of a text; of one as it was sent, the language in which it is written."""
    found: Facts = {}
    if "language" in asked:
        found["language"] = text.language
        if text.final:
            from policies.content.language import language_of

            found["language"] = language_of(text.body)
    if "text_category" in asked:
        from policies.content.classify import classify

        words = " ".join(without_placeholders(part) for _, part in text.parts())
        found["text_category"] = classify(words).category
    return {name: value for name, value in found.items() if value != "und"}


def place_facts(place: str) -> Facts:
    """Return country and, where it is known, the part of it."""
    return {"country": nation(place), **({"subdivision": place} if "-" in place else {})}


def person_classes(people: People, facts: frozenset[str]) -> tuple[Int64s, list[Facts]]:
    """Return for each recipient the number of a combination of the attributes asked for, and the combinations.

    Both are empty where no attribute of the audience is asked for.
    """
    asked = sorted(fact for fact in facts if fact.startswith(ATTRIBUTES))
    columns = {fact: people.attributes.get(fact.removeprefix(ATTRIBUTES)) for fact in asked}
    known = {fact: column for fact, column in columns.items() if column is not None}
    if not known or not len(people):
        return np.zeros(0, np.int64), []
    rows, codes = distinct_rows(list(known.values()))
    return codes, [_texts_of(tuple(known), row) for row in rows]


def _texts_of(names: Sequence[str], row: Sequence[Any]) -> Facts:
    return {name: _text(value) for name, value in zip(names, row, strict=True) if value is not None}


def _text(value: Any) -> str:
    """Return a value of a column as a text: true and false as CEL writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)
