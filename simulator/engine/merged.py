"""A dispatch log and the rows derived from it, read as one log in order of birth."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from policies.people import Int64s
from simulator.engine.log import FIELDS, WIDTH, Columns, Hashes, Integers, Rows, read_columns
from simulator.engine.model import Model


@dataclass(slots=True)
class Merged:
    """``born`` says how many of the derived rows follow each row that was kept, int64[kept]."""

    kept: Rows
    derived: Rows
    born: Int64s
    _is_kept: npt.NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        before = np.concatenate([[0], np.cumsum(self.born)])
        self._is_kept = np.zeros(len(self), dtype=np.bool_)
        self._is_kept[np.arange(len(self.kept)) + before[:-1]] = True

    def __len__(self) -> int:
        return len(self.kept) + len(self.derived)

    def column(self, name: str) -> Int64s:
        """Return one column of ``FIELDS``, int64[n]; -1 or MISSING where it is empty."""
        return self.narrow(name).astype(np.int64, copy=False)

    def narrow(self, name: str) -> Integers:
        """Return the same numbers in the wider integers of both."""
        kept, derived = self.kept.narrow(name), self.derived.narrow(name)
        whole = np.empty(len(self), dtype=np.result_type(kept, derived))
        whole[self._is_kept] = kept
        whole[~self._is_kept] = derived
        return whole

    def matrix(self) -> Int64s:
        """Return all rows, int64[n, WIDTH]."""
        full = np.empty((len(self), WIDTH), dtype=np.int64)
        for index, name in enumerate(FIELDS):
            full[:, index] = self.narrow(name)
        return full

    def columns(self, model: Model) -> Columns:
        """Return ``log.read_columns`` of the rows."""
        return read_columns(self, model)

    def digest(self, model: Model, replication: int, hashes: Hashes) -> int:
        """Return the sum of the hashes of the rows."""
        return sum(rows.digest(model, replication, hashes) for rows in (self.kept, self.derived))
