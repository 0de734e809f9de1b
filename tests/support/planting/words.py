"""What both planters write with: moments, a log as CSV, a pack as YAML."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

MONDAY = datetime(2026, 11, 9, tzinfo=UTC)
DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
LEAST = timedelta(microseconds=1)
"""The smallest unit of time."""


def iso(at: datetime) -> str:
    """Return an instant as text with a zone."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def micro(length: timedelta) -> int:
    """Return a length in the smallest unit."""
    return length // LEAST


def write_rows(header: Sequence[str], rows: Iterable[Mapping[str, str]], path: Path) -> None:
    """Write rows in our own columns; line 1 is the header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def pack_of(rules: Iterable[tuple[str, str, str, str]]) -> str:
    """Return a pack as YAML; of each rule its name, kind, scope and parameters."""
    records = [
        f"  - {{id: P-{name}-01, title: T, statement: S, rationale: R, citation: {{act: own}}, confidence: guessed,"
        f" fix: F, examples: {{passes: a, fails: b}}, {scope + ',' if scope else ''}"
        f" checks: [{{kind: {kind}, severity: error, params: {params}}}]}}"
        for name, kind, scope, params in rules
    ]
    return "\n".join(["pack: planted", "title: Planted", 'version: "1"', "rules:", *records])


def name_of(rule_id: str) -> str:
    """Return the name of a rule of such a pack."""
    return rule_id.removeprefix("P-").removesuffix("-01")
