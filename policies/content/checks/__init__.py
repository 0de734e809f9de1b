"""Named questions about a text; ``CHECKS`` lists them all."""

from __future__ import annotations

from policies.content.checks.american import (
    carrier_forbidden,
    debt_collector_named,
    false_thread,
    postal_address,
    programme_terms,
)
from policies.content.checks.base import Check, CheckResult, ContentFacts, Found
from policies.content.checks.data import personal_details
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
from policies.content.checks.label import ad_label
from policies.content.checks.marks import marks_absent, marks_present, sender_form, sender_named
from policies.content.checks.promo import (
    age_mark,
    credit_warning,
    foreign_words,
    opt_out_instruction,
    personal_variable,
    relation_phrase,
    relevance,
)
from policies.content.checks.service import ad_tail, banned_sector, operator_template, sms_segments, text_only
from policies.content.checks.wording import registered_wording
from policies.content.checks.words import (
    bankruptcy_claims,
    other_messengers,
    pressure,
    promo_in_service,
    state_imitation,
    threat,
)

__all__ = ["CHECKS", "CHECK_NAMES", "Check", "CheckResult", "ContentFacts", "Found", "check_named"]

CHECKS: tuple[Check, ...] = (
    ad_label,
    ad_tail,
    age_mark,
    authentication_format,
    banned_sector,
    bankruptcy_claims,
    carrier_forbidden,
    collections,
    credit_warning,
    creditor_named,
    cyrillic_share,
    debt_collector_named,
    emoji_count,
    false_thread,
    fits_category,
    foreign_words,
    lengths,
    marks_absent,
    marks_present,
    missing_variable,
    mixed_alphabets,
    operator_template,
    opt_out_instruction,
    other_messengers,
    overdue_stated,
    personal_details,
    personal_variable,
    postal_address,
    pressure,
    programme_terms,
    promo_in_service,
    registered_wording,
    relation_phrase,
    relevance,
    sms_segments,
    sender_form,
    sender_named,
    spelling,
    state_imitation,
    template_format,
    text_only,
    threat,
)
CHECK_NAMES = tuple(check.__name__ for check in CHECKS)


def check_named(name: str) -> Check:
    """Return the check ``name``; raises ValueError for an unknown one."""
    return CHECKS[CHECK_NAMES.index(name)]
