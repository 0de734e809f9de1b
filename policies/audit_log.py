"""The audit of a long log straight from its table: recipients part by part, so that memory stays small.

A message as the rules see it takes 184 bytes, its answers one byte a rule. So the attempts of a part of the recipients
are made, judged and forgotten before the next part's; all of it happens in the processor's caches.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.attempts import LogFacts, attempts_of_rows
from policies.audit import checked
from policies.audit_chunks import Judge
from policies.log_codes import read_rows
from policies.log_file import LogFile
from policies.log_fill import COMPILE_FROM
from policies.log_parts import parts
from policies.people import People
from policies.tables import RuleTable, Tables

Int64s = npt.NDArray[np.int64]

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
    read = read_rows(log, people, facts.campaigns, facts.senders, facts.templates, part=part)
    count = len(read.messages)
    judge = Judge(rule_table, tables, untils=False)
    out: Any = np.empty((len(rule_table), count), np.int8)
    places, at = np.empty(count, np.int64), 0
    compile_from = 0 if count >= COMPILE_FROM else COMPILE_FROM
    for rows in parts(read, part):
        mine = slice(at, at + len(rows.messages))
        order = np.arange(len(rows.messages))
        attempts = attempts_of_rows(rows, order, people, facts, compile_from=compile_from)
        out[:, mine] = judge.in_place(checked(attempts, len(people), rule_table)).T
        places[mine] = rows.messages["row"]
        at = mine.stop
    return out.T, places
