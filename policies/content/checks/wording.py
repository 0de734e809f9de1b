"""Check of the wording against what was registered with the operators, variables and all."""

from __future__ import annotations

import re

from policies.content.checks.base import CheckResult, ContentFacts, Found, Params, failed, passed, unknown
from policies.content.text import PLACEHOLDER, TemplateText

LONGEST_VARIABLE = 40
"""Characters of one variable in India, as a reseller says (facts/rules.md section 5, IN-DLT-REG-01)."""
SLOT = re.compile(rf"{PLACEHOLDER.pattern}|\{{#\w*#\}}")
"""A variable of ours, or one as the register of India writes it: {#var#}."""


def registered_wording(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail where a text as sent is no registered one with its variables filled, or a variable is too long.

    A template is taken for registered as it stands; of it the longest values of its columns are looked at.
    ``longest`` is the greatest length of a variable (default 40).
    """
    longest = params.get("longest", LONGEST_VARIABLE)
    if not text.final:
        return _values(text, longest, facts)
    if facts.registered is None:
        return unknown("the registered wordings are not given")
    if any(pattern_of(wording, longest).fullmatch(text.body) for wording in facts.registered):
        return passed("the text is a registered one")
    return failed(f"the text is no registered one with variables of at most {longest} characters")


def pattern_of(wording: str, longest: int) -> re.Pattern[str]:
    """Return the expression of the texts that a registered wording allows."""
    parts = [re.escape(part) for part in _between(wording)]
    return re.compile(f".{{0,{longest}}}".join(parts))


def _between(wording: str) -> list[str]:
    """Return the fixed text around the variables."""
    ends = [0, *(end for found in SLOT.finditer(wording) for end in found.span()), len(wording)]
    return [wording[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]


def _values(text: TemplateText, longest: int, facts: ContentFacts) -> CheckResult:
    places = [place for place in text.placeholders() if place.field == "body"]
    lengths = [(place, (facts.longest or {}).get(place.column)) for place in places]
    over = [Found(f"{{{{{p.name}}}}}", p.field, p.start, p.end) for p, size in lengths if size and size > longest]
    if over:
        return failed(f"a value of a variable has more than {longest} characters", over)
    lacking = [place.column for place, size in lengths if size is None]
    if lacking:
        return unknown(f"how long the values of {', '.join(lacking)} are is not known")
    return passed(f"no variable has more than {longest} characters")
