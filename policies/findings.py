"""Findings: for each rule a verdict, the numbers behind it, and up to twenty pieces of evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from policies.rules import Rule

MAX_EVIDENCE = 20
CONFIDENCE_OF_BOUND = 0.95


class Verdict(StrEnum):
    """What is known of a rule after a run. The words are never merged."""

    PROVED = "proved"
    ENFORCED = "enforced"
    VIOLATED = "violated"
    NOT_OBSERVED = "not observed"
    REVIEW = "review"
    NEEDS_INPUT = "needs input"
    NOT_TESTED = "not tested"
    NOT_DECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One message, sender or campaign that decided. Empty text where it does not apply.

    ``at`` is microseconds UTC or None; ``local_time`` the same on the recipient's wall clock; ``recipient`` a keyed
    hash unless asked otherwise; ``replay`` a command that reproduces this finding alone.
    """

    answer: str
    explanation: str
    recipient: str = ""
    campaign: str = ""
    channel: str = ""
    template: str = ""
    sender: str = ""
    at: int | None = None
    local_time: str = ""
    replay: str = ""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The verdict on one rule. Counts are of judged messages, or of what a run-scoped kind judges.

    ``upper_bound`` is the exact one-sided 95 % bound of the failure rate, given only where nothing failed.
    ``missing`` names the inputs that nobody gave.
    """

    rule: Rule
    verdict: Verdict
    tested: int
    failed: int
    review: int
    unknown: int
    upper_bound: float | None
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    note: str = ""
    enforced: int = 0


Showing = Callable[[str], str]
"""How a recipient is shown: a function of the external id."""


def keyed_hash(key: bytes) -> Showing:
    """Return a function that shows a recipient as 16 hex digits of BLAKE2b keyed with ``key``."""
    return lambda recipient: blake2b(recipient.encode(), digest_size=8, key=key[:64]).hexdigest()


def in_clear(recipient: str) -> str:
    """Show the external id itself; only when the user asks for it."""
    return recipient


def upper_bound(n: int, confidence: float = CONFIDENCE_OF_BOUND) -> float | None:
    """Return the exact one-sided Clopper-Pearson bound of a rate when none of ``n`` failed; None when n is 0."""
    return None if n == 0 else -_expm1_of_log(1.0 - confidence, n)


def _expm1_of_log(alpha: float, n: int) -> float:
    """Return alpha ** (1 / n) - 1 without losing digits for large ``n``."""
    from math import expm1, log

    return expm1(log(alpha) / n)
