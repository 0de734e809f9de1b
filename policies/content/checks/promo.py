"""Checks of an advertising text: opt-out, relation, relevance, personal address, warnings, language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.content.checks.base import (
    CheckResult,
    ContentFacts,
    Found,
    Params,
    doubtful,
    failed,
    forbidden,
    found,
    in_text,
    passed,
    required,
    unknown,
)
from policies.content.lexicon import level
from policies.content.normalise import LINK, Token, tokens
from policies.content.text import Placeholder, TemplateText

INTEREST_COLUMNS = (
    "interest",
    "product",
    "category",
    "favourite",
    "last_product",
    "last_category",
    "cart",
    "интерес",
    "товар",
)
"""Columns that tell what the person cares for; *assumed*, the parameter ``columns`` replaces them."""
RISK_WARNING = ("оценивайте", "финансовые", "возможности", "риски")
STUDY_WARNING = ("изучите", "все", "условия")
"""Words of the two warnings in an advertisement of consumer credit: 38-FZ art. 28 as of 2025-03-01."""
CONDITION = re.compile(
    r"\d+(?:[.,]\d+)?\s?%|ставк\w+|\bсрок\w*\s+(?:до|от)|\bдо\s+\d[\d\s]*\s?(?:руб|₽|тыс|млн)|без переплат",
    re.IGNORECASE,
)
"""A price condition of credit: rate, term, sum."""
AGE_MARK = re.compile(r"(?<!\d)(?:0|6|12|16|18)\s?\+")
_LATIN = re.compile(r"[a-z]{2,}")
_LINK_NAME = re.compile(r"unsub|opt_?out|отпис|url|link", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[\s\w]{0,20}\([^)]*[а-яё]{2}", re.IGNORECASE)
_AFTER_RUSSIAN = re.compile(r"[а-яё]{2}\w*\s?\([^)]*$", re.IGNORECASE)
USUAL_WORDS = frozenset(
    ("cm", "email", "fi", "id", "kg", "km", "mail", "ok", "pdf", "qr", "sms", "usb", "vip", "wi", "wifi")
)
"""Latin words that need no translation; *assumed*."""


def opt_out_instruction(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Pass where a phrase or a button in the text's language tells how to stop; e-mail also needs the link."""
    code = text.language[:2].lower()
    result = required("opt_out", text, "an instruction to opt out", (code,) if code in ("ru", "en") else ("ru", "en"))
    if result.words and text.channel == "email" and not _has_link(text):
        return failed("the e-mail tells to unsubscribe but has no link", result.words)
    return result


def _has_link(text: TemplateText) -> bool:
    linked = any(LINK.search(written) for _, written in text.parts()) or any(b.kind == "url" for b in text.buttons)
    return linked or any(_LINK_NAME.search(p.name) for p in text.placeholders())


def relation_phrase(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Pass where the recipient can see that they are a customer already."""
    return required("relation", text, "a word on the relation to the customer")


def relevance(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Pass where a variable or a phrase ties the message to this person; unknown while the columns are not known.

    ``columns``: the audience's columns that tell an interest or a product.
    """
    wanted = tuple(params.get("columns", INTEREST_COLUMNS))
    bound = [p for p in text.placeholders() if p.column in wanted]
    if bound and facts.columns is None:
        return unknown(f"whether the audience has the column {bound[0].column} is not known")
    filled = [p for p in bound if p.column in (facts.columns or ())]
    if filled:
        return passed("a variable names the interest", map(_as_found, filled))
    return required("relevance", text, "a word on why it concerns this person")


def _as_found(place: Placeholder) -> Found:
    return Found(f"{{{{{place.name}}}}}", place.field, place.start, place.end)


def personal_variable(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on a text without variables that goes to more than ``size_over`` people (default 0).

    A final text shows no variables any more: it is unknown.
    """
    if text.final:
        return unknown("a final text does not show whether it was made for one person")
    places = text.placeholders()
    if places:
        return passed("the text has variables", map(_as_found, places))
    if facts.audience_size is None:
        return unknown("the size of the audience is not known")
    if facts.audience_size <= params.get("size_over", 0):
        return passed(f"only {facts.audience_size} people")
    return failed(f"the same text goes to {facts.audience_size} people")


def credit_warning(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on an advertisement of credit without its warnings; with a price condition the second one and a link too."""
    credit = in_text("credit", text)
    if not credit or (level([m for _, m in in_text("promo", text)]) == "none" and text.category != "promo"):
        return passed("no credit is advertised")
    said = {reading for _, written in text.parts() for token in tokens(written) for reading in token.readings}
    lacks = [word for word in RISK_WARNING if word not in said]
    if lacks:
        return failed("the warning to weigh one's means and risks is missing", found(credit))
    stated = [Found(c[0], field, *c.span()) for field, written in text.parts() for c in CONDITION.finditer(written)]
    if stated and (any(word not in said for word in STUDY_WARNING) or not _has_link(text)):
        return failed("a condition is named without the call to study all conditions and a link", stated)
    return doubtful("the share of the warning in the message cannot be judged", found(credit))


def age_mark(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail where a film, book, game or show is advertised without its age mark."""
    media = in_text("media", text)
    if any(AGE_MARK.search(written) for _, written in text.parts()):
        return passed("the age mark stands in the text", found(media))
    result = forbidden("media", text, "an information product without an age mark")
    return result if media else passed("no information product")


def foreign_words(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on Latin words in a Russian text that are neither a brand nor explained in Russian in brackets beside.

    ``allow``: further words that need no translation. A text that says it is in another language is for review.
    """
    if not text.language.lower().startswith("ru"):
        return doubtful("the text is not in Russian")
    known = USUAL_WORDS | {
        word.casefold() for name in (*facts.brands, *params.get("allow", ())) for word in name.split()
    }
    words = [f for field, written in text.parts() for f in _foreign(field, written, known)]
    return failed("words without a Russian equivalent", words) if words else passed("no foreign words")


def _foreign(field: str, written: str, known: frozenset[str]) -> Iterator[Found]:
    for token in tokens(written):
        word = written[token.start : token.end]
        foreign = token.kind == "word" and _LATIN.fullmatch(word.casefold()) and word.casefold() not in known
        if foreign and not _explained(written, token):
            yield Found(word, field, token.start, token.end)


def _explained(written: str, token: Token) -> bool:
    return bool(_IN_BRACKETS.match(written, token.end) or _AFTER_RUSSIAN.search(written[: token.start]))
