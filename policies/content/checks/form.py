"""Checks of how a text is written: emoji, alphabets, variables, lengths, form, spelling."""

from __future__ import annotations

from collections.abc import Iterable

from policies.content.alphabets import mixed_words
from policies.content.checks.base import CheckResult, ContentFacts, Found, Params, doubtful, failed, passed, unknown
from policies.content.emoji import find_emoji
from policies.content.findings import LintFinding
from policies.content.limits import too_long
from policies.content.lint import lint_template
from policies.content.normalise import tokens
from policies.content.text import TemplateText
from policies.content.variables import missing_columns, variable_faults
from policies.content.whatsapp import authentication_faults

EMOJI_LIMIT = 3
"""Good practice; *assumed*."""
ASKED_ELSEWHERE = ("missing-variable", "no-opt-out-link", "too-long", "mixed-alphabets", "emoji-count", "segments")
"""Findings of the lint with a check of their own."""
ERRORS_PER_100 = 2
"""Unknown words a hundred from which a template is refused; *assumed*."""


def emoji_count(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on more than ``limit`` emoji in all fields together (default 3)."""
    limit = params.get("limit", EMOJI_LIMIT)
    places = [Found(t[slice(*span)], field, *span) for field, t in text.parts() for span in find_emoji(t)]
    note = f"{len(places)} emoji, at most {limit}"
    return failed(note, places) if len(places) > limit else passed(note, places)


def mixed_alphabets(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on words that mix Cyrillic and Latin letters."""
    words = [Found(w.word, field, w.start, w.end) for field, t in text.parts() for w in mixed_words(t)]
    return failed("words in two alphabets", words) if words else passed("every word is in one alphabet")


def missing_variable(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on a variable that no column fills, or stands unfilled in a final text; unknown without columns."""
    if text.final:
        return of_findings(variable_faults(text, None), "a variable was not filled")
    if not text.placeholders():
        return of_findings(variable_faults(text, ()), "a variable is not written as one")
    if facts.columns is None:
        return unknown("the columns of the audience are not known")
    missing = missing_columns(text, facts.columns)
    return of_findings(variable_faults(text, facts.columns), "no column fills " + ", ".join(missing or ("it",)))


def template_format(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on what the channel's provider refuses for its form: the lint's errors that no other check asks about."""
    findings = [f for f in lint_template("template", text, None) if f.code not in ASKED_ELSEWHERE]
    return of_findings((f for f in findings if f.severity == "error"), "the form is refused")


def lengths(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on a field over its limit; review what may be over it once its variables are filled."""
    return of_findings(too_long(text), "over the limit")


def authentication_format(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on a WhatsApp authentication template with a link, an emoji, a header or the wrong buttons."""
    if text.category != "authentication" or text.channel != "whatsapp":
        return passed("not an authentication template")
    return of_findings(authentication_faults(text), "the form of an authentication template is broken")


def spelling(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on more than ``per_100`` unknown words a hundred (default 2); unknown without a dictionary."""
    if facts.dictionary is None:
        return unknown("no dictionary is given (prelaunch lint FILE --dictionary WORDS)")
    words = [
        (field, token, token.readings[0])
        for field, written in text.parts()
        for token in tokens(written)
        if token.kind == "word"
    ]
    brands = {brand.casefold() for brand in facts.brands}
    wrong = [Found(w, f, t.start, t.end) for f, t, w in words if w not in facts.dictionary and w not in brands]
    note = f"{len(wrong)} of {len(words)} words are not in the dictionary"
    return (
        failed(note, wrong) if len(wrong) * 100 > params.get("per_100", ERRORS_PER_100) * len(words) else passed(note)
    )


def of_findings(findings: Iterable[LintFinding], note: str) -> CheckResult:
    """Return a failure where a finding is an error, a review where one is a warning, else a pass."""
    grave = [f for f in findings if f.severity != "info"]
    words = [Found(f.message, f.field, *(f.place or (0, 0))) for f in grave]
    if any(f.severity == "error" for f in grave):
        return failed(note, words)
    return doubtful(note, words) if grave else passed()
