"""The same person twice: the same external id, or the same number in whatever notation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from scenarios.audience.notices import Reject

Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """``keep`` says which rows stay; ``kept[i]`` is the row that stands for row ``i`` (itself, if it stays)."""

    keep: Mask
    kept: Int64s
    rejects: list[Reject]


def find_duplicates(ids: pa.StringArray, key: npt.NDArray[np.uint64], phone: Int64s, lines: Int64s) -> Duplicates:
    """Return the rows to keep: of one id the row with the lowest number, then of one number the lowest id.

    In a file sorted by id that is the first row; the choice does not depend on the order of rows, as the results of a
    run must not. Rows equal in both are told apart by their line only.
    """
    kept, rejects = np.arange(len(ids)), []
    for group in _groups(key):
        by_id = sorted(group.tolist(), key=lambda row: (ids[row].as_py(), phone[row] == 0, phone[row], row))
        first = by_id[0]
        for row in by_id[1:]:
            if ids[row] == ids[first]:
                kept[row] = first
                rejects.append(_reject(lines, row, first, "customer_id", "id", ids[row].as_py()))
            else:
                first = row
    numbered = np.flatnonzero((kept == np.arange(len(ids))) & (phone > 0))
    for group in _groups(phone[numbered]):
        first, *others = sorted(numbered[group].tolist(), key=lambda row: (ids[row].as_py(), row))
        for row in others:
            kept[row] = first
            rejects.append(_reject(lines, row, first, "phone", "number", f"+{phone[row]}"))
    return Duplicates(kept == np.arange(len(ids)), kept[kept], rejects)


def _groups(values: npt.NDArray[np.generic]) -> list[Int64s]:
    """Return the positions of each value that occurs more than once."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    same = ordered[1:] == ordered[:-1]
    if not same.any():
        return []
    repeated = np.zeros(len(values), dtype=np.bool_)
    repeated[1:] |= same
    repeated[:-1] |= same
    places = np.flatnonzero(repeated)
    breaks = np.flatnonzero(ordered[places][1:] != ordered[places][:-1]) + 1
    return np.split(order[places], breaks)


def _reject(lines: Int64s, row: int, first: int, column: str, what: str, value: str) -> Reject:
    return Reject(int(lines[row]), column, f"the same {what} as line {int(lines[first])}", value)
