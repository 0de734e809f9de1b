"""The nearest valid word, for messages that help."""

from __future__ import annotations

import difflib
from collections.abc import Collection


def nearest(word: str, words: Collection[str]) -> str | None:
    """Return the word most like ``word``, or ``None`` when none is alike; case does not count."""
    by_lower = {item.lower(): item for item in sorted(words, reverse=True)}
    found = difflib.get_close_matches(word.lower()[:80], by_lower, n=1, cutoff=0.65)
    return by_lower[found[0]] if found else None


def suggestion(word: str, words: Collection[str], *, what: str = "known", limit: int = 12) -> str:
    """Return a remedy: the nearest word, else the list of valid ones (the first ``limit``)."""
    near = nearest(word, words)
    if near is not None:
        return f"did you mean {near}?"
    if not words:
        return "none are defined"
    shown = sorted(words)
    more = f" and {len(shown) - limit} more" if len(shown) > limit else ""
    return f"{what}: {', '.join(shown[:limit])}{more}"
