"""The audit of a log straight from its table: recipients part by part, so that memory stays small.

A message as the rules see it takes 200 bytes, its answers one byte a rule. So the attempts of a part of the recipients
are made, judged and forgotten before the next part's; all of it happens in the processor's caches.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.attempt_table import Attempts
from policies.attempts import LogFacts, attempts_of_rows
from policies.audit.audit import COMPILE_FROM as PLAIN_BELOW
from policies.audit.audit import audit, checked
from policies.audit.chunks import Judge
from policies.logs.codes import LogRows, read_rows
from policies.logs.file import LogFile
from policies.logs.fill import COMPILE_FROM
from policies.logs.judged import JudgedLog, blank_log
from policies.logs.parts import parts
from policies.people import People
from policies.tables import RuleTable, Tables

Int64s = npt.NDArray[np.int64]

Overlay = Callable[[Attempts, Int64s], None]
"""Takes attempts and the rows of the log they are from."""

PART = 1 << 14
"""Messages of a part, more where one recipient has more (measured: 2**13 to 2**15 are alike)."""


def audit_log(
    log: pa.Table | LogFile, people: People, facts: LogFacts, rule_table: RuleTable, tables: Tables, *, part: int = PART
) -> tuple[npt.NDArray[np.int8], Int64s]:
    """Return the narrow answers of each rule row to each message of one replication's log, and the messages' rows.

    ``log`` has the columns LOG_COLUMNS. Messages come person by person, each in order of time; ``rows`` says where each
    stands in the log. The answers, of shape (messages, rule rows), are those that ``audit`` gives for
    ``attempts_of_log`` with ``untils=False``. Raises ``InputError`` as ``audit`` does.
    """
    judged = judge_log(log, people, facts, rule_table, tables, part=part, recall=False)
    return judged.answers, judged.places


def judge_log(
    log: pa.Table | LogFile, people: People, facts: LogFacts, rule_table: RuleTable, tables: Tables, *,
    part: int = PART, overlay: Overlay | None = None, recall: bool = True,
) -> JudgedLog:  # fmt: skip
    """Return the same answers with what is needed to speak of the messages, where ``recall`` asks for it.

    ``overlay`` fills in what the log says of its messages besides: attempts, and the rows of the log they are from.
    """
    rows = read_rows(log, people, facts.campaigns, facts.senders, facts.templates, part=part)
    count, at = len(rows.messages), 0
    compile_from = 0 if count >= COMPILE_FROM else COMPILE_FROM

    guarded = rule_table.conditions.filler(facts, people)

    def remake(own: LogRows, compile_from: int = COMPILE_FROM) -> Attempts:
        order = np.arange(len(own.messages))
        attempts = attempts_of_rows(own, order, people, facts, compile_from=compile_from)
        if overlay is not None:
            overlay(attempts, own.messages["row"].astype(np.int64))
        guarded(attempts.matrix)
        return attempts

    judge = _judge(count, people, rule_table, tables)
    judged = blank_log(count, len(rule_table), rows, len(log), remake)
    for own in parts(rows, part):
        mine = slice(at, at + len(own.messages))
        judged.answers[mine] = judge(remake(own, compile_from))
        judged.places[mine] = own.messages["row"]
        if recall:
            judged.at[mine], judged.who[mine] = own.messages["at"], own.messages["recipient"]
        at = mine.stop
    return judged


def _judge(count: int, people: People, rule_table: RuleTable, tables: Tables) -> Callable[[Attempts], Any]:
    """Return what answers attempts that stand in the order of judging, part by part of a log of ``count`` messages."""
    if count < PLAIN_BELOW:
        return lambda attempts: audit(attempts, rule_table, tables, people, untils=False)
    judge = Judge(rule_table, tables, untils=False)
    return lambda attempts: judge.in_place(checked(attempts, len(people), rule_table))
