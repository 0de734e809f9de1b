"""What a content check takes and returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from policies.content.lexicon import Match, level, lexicon
from policies.content.text import TemplateText

Answer = Literal["pass", "fail", "review", "unknown"]


@dataclass(frozen=True, slots=True)
class ContentFacts:
    """What is known besides the text. None means not given: a check that needs it answers *unknown*.

    ``columns`` are the audience's, ``audience_size`` its people, ``dictionary`` the lower-case words that are spelt
    right, ``brands`` words that need no translation, ``phones`` numbers in any notation, ``organisation_kind`` the
    sender's, ``registered`` the wordings that were registered with operators, ``longest`` the length of the longest
    value of a column.
    """

    organisation: str | None = None
    organisation_kind: str | None = None
    creditor_names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    columns: frozenset[str] | None = None
    audience_size: int | None = None
    dictionary: frozenset[str] | None = None
    registered: tuple[str, ...] | None = None
    longest: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Words that decided, as they stand in ``field`` at ``start:end``."""

    words: str
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CheckResult:
    """``words`` are what decided; ``note`` is a clause for the report."""

    answer: Answer
    words: tuple[Found, ...] = ()
    note: str = ""


Params = Mapping[str, Any]
Check = Callable[[TemplateText, Params, ContentFacts], CheckResult]


def passed(note: str = "", words: Iterable[Found] = ()) -> CheckResult:
    """Return a pass."""
    return CheckResult("pass", tuple(words), note)


def failed(note: str, words: Iterable[Found] = ()) -> CheckResult:
    """Return a failure."""
    return CheckResult("fail", tuple(words), note)


def doubtful(note: str, words: Iterable[Found] = ()) -> CheckResult:
    """Return a case for a person's eye."""
    return CheckResult("review", tuple(words), note)


def unknown(note: str) -> CheckResult:
    """Return that an input is missing; ``note`` names it."""
    return CheckResult("unknown", (), note)


def in_text(name: str, text: TemplateText, languages: Iterable[str] = ("ru", "en")) -> list[tuple[str, Match]]:
    """Return (field, match) for what of the lexicon ``name`` stands in any field of ``text``."""
    words, codes = lexicon(name), tuple(languages)
    return [(field, match) for field, written in text.parts() for match in words.matches(written, codes)]


def found(matches: Iterable[tuple[str, Match]]) -> Iterator[Found]:
    """Yield the words of ``matches`` with their places, each place once."""
    seen = set()
    for field, match in matches:
        for words, (start, end) in zip(match.words, match.places, strict=True):
            if (field, start) not in seen:
                seen.add((field, start))
                yield Found(words, field, start, end)


def forbidden(name: str, text: TemplateText, what: str) -> CheckResult:
    """Return a failure where the lexicon ``name`` decides, a review where it only raises suspicion."""
    matches = in_text(name, text)
    strength = level([match for _, match in matches])
    if strength == "enough":
        return failed(f"the text holds {what}", found(matches))
    if strength == "some":
        return doubtful(f"the text may hold {what}", found(matches))
    return passed(f"no {what} found")


def required(name: str, text: TemplateText, what: str, languages: Iterable[str] = ("ru", "en")) -> CheckResult:
    """Return a pass where the lexicon ``name`` decides, a review where a faint sign is there, else a failure."""
    matches = in_text(name, text, languages)
    strength = level([match for _, match in matches])
    if strength == "enough":
        return passed(f"the text has {what}", found(matches))
    return doubtful(f"{what} is faint", found(matches)) if matches else failed(f"the text lacks {what}")
