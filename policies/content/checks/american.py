"""Checks that rules of the United States ask: who writes, the terms of a programme, a postal address, a debt collector.

All of them read English. The words are our own lists (``policies/content/lexicons``), not those of a regulator.
"""

from __future__ import annotations

import re

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
from policies.content.checks.marks import sender_named
from policies.content.lexicon import level
from policies.content.text import TemplateText

TERMS = (
    ("message_frequency", "how often messages come"),
    ("message_rates", "that message and data rates may apply"),
    ("help_word", "HELP"),
    ("opt_out", "STOP"),
)
"""Lexicons of what the first message of a programme tells besides the brand (CTIA, 10DLC field rules)."""
ADDRESS_COLUMNS = ("address", "postal_address", "company_address", "sender_address")
"""Columns that hold the sender's address; *assumed*, the parameter ``address_columns`` replaces them."""
STREET = re.compile(
    r"\bP\.?\s?O\.?\s*Box\s+\d+|\b\d{1,6}\s+(?:[\w.']+\s+){1,4}?"
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|way|court|ct|place|pl|square|sq|highway|hwy|"
    r"parkway|pkwy|broadway|plaza)\b",
    re.IGNORECASE,
)
TOWN = re.compile(r"\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b")
"""A house number and street or a box, and a state with its ZIP code; *assumed* to be how an address is written."""
THREAD = re.compile(r"\s*(?:re|fw|fwd)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
"""How the subject of an answer or of something passed on begins."""


def programme_terms(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Pass where the text has the brand, how often messages come, that rates may apply, HELP and STOP."""
    lacks = [what for name, what in TERMS if level([m for _, m in in_text(name, text, ("en",))]) != "enough"]
    named = sender_named(text, params, facts)
    if named.answer == "fail":
        lacks = ["the brand", *lacks]
    if lacks:
        return failed(f"the text does not say {', '.join(lacks)}")
    return passed("all five elements are there") if named.answer == "pass" else named


def postal_address(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Pass on a street or a box with a state and ZIP code, or on a variable for the address; review half an address.

    ``address_columns``: the columns that hold the sender's address.
    """
    columns = set(params.get("address_columns", ADDRESS_COLUMNS))
    if any(place.column in columns for place in text.placeholders()):
        return passed("a variable holds the address")
    street, town = (_places(text, pattern) for pattern in (STREET, TOWN))
    if street and town:
        return passed("the text has a postal address", [*street, *town])
    if street or town:
        return doubtful("the text has a part of a postal address", [*street, *town])
    return failed("the text has no postal address of the United States")


def _places(text: TemplateText, pattern: re.Pattern[str]) -> list[Found]:
    return [Found(m[0], field, *m.span()) for field, written in text.parts() for m in pattern.finditer(written)]


def false_thread(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on a subject that pretends to answer or to pass on an earlier message; unknown without a subject."""
    if text.subject is None:
        return unknown("the subject is not known")
    begins = THREAD.match(text.subject)
    if begins:
        return failed("the subject pretends to be an answer", [Found(begins[0], "subject", *begins.span())])
    return passed("the subject is that of a new message")


def carrier_forbidden(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on uses that carriers forbid: sex, hate, alcohol, firearms, tobacco, loans, debt relief, shared leads."""
    return forbidden("carrier_forbidden", text, "a use that carriers forbid")


def debt_collector_named(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Pass where the text says that it is from a debt collector; ``in_full``: and what it wants information for."""
    result = required("debt_collector", text, "the word that it comes from a debt collector", ("en",))
    if result.answer != "pass" or not params.get("in_full", False):
        return result
    purpose = in_text("debt_purpose", text, ("en",))
    if level([match for _, match in purpose]) != "enough":
        return failed("the text does not say what information will be used for", result.words)
    return passed("the disclosure stands in the text", [*result.words, *found(purpose)])
