"""The report's own words in its languages: tables in ``phrases/``, how numbers and days are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from prelaunch.numerals import FORMS, figure, plural
from prelaunch.policy_report.model import Language
from prelaunch.reports.numbers import count, per_cent

FOLDER = Path(__file__).with_name("phrases")
LANGUAGES: tuple[Language, ...] = get_args(Language)
_ISO_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of one language. ``table`` maps dotted keys to a text, or to its plural forms."""

    language: Language
    table: Mapping[str, str | Mapping[str, str]]

    def __call__(self, key: str, **values: Any) -> str:
        """Return the phrase with its values; ``n`` also chooses the plural form and is written as a number."""
        found = self.table[key]
        if not isinstance(found, str):
            found = found[plural(self.language, values["n"])]
        shown = {name: count(value) if type(value) is int else value for name, value in values.items()}
        return found.format(**shown) if shown else found

    def known(self, family: str, word: str) -> str:
        """Return the phrase for a word of data, or the word itself where the table has none."""
        found = self.table.get(f"{family}.{word.replace(' ', '-')}")
        return found if isinstance(found, str) else word

    def day(self, text: str | None) -> str:
        """Return days within a text as the language writes them."""
        if not text:
            return "–"
        return _ISO_DAY.sub(r"\3.\2.\1", text) if self.language == "ru" else text

    def share(self, value: float) -> str:
        """Return a share in per cent."""
        return self.figure(per_cent(value))

    def figure(self, text: str) -> str:
        """Return a text of figures with the decimal sign of the language."""
        return figure(self.language, text)


@cache
def phrases(language: Language) -> Phrases:
    """Return the words of a language."""
    raw = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return Phrases(language, _flat(raw, language))


def _flat(raw: Mapping[str, Any], language: Language, prefix: str = "") -> dict[str, str | Mapping[str, str]]:
    found: dict[str, str | Mapping[str, str]] = {}
    for key, value in raw.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and value.keys() != FORMS[language]:
            found |= _flat(value, language, f"{name}.")
        else:
            found[name] = value
    return found
