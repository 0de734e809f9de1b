"""Named questions about a text; ``CHECKS`` lists them all."""

from __future__ import annotations

from policies.content.checks.base import Check, CheckResult, ContentFacts, Found
from policies.content.checks.debt import creditor_named, cyrillic_share, overdue_stated
from policies.content.checks.form import (
    authentication_format,
    emoji_count,
    lengths,
    missing_variable,
    mixed_alphabets,
    spelling,
    template_format,
)
from policies.content.checks.kind import collections, fits_category
from policies.content.checks.promo import (
    age_mark,
    credit_warning,
    foreign_words,
    opt_out_instruction,
    personal_variable,
    relation_phrase,
    relevance,
)
from policies.content.checks.words import (
    bankruptcy_claims,
    debt_context,
    other_messengers,
    pressure,
    promo_in_service,
    state_imitation,
    threat,
)

__all__ = ["CHECKS", "CHECK_NAMES", "Check", "CheckResult", "ContentFacts", "Found", "check_named"]

CHECKS: tuple[Check, ...] = (
    age_mark,
    authentication_format,
    bankruptcy_claims,
    collections,
    credit_warning,
    creditor_named,
    cyrillic_share,
    debt_context,
    emoji_count,
    fits_category,
    foreign_words,
    lengths,
    missing_variable,
    mixed_alphabets,
    opt_out_instruction,
    other_messengers,
    overdue_stated,
    personal_variable,
    pressure,
    promo_in_service,
    relation_phrase,
    relevance,
    spelling,
    state_imitation,
    template_format,
    threat,
)
CHECK_NAMES = tuple(check.__name__ for check in CHECKS)


def check_named(name: str) -> Check:
    """Return the check ``name``; raises ValueError for an unknown one."""
    return CHECKS[CHECK_NAMES.index(name)]
