"""The column ``registers``: in which registers each person stands, and since when.

``uk-tps@2026-01-05 br-sp`` are two entries. An empty cell says that the person stands in none; a file without the
column says nothing. Without a date a refusal counts from the beginning and of a consent the date is not known; an
entry that is none of ours may be any, and so may what stands beside a question mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from policies.coded import Coded, Codes, Int64s, coded_rows
from policies.instants import moment
from policies.records import MISSING, NEVER
from policies.registers import R_WIDTH, REGISTER_NAMES, REGISTERS, nothing_known
from scenarios.audience.cellblock import Cells
from scenarios.audience.cells import BAD, parse_date, take
from scenarios.audience.consents import sets_of_rows

COLUMN = "registers"
UNKNOWN = 0
"""Number of the set of those of whom nothing is known."""
NONE = frozenset({"", "-", "—", "none", "нет"})
"""Texts that say that the person stands in no register; other words for "nothing" say that nobody knows."""
Entries = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class RegisterSets:
    """The distinct sets of entries of a file, by number; they are remembered from batch to batch."""

    numbers: dict[Entries, int] = field(default_factory=lambda: {((MISSING, MISSING),): UNKNOWN})

    def __call__(self, cells: Cells) -> Int64s:
        """Return the number of each row's set; notes entries that are none of ours or lack their date."""
        if COLUMN not in cells.batch.columns:
            return np.full(len(cells.batch), UNKNOWN, np.int64)
        column = cells.coded(COLUMN)
        texts = [text or "" for text in column.dictionary.to_pylist()]
        found = [parse_entries(text) for text in (*texts, "")]
        numbers = np.array([self.numbers.setdefault(entries, len(self.numbers)) for entries in found], np.int64)
        strange = [any(register == MISSING for register, _ in entries) for entries in found]
        dateless = [any(abs(since) >= NEVER for register, since in entries if register != MISSING) for entries in found]
        cells.note("register not known", take(np.array(strange, np.int64), column) == 1)
        cells.note("register without date", take(np.array(dateless, np.int64), column) == 1)
        return take(numbers, column)


def parse_entries(text: str) -> Entries:
    """Return the entries of a cell in rising order, each once: (register, instant of registration)."""
    if text.strip().lower() in NONE:
        return ()
    return tuple(sorted({_entry(word) for word in re.split(r"[|,;\s]+", text.strip("[](){}'\" ")) if word}))


def _entry(word: str) -> tuple[int, int]:
    name, _, day = word.strip("'\"").lower().partition("@")
    at = parse_date(day.upper()) if day else MISSING
    if name not in REGISTER_NAMES or at == BAD:
        return MISSING, MISSING
    register = REGISTER_NAMES.index(name)
    refusal = not REGISTERS[register].consents
    return register, -NEVER if at == MISSING and refusal else at


def entry_text(register: int, since: int) -> str:
    """Return an entry as a cell holds it; a question mark for one of which nothing is known."""
    if register == MISSING:
        return "?"
    day = "" if abs(since) >= NEVER else f"@{moment(since):%Y-%m-%dT%H:%M:%S.%fZ}"
    return REGISTER_NAMES[register] + day.removesuffix("T00:00:00.000000Z")


def sets_of_both(
    consents: Coded, entries: Coded, sets: Sequence[Entries]
) -> tuple[Codes, Int64s, Int64s, Int64s, Int64s]:
    """Return ``consent_set``, ``consent_ptr``, ``consents``, ``register_ptr``, ``registers`` of ``People``.

    ``consents`` are rows as ``sets_of_rows`` takes them, ``entries`` the number in ``sets`` of each person's.
    """
    if (entries.values == UNKNOWN).all():
        return (*sets_of_rows(consents), *nothing_known())
    order = sorted(range(len(sets)), key=lambda number: sets[number])
    rank = np.argsort(np.array(order))  # so that the order of rows leaves no trace
    pairs = coded_rows(np.stack((consents.codes, rank[entries.values][entries.codes]), axis=1).astype(np.int64))
    agreed = sets_of_rows(Coded(pairs.codes, consents.values[pairs.values[:, 0]]))
    chosen = [sets[order[place]] for place in pairs.values[:, 1].tolist()]
    ptr = np.cumsum([0, *(len(those) for those in chosen)], dtype=np.int64)
    return *agreed, ptr, np.array([entry for those in chosen for entry in those], np.int64).reshape(-1, R_WIDTH)
