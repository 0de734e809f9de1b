"""What the checks of one rule add up to: counts, evidence, missing inputs, and the verdict that follows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from policies.describe import describe
from policies.evidence import MAX_EVIDENCE, Evidence
from policies.expressions.doubt import doubt, in_doubt
from policies.kinds.base import FAIL, NOT_APPLICABLE, P_RULE, PASS, REVIEW, UNKNOWN
from policies.messages import Messages
from policies.rules import SEVERITY_ORDER, Check, Rule, Severity, scope
from policies.sites import Sites, told_by
from policies.verdicts import Verdict

if TYPE_CHECKING:
    from policies.runs.facts import Assessment, RunFacts
    from policies.tables import RuleTable


@dataclass(slots=True)
class Tally:
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
    where: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    elsewhere: Counter[str] = field(default_factory=Counter)


def judge_rule(
    index: int,
    rule: Rule,
    table: RuleTable,
    messages: Messages | None,
    run: RunFacts | None,
    sites: Sites | None,
) -> Tally:
    """Return what the checks of rule number ``index`` of the table add up to."""
    tally = Tally()
    rows = np.flatnonzero(table.rows[:, P_RULE] == index)
    if len(rows):
        _add_messages(tally, rule, table, rows, messages, sites)
    for check in rule.checks:
        if check.run_scoped:
            _add_run(tally, rule, check, run)
    return tally


def _add_messages(
    tally: Tally,
    rule: Rule,
    table: RuleTable,
    rows: npt.NDArray[np.int64],
    messages: Messages | None,
    sites: Sites | None,
) -> None:
    """Add what the rows of one rule answered; a message counts once, by its gravest answer."""
    if messages is None or sites is None:
        tally.unknown += 1
        tally.missing.append("the messages of the run")
        tally.where["unknown", "", "", ""] += 1
        return
    answers = messages.answers[:, rows]
    fails = (answers == FAIL) | (answers > PASS)
    reviews, unknowns = answers == REVIEW, answers == UNKNOWN
    failed, review, unknown = fails.any(axis=1), reviews.any(axis=1), unknowns.any(axis=1)
    tally.tested += int((answers != NOT_APPLICABLE).any(axis=1).sum())
    review, unknown = review & ~failed, unknown & ~failed & ~review
    tally.failed += int(failed.sum())
    tally.review += int(review.sum())
    tally.unknown += int(unknown.sum())
    for word, mask in (("fail", failed), ("review", review), ("unknown", unknown)):
        for names, number in sites.count(mask).items():
            tally.where[word, *names] += number
    for word, cells in (("fail", fails), ("review", reviews), ("unknown", unknowns)):
        deciding = np.flatnonzero(cells.any(axis=0))
        tally.decided += [(word, table.row_check[rows[column]].severity) for column in deciding]
        _add_evidence(tally, word, cells, rows, table, messages)


def _add_evidence(
    tally: Tally,
    word: str,
    cells: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.int64],
    table: RuleTable,
    messages: Messages,
) -> None:
    """Add the earliest messages with this answer, up to the limit, and what they lacked."""
    found = np.flatnonzero(cells.any(axis=1))
    for number in map(int, messages.earliest(found, MAX_EVIDENCE - len(tally.evidence))):
        column = int(np.argmax(cells[number]))
        answer = int(messages.answers[number, rows[column]])
        tally.evidence.append(_told(word, answer, table, int(rows[column]), number, messages))
    if word == "unknown":
        for column in map(int, np.flatnonzero(cells.any(axis=0))):
            first = messages.first(np.flatnonzero(cells[:, column]))
            told = _told(word, UNKNOWN, table, int(rows[column]), first, messages)
            tally.missing.append(_missing(table.row_check[rows[column]], told))


def _told(word: str, answer: int, table: RuleTable, row: int, number: int, messages: Messages) -> Evidence:
    """Return a message as evidence; where the guard of the rule is in doubt, that is what is told."""
    told = describe(word, answer, table.row_check[row], number, messages)
    cells: list[int] = table.rows[row].tolist()
    if word != "unknown" or not in_doubt(cells, messages.attempt(number)):
        return told
    return replace(told, explanation=doubt(table.guard_of_row(row)))


def _missing(check: Check, evidence: Evidence) -> str:
    """Return the name of the input whose absence made a check unknown."""
    stated = check.kind == "attestation" and "speaks of the message" not in evidence.explanation
    return f"evidence {check.params['input']}" if stated else evidence.explanation


def _add_run(tally: Tally, rule: Rule, check: Check, run: RunFacts | None) -> None:
    """Add the assessment of one run-scoped check."""
    from policies.runs import assess

    tally.of_run = True
    if run is None:
        tally.unknown += 1
        tally.missing.append("the event log of the run")
        tally.where["unknown", "", "", ""] += 1
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
    where, elsewhere = told_by(found.evidence, dict(counts))
    tally.where += where
    tally.elsewhere += elsewhere
    tally.decided += [(word, check.severity) for word, count in counts if count]


def verdict_of(tally: Tally, stopped: int) -> Verdict:
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


def severity_of(rule: Rule, tally: Tally) -> Severity:
    """Return the gravest severity among the checks that gave the deciding answer; the rule's own without any."""
    for word in ("fail", "review", "unknown"):
        found = [severity for answer, severity in tally.decided if answer == word]
        if found:
            return min(found, key=SEVERITY_ORDER.index)
    return rule.severity
