"""Decisions on the attempts of a file, in words: one line an attempt, in the order of the file."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.expressions.doubt import doubt, in_doubt
from policies.gate import DECISION_NAMES, DENY, UNSURE
from policies.instants import instant_text
from policies.kinds import KINDS, kind_index
from policies.kinds.base import (
    A_AT,
    A_LOCAL,
    A_RECIPIENT,
    ANSWER_NAMES,
    FAIL,
    NOT_APPLICABLE,
    P_SEVERITY,
    PASS,
    REVIEW,
    SEVERITIES,
    UNKNOWN,
)
from policies.records import MISSING, NEVER
from scenarios.foreign.case import Case
from scenarios.foreign.judge import Decided, decide
from scenarios.foreign.read import Foreign

Int64s = npt.NDArray[np.int64]

BLOCK_LINES = 4_096
COLUMNS = ("index", "line", "recipient", "at", "channel", "decision", "until", "rule", "severity", "reason", "answers")
NO_WINDOW = "no instant was found at which all rules pass: "


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions. ``order`` gives (part, place in it) of each attempt, in the order of the file."""

    parts: tuple[Decided, ...]
    order: tuple[tuple[int, int], ...]

    def counts(self) -> dict[str, int]:
        """Return how many attempts got each decision, the mildest first."""
        total = np.bincount(np.concatenate([part.decision for part in self.parts]), minlength=len(DECISION_NAMES))
        return dict(zip(DECISION_NAMES, total.tolist(), strict=True))

    def unspoken(self) -> int:
        """Return how many attempts no rule of the packs speaks of: they are allowed by nobody's word."""
        return sum(int((part.answers == NOT_APPLICABLE).all(axis=1).sum()) for part in self.parts)


def decisions(case: Case) -> Decisions:
    """Return the decision on every attempt."""
    parts = tuple(decide(case, part) for part in case.parts)
    rows = np.concatenate([decided.part.rows for decided in parts])
    number = np.concatenate([np.full(len(decided.part.rows), index) for index, decided in enumerate(parts)])
    place = np.concatenate([np.arange(len(decided.part.rows)) for decided in parts])
    order = np.argsort(rows, kind="stable")
    return Decisions(parts, tuple(zip(number[order].tolist(), place[order].tolist(), strict=True)))


def grave(case: Case, decided: Decisions, fail_on: str) -> bool:
    """Say whether an attempt is denied or unknown by a rule of severity ``fail_on`` or graver."""
    if fail_on == "never":
        return False
    columns = case.law.rows[:, P_SEVERITY] <= SEVERITIES.index(fail_on)
    for part in decided.parts:
        if np.isin(part.answers[:, columns], (FAIL, UNKNOWN, REVIEW)).any():
            return True
        rows = part.row[np.isin(part.decision, (DENY, UNSURE))]
        if columns[rows[rows >= 0]].any():
            return True
    return False


def write(case: Case, log: Foreign, decided: Decisions, form: str) -> None:
    """Write one line an attempt to standard output."""
    stream = sys.stdout.buffer
    encoder = msgspec.json.Encoder()
    buffer = bytearray()
    if form == "csv":
        buffer += _csv_line(COLUMNS)
    for number, line in enumerate(lines(case, log, decided), 1):
        buffer += encoder.encode(line) + b"\n" if form == "jsonl" else _csv_line(_flat(line))
        if number % BLOCK_LINES == 0:
            stream.write(buffer)
            buffer.clear()
    stream.write(buffer)
    stream.flush()


def _csv_line(cells: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _flat(line: dict[str, Any]) -> list[Any]:
    answers = "; ".join(f"{item['rule']} {item['answer']}" for item in line["answers"])
    return [*("" if line[name] is None else line[name] for name in COLUMNS[:-1]), answers]


@dataclass(slots=True)
class Words:
    """Explanations by rule row; the attempt's wall clock is filled in from its first possible zone."""

    case: Case
    clocks: list[Int64s] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clocks = [_local(self.case, part.attempts.matrix) for part in self.case.parts]

    def explain(self, row: int, answer: int, a: list[int]) -> str:
        """Return why rule row ``row`` gave ``answer`` to the attempt ``a``."""
        check, cells = self.case.law.row_check[row], self.case.law.rows[row].tolist()
        if answer == UNKNOWN and in_doubt(cells, a):
            return doubt(self.case.law.guard_of_row(row))
        text: str = KINDS[kind_index(check.kind)].explain(check.params, answer, a)
        return text


def lines(case: Case, log: Foreign, decided: Decisions) -> Iterator[dict[str, Any]]:
    """Yield one record an attempt, named as ``COLUMNS``."""
    words = Words(case)
    names = log.table["recipient"].cast(pa.string()).to_pylist()
    channels = log.table["channel"].cast(pa.string()).to_pylist()
    rules = [case.law.rules[row[7]].id for row in case.law.rows.tolist()]
    severities = [SEVERITIES[row] for row in case.law.rows[:, P_SEVERITY].tolist()]
    for index, (number, place) in enumerate(decided.order):
        part = decided.parts[number]
        a: list[int] = part.part.attempts.matrix[place].tolist()
        a[A_LOCAL] = int(words.clocks[number][place])
        answers = part.answers[place]
        speaking = np.flatnonzero((answers != PASS) & (answers != NOT_APPLICABLE)).tolist()
        said = [_answer(words, row, int(answers[row]), a, rules, severities) for row in speaking]
        where = int(part.part.rows[place])
        row, until = int(part.row[place]), int(part.until[place])
        yield {
            "index": index, "line": int(log.lines[where]), "recipient": names[where], "at": instant_text(a[A_AT]),
            "channel": channels[where], "decision": DECISION_NAMES[part.decision[place]],
            "until": instant_text(until) if MISSING < until < NEVER else None,
            "rule": rules[row] if row >= 0 else None, "severity": severities[row] if row >= 0 else None,
            "reason": _reason(words, row, int(answers[row]), until, a), "answers": said,
        }  # fmt: skip


def _answer(
    words: Words, row: int, answer: int, a: list[int], rules: list[str], severities: list[str]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "rule": rules[row], "answer": ANSWER_NAMES.get(answer, "fail until"), "severity": severities[row],
        "reason": words.explain(row, answer, a),
    }  # fmt: skip
    if answer > 0:
        found["until"] = instant_text(answer) if answer < NEVER else None
    return found


def _reason(words: Words, row: int, answer: int, until: int, a: list[int]) -> str | None:
    if row < 0:
        return None
    if answer == PASS:  # it passes now and decided at the end of another rule's hold
        answer = until if MISSING < until < NEVER else FAIL
    text = words.explain(row, answer, a)
    return NO_WINDOW + text if until == NEVER else text


def _local(case: Case, matrix: Int64s) -> Int64s:
    """Return the wall clock of each attempt in the first possible zone of its recipient; MISSING without one."""
    tables, who, at = case.tables, matrix[:, A_RECIPIENT], matrix[:, A_AT]
    sets = tables.zone_set_of[who]
    first = np.full(len(tables.zone_set_ptr), -1, np.int64)
    sizes = np.diff(tables.zone_set_ptr)
    first[:-1][sizes > 0] = tables.zone_set_zones[tables.zone_set_ptr[:-1][sizes > 0]]
    zone = first[sets]
    local = np.full(len(at), MISSING, np.int64)
    for index in np.unique(zone[zone >= 0]).tolist():
        rows = np.flatnonzero(zone == index)
        begin, end = tables.zone_ptr[index], tables.zone_ptr[index + 1]
        place = np.searchsorted(tables.trans_at[begin:end], at[rows], side="right") - 1
        local[rows] = at[rows] + tables.trans_off[begin:end][np.maximum(place, 0)]
    return local
