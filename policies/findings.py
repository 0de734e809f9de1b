"""Findings: for each rule a verdict, the numbers behind it, and up to twenty pieces of evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import expm1, log
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from policies.evidence import MAX_EVIDENCE, Evidence, Showing, in_clear, keyed_hash, shown
from policies.kinds.base import FAIL, NOT_APPLICABLE, P_RULE, PASS, REVIEW, UNKNOWN
from policies.rules import SEVERITY_ORDER, Check, Rule, Severity, scope

if TYPE_CHECKING:
    from policies.people import People
    from policies.runs.facts import Assessment, RunFacts
    from policies.tables import RuleTable

__all__ = [
    "MAX_EVIDENCE", "Evidence", "Messages", "RuleResult", "Showing", "Verdict", "enforced_by_rule", "in_clear",
    "judge_results", "keyed_hash", "upper_bound",
]  # fmt: skip

CONFIDENCE = 0.95
Answers = npt.NDArray[np.int64] | npt.NDArray[np.int8]
Replay = Callable[[Evidence], str]
"""Returns the command that reproduces one piece of evidence; its recipient is not yet hashed."""


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


@dataclass(frozen=True, slots=True)
class Messages:
    """The judged messages: their answers and what is needed to speak of them.

    ``answers`` has shape (n, rule rows), see policies.audit; ``matrix`` is int64 of shape (n, A_WIDTH). The names are
    those of the indices in A_CAMPAIGN, A_TEMPLATE, A_SENDER; ``people`` gives recipients and their zones.
    """

    answers: Answers
    matrix: npt.NDArray[np.int64]
    people: People
    campaigns: Sequence[str] = ()
    templates: Sequence[str] = ()
    senders: Sequence[str] = ()


def upper_bound(n: int, confidence: float = CONFIDENCE) -> float | None:
    """Return the exact one-sided Clopper-Pearson bound of a rate when none of ``n`` failed; None when ``n`` is 0.

    The closed form 1 - (1 - confidence) ** (1 / n), written so that a large ``n`` loses no digits.
    """
    return None if n == 0 else -expm1(log(1.0 - confidence) / n)


def enforced_by_rule(events: Any) -> dict[str, int]:
    """Return for each rule id how many messages of the event log it held, denied or let expire."""
    import pyarrow as pa
    import pyarrow.compute as pc

    stopped = pc.is_in(events["event"].cast("string"), value_set=pa.array(["held", "denied", "expired"]))
    counted = events.filter(stopped)["rule"].cast("string").drop_null().value_counts()
    return {str(item["values"]): int(item["counts"]) for item in counted.to_pylist()}


def judge_results(
    table: RuleTable,
    messages: Messages | None,
    run: RunFacts | None,
    *,
    enforced: Mapping[str, int] | None = None,
    showing: Showing = in_clear,
    replay: Replay | None = None,
) -> tuple[RuleResult, ...]:
    """Return the result of every rule of ``table``, in its order.

    ``messages`` serves the attempt-scoped checks, ``run`` the run-scoped ones; where one of them is None those checks
    lack an input. ``enforced`` counts what the gate stopped, by rule id, and is empty under ``gate: observe``.
    """
    stopped = enforced or {}
    return tuple(
        _result(rule, _judge_rule(index, rule, table, messages, run), stopped.get(rule.id, 0), showing, replay)
        for index, rule in enumerate(table.rules)
    )


@dataclass(slots=True)
class _Tally:
    """What the checks of one rule add up to."""

    tested: int = 0
    failed: int = 0
    review: int = 0
    unknown: int = 0
    evidence: list[Evidence] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    decided: list[tuple[str, Severity]] = field(default_factory=list)
    of_run: bool = False


def _judge_rule(index: int, rule: Rule, table: RuleTable, messages: Messages | None, run: RunFacts | None) -> _Tally:
    tally = _Tally()
    rows = np.flatnonzero(table.rows[:, P_RULE] == index)
    if len(rows):
        _add_messages(tally, rule, table, rows, messages)
    for check in rule.checks:
        if check.run_scoped:
            _add_run(tally, rule, check, run)
    return tally


def _add_messages(
    tally: _Tally, rule: Rule, table: RuleTable, rows: npt.NDArray[np.int64], messages: Messages | None
) -> None:
    """Add what the rows of one rule answered; a message counts once, by its gravest answer."""
    if messages is None:
        tally.unknown += 1
        tally.missing.append("the messages of the run")
        return
    answers = messages.answers[:, rows]
    fails = (answers == FAIL) | (answers > PASS)
    reviews, unknowns = answers == REVIEW, answers == UNKNOWN
    failed, review, unknown = fails.any(axis=1), reviews.any(axis=1), unknowns.any(axis=1)
    tally.tested += int((answers != NOT_APPLICABLE).any(axis=1).sum())
    tally.failed += int(failed.sum())
    tally.review += int((review & ~failed).sum())
    tally.unknown += int((unknown & ~failed & ~review).sum())
    for word, cells in (("fail", fails), ("review", reviews), ("unknown", unknowns)):
        deciding = np.flatnonzero(cells.any(axis=0))
        tally.decided += [(word, table.row_check[rows[column]].severity) for column in deciding]
        _add_evidence(tally, word, cells, rows, table, messages)


def _add_evidence(
    tally: _Tally,
    word: str,
    cells: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.int64],
    table: RuleTable,
    messages: Messages,
) -> None:
    """Add the earliest messages with this answer, up to the limit, and what they lacked."""
    from policies.describe import describe

    found = np.flatnonzero(cells.any(axis=1))
    for number in map(int, _earliest(found, messages, MAX_EVIDENCE - len(tally.evidence))):
        column = int(np.argmax(cells[number]))
        answer = int(messages.answers[number, rows[column]])
        tally.evidence.append(describe(word, answer, table.row_check[rows[column]], number, messages))
    if word == "unknown":
        for column in map(int, np.flatnonzero(cells.any(axis=0))):
            check, first = table.row_check[rows[column]], int(np.argmax(cells[:, column]))
            tally.missing.append(_missing(check, describe(word, UNKNOWN, check, first, messages)))


def _missing(check: Check, evidence: Evidence) -> str:
    """Return the name of the input whose absence made a check unknown."""
    return f"evidence {check.params['input']}" if check.kind == "attestation" else evidence.explanation


def _earliest(found: npt.NDArray[np.int64], messages: Messages, limit: int) -> npt.NDArray[np.int64]:
    from policies.kinds.base import A_AT

    return found[np.argsort(messages.matrix[found, A_AT], kind="stable")][: max(limit, 0)]


def _add_run(tally: _Tally, rule: Rule, check: Check, run: RunFacts | None) -> None:
    """Add the assessment of one run-scoped check."""
    from policies.runs import assess

    tally.of_run = True
    if run is None:
        tally.unknown += 1
        tally.missing.append("the event log of the run")
        return
    found: Assessment = assess(check, run.within(scope(rule, check)))
    tally.tested += found.n
    tally.failed += found.failed
    tally.review += found.review
    tally.unknown += found.unknown
    tally.evidence += found.evidence
    tally.missing += found.missing
    tally.notes += [f"judged: {found.what}"] + [found.note] * bool(found.note)
    counts = (("fail", found.failed), ("review", found.review), ("unknown", found.unknown))
    tally.decided += [(word, check.severity) for word, count in counts if count]


def _result(rule: Rule, tally: _Tally, stopped: int, showing: Showing, replay: Replay | None) -> RuleResult:
    verdict = _verdict(tally, stopped)
    passed = verdict in (Verdict.NOT_OBSERVED, Verdict.ENFORCED) and not tally.of_run
    evidence = (replace(item, replay=replay(item)) if replay else item for item in tally.evidence[:MAX_EVIDENCE])
    return RuleResult(
        rule=rule,
        verdict=verdict,
        tested=tally.tested,
        failed=tally.failed,
        review=tally.review,
        unknown=tally.unknown,
        upper_bound=upper_bound(tally.tested) if passed else None,
        evidence=tuple(shown(item, showing) for item in evidence),
        missing=tuple(dict.fromkeys(tally.missing)),
        note="; ".join(dict.fromkeys(tally.notes)),
        enforced=stopped,
        severity=_severity(rule, tally),
    )


def _verdict(tally: _Tally, stopped: int) -> Verdict:
    """Return the verdict: what failed weighs more than what is doubtful, that more than what is not known."""
    if tally.failed:
        return Verdict.VIOLATED
    if tally.review:
        return Verdict.REVIEW
    if tally.unknown:
        return Verdict.NEEDS_INPUT
    if stopped:
        return Verdict.ENFORCED
    return Verdict.NOT_OBSERVED if tally.tested else Verdict.NOT_TESTED


def _severity(rule: Rule, tally: _Tally) -> Severity:
    """Return the gravest severity among the checks that gave the deciding answer; the rule's own without any."""
    for word in ("fail", "review", "unknown"):
        found = [severity for answer, severity in tally.decided if answer == word]
        if found:
            return min(found, key=SEVERITY_ORDER.index)
    return rule.severity
