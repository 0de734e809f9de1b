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

from policies.bundle import pack
from policies.errors import InputError, Problem
from policies.gate import evaluate_row, observe_row, place
from policies.kinds.base import A_AT, A_CALENDAR, A_CHANNEL, A_CONSENTS, A_COUNTRY, A_RECIPIENT, A_TEXT, A_WIDTH
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
    calendar are filled in from the tables where the attempts lack them, the set of consents always. An attempt of
    nobody (recipient -1) has no history. Raises ``InputError`` for attempts without an instant, a channel or a valid
    recipient.
    """
    _check(attempts, len(people), rule_table)
    out = np.empty((len(attempts), len(rule_table)), np.int64 if untils else np.int8)
    run = _in_python if len(attempts) < compile_from else _compiled
    for order in _chunks(attempts.matrix):
        answers = run(order, attempts, rule_table, tables)
        out[order] = answers if untils else np.minimum(answers, FAILS_UNTIL)
    return out


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


@cache
def _machine() -> Callable[..., None]:
    """Return ``audit_rows`` compiled."""
    from policies.jit import compiled

    return compiled(audit_rows)


def _compiled(order: Int64s, attempts: Attempts, rule_table: RuleTable, tables: Tables) -> Int64s:
    answers = np.empty((len(order), len(rule_table)), np.int64)
    room = np.empty(A_WIDTH, np.int64), np.empty(rule_table.cells, np.int64), answers
    log = order, attempts.matrix, attempts.observed
    people = _of_people(order, attempts, tables)
    _machine()(rule_table.rows, *log, rule_table.initial, *people, tables.arrays(rule_table), *room)
    return answers


def _in_python(order: Int64s, attempts: Attempts, rule_table: RuleTable, tables: Tables) -> Int64s:
    answers = [[0] * len(rule_table) for _ in range(len(order))]
    room: Any = [0] * A_WIDTH, [0] * rule_table.cells, answers
    log: Any = order.tolist(), attempts.matrix.tolist(), attempts.observed.tolist()
    rows, initial = rule_table.rows.tolist(), rule_table.initial.tolist()
    people = [column.tolist() for column in _of_people(order, attempts, tables)]
    arguments: list[Any] = [rows, *log, initial, *people, tables.lists(rule_table), *room]
    audit_rows(*arguments)
    return np.array(answers, np.int64).reshape(len(order), len(rule_table))


def _of_people(order: Int64s, attempts: Attempts, tables: Tables) -> tuple[Int64s, ...]:
    """Return what ``audit_rows`` looks up of recipients and their zones."""
    found = of_recipients(attempts.matrix[order, A_RECIPIENT], tables)
    return (*found, tables.zone_set_ptr)


def of_recipients(who: Int64s, tables: Tables) -> tuple[Int64s, ...]:
    """Return country, calendar, set of consents and set of zones of each attempt's recipient; -1 for nobody."""
    known = who >= 0
    found = []
    for column in (tables.country_of, tables.calendar_of, tables.consent_set_of, tables.zone_set_of):
        values = np.full(len(who), -1, np.int64)
        values[known] = column[who[known]]
        found.append(values)
    return tuple(found)


def _chunks(matrix: Int64s) -> Iterator[Int64s]:
    """Yield row numbers by recipient, then time, then place; about ``CHUNK`` at once, never parting a recipient."""
    order = by_recipient(matrix[:, A_RECIPIENT], matrix[:, A_AT])
    start = 0
    while start < len(order):
        end = min(start + CHUNK, len(order))
        if end < len(order):
            last = matrix[order[end - 1], A_RECIPIENT]
            end += int(np.searchsorted(matrix[order[end:], A_RECIPIENT], last, side="right"))
        yield order[start:end]
        start = end


def by_recipient(who: Int64s, at: Int64s) -> Int64s:
    """Return the order by recipient (from -1), then instant, then place.

    Recipient and rank in time are packed into one integer, so that a plain sort of integers is stable and fast.
    """
    in_time = np.argsort(at, kind="stable") if (np.diff(at) < 0).any() else np.arange(len(at))
    bits = max(len(at) - 1, 1).bit_length()
    packed = ((who[in_time] + 1) << bits) | np.arange(len(at))
    packed.sort()
    order: Int64s = in_time[packed & ((1 << bits) - 1)]
    return order


def _check(attempts: Attempts, people: int, rule_table: RuleTable) -> None:
    """Raise ``InputError`` where an attempt lacks what no rule can do without."""
    matrix = attempts.matrix
    channel, who = matrix[:, A_CHANNEL], matrix[:, A_RECIPIENT]
    asked, texts = rule_table.content_answers.shape
    faults = (
        (matrix[:, A_AT] == MISSING, "no instant", "give the time of each message"),
        ((channel < 0) | (channel >= len(CHANNELS)), "no known channel", "map the channel to one of ours"),
        ((who < -1) | (who >= people), "a recipient outside the audience", "use -1 for an unknown recipient"),
        (
            (matrix[:, A_TEXT] >= texts) & (asked > 0),
            "a text outside the context",
            "leave an unknown text MISSING",
        ),
    )
    problems = [
        Problem(f"attempt {int(np.argmax(bad))}", f"{what} ({int(bad.sum())} such rows)", remedy)
        for bad, what, remedy in faults
        if bad.any()
    ]
    if problems:
        raise InputError(problems)
