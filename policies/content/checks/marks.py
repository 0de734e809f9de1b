"""Checks of marks that a text must or must not hold, of who signs it, and of the name it is sent under."""

from __future__ import annotations

import re

from policies.content.checks.base import (
    CheckResult,
    ContentFacts,
    Found,
    Params,
    doubtful,
    failed,
    passed,
    unknown,
)
from policies.content.marks import Mark, mark
from policies.content.normalise import normalise
from policies.content.text import TemplateText


def marks_present(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Pass where the text holds one of the ``marks``; unknown where they are not known in its language."""
    marks, words, what = _sought(text, params)
    if words:
        return passed(f"the text has {what}", words)
    return _in_doubt(marks, text, what) or failed(f"the text lacks {what}")


def marks_absent(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail where the text holds one of the ``marks``; unknown where they are not known in its language."""
    marks, words, what = _sought(text, params)
    if words:
        return failed(f"the text has {what}", words)
    return _in_doubt(marks, text, what) or passed(f"the text has no {what}")


def _sought(text: TemplateText, params: Params) -> tuple[list[Mark], list[Found], str]:
    """Return the marks, where they stand in the text, and what they mean."""
    marks = [mark(name) for name in params.get("marks", ())]
    words = [Found(match[0], field, *match.span()) for one in marks for field, match in one.places(text)]
    return marks, words, " or ".join(one.meaning for one in marks)


def _in_doubt(marks: list[Mark], text: TemplateText, what: str) -> CheckResult | None:
    """Return a review where a variable may hold a mark, unknown where nobody knows its words in this language."""
    if any(one.may_fill(text) for one in marks):
        return doubtful(f"a variable may hold {what}")
    if not all(one.speaks(text) for one in marks):
        return unknown(f"the words of {what} are not known in the language {text.language}")
    return None


def sender_named(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Pass where the text, or the name it is sent under, names the organisation, brand or creditor; unknown without."""
    names = [name for name in (facts.organisation, *facts.brands, *facts.creditor_names) if name]
    if not names:
        return unknown("the name of the sender is not given (organisation.name)")
    said = " ".join([*(written for _, written in text.parts()), text.sender or ""])
    named = any(f" {normalise(name)} " in f" {normalise(said)} " for name in names)
    return passed("the sender is named") if named else failed(f"the text names neither of: {', '.join(names)}")


def sender_form(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Pass where the whole name that the message is sent under has the ``form``; unknown without that name."""
    if not text.sender:
        return unknown("the name that the message is sent under is not known")
    if re.fullmatch(params.get("form", ".*"), text.sender):
        return passed(f"the sender {text.sender} has the form asked for")
    return failed(f"the sender {text.sender} has another form")
