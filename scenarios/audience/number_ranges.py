"""Number ranges: operator, region and possible zones of a number, from a CSV or from what ``numbers import`` wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from policies.errors import InputError, Problem
from scenarios.audience.number_register import Register, read_register
from scenarios.audience.zones import ZoneSet

Int64s = npt.NDArray[np.int64]
FORM = "number-ranges/1"
SUFFIX = ".parquet"


@dataclass(frozen=True, slots=True)
class NumberRanges:
    """Ranges of E.164 digits in rising order, both ends included; the rest is by range. ``sha256`` is of the file."""

    start: Int64s
    end: Int64s
    zones: tuple[ZoneSet, ...]
    operators: tuple[str, ...]
    regions: tuple[str, ...]
    unknown_regions: int
    sha256: str
    told: dict[str, Any]

    def find(self, numbers: Int64s) -> Int64s:
        """Return for each number the index of its range, or -1."""
        if not len(self.start):
            return np.full(len(numbers), -1, dtype=np.int64)
        place = np.searchsorted(self.start, numbers, side="right") - 1
        inside = (place >= 0) & (numbers <= self.end[place])
        return np.where(inside, place, -1).astype(np.int64)


def load_ranges(path: Path) -> NumberRanges:
    """Return the ranges of a CSV with columns from, to and region or zone, or of an imported register (.parquet).

    A region that is no place of ours has no zones, and is counted. Raises ``InputError`` with every bad line.
    """
    if path.suffix == SUFFIX:
        return _imported(path)
    return _of_table(_table(read_register([path]), None), path)


def write_ranges(register: Register, path: Path, read_on: str | None = None) -> None:
    """Write a register in its compact form; ``read_on`` is the day on which it was downloaded."""
    pq.write_table(_table(register, read_on), path, compression="zstd")


def _table(register: Register, read_on: str | None) -> pa.Table:
    ranges = register.ranges
    words = {
        "operator": [each.operator for each in ranges],
        "region": [each.region for each in ranges],
        "zones": ["|".join(each.zones) for each in ranges],
    }
    sources = [{"name": each.name, "sha256": each.sha256, "ranges": each.ranges} for each in register.sources]
    told = {"form": FORM, "read_on": read_on, "sources": sources}
    columns = {
        "start": pa.array([each.start for each in ranges], pa.int64()),
        "end": pa.array([each.end for each in ranges], pa.int64()),
        **{name: pa.array(values, pa.string()).dictionary_encode() for name, values in words.items()},
    }
    return pa.table(columns).replace_schema_metadata({"prelaunch": json.dumps(told, ensure_ascii=False)})


def _imported(path: Path) -> NumberRanges:
    try:
        table = pq.read_table(path)
    except OSError as error:
        what = f"the number ranges cannot be read: {error.strerror or 'this is no Parquet file'}"
        raise InputError([Problem(str(path), what, "check the path, or import again")]) from None
    except pa.ArrowInvalid:
        what = "the number ranges cannot be read: this is no Parquet file"
        raise InputError([Problem(str(path), what, "prelaunch numbers import writes one")]) from None
    told = json.loads((table.schema.metadata or {}).get(b"prelaunch", b"{}"))
    if told.get("form") != FORM:
        what = "this Parquet file holds no number ranges"
        raise InputError([Problem(str(path), what, "prelaunch numbers import writes one")])
    return _of_table(table, path)


def _of_table(table: pa.Table, path: Path) -> NumberRanges:
    zones = [tuple(text.split("|")) if text else () for text in _texts(table, "zones")]
    return NumberRanges(
        table["start"].to_numpy(),
        table["end"].to_numpy(),
        tuple(zones),
        tuple(_texts(table, "operator")),
        tuple(_texts(table, "region")),
        sum(not each for each in zones),
        sha256(path.read_bytes()).hexdigest(),
        json.loads(table.schema.metadata[b"prelaunch"]),
    )


def _texts(table: pa.Table, name: str) -> Sequence[str]:
    values: list[str] = table[name].cast(pa.string()).to_pylist()
    return values
