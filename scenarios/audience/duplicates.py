"""The same person twice: the same external id, or the same number in whatever notation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.coded import Int64s
from scenarios.audience.notices import Lines, Reject
from scenarios.audience.refusals import Refusal

Mask = npt.NDArray[np.bool_]
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Rows that go, in rising order, and for each the row that stands for it and stays."""

    gone: Int64s
    kept: Int64s
    rejects: list[Reject]

    def keep(self, size: int) -> Mask:
        """Return which of ``size`` rows stay."""
        stays = np.ones(size, dtype=np.bool_)
        stays[self.gone] = False
        return stays


def find_duplicates(ids: pa.Array, key: npt.NDArray[np.uint64], phone: Int64s, lines: Lines) -> Duplicates:
    """Return the rows that go: of one id the row with the lowest number stays, then of one number the lowest id.

    In a file sorted by id that is the first row; the choice does not depend on the order of rows, as the results of a
    run must not. Rows equal in both are told apart by their line only.
    """
    stands: dict[int, int] = {}
    rejects: list[Reject] = []
    for group in _groups(key, 0):
        by_id = sorted(group.tolist(), key=lambda row: (ids[row].as_py(), phone[row] == 0, phone[row], row))
        first = by_id[0]
        for row in by_id[1:]:
            if ids[row] == ids[first]:
                stands[row] = first
                rejects.append(_reject(lines, row, first, "customer_id", Refusal.SAME_ID, ids[row].as_py()))
            else:
                first = row
    for group in _groups(phone, 1):
        rows = [row for row in group.tolist() if row not in stands]
        first, *others = sorted(rows, key=lambda row: (ids[row].as_py(), row)) or [-1]
        for row in others:
            stands[row] = first
            rejects.append(_reject(lines, row, first, "phone", Refusal.SAME_NUMBER, f"+{phone[row]}"))
    gone = sorted(stands)
    kept = [stands.get(stands[row], stands[row]) for row in gone]
    return Duplicates(np.array(gone, np.int64), np.array(kept, np.int64), rejects)


def _groups(values: npt.NDArray[np.integer[Any]], least: int) -> Iterator[Int64s]:
    """Yield the rows of each value from ``least`` on that occurs more than once; takes 8 bytes a row."""
    ordered = np.sort(values)
    repeated = np.unique(ordered[1:][(ordered[1:] == ordered[:-1]) & (ordered[1:] >= least)])
    del ordered
    if not len(repeated):
        return
    found = [start + np.flatnonzero(_among(values[start : start + CHUNK], repeated)) for start in _starts(len(values))]
    rows = np.concatenate(found)
    rows = rows[np.argsort(values[rows], kind="stable")]
    breaks = np.flatnonzero(values[rows][1:] != values[rows][:-1]) + 1
    yield from np.split(rows, breaks)


def _starts(size: int) -> range:
    return range(0, size, CHUNK)


def _among(values: npt.NDArray[np.integer[Any]], ordered: npt.NDArray[np.integer[Any]]) -> Mask:
    """Return which values stand in ``ordered``, which rises."""
    place = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    same: Mask = ordered[place] == values
    return same


def _reject(lines: Lines, row: int, first: int, column: str, why: Refusal, value: str) -> Reject:
    return Reject(int(lines[row]), column, why.format(line=int(lines[first])), value)
