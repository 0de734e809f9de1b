"""Checks by the classifiers: whether a debt is collected, whether the text is what the template's category says."""

from __future__ import annotations

from collections.abc import Iterator

from policies.content.checks.base import CheckResult, ContentFacts, Found, Params, doubtful, failed, passed
from policies.content.classify import UNSURE, Decision, classify
from policies.content.text import TemplateText

AS_SERVICE = ("service", "transactional")


def collections(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail where a debt is collected, however the words are disguised; review where that cannot be told."""
    decisions = [(field, written, classify(written).collections) for field, written in text.parts()]
    for answer, result in (("yes", failed), ("unsure", doubtful)):
        told = [(field, written, decision) for field, written, decision in decisions if decision.answer == answer]
        if told:
            note = "the text collects a debt" if answer == "yes" else "the text may collect a debt"
            return result(
                note, [word for field, written, decision in told for word in _words(field, written, decision)]
            )
    return passed("no debt is collected")


def fits_category(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail where the body reads as another category than the template's; review where it is close; a poll passes."""
    found = classify(text.body)
    if text.category == "poll" or found.category == ("service" if text.category in AS_SERVICE else text.category):
        return passed(f"the text reads as {found.category}")
    result = failed if found.lead > UNSURE else doubtful
    return result(f"the text reads as {found.category}", _words("body", text.body, found.why))


def _words(field: str, written: str, decision: Decision) -> Iterator[Found]:
    """Yield the words that decided, in the order of the text."""
    for start, end in sorted(decision.places):
        yield Found(written[start:end], field, start, end)
