"""Checks of a lawful debt notice: who writes, that a debt is overdue, in what alphabet."""

from __future__ import annotations

import re

from policies.content.checks.base import (
    CheckResult,
    ContentFacts,
    Params,
    failed,
    found,
    in_text,
    passed,
    required,
    unknown,
)
from policies.content.lint import letters_of
from policies.content.normalise import normalise
from policies.content.text import TemplateText

CREDITOR_COLUMNS = ("creditor", "creditor_name", "agent")
PHONE_COLUMNS = ("creditor_phone", "contact_phone", "agent_phone")
"""Columns that name the creditor and its phone; *assumed*, the parameters of these names replace them."""
CYRILLIC_SHARE = 0.8
"""Least share of Cyrillic letters; guessed in the rule catalogue."""
_PHONE = re.compile(r"\+?\d[\d\s()\-]{3,}\d")


def creditor_named(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Pass where the text has a creditor's name and one of its phones; unknown while those are not given.

    ``creditor_columns`` and ``phone_columns`` name the columns whose variables count as the one or the other.
    """
    columns = {place.column for place in text.placeholders()}
    by_name = bool(columns & set(params.get("creditor_columns", CREDITOR_COLUMNS)))
    by_phone = bool(columns & set(params.get("phone_columns", PHONE_COLUMNS)))
    if not (facts.creditor_names or by_name):
        return unknown("the creditor's name is not given (organisation.creditor_names)")
    if not (facts.phones or by_phone):
        return unknown("the creditor's phone is not given (organisation.phones)")
    said = " ".join(written for _, written in text.parts())
    named = by_name or any(_names(said, name) for name in facts.creditor_names)
    if not named:
        return failed("the text does not name the creditor")
    return passed() if by_phone or _calls(said, facts.phones) else failed("the text has no phone of the creditor")


def _names(said: str, name: str) -> bool:
    return f" {normalise(name)} " in f" {normalise(said)} "


def _calls(said: str, phones: tuple[str, ...]) -> bool:
    known = {_digits(phone) for phone in phones}
    return any(_digits(written) in known for written in _PHONE.findall(said))


def _digits(phone: str) -> str:
    """Return the last ten digits: +7, 8 and no prefix are the same number."""
    return re.sub(r"\D", "", phone)[-10:]


def overdue_stated(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Pass where the text says plainly that a debt is overdue."""
    result = required("overdue", text, "a statement that a debt is overdue")
    debt = in_text("debt", text)
    return failed("a debt is named, not that it is overdue", found(debt)) if debt and not result.words else result


def cyrillic_share(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail where fewer than ``at_least`` of the letters are Cyrillic; brands, links and variables are left out."""
    letters = letters_of(text, [word for name in facts.brands for word in name.split()])
    if not letters:
        return unknown("the text has no letters")
    share = letters.count("cyrillic") / len(letters)
    note = f"{share:.0%} of the letters are Cyrillic"
    return passed(note) if share >= params.get("at_least", CYRILLIC_SHARE) else failed(note)
