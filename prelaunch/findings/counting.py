"""Which findings count for the exit code: those that are grave enough, that nobody answers for, and, if asked, new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policies.findings import RuleResult, Verdict
from policies.sites import Site
from prelaunch import exits
from prelaunch.findings.marks import Marked

FAIL_ON = ("block", "error", "warn", "never")
"""Severities from which on a violation counts, and the word for none."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which severity on violations count, and whether only those that the baseline does not have."""

    fail_on: str = "error"
    only_new: bool = False

    @property
    def grave(self) -> tuple[str, ...]:
        """Return the severities that count; none for *never*."""
        return () if self.fail_on == "never" else FAIL_ON[: FAIL_ON.index(self.fail_on) + 1]

    def counts(self, result: RuleResult) -> bool:
        """Say whether a rule is violated so that it counts.

        A violation without a site is of the whole run, and stands beside no exception and no baseline.
        """
        failing = [site for site in result.sites if site.answer == "fail"]
        return self._grave(result) and (not failing or any(self.counts_site(result, site) for site in failing))

    def counts_site(self, result: RuleResult, site: Site) -> bool:
        """Say whether one finding of a rule counts."""
        fresh = site.baseline == "new" or not self.only_new
        return self._grave(result) and site.answer == "fail" and site.suppressed is None and fresh

    def _grave(self, result: RuleResult) -> bool:
        return result.verdict == Verdict.VIOLATED and result.severity in self.grave

    def found(self, results: Iterable[RuleResult]) -> bool:
        """Say whether one of the rules counts."""
        return any(self.counts(result) for result in results)

    def code(self, marked: Marked) -> int:
        """Return the exit code: an exception that could not be read counts as a finding."""
        faulty = bool(marked.faults) and self.fail_on != "never"
        return exits.FINDINGS if faulty or self.found(marked.results) else exits.DONE
