"""The audit: every rule's answer to every message of a log, simulated or real, by the functions of the gate.

Rows are judged person by person in order of time: first each rule answers, then its history takes the message in.
A small log runs as plain Python, a large one compiled; one body serves both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.errors import InputError, Problem
from policies.gate import evaluate_row, observe_row, place
from policies.kinds.base import A_AT, A_CALENDAR, A_CHANNEL, A_COUNTRY, A_RECIPIENT, A_WIDTH
from policies.people import People
from policies.records import CHANNELS, MISSING
from policies.tables import RuleTable, Tables

Int64s = npt.NDArray[np.int64]
Answers = npt.NDArray[np.int64] | npt.NDArray[np.int8]

COMPILE_FROM = 2_000
"""Rows from which compiled code is used: below, plain Python is done before numba is loaded (measured)."""
CHUNK = 1_000_000
"""Rows judged in one go; bounds the memory of the copies."""
FAILS_UNTIL = 1
"""In a narrow matrix, in place of the instant until which a rule fails."""


@dataclass(slots=True)
class Attempts:
    """Messages to judge: ``matrix`` int64 of shape (n, A_WIDTH), ``observed`` int8: 1 where it was handed over."""

    matrix: Int64s
    observed: npt.NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.matrix)


def blank_attempts(n: int) -> Attempts:
    """Return ``n`` attempts of which nothing is known, all marked as handed over."""
    matrix = np.full((n, A_WIDTH), MISSING, np.int64)
    matrix[:, [A_RECIPIENT, A_CALENDAR, A_COUNTRY]] = -1
    return Attempts(matrix, np.ones(n, np.int8))


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
    calendar are filled in from ``people`` where the attempts lack them. An attempt of nobody (recipient -1) has no
    history. Raises ``InputError`` for attempts without an instant, a channel or a valid recipient.
    """
    _check(attempts, len(people))
    out = np.empty((len(attempts), len(rule_table)), np.int64 if untils else np.int8)
    run = _in_python if len(attempts) < compile_from else _compiled
    matrix = attempts.matrix
    order = np.lexsort((matrix[:, A_AT], matrix[:, A_RECIPIENT]))
    for chosen in _chunks(matrix[order, A_RECIPIENT]):
        rows = order[chosen]
        answers = run(_filled(matrix[rows], tables), attempts.observed[rows], rule_table, tables)
        out[rows] = answers if untils else np.minimum(answers, FAILS_UNTIL)
    return out


def audit_rows(
    rows: Any,
    attempts: Any,
    observed: Any,
    initial: Any,
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
    state: Any,
    answers: Any,
) -> None:
    """Fill ``answers`` for attempts in order of recipient and time; ``state`` is room for one recipient's history."""
    before = -2
    for number in range(len(attempts)):
        a = attempts[number]
        who = a[A_RECIPIENT]
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
        if observed[number]:
            for row in range(len(rows)):
                observe_row(rows[row], a, state)


@cache
def _machine() -> Callable[..., None]:
    """Return ``audit_rows`` compiled."""
    from policies.jit import compiled

    return compiled(audit_rows)


def _compiled(matrix: Int64s, observed: npt.NDArray[np.int8], rule_table: RuleTable, tables: Tables) -> Int64s:
    answers = np.empty((len(matrix), len(rule_table)), np.int64)
    zones = (tables.zone_set_of, tables.zone_set_ptr, tables.zone_set_zones)
    state = np.empty(rule_table.cells, np.int64)
    arrays = tables.arrays(rule_table)
    _machine()(rule_table.rows, matrix, observed, rule_table.initial, *zones, *arrays, state, answers)
    return answers


def _in_python(matrix: Int64s, observed: npt.NDArray[np.int8], rule_table: RuleTable, tables: Tables) -> Int64s:
    answers = [[0] * len(rule_table) for _ in range(len(matrix))]
    zones = (tables.zone_set_of.tolist(), tables.zone_set_ptr.tolist(), tables.zone_set_zones.tolist())
    rows, initial, state = rule_table.rows.tolist(), rule_table.initial.tolist(), [0] * rule_table.cells
    audit_rows(
        rows, matrix.tolist(), observed.tolist(), initial, *zones, *tables.lists(rule_table), state, answers
    )
    return np.array(answers, np.int64).reshape(len(matrix), len(rule_table))


def _filled(matrix: Int64s, tables: Tables) -> Int64s:
    """Return the attempts with country and calendar of the recipient where they are not given."""
    who = matrix[:, A_RECIPIENT]
    for column, of in ((A_COUNTRY, tables.country_of), (A_CALENDAR, tables.calendar_of)):
        lacking = (matrix[:, column] < 0) & (who >= 0)
        matrix[lacking, column] = of[who[lacking]]
    return matrix


def _chunks(who: Int64s) -> Iterator[slice]:
    """Yield slices of about ``CHUNK`` rows that never part one recipient's rows."""
    start = 0
    while start < len(who):
        end = min(start + CHUNK, len(who))
        if end < len(who):
            end = int(np.searchsorted(who, who[end - 1], side="right"))
        yield slice(start, end)
        start = end


def _check(attempts: Attempts, people: int) -> None:
    """Raise ``InputError`` where an attempt lacks what no rule can do without."""
    matrix = attempts.matrix
    channel, who = matrix[:, A_CHANNEL], matrix[:, A_RECIPIENT]
    faults = (
        (matrix[:, A_AT] == MISSING, "no instant", "give the time of each message"),
        ((channel < 0) | (channel >= len(CHANNELS)), "no known channel", "map the channel to one of ours"),
        ((who < -1) | (who >= people), "a recipient outside the audience", "use -1 for an unknown recipient"),
    )
    problems = [
        Problem(f"attempt {int(np.argmax(bad))}", f"{what} ({int(bad.sum())} such rows)", remedy)
        for bad, what, remedy in faults
        if bad.any()
    ]
    if problems:
        raise InputError(problems)
