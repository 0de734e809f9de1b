"""A check of what a text gives away: personal and payment data, as they stand in it or by the columns that fill it."""

from __future__ import annotations

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
from policies.content.personal import patterns, personal_data
from policies.content.text import TemplateText


def personal_details(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on numbers of cards, passports, insurances and accounts and on dates of birth, or columns that hold them.

    ``organisations``: the duty is one of these kinds of organisation only; unknown while ours is not known.
    """
    bound = params.get("organisations")
    if bound is not None and facts.organisation_kind is not None and facts.organisation_kind not in bound:
        return passed("the duty is not one of this kind of organisation")
    result = _look(text)
    if result.answer != "pass" and bound is not None and facts.organisation_kind is None:
        return unknown("the kind of organisation is not known")
    return result


def _look(text: TemplateText) -> CheckResult:
    hits = [(field, hit, span) for field, said in text.parts() for hit, span in personal_data(said)]
    named = [place for place in text.placeholders() if place.column.casefold() in patterns()[1]]
    columns = [Found(f"{{{{{place.name}}}}}", place.field, place.start, place.end) for place in named]
    words = [Found(text.part(field)[slice(*span)], field, *span) for field, _, span in hits]
    names = ", ".join(dict.fromkeys([hit.name for _, hit, _ in hits] + [place.column for place in named]))
    if columns or any(hit.sure for _, hit, _ in hits):
        return failed(f"the text holds {names}", [*words, *columns])
    return doubtful(f"the text holds {names}", words) if hits else passed("no personal data found")
