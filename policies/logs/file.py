"""A log in a Parquet file, batch by batch and only the columns that are asked for, so that memory stays small.

pyarrow gives a text column back in the form in which it was written, and a dictionary made while reading takes as long
as all else together where most words differ (measured: 150 ns a row against 25). So a column that stands in the file
as plain words is read as plain words, whatever it was before.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

BATCH = 1 << 17
"""Rows read in one go (measured: no other size is faster)."""
MAGIC = b"PAR1"
OWN_TYPES = b"ARROW:schema"
"""The key under which pyarrow notes the types of the table that was written; 12 bytes, as its replacement."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """The rows of a Parquet file; ``len`` tells how many there are."""

    path: Path

    def __len__(self) -> int:
        return int(pq.read_metadata(self.path).num_rows)

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield the rows in their order; texts are coded by a dictionary where the file has them so."""
        as_written = _types_of_the_file(self.path)
        coded = sorted(_coded(as_written, set(columns)))
        with pq.ParquetFile(self.path, metadata=as_written, read_dictionary=coded) as file:
            yield from file.iter_batches(BATCH, columns=list(columns), use_threads=False)


def batches_of(log: pa.Table | LogFile, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a log, in memory or in a file, with these columns."""
    yield from log.batches(columns) if isinstance(log, LogFile) else log.select(list(columns)).to_batches(BATCH)


def _types_of_the_file(path: Path) -> pq.FileMetaData:
    """Return the description of the file without pyarrow's own note of types; as it is where it is sealed."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(size - 8)
        length, magic = struct.unpack("<I4s", file.read(8))
        file.seek(max(size - 8 - length, 0))
        description = file.read(length).replace(OWN_TYPES, OWN_TYPES.lower())
    if magic != MAGIC:
        return pq.read_metadata(path)
    return pq.read_metadata(pa.BufferReader(MAGIC + description + struct.pack("<I", length) + MAGIC))


def _coded(metadata: pq.FileMetaData, columns: set[str]) -> set[str]:
    """Return which of the columns are texts that have a dictionary in each row group."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    chunks = [group.column(place) for group in groups for place in range(metadata.num_columns)]
    texts = {chunk.path_in_schema for chunk in chunks if chunk.physical_type == "BYTE_ARRAY"}
    plain = {chunk.path_in_schema for chunk in chunks if not chunk.has_dictionary_page}
    return (texts - plain) & columns
