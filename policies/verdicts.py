"""What may be said of a rule after a run: eight verdicts, the numbers behind them, and how sure one may be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import expm1, log

from policies.evidence import Evidence
from policies.rules import Rule, Severity

CONFIDENCE = 0.95


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
class RuleResult:
    """The verdict on one rule.

    ``tested``, ``failed``, ``review`` and ``unknown`` count messages, or what a run-scoped kind judges (``note`` says
    what); ``enforced`` counts messages that the gate held or denied for it. ``upper_bound`` is the exact one-sided
    95 % bound of the failure rate, given only where messages were judged and all of them passed. ``missing`` names
    the inputs that nobody gave. ``severity`` is that of the gravest check that decided.
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
    severity: Severity = "info"


def upper_bound(n: int, confidence: float = CONFIDENCE) -> float | None:
    """Return the exact one-sided Clopper-Pearson bound of a rate when none of ``n`` failed; None when ``n`` is 0.

    The closed form 1 - (1 - confidence) ** (1 / n), written so that a large ``n`` loses no digits.
    """
    return None if n == 0 else -expm1(log(1.0 - confidence) / n)
