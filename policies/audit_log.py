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

    ``log`` has the columns LOG_COLUMNS. The answers, of shape (messages, rule rows), are those that ``audit`` gives
    for ``attempts_of_log`` with ``untils=False``. Raises ``InputError`` as ``audit`` does.
    """
    rows = read_rows(log, people, facts.campaigns, facts.senders, facts.templates)
    order = by_recipient(rows.recipient[rows.asked], rows.at[rows.asked])
    judge = Judge(rule_table, tables, untils=False)
    out: Any = np.empty((len(rule_table), len(order)), np.int8)
    for where, within in parts(rows, order, part):
        some = np.arange(len(where))
        attempts = attempts_of_rows(within, rows.asked[where], some, people, facts)
        answers = judge(some, checked(attempts, len(people), rule_table))
        for row in range(len(rule_table)):
            out[row, where] = answers[:, row]
    return out.T, rows.asked


def parts(rows: LogRows, order: Int64s, size: int) -> Iterator[tuple[Int64s, LogRows]]:
    """Yield pieces of ``order``, never parting a recipient, and the log with their recipients' own events alone."""
    events = {
        name: _by_recipient(rows, getattr(rows, name)) for name in ("left", "replies", "bought")
    }  # fmt: skip
    start = 0
    while start < len(order):
        end = _end(rows, order, start, size)
        first, last = (int(rows.recipient[rows.asked[order[place]]]) for place in (start, end - 1))
        own: dict[str, Any] = {
            name: found[slice(*np.searchsorted(rows.recipient[found], [first, last + 1]))]
            for name, found in events.items()
        }
        yield order[start:end], replace(rows, **own)
        start = end


def _end(rows: LogRows, order: Int64s, start: int, size: int) -> int:
    """Return where a piece from ``start`` on ends: after the last message of a recipient."""
    end = min(start + size, len(order))
    step = 64
    while end < len(order):
        last = rows.recipient[rows.asked[order[end - 1]]]
        further = rows.recipient[rows.asked[order[end : end + step]]]
        others = np.flatnonzero(further != last)
        if len(others):
            return end + int(others[0])
        end, step = min(end + step, len(order)), step * 2
    return end


def _by_recipient(rows: LogRows, events: Int64s) -> Int64s:
    return events[np.argsort(rows.recipient[events], kind="stable")]
