"""The audit in plain Python, message by message: for small logs, and to compare the compiled audit with."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from policies.attempt_table import Attempts
from policies.bundle import pack
from policies.gate import evaluate_row, observe_row, place
from policies.kinds.base import A_CALENDAR, A_CONSENTS, A_COUNTRY, A_RECIPIENT, A_WIDTH
from policies.tables import RuleTable, Tables

Int64s = npt.NDArray[np.int64]


def judge_plainly(order: Int64s, attempts: Attempts, rule_table: RuleTable, tables: Tables) -> Int64s:
    """Return the answers to ``order``'s attempts, shape (len(order), rule rows); ``order`` as for ``audit_rows``."""
    answers = [[0] * len(rule_table) for _ in range(len(order))]
    room: Any = [0] * A_WIDTH, [0] * rule_table.cells, answers
    log: Any = order.tolist(), attempts.matrix.tolist(), attempts.observed.tolist()
    rows, initial = rule_table.rows.tolist(), rule_table.initial.tolist()
    who = attempts.matrix[order, A_RECIPIENT]
    columns = (tables.country_of, tables.calendar_of, tables.consent_set_of, tables.zone_set_of)
    people = [*(of_recipients(column, who).tolist() for column in columns), tables.zone_set_ptr.tolist()]
    arguments: list[Any] = [rows, *log, initial, *people, tables.lists(rule_table), *room]
    audit_rows(*arguments)
    return np.array(answers, np.int64).reshape(len(order), len(rule_table))


def audit_rows(
    rows: Any,
    order: Any,
    attempts: Any,
    observed: Any,
    initial: Any,
    country: Any,
    calendar: Any,
    consent_set: Any,
    zone_set: Any,
    zone_set_ptr: Any,
    arrays: Any,
    a: Any,
    state: Any,
    answers: Any,
) -> None:
    """Fill ``answers[i]`` for the attempt ``order[i]``; ``order`` goes by recipient, then by time.

    ``country``, ``calendar``, ``consent_set`` and ``zone_set`` are those of the recipient of ``order[i]``. ``a`` is
    room for one attempt, ``state`` for one recipient's history.
    """
    tables = pack(arrays)
    before = -2
    for number in range(len(order)):
        attempt = attempts[order[number]]
        for column in range(A_WIDTH):
            a[column] = attempt[column]
        who = a[A_RECIPIENT]
        if a[A_COUNTRY] < 0:
            a[A_COUNTRY] = country[number]
        if a[A_CALENDAR] < 0:
            a[A_CALENDAR] = calendar[number]
        a[A_CONSENTS] = consent_set[number]
        if who != before or who < 0:
            for cell in range(len(initial)):
                state[cell] = initial[cell]
            before = who
        zones = zone_set[number]
        zone_from = zone_set_ptr[zones] if zones >= 0 else 0
        zone_to = zone_set_ptr[zones + 1] if zones >= 0 else 0
        first = tables.set_zones[zone_from] if zone_to > zone_from else -1
        for row in range(len(rows)):
            if row == 0 or zone_to - zone_from > 1:
                place(a, first, tables)
            answers[number][row] = evaluate_row(rows[row], a, state, zone_from, zone_to, tables)
        if observed[order[number]]:
            for row in range(len(rows)):
                observe_row(rows[row], a, state)


def of_recipients(column: Any, who: Int64s) -> Any:
    """Return the column's value of each attempt's recipient; -1 for nobody."""
    if who.min(initial=0) >= 0:
        return column[who]
    found = np.full(len(who), -1, np.int64)
    found[who >= 0] = column[who[who >= 0]]
    return found
