"""What is found in one text, as a row to write: category, collection, pressure, word lists, language, SMS parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policies.content.classify import Decision, classify
from policies.content.language import language_of
from policies.content.lexicon import Match, level, lexicon
from policies.content.segments import count_segments

ALSO = ("opt_out", "relation", "relevance", "credit", "overdue", "legal_threat", "threat", "state", "media",
        "messengers", "bankruptcy")  # fmt: skip
"""Word lists that are told where something of them stands in the text."""


def found_in(text: str) -> dict[str, Any]:
    """Return what is found in ``text``; places count characters of the text as given, from 0, the end not included."""
    kind, sms = classify(text), count_segments(text)
    return {
        "category": {"answer": kind.category, "sure": kind.why.answer == "yes", "words": _words(text, kind.why.places)},
        "collections": _decided(text, kind.collections),
        "pressure": _decided(text, kind.pressure),
        "also": {name: said for name in ALSO if (said := _said(text, name)) is not None},
        "language": language_of(text),
        "encoding": sms.encoding,
        "segments": sms.segments,
        "units": sms.units,
    }


def _decided(text: str, decision: Decision) -> dict[str, Any]:
    words = _words(text, decision.places) if decision.answer != "no" else []
    return {"answer": decision.answer, "words": words}


def _said(text: str, name: str) -> dict[str, Any] | None:
    matches: tuple[Match, ...] = lexicon(name).matches(text)
    if not matches:
        return None
    answer = "yes" if level(matches) == "enough" else "unsure"
    return {"answer": answer, "words": _words(text, (place for match in matches for place in match.places))}


def _words(text: str, places: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
    """Return the words at ``places``, each once, in the order of the text."""
    return [{"word": text[start:end], "at": [start, end]} for start, end in sorted(set(places))]
