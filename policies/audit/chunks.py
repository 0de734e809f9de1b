"""The compiled audit: messages are fetched in the order of judging, chunk by chunk, and handed to the kernel.

A chunk bounds the memory of the copies and stays in the processor's second cache; it may part a recipient, since the
kernel keeps the history from call to call.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.attempt_table import Attempts
from policies.audit.blocks import judge_blocks
from policies.audit.plain import of_recipients
from policies.gate import TIME_WINDOW
from policies.kinds import KINDS
from policies.kinds.base import A_CALENDAR, A_CONSENTS, A_COUNTRY, A_RECIPIENT, A_WIDTH, NOT_APPLICABLE, P_KIND
from policies.openings import WIDTH as OPENING_WIDTH
from policies.speaking import classes
from policies.tables import RuleTable, Tables

Int64s = npt.NDArray[np.int64]
Answers = npt.NDArray[np.int64] | npt.NDArray[np.int8]

CHUNK = 8192
"""Messages handed to the kernel in one go (measured: 4096 to 16384 are alike)."""
BLOCK = 512
"""Messages that a rule goes through before the next rule does (measured: 256 to 1024 are alike)."""
OPENINGS = 4096
"""Closed stretches of time that a window remembers: a year of nights in eleven zones collide seldom (measured)."""
LOOKED_AT = 1 << 16
FILLED_IN = (A_CALENDAR, A_COUNTRY)
"""Cells that are filled in from the recipient where they are not known."""


class Judge:
    """The rules of one audit, compiled, with the room in which they work.

    ``Judge(...)(order, attempts)`` returns the answers of each rule row to each attempt, shape (attempts, rule rows),
    each column in one piece. ``order`` goes by recipient, then by time. With ``untils`` int64, else int8 with
    FAILS_UNTIL for an instant. Calls know nothing of each other's messages.
    """

    def __init__(self, rule_table: RuleTable, tables: Tables, *, untils: bool) -> None:
        kinds = rule_table.rows[:, P_KIND]
        cells = [KINDS[row[P_KIND]].state_size(row) for row in rule_table.rows.tolist()]
        opening_of = np.cumsum(kinds == TIME_WINDOW) - 1
        self.tables, self.rules, self.initial = tables, len(rule_table), rule_table.initial
        self.kind: type[np.generic] = np.int64 if untils else np.int8
        self.law = rule_table.rows, *classes(rule_table), np.array(cells, np.int64), np.maximum(opening_of, 0)
        self.arrays = tables.arrays(rule_table)
        self.room = (
            np.empty((BLOCK, 2), np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.arange(BLOCK),
            np.empty(BLOCK, np.int64), np.empty(rule_table.cells, np.int64),
        )  # fmt: skip
        self.openings = np.zeros((int((kinds == TIME_WINDOW).sum()) or 1, OPENINGS, OPENING_WIDTH), np.int64)
        self.columns, self.observed = np.empty((A_WIDTH, CHUNK), np.int64), np.empty(CHUNK, np.int8)
        self.answers = np.empty((self.rules, CHUNK), np.int8)
        self.untils = np.empty((self.rules, CHUNK if untils else 0), np.int64)

    def __call__(self, order: Int64s, attempts: Attempts) -> Answers:
        out: Any = np.empty((self.rules, len(order)), self.kind)
        if not len(order):
            return out.T  # type: ignore[no-any-return]
        matrix, columns = attempts.matrix, self.columns
        varying = [column for column in range(A_WIDTH) if column in FILLED_IN or _varies(matrix[:, column])]
        columns[:] = matrix[:1].T
        owner = np.full(self.rules, -2, np.int64)
        whole = _counts_up(order)
        for first in range(0, len(order), CHUNK):
            count = min(CHUNK, len(order) - first)
            which = slice(first, first + count) if whole else order[first : first + count]
            for column in varying:
                columns[column, :count] = matrix[which, column]
            self.observed[:count] = attempts.observed[which]
            answers = self._judge(columns, self.observed, owner, count)
            for row in range(self.rules):
                out[row, which] = answers[row]
        return out.T  # type: ignore[no-any-return]

    def in_place(self, attempts: Attempts) -> Answers:
        """Return the answers to attempts that stand in the order of judging; it fills in cells of theirs."""
        count = len(attempts)
        if self.answers.shape[1] < count:
            self.answers = np.empty((self.rules, count), np.int8)
            self.untils = np.empty((self.rules, count if self.kind is np.int64 else 0), np.int64)
        answers = self._judge(attempts.matrix.T, attempts.observed, np.full(self.rules, -2, np.int64), count)
        return answers.T  # type: ignore[no-any-return]

    def _judge(self, columns: Int64s, observed: npt.NDArray[np.int8], owner: Int64s, count: int) -> Any:
        """Return the answers to the first ``count`` messages of the columns, shape (rule rows, count)."""
        tables = self.tables
        zone_sets = self._fill_in(columns[:, :count])
        self.answers.fill(NOT_APPLICABLE)
        _machine()(
            *self.law, columns, observed, count, zone_sets, self.initial, tables.zone_set_ptr, self.arrays,
            *self.room, owner, self.openings, int(self.kind is np.int8), self.answers, self.untils,
        )  # fmt: skip
        answers = self.answers[:, :count]
        return answers if self.kind is np.int8 else np.where(answers > 0, self.untils[:, :count], answers)

    def _fill_in(self, columns: Int64s) -> Int64s:
        """Fill in what is known of the recipients; return their sets of zones, -1 for nobody's."""
        tables, who = self.tables, columns[A_RECIPIENT]
        columns[A_CONSENTS] = of_recipients(tables.consent_set_of, who)
        for column, known in ((A_COUNTRY, tables.country_of), (A_CALENDAR, tables.calendar_of)):
            if columns[column].min(initial=0) < 0:
                np.copyto(columns[column], of_recipients(known, who), where=columns[column] < 0)
        zone_sets: Int64s = of_recipients(tables.zone_set_of, who).astype(np.int64)
        return zone_sets


@cache
def _machine() -> Callable[..., None]:
    """Return ``judge_blocks`` compiled."""
    from policies.jit import compiled

    return compiled(judge_blocks)


def _varies(column: Int64s) -> bool:
    """Say whether the values differ; what is the same for all messages is copied once."""
    return any((column[at : at + LOOKED_AT] != column[0]).any() for at in range(0, len(column), LOOKED_AT))


def _counts_up(order: Int64s) -> bool:
    """Say whether the messages stand in the order of judging."""
    return all(
        (order[at : at + LOOKED_AT] == np.arange(at, min(at + LOOKED_AT, len(order)))).all()
        for at in range(0, len(order), LOOKED_AT)
    )
