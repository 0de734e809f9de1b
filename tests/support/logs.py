"""Two logs side by side, whatever the order of their rows."""

from __future__ import annotations

import numpy as np

from policies.people import Int64s
from policies.records import EVENT_NAMES
from simulator.engine.log import F_EVENT, FIELDS


def canonical(matrix: Int64s) -> Int64s:
    """The rows of a log in an order that depends on nothing but the rows."""
    return matrix[np.lexsort(matrix.T[::-1])]


def first_difference(one: Int64s, other: Int64s) -> str:
    """A few rows that only one of two logs has, as either has them."""
    left, right = ({tuple(row) for row in matrix.tolist()} for matrix in (one, other))
    rows = [("only in the first", row) for row in sorted(left - right)[:3]]
    rows += [("only in the second", row) for row in sorted(right - left)[:3]]
    named = [
        f"{where}: { ({**dict(zip(FIELDS, row, strict=True)), 'event': EVENT_NAMES[row[F_EVENT]]}) }"
        for where, row in rows
    ]
    return "\n".join([f"{len(one)} rows against {len(other)}", *named])
