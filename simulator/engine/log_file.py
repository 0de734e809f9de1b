"""A log written to a file while the run goes on: a second thread makes columns of each stretch and writes them.

The kernel runs without Python's lock, so the two go side by side. Few stretches wait at a time: a run that is faster
than its file waits for it, and memory stays bounded whatever the size of the log.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from simulator.engine.keep import STRETCH, LogName, kept_table
from simulator.engine.log import WIDTH, Matrix, Rows, log_hash, to_arrow
from simulator.engine.model import Model

WAITING = 2
PLAIN = ("recipient", "occurred_at", "received_at", "until")
"""Columns whose values seldom repeat within a row group: no dictionary is tried."""
COUNTED = ("replication", "occurred_at")
"""Columns of whose row groups the file tells least and greatest; of all columns it takes a third of the time."""


def writer_of(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Return a writer of a log's columns: zstd, and a dictionary wherever values repeat.

    A column of a stretch is a page if it is not large: it takes a tenth less time than many small ones (measured).
    """
    coded = [name for name in schema.names if name not in PLAIN]
    return pq.ParquetWriter(
        path, schema, compression="zstd", use_dictionary=coded, write_statistics=list(COUNTED),
        max_rows_per_page=STRETCH, write_batch_size=STRETCH,
    )  # fmt: skip


class LogFile:
    """A log on its way to a Parquet file with the columns of ``to_arrow``: a ``keep.Sink``, whole once it is left.

    Each stretch is a row group. ``keep`` says which of the rows are written; with ``none`` there is no file.
    ``watch`` is given each stretch and its replication, in the second thread.
    ``hash`` is the ``log_hash`` of what was taken and ``rows`` their number, both when the block has ended.
    ``replication`` may be changed between two runs that write to one file. An error of the writing thread is raised
    by ``take``, or when the block ends.
    """

    def __init__(
        self, path: Path, model: Model, *, run: str, replication: int = 0, keep: LogName = "full",
        watch: Callable[[Rows, int], None] | None = None,
    ) -> None:  # fmt: skip
        self.model, self.run, self.replication = model, run, replication
        self.keep, self.watch = keep, watch
        self._path = path
        self._hashes: Counter[int] = Counter()
        self._rows: Counter[int] = Counter()
        nothing = Matrix(np.empty((0, WIDTH), dtype=np.int64))
        schema = to_arrow(nothing, model, run=run, replication=replication).schema
        self._file = writer_of(path, schema) if keep != "none" else None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="log")
        self._waiting: deque[Future[None]] = deque()

    def take(self, rows: Rows) -> None:
        """Let the second thread write a stretch; wait if it lies too far behind."""
        while len(self._waiting) >= WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(self._write, rows, self.replication))

    def _write(self, rows: Rows, replication: int) -> None:
        if self.watch is not None:
            self.watch(rows, replication)
        if self._file is not None:
            table = kept_table(to_arrow(rows, self.model, run=self.run, replication=replication), self.keep)
            self._file.write_table(table, row_group_size=max(len(table), 1))
        self._hashes[replication] += log_hash(rows, self.model, replication)
        self._rows[replication] += len(rows)

    @property
    def hash(self) -> int:
        """Return the ``log_hash`` of all that was taken."""
        return self._hashes.total() % 2**128

    @property
    def rows(self) -> int:
        """Return the number of rows that were taken."""
        return self._rows.total()

    def leave_out(self, replication: int) -> None:
        """Take a replication that was not finished out of file, hash and rows, when the block has ended."""
        del self._hashes[replication], self._rows[replication]
        if self._file is None:
            return
        other = self._path.with_name(f".{self._path.name}")
        whole = pq.ParquetFile(self._path)
        with whole, writer_of(other, whole.schema_arrow) as kept:
            for group in range(whole.num_row_groups):
                table = whole.read_row_group(group)
                table = table.filter(pc.not_equal(table["replication"], replication))
                if len(table):
                    kept.write_table(table, row_group_size=len(table))
        other.replace(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._thread.shutdown(wait=True, cancel_futures=kind is not None)
        try:
            if kind is None:
                for written in self._waiting:
                    written.result()
        finally:
            if self._file is not None:
                self._file.close()
