"""Until when a held attempt waits: the gate's repetition over the attempts of a file, with their histories.

A few attempts run as plain Python, many compiled; one body serves both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from policies.audit.audit import COMPILE_FROM, by_recipient, of_recipients
from policies.bundle import pack
from policies.gate import judge_rows, observe_row
from policies.kinds.base import A_AT, A_CALENDAR, A_CONSENTS, A_COUNTRY, A_RECIPIENT, A_WIDTH

if TYPE_CHECKING:
    from scenarios.foreign.case import Case, Part

Int64s = npt.NDArray[np.int64]


def hold_rows(
    rows: Any,
    order: Any,
    attempts: Any,
    observed: Any,
    wanted: Any,
    initial: Any,
    country: Any,
    calendar: Any,
    consent_set: Any,
    zone_set: Any,
    zone_set_ptr: Any,
    arrays: Any,
    a: Any,
    state: Any,
    decided: Any,
) -> None:
    """Fill ``decided[i]`` with (decision, until, row) of the attempt ``order[i]`` where it is wanted.

    ``order`` goes by recipient, then by time; country, calendar and sets are those of its recipients. ``a`` is room
    for one attempt, ``state`` for one history.
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
        if who != before:
            for cell in range(len(initial)):
                state[cell] = initial[cell]
            before = who
        zones = zone_set[number]
        zone_from = zone_set_ptr[zones] if zones >= 0 else 0
        zone_to = zone_set_ptr[zones + 1] if zones >= 0 else 0
        if wanted[order[number]]:
            decision, until, row = judge_rows(rows, a, state, zone_from, zone_to, tables)
            decided[number][0] = decision
            decided[number][1] = until
            decided[number][2] = row
        if observed[order[number]]:
            for row in range(len(rows)):
                observe_row(rows[row], a, state)


def first_allowed(case: Case, part: Part, held: npt.NDArray[np.bool_]) -> tuple[Int64s, Int64s, Int64s]:
    """Return (decision, until, row among the acting ones) of each held attempt, in their order."""
    matrix = part.attempts.matrix
    concerned = np.isin(matrix[:, A_RECIPIENT], matrix[held, A_RECIPIENT])
    rows = np.flatnonzero(concerned)
    order = rows[by_recipient(matrix[rows, A_RECIPIENT], matrix[rows, A_AT])]
    run = _in_python if len(order) < COMPILE_FROM else _compiled
    decided = np.empty((len(matrix), 3), np.int64)
    decided[order] = run(case, part, order, held.astype(np.int8))
    found = decided[held]
    return found[:, 0], found[:, 1], found[:, 2]


@cache
def _machine() -> Callable[..., None]:
    """Return ``hold_rows`` compiled."""
    from policies.jit import compiled

    return compiled(hold_rows)


def _compiled(case: Case, part: Part, order: Int64s, wanted: Any) -> Int64s:
    law = case.law.acting()
    decided = np.zeros((len(order), 3), np.int64)
    room = np.empty(A_WIDTH, np.int64), np.empty(law.cells, np.int64), decided
    log = order, part.attempts.matrix, part.attempts.observed, wanted
    _machine()(law.rows, *log, law.initial, *_of_people(case, part, order), case.tables.arrays(law), *room)
    return decided


def _in_python(case: Case, part: Part, order: Int64s, wanted: Any) -> Int64s:
    law = case.law.acting()
    decided = [[0, 0, 0] for _ in range(len(order))]
    needed = {row: part.attempts.matrix[row].tolist() for row in order.tolist()}
    log: Any = order.tolist(), needed, part.attempts.observed.tolist(), wanted.tolist()
    people = [column.tolist() for column in _of_people(case, part, order)]
    room: Any = [0] * A_WIDTH, [0] * law.cells, decided
    arguments: list[Any] = [law.rows.tolist(), *log, law.initial.tolist(), *people, case.tables.lists(law), *room]
    hold_rows(*arguments)
    return np.array(decided, np.int64).reshape(-1, 3)


def _of_people(case: Case, part: Part, order: Int64s) -> tuple[Int64s, ...]:
    who, tables = part.attempts.matrix[order, A_RECIPIENT], case.tables
    columns = (tables.country_of, tables.calendar_of, tables.consent_set_of, tables.zone_set_of)
    found = (np.asarray(of_recipients(column, who), np.int64) for column in columns)
    return (*found, tables.zone_set_ptr)
