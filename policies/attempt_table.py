"""Messages to judge, as a table of integers: one row a message, one column a cell of the attempt vector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from policies.kinds.base import A_CALENDAR, A_COUNTRY, A_RECIPIENT, A_WIDTH
from policies.records import MISSING

Int64s = npt.NDArray[np.int64]


@dataclass(slots=True)
class Attempts:
    """Messages to judge: ``matrix`` int64 of shape (n, A_WIDTH), ``observed`` int8: 1 where it was handed over.

    The audit reads column by column, so a matrix whose columns lie in one piece each is the faster one.
    """

    matrix: Int64s
    observed: npt.NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.matrix)


def blank_attempts(n: int) -> Attempts:
    """Return ``n`` attempts of which nothing is known, all marked as handed over."""
    matrix = np.full((A_WIDTH, n), MISSING, np.int64).T
    matrix[:, [A_RECIPIENT, A_CALENDAR, A_COUNTRY]] = -1
    return Attempts(matrix, np.ones(n, np.int8))
