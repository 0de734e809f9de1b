"""Which form of a word goes with a number, in the languages of reports and sentences."""

from __future__ import annotations

from collections.abc import Mapping

FORMS: Mapping[str, frozenset[str]] = {
    "en": frozenset({"one", "other"}), "ru": frozenset({"one", "few", "many"}),
}  # fmt: skip
"""The forms that a text with a number has in each language."""


def plural(language: str, n: int) -> str:
    """Return which form of a word goes with ``n``: one or other in English; one, few or many in Russian."""
    if language == "en":
        return "one" if n == 1 else "other"
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "many"
