"""The file of what has been measured, renewed after each measurement: what is done survives an interruption."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from benchmarks.results import Measured, Record


def load(path: Path) -> Measured:
    """Return what a file holds; nothing where there is none."""
    if not path.exists():
        return Measured({}, ())
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Measured(raw["machine"], [Record(**{**one, "words": tuple(one["words"])}) for one in raw["records"]])


def save(path: Path, measured: Measured) -> None:
    """Write a file, one line a measurement; whoever reads it sees the old one or the new one whole."""
    records = ",\n".join("  " + json.dumps(asdict(record)) for record in measured.records)
    text = f'{{"machine": {json.dumps(measured.machine)},\n "records": [\n{records}\n]}}\n'
    written = path.with_suffix(".new")
    written.write_text(text, encoding="utf-8")
    written.replace(path)
