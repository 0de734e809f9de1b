"""What may be said of a rule after a run: eight verdicts, the numbers behind them, and how sure one may be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import expm1, log

from policies.evidence import Evidence
from policies.rules import Rule, Severity
from policies.sites import Site, Suppressed

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


DECIDING = {Verdict.VIOLATED: "fail", Verdict.REVIEW: "review", Verdict.NEEDS_INPUT: "unknown"}
"""The verdicts that are findings, and the answer that gives them."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The verdict on one rule.

    ``tested``, ``failed``, ``review`` and ``unknown`` count messages, or what a run-scoped kind judges (``note`` says
    what); ``enforced`` counts messages that the gate held or denied for it. ``upper_bound`` is the exact one-sided
    95 % bound of the failure rate, given only where messages were judged and all of them passed. ``missing`` names
    the inputs that nobody gave. ``severity`` is that of the gravest check that decided. ``sites`` say where all that
    failed, needs review or lacks an input comes from; ``gone`` are those of a baseline that are no more.
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
    sites: tuple[Site, ...] = ()
    gone: tuple[Site, ...] = ()

    @property
    def suppressed(self) -> Suppressed | None:
        """Return the exception that ends first, where each site of the deciding answer has one; else None."""
        deciding = [site.suppressed for site in self.sites if site.answer == DECIDING.get(self.verdict)]
        taken = [one for one in deciding if one is not None]
        return min(taken, key=lambda one: one.expires) if taken and len(taken) == len(deciding) else None

    @property
    def baseline(self) -> str:
        """Return *new* if a finding of this rule is new, else *unchanged*; empty without finding or comparison."""
        words = {site.baseline for site in self.sites}
        return "new" if "new" in words else "unchanged" if "unchanged" in words else ""


def upper_bound(n: int, confidence: float = CONFIDENCE) -> float | None:
    """Return the exact one-sided Clopper-Pearson bound of a rate when none of ``n`` failed; None when ``n`` is 0.

    The closed form 1 - (1 - confidence) ** (1 / n), written so that a large ``n`` loses no digits.
    """
    return None if n == 0 else -expm1(log(1.0 - confidence) / n)
