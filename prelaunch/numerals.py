"""How numbers are written in the languages of reports and sentences: plural forms, the decimal sign."""

from __future__ import annotations

import re
from collections.abc import Mapping

FORMS: Mapping[str, frozenset[str]] = {
    "en": frozenset({"one", "other"}), "ru": frozenset({"one", "few", "many"}),
}  # fmt: skip
"""The forms that a text with a number has in each language."""
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")


def plural(language: str, n: int) -> str:
    """Return which form of a word goes with ``n``: one or other in English; one, few or many in Russian."""
    if language == "en":
        return "one" if n == 1 else "other"
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "many"


def figure(language: str, text: str) -> str:
    """Return a text of figures with the decimal sign of the language."""
    return _DECIMAL.sub(",", text) if language == "ru" else text
