"""The audit: every rule's answer to every message of a log, simulated or real, by the functions of the gate.

Rows are judged person by person in order of time: first each rule answers, then its history takes the message in.
A small log runs as plain Python, message by message; a large one compiled, rule by rule over blocks of messages.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from policies.attempt_table import Attempts, blank_attempts
from policies.audit.chunks import Judge
from policies.audit.plain import judge_plainly, of_recipients
from policies.errors import InputError, Problem
from policies.kinds.base import A_AT, A_CHANNEL, A_RECIPIENT, A_TEXT, FAILS_UNTIL
from policies.ordering import by_recipient
from policies.people import People
from policies.records import CHANNELS, MISSING
from policies.tables import RuleTable, Tables

__all__ = [
    "COMPILE_FROM",
    "FAILS_UNTIL",
    "Attempts",
    "audit",
    "blank_attempts",
    "by_recipient",
    "checked",
    "of_recipients",
]

Answers = npt.NDArray[np.int64] | npt.NDArray[np.int8]

COMPILE_FROM = 2_000
"""Rows from which compiled code is used: below, plain Python is done before numba is loaded (measured)."""


def audit(
    attempts: Attempts,
    rule_table: RuleTable,
    tables: Tables,
    people: People,
    *,
    untils: bool = True,
    compile_from: int = COMPILE_FROM,
) -> Answers:
    """Return the answer of each rule row to each attempt, shape ``(len(attempts), len(rule_table))``.

    int64 answers of policies.kinds.base; with ``untils=False`` int8, an instant becoming FAILS_UNTIL. Country and
    calendar are filled in from the tables where the attempts lack them, the set of consents always. An attempt of
    nobody (recipient -1) has no history. Raises ``InputError`` for attempts without an instant, a channel or a valid
    recipient.
    """
    checked(attempts, len(people), rule_table)
    order = by_recipient(attempts.matrix[:, A_RECIPIENT], attempts.matrix[:, A_AT])
    if len(attempts) >= compile_from:
        return Judge(rule_table, tables, untils=untils)(order, attempts)
    answers = np.empty((len(attempts), len(rule_table)), np.int64)
    answers[order] = judge_plainly(order, attempts, rule_table, tables)
    return answers if untils else np.minimum(answers, FAILS_UNTIL).astype(np.int8)


def checked(attempts: Attempts, people: int, rule_table: RuleTable) -> Attempts:
    """Return the attempts; raises ``InputError`` where one lacks what no rule can do without."""
    matrix = attempts.matrix
    channel, who = matrix[:, A_CHANNEL], matrix[:, A_RECIPIENT]
    asked, texts = rule_table.content_answers.shape
    faults = (
        (matrix[:, A_AT] == MISSING, "no instant", "give the time of each message"),
        ((channel < 0) | (channel >= len(CHANNELS)), "no known channel", "map the channel to one of ours"),
        ((who < -1) | (who >= people), "a recipient outside the audience", "use -1 for an unknown recipient"),
        (
            (matrix[:, A_TEXT] >= texts) & (asked > 0),
            "a text outside the context",
            "leave an unknown text MISSING",
        ),
    )
    problems = [
        Problem(f"attempt {int(np.argmax(bad))}", f"{what} ({int(bad.sum())} such rows)", remedy)
        for bad, what, remedy in faults
        if bad.any()
    ]
    if problems:
        raise InputError(problems)
    return attempts
