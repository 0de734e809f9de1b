"""The audit in plain Python, message by message: for small logs, and to compare the compiled audit with."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from policies.attempt_table import Attempts
from policies.gate import evaluate_row, observe_row, place
from policies.kinds.base import A_CALENDAR, A_COUNTRY, A_RECIPIENT, A_WIDTH
from policies.tables import RuleTable, Tables

Int64s = npt.NDArray[np.int64]


def judge_plainly(order: Int64s, attempts: Attempts, rule_table: RuleTable, tables: Tables) -> Int64s:
    """Return the answers to ``order``'s attempts, shape (len(order), rule rows); ``order`` as for ``audit_rows``."""
    answers = [[0] * len(rule_table) for _ in range(len(order))]
    room: Any = [0] * A_WIDTH, [0] * rule_table.cells, answers
    log: Any = order.tolist(), attempts.matrix.tolist(), attempts.observed.tolist()
    rows, initial = rule_table.rows.tolist(), rule_table.initial.tolist()
    people = [column.tolist() for column in tables.of_people()]
    arguments: list[Any] = [rows, *log, initial, *people, *tables.lists(rule_table), *room]
    audit_rows(*arguments)
    return np.array(answers, np.int64).reshape(len(order), len(rule_table))


def audit_rows(
    rows: Any,
    order: Any,
    attempts: Any,
    observed: Any,
    initial: Any,
    country_of: Any,
    calendar_of: Any,
    zone_set_of: Any,
    zone_set_ptr: Any,
    set_zones: Any,
    zone_ptr: Any,
    trans_at: Any,
    trans_off: Any,
    day_first: int,
    day_class: Any,
    consent_ptr: Any,
    consents: Any,
    content_answers: Any,
    a: Any,
    state: Any,
    answers: Any,
) -> None:
    """Fill ``answers[i]`` for the attempt ``order[i]``; ``order`` goes by recipient, then by time.

    ``a`` is room for one attempt, ``state`` for one recipient's history.
    """
    before = -2
    for number in range(len(order)):
        attempt = attempts[order[number]]
        for column in range(A_WIDTH):
            a[column] = attempt[column]
        who = a[A_RECIPIENT]
        if who >= 0 and a[A_COUNTRY] < 0:
            a[A_COUNTRY] = country_of[who]
        if who >= 0 and a[A_CALENDAR] < 0:
            a[A_CALENDAR] = calendar_of[who]
        if who != before or who < 0:
            for cell in range(len(initial)):
                state[cell] = initial[cell]
            before = who
        zones = zone_set_of[who] if who >= 0 else -1
        zone_from = zone_set_ptr[zones] if zones >= 0 else 0
        zone_to = zone_set_ptr[zones + 1] if zones >= 0 else 0
        first = set_zones[zone_from] if zone_to > zone_from else -1
        for row in range(len(rows)):
            if row == 0 or zone_to - zone_from > 1:
                place(a, first, zone_ptr, trans_at, trans_off)
            answers[number][row] = evaluate_row(
                rows[row], a, state, zone_from, zone_to, set_zones, zone_ptr, trans_at, trans_off,
                day_first, day_class, consent_ptr, consents, content_answers,
            )  # fmt: skip
        if observed[order[number]]:
            for row in range(len(rows)):
                observe_row(rows[row], a, state)
