"""Verdicts for reading: their order, what each means, how a result is put in words. The words are never merged."""

from __future__ import annotations

from collections.abc import Sequence

from policies.findings import RuleResult, Verdict
from policies.rules import SEVERITY_ORDER
from prelaunch.reports.numbers import count, per_cent

MEANING = {
    Verdict.VIOLATED: "broken in this run, with evidence",
    Verdict.REVIEW: "a person must judge",
    Verdict.NEEDS_INPUT: "an input is missing, so nothing is said",
    Verdict.NOT_DECIDED: "no proof either way: the search reached its bound, or what decides is not enumerated",
    Verdict.NOT_OBSERVED: "not broken in the messages judged; the rate may still be above zero",
    Verdict.ENFORCED: "kept only because the gate stopped messages",
    Verdict.PROVED: "kept by the company's own guards, whatever happens",
    Verdict.NOT_TESTED: "what the rule is about did not occur",
}
"""The verdicts in the order of a report, what asks for action first."""
ORDER = tuple(MEANING)


def slug(verdict: Verdict) -> str:
    """Return the verdict as a word of a style sheet."""
    return verdict.value.replace(" ", "-")


def anchor(result: RuleResult) -> str:
    """Return the mark of a result within the page; a rule may stand there in several versions."""
    return f"rule-{result.rule.id}-{result.rule.version}"


def counts(findings: Sequence[RuleResult]) -> dict[Verdict, int]:
    """Return how many rules got each verdict, all eight words in their order."""
    return {verdict: sum(result.verdict == verdict for result in findings) for verdict in ORDER}


def in_order(findings: Sequence[RuleResult]) -> list[RuleResult]:
    """Return the findings by verdict, then severity, pack and id."""
    return sorted(findings, key=lambda r: (ORDER.index(r.verdict), SEVERITY_ORDER.index(r.severity),
                                           r.rule.pack, r.rule.id))  # fmt: skip


def in_words(result: RuleResult) -> str:
    """Return the numbers behind a verdict as a short sentence; a proof counts no messages, it has a bound."""
    if result.verdict in (Verdict.PROVED, Verdict.NOT_DECIDED) and not result.tested and result.note:
        return result.note
    parts = [f"{count(result.tested)} judged"]
    parts += [f"{count(number)} {word}" for number, word in (
        (result.failed, "failed"), (result.review, "for review"), (result.unknown, "lacking an input"),
        (result.enforced, "stopped by the gate")) if number]  # fmt: skip
    if result.upper_bound is not None:
        parts.append(f"failure rate below {per_cent(result.upper_bound)} (95 %, one-sided)")
    return ", ".join(parts)


def headline(findings: Sequence[RuleResult]) -> str:
    """Return the verdict of the page in one sentence."""
    if not findings:
        return "No rule was judged: the scenario names no pack."
    found = counts(findings)
    broken = [r for r in findings if r.verdict == Verdict.VIOLATED]
    grave = sum(r.severity in ("block", "error") for r in broken)
    open_ones = found[Verdict.REVIEW] + found[Verdict.NEEDS_INPUT] + found[Verdict.NOT_DECIDED]
    of_broken = (
        f"{_rules(len(broken))} violated, {grave} of them grave (block or error)" if broken else "No rule violated"
    )
    return f"{of_broken}; {open_ones or 'none'} still open (review, needs input, not decided)."


def _rules(n: int) -> str:
    return f"{n} rule{'' if n == 1 else 's'}"
