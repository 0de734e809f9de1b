"""The audit of a long log straight from its table: recipients part by part, so that memory stays small.

A message as the rules see it takes 184 bytes, its answers one byte a rule. So the attempts of a part of the recipients
are made, judged and forgotten before the next part's; all of it happens in the processor's caches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.attempts import LogFacts, attempts_of_rows
from policies.audit import checked
from policies.audit_chunks import Judge
from policies.log_codes import LogRows, read_rows
from policies.ordering import by_recipient
from policies.people import People
from policies.tables import RuleTable, Tables

Int64s = npt.NDArray[np.int64]

PART = 1 << 16
"""Messages of a part, more where one recipient has more (measured: 2**15 to 2**17 are alike)."""


def audit_log(
    log: pa.Table, people: People, facts: LogFacts, rule_table: RuleTable, tables: Tables, *, part: int = PART
) -> tuple[npt.NDArray[np.int8], Int64s]:
    """Return the narrow answers of each rule row to each message of one replication's log, and the messages' rows.

    ``log`` has the columns LOG_COLUMNS. Messages come person by person, each in order of time; ``rows`` says where each
    stands in the log. The answers, of shape (messages, rule rows), are those that ``audit`` gives for
    ``attempts_of_log`` with ``untils=False``. Raises ``InputError`` as ``audit`` does.
    """
    rows = read_rows(log, people, facts.campaigns, facts.senders, facts.templates)
    every = len(rows.asked) == len(rows.table)
    messages = rows.table if every else rows.table.take(rows.asked)
    order = by_recipient(messages["recipient"], messages["at"])
    judge = Judge(rule_table, tables, untils=False)
    chosen, at = order if every else rows.asked[order], 0
    out: Any = np.empty((len(rule_table), len(order)), np.int8)
    for asked, within in parts(rows, chosen, part):
        attempts = attempts_of_rows(within, asked, np.arange(len(asked)), people, facts)
        out[:, at : at + len(asked)] = judge.in_place(checked(attempts, len(people), rule_table)).T
        at += len(asked)
    return out.T, chosen


def parts(rows: LogRows, chosen: Int64s, size: int) -> Iterator[tuple[Int64s, LogRows]]:
    """Yield pieces of ``chosen``, never parting a recipient, and the log with their recipients' own events alone."""
    who = rows.table["recipient"]
    events = {name: getattr(rows, name) for name in ("left", "replies", "bought")}
    events = {name: found[np.argsort(who[found], kind="stable")] for name, found in events.items()}
    start = 0
    while start < len(chosen):
        end = _end(who, chosen, start, size)
        first, last = int(who[chosen[start]]), int(who[chosen[end - 1]])
        own: dict[str, Any] = {
            name: found[slice(*np.searchsorted(who[found], [first, last + 1]))] for name, found in events.items()
        }
        yield chosen[start:end], replace(rows, **own)
        start = end


def _end(who: npt.NDArray[np.signedinteger[Any]], chosen: Int64s, start: int, size: int) -> int:
    """Return where a piece from ``start`` on ends: after the last message of a recipient."""
    end = min(start + size, len(chosen))
    step = 64
    while end < len(chosen):
        others = np.flatnonzero(who[chosen[end : end + step]] != who[chosen[end - 1]])
        if len(others):
            return end + int(others[0])
        end, step = min(end + step, len(chosen)), step * 2
    return end
