"""Sentences that rules, proofs, remarks and notices say of one case, in other languages: tables beside this file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from prelaunch.numerals import figure, plural

FOLDER = Path(__file__).parent
COUNT, LINE, SHARE = "count", "line", "share"
"""Names that stand for numbers, the first two for whole ones; the first chooses the plural form."""
AS_IT_IS = frozenset({"file", "column", "field"})
"""Names that stand for names, which are never taken for words of the table; a field is a column by our own name."""
_FILLED = re.compile(r"\{(\w+)\}")

Said = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The sentences of a language: those without anything to fill in, and the others as patterns, in order."""

    language: str
    exact: Mapping[str, Said]
    patterns: tuple[tuple[re.Pattern[str], Said], ...]


def said(text: str, language: str) -> str:
    """Return a sentence in the language; as it is in English, and where the table of the language has none."""
    return text if language == "en" else _translated(text, _table(language))


def _translated(text: str, table: Table) -> str:
    if text in table.exact:
        return str(table.exact[text])
    for pattern, other in table.patterns:
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            form = other if isinstance(other, str) else other[plural(table.language, int(parts[COUNT]))]
            return form.format(**{name: _part(name, part, table) for name, part in parts.items()})
    return text


def _part(name: str, text: str, table: Table) -> str:
    """Return what a case has filled in under a name."""
    if name == SHARE:
        return figure(table.language, text)
    return text if name in AS_IT_IS else _listed(text, table)


def _listed(text: str, table: Table) -> str:
    """Return what a case has filled in: a whole sentence, else each part between signs, else the whole by a pattern."""
    if text in table.exact:
        return str(table.exact[text])
    sign = "; " if "; " in text else ", "
    parts = sign.join(_translated(part, table) for part in text.split(sign))
    return parts if parts != text else _translated(text, table)


@cache
def _table(language: str) -> Table:
    """Return the sentences of a language."""
    groups = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8")).values()
    pairs = {text: other for group in groups for text, other in group.items()}
    patterns = tuple((_pattern(text), other) for text, other in pairs.items() if _FILLED.search(text))
    return Table(language, {text: other for text, other in pairs.items() if not _FILLED.search(text)}, patterns)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile("".join(
        f"(?P<{part}>{_filling(part)})" if place % 2 else re.escape(part)
        for place, part in enumerate(_FILLED.split(text))
    ), re.DOTALL)  # fmt: skip


def _filling(name: str) -> str:
    return {COUNT: r"\d+", LINE: r"\d+", "field": r"\w+"}.get(name, ".+?")
