"""Columns of an event log as numpy arrays: instants, numbers, and texts as codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from policies.evidence import Evidence
from policies.records import MISSING

if TYPE_CHECKING:
    import pyarrow as pa

Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Columns:
    """Lazy numpy views of a log's columns; rows stay in the order of the table."""

    log: pa.Table
    _numbers: dict[str, Int64s] = field(default_factory=dict)
    _codes: dict[str, tuple[Int64s, list[str]]] = field(default_factory=dict)

    def numbers(self, name: str) -> Int64s:
        """Return an integer column; ``MISSING`` where it is empty."""
        if name not in self._numbers:
            column = self.log[name].cast("int64").fill_null(MISSING)
            self._numbers[name] = np.asarray(column.to_numpy(), np.int64)
        return self._numbers[name]

    def codes(self, name: str) -> tuple[Int64s, list[str]]:
        """Return a text column as codes into the list of its words; -1 where it is empty."""
        if name not in self._codes:
            coded = _coded(self.log[name])
            indices = np.asarray(coded.indices.fill_null(-1).to_numpy(zero_copy_only=False), np.int64)
            self._codes[name] = indices, coded.dictionary.to_pylist()
        return self._codes[name]

    def word(self, name: str, row: int) -> str:
        """Return the text of one row; empty text where it is empty."""
        codes, words = self.codes(name)
        return words[codes[row]] if codes[row] >= 0 else ""

    def rows(self, *events: str) -> Int64s:
        """Return the rows of these events in order of time; rows of one instant keep the order of the table."""
        codes, words = self.codes("event")
        wanted = [index for index, word in enumerate(words) if word in events]
        rows = np.flatnonzero(np.isin(codes, wanted))
        return rows[np.argsort(self.numbers("occurred_at")[rows], kind="stable")]

    def is_word(self, name: str, words: tuple[str, ...]) -> Bools:
        """Return for each row whether the text is one of ``words``."""
        codes, known = self.codes(name)
        return np.isin(codes, [index for index, word in enumerate(known) if word in words])


def _coded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """Return a text column as one dictionary array."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        column = column.cast("string").dictionary_encode()
    column = column.unify_dictionaries()
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def message(columns: Columns, row: int, explanation: str, answer: str = "fail") -> Evidence:
    """Return the message of one row as evidence."""
    return Evidence(
        answer,
        explanation,
        recipient=columns.word("recipient", row),
        campaign=columns.word("campaign", row),
        channel=columns.word("channel", row),
        template=columns.word("template", row),
        sender=columns.word("sender", row),
        at=int(columns.numbers("occurred_at")[row]),
    )
