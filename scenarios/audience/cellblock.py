"""The cells of one batch, read by what they should hold; bad ones are counted and come back as not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.records import MISSING
from scenarios.audience.batches import CODED, Batch
from scenarios.audience.cells import BAD, NOTHING, Reader, parse_amount, parse_count, parse_date, parse_flag, take
from scenarios.audience.notices import Tally

Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Readers:
    """One reader a sort of cell; they remember from batch to batch."""

    date: Reader
    count: Reader
    flag: Reader
    amount: Reader

    @classmethod
    def new(cls) -> Readers:
        """Return readers that remember nothing yet."""
        return cls(Reader(parse_date), Reader(parse_count), Reader(parse_flag), Reader(parse_amount))


@dataclass(frozen=True, slots=True)
class Cells:
    """The columns of ``batch``; a column that the file lacks is empty throughout."""

    batch: Batch
    readers: Readers
    tally: Tally
    known: dict[str, Mask] = field(default_factory=dict)
    """Masks that are asked for more than once."""

    def text(self, name: str) -> pa.StringArray:
        """Return a column of distinct texts."""
        column = self.batch.columns.get(name)
        return pa.nulls(len(self.batch), pa.string()) if column is None else column

    def coded(self, name: str) -> pa.DictionaryArray:
        """Return a column of repeated texts."""
        column = self.batch.columns.get(name)
        return pa.nulls(len(self.batch), CODED) if column is None else column

    def empty(self, name: str) -> Mask:
        """True where the cell says nothing (blank, "-", "нет" and the like)."""
        return self.remembered(f"{name} is empty", lambda: self._empty(name))

    def remembered(self, what: str, find: Callable[[], Mask]) -> Mask:
        """Return a mask of the rows, worked out when it is first asked for."""
        if what not in self.known:
            self.known[what] = find()
        return self.known[what]

    def _empty(self, name: str) -> Mask:
        column = self.batch.columns.get(name)
        if column is None:
            return np.ones(len(self.batch), dtype=np.bool_)
        if pa.types.is_dictionary(column.type):
            said = [int((text or "").strip().lower() in NOTHING) for text in column.dictionary.to_pylist()]
            return np.equal(take(np.array([*said, 1], dtype=np.int64), column), 1)
        missing = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(column)), pa.array(sorted(NOTHING)))
        return np.asarray(pc.or_(missing, column.is_null()).to_numpy(zero_copy_only=False), dtype=np.bool_)

    def date(self, name: str) -> Int64s:
        """Return instants (microseconds UTC); MISSING where empty or no date."""
        return self._read(name, self.readers.date, "not a date")

    def count(self, name: str) -> Int64s:
        """Return whole numbers from 0; MISSING where empty or none."""
        return self._not_negative(name, self._read(name, self.readers.count, "not a number"))

    def amount(self, name: str) -> Int64s:
        """Return amounts in micro-units from 0; MISSING where empty or none."""
        return self._not_negative(name, self._read(name, self.readers.amount, "not a number"))

    def flag(self, name: str) -> Mask:
        """True where the cell says yes."""
        return np.equal(self._read(name, self.readers.flag, "not yes or no"), 1)

    def note(self, reason: str, mask: Mask, detail: str = "") -> None:
        """Count the rows of ``mask`` under ``reason``."""
        self.tally.rows(reason, mask, detail)

    def _read(self, name: str, reader: Reader, reason: str) -> Int64s:
        if name not in self.batch.columns:
            return np.full(len(self.batch), MISSING, dtype=np.int64)
        values = reader(self.coded(name))
        self.note(reason, values == BAD, name)
        return np.where(values == BAD, MISSING, values)

    def _not_negative(self, name: str, values: Int64s) -> Int64s:
        wrong = (values < 0) & (values != MISSING)
        self.note("negative number", wrong, name)
        return np.where(wrong, MISSING, values)
