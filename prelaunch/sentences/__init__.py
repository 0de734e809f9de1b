"""Sentences that rules, proofs and remarks say of one case, in other languages: tables beside this file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
_FILLED = re.compile(r"\{(\w+)\}")

Table = tuple[tuple[re.Pattern[str], str], ...]


def said(text: str, language: str) -> str:
    """Return a sentence in the language; as it is in English, and where the table of the language has none."""
    return text if language == "en" else _translated(text, _table(language))


def _translated(text: str, table: Table) -> str:
    for pattern, other in table:
        if found := pattern.fullmatch(text):
            return other.format(**{name: _listed(part, table) for name, part in found.groupdict().items()})
    return text


def _listed(text: str, table: Table) -> str:
    """Return what a case has filled in: each part between signs, or the whole where the table has none of them."""
    sign = "; " if "; " in text else ", "
    parts = sign.join(_translated(part, table) for part in text.split(sign))
    return parts if parts != text else _translated(text, table)


@cache
def _table(language: str) -> Table:
    """Return the sentences of a language as patterns; those without anything to fill in come first."""
    groups = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8")).values()
    pairs = [pair for group in groups for pair in group.items()]
    return tuple((_pattern(text), other) for text, other in sorted(pairs, key=lambda pair: "{" in pair[0]))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile("".join(
        f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(_FILLED.split(text))
    ))  # fmt: skip
