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
from policies.audit_blocks import judge_blocks
from policies.kinds import KINDS
from policies.kinds.base import A_CALENDAR, A_COUNTRY, A_LOCAL, A_WIDTH, A_ZONE, NOT_APPLICABLE, P_KIND
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
FILLED_IN = (A_LOCAL, A_ZONE, A_CALENDAR, A_COUNTRY)
"""Cells that the kernel sets."""


def judge_compiled(
    order: Int64s, attempts: Attempts, rule_table: RuleTable, tables: Tables, *, untils: bool
) -> Answers:
    """Return the answers of each rule row to each attempt, shape (attempts, rule rows); columns lie in one piece.

    ``order`` goes by recipient, then by time. With ``untils`` int64, else int8 with FAILS_UNTIL for an instant.
    """
    out: Any = np.empty((len(rule_table), len(order)), np.int64 if untils else np.int8)
    if not len(order):
        return out.T  # type: ignore[no-any-return]
    size = min(CHUNK, len(order))
    varying = [column for column in range(A_WIDTH) if column in FILLED_IN or _varies(attempts.matrix[:, column])]
    columns = np.repeat(attempts.matrix[:1].T, size, axis=1)
    observed, answers = np.empty(size, np.int8), np.empty((len(rule_table), size), out.dtype)
    law, room = _law(rule_table), _room(rule_table)
    whole = _counts_up(order)
    for first in range(0, len(order), size):
        count = min(size, len(order) - first)
        which = slice(first, first + count) if whole else order[first : first + count]
        for column in varying:
            columns[column, :count] = attempts.matrix[which, column]
        observed[:count] = attempts.observed[which]
        answers.fill(NOT_APPLICABLE)
        _machine()(
            *law, columns, observed, count, rule_table.initial, *tables.of_people(), *tables.arrays(rule_table),
            *room, int(not untils), answers,
        )  # fmt: skip
        out[:, which] = answers[:, :count]
    return out.T  # type: ignore[no-any-return]


@cache
def _machine() -> Callable[..., None]:
    """Return ``judge_blocks`` compiled."""
    from policies.jit import compiled

    return compiled(judge_blocks)


def _law(rule_table: RuleTable) -> tuple[Int64s, ...]:
    """Return the rows, the classes of messages that concern each and that it surely speaks of, its cells of history."""
    cells = [KINDS[row[P_KIND]].state_size(row) for row in rule_table.rows.tolist()]
    return rule_table.rows, *classes(rule_table), np.array(cells, np.int64)


def _room(rule_table: RuleTable) -> tuple[Int64s, ...]:
    """Return the arrays in which the kernel works; see ``judge_blocks``."""
    rows = len(rule_table)
    return (
        np.empty((BLOCK, 2), np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64), np.arange(BLOCK),
        np.empty(BLOCK, np.int64), np.empty(rule_table.cells, np.int64), np.full(rows, -2, np.int64),
        np.zeros((rows, OPENINGS, OPENING_WIDTH), np.int64),
    )  # fmt: skip


def _varies(column: Int64s) -> bool:
    """Say whether the values differ; what is the same for all messages is copied once."""
    return any((column[at : at + LOOKED_AT] != column[0]).any() for at in range(0, len(column), LOOKED_AT))


def _counts_up(order: Int64s) -> bool:
    """Say whether the messages stand in the order of judging."""
    return all(
        (order[at : at + LOOKED_AT] == np.arange(at, min(at + LOOKED_AT, len(order)))).all()
        for at in range(0, len(order), LOOKED_AT)
    )
