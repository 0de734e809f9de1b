"""The verdict of every rule on a foreign log, and the decision on every attempt of a file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from policies.audit.audit import audit
from policies.audit.log import judge_log
from policies.evidence import Showing, in_clear
from policies.findings import Messages, RuleResult, judge_results
from policies.gate import ALLOW, DENY, HOLD, UNSURE
from policies.kinds.base import FAIL, P_SEVERITY, REVIEW, SEVERITIES, UNKNOWN
from policies.logs.judged import SeenInLogs, together
from policies.records import MISSING
from scenarios.foreign.case import Case, Part
from scenarios.foreign.holds import first_allowed

Int64s = npt.NDArray[np.int64]

ACTING = ("block", "error")
"""Severities that decide; warn and info are only reported (DESIGN section 2)."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision an attempt, in the order of the attempts of ``part``.

    ``decision`` holds ALLOW, HOLD, UNSURE or DENY of policies.gate; ``until`` the first allowed instant of a hold, else
    MISSING (NEVER: there is none); ``row`` the row of the rule table that decided, -1: none. ``answers`` has shape
    (attempts, rule rows).
    """

    part: Part
    answers: Int64s
    decision: Int64s
    until: Int64s
    row: Int64s


def messages_of(case: Case) -> Messages:
    """Return all messages of the log, judged."""
    facts = case.facts
    logs = [
        judge_log(part.table, case.people, facts, case.law, case.tables, overlay=part.overlay) for part in case.parts
    ]
    return Messages(together(logs), SeenInLogs(logs), case.people, facts.campaigns, facts.templates, facts.senders)


def judge_case(case: Case, showing: Showing = in_clear) -> tuple[RuleResult, ...]:
    """Return the verdict on every rule: about messages over all replications, about the run over the first."""
    return verdicts_of(case, messages_of(case), showing)


def verdicts_of(case: Case, messages: Messages, showing: Showing) -> tuple[RuleResult, ...]:
    """Return the verdict on every rule from the judged messages."""
    return judge_results(case.law, messages, case.run, showing=showing, step=case.step)


def decide(case: Case, part: Part) -> Decided:
    """Return the decision on every attempt of one part: DENY before UNKNOWN before HOLD before ALLOW.

    The caps count every attempt of the file at its time, whatever is decided on it.
    """
    case.law.conditions.filler(case.facts, case.people)(part.attempts.matrix)
    answers = np.asarray(audit(part.attempts, case.law, case.tables, case.people), np.int64)
    acting = np.isin(case.law.rows[:, P_SEVERITY], [SEVERITIES.index(name) for name in ACTING])
    decision = np.full(len(answers), ALLOW, np.int64)
    row = np.full(len(answers), -1, np.int64)
    for word, cells in (
        (HOLD, answers > 0),
        (UNSURE, (answers == UNKNOWN) | (answers == REVIEW)),
        (DENY, answers == FAIL),
    ):
        found = (cells & acting).any(axis=1)
        decision[found] = word
        row[found] = np.argmax(cells[found] & acting, axis=1)
    until = np.full(len(answers), MISSING, np.int64)
    held = decision == HOLD
    if held.any():
        decision[held], until[held], places = first_allowed(case, part, held)
        row[held] = np.flatnonzero(acting)[places]
    return Decided(part, answers, decision, until, row)
