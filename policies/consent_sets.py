"""Distinct sets of consents: people who agreed to the same things share one."""

from __future__ import annotations

import numpy as np

from policies.coded import Codes, Int64s, code_type, coded_rows


def consent_sets(ptr: Int64s, consents: Int64s) -> tuple[Codes, Int64s, Int64s]:
    """Return (set of each person, pointer of each set, consents of all sets) of consents given person by person.

    Person ``i`` gave ``consents[ptr[i]:ptr[i + 1]]``. The sets come in order of their size, then of their rows.
    """
    counts, rows = np.diff(ptr), coded_rows(consents)
    of_person = np.zeros(len(counts), np.int64)
    sizes: list[Int64s] = [np.zeros(1, np.int64)]
    pieces: list[Int64s] = [rows.values[:0]]
    before = 0
    for count in np.unique(counts).tolist():
        who = np.flatnonzero(counts == count)
        given = coded_rows(rows.codes[ptr[who][:, None] + np.arange(count)].astype(np.int64))
        of_person[who] = before + given.codes
        before += len(given.values)
        sizes.append(np.full(len(given.values), count, np.int64))
        pieces.append(rows.values[given.values.reshape(-1)])
    return of_person.astype(code_type(max(before, 1))), np.cumsum(np.concatenate(sizes)), np.concatenate(pieces)
