"""Small event logs written by hand: only the columns that matter, the rest empty."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from policies.records import COLUMNS

TYPES = {"text": pa.string(), "int": pa.int64(), "instant": pa.int64(), "money": pa.int64()}
START = "2026-11-16T00:00:00"


def at(text: str) -> int:
    """Return a UTC time of 2026-11 as microseconds: ``16T12:00`` or a full one."""
    full = text if text.index("T") > 2 else f"2026-11-{text}"
    return round(datetime.fromisoformat(full).replace(tzinfo=UTC).timestamp() * 1_000_000)


def log(*rows: dict[str, Any]) -> pa.Table:
    """Return a log of these rows; ``at`` stands for ``occurred_at``, instants are text or microseconds."""
    filled = [_row(dict(row)) for row in rows]
    columns = {
        column.name: pa.array([row.get(column.name) for row in filled], TYPES[column.type]) for column in COLUMNS
    }
    table = pa.table(columns)
    texts = [column.name for column in COLUMNS if column.type == "text"]
    for name in texts:
        table = table.set_column(table.schema.get_field_index(name), name, table[name].dictionary_encode())
    return table


def _row(row: dict[str, Any]) -> dict[str, Any]:
    row["occurred_at"] = row.pop("at")
    times = {name: at(row[name]) for name in ("occurred_at", "until") if isinstance(row.get(name), str)}
    return row | times
