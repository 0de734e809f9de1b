"""A witness from a log: what happened to one person up to the message that broke a rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from policies.instants import instant_text, moment, to_micros
from prelaunch.policy_report.model import Evidence, Step, Witness
from scenarios.audience.zones import known_zones

BEFORE, AFTER = 9, 2
"""Events shown before and after the message that broke the rule."""
TOLD = (
    "released", "held", "denied", "expired", "suppressed", "submitted", "rejected", "delivered", "failed", "lapsed",
    "read", "clicked", "replied", "complained", "unsubscribed",
)  # fmt: skip
"""Events of which a witness tells."""


def rows_of(log: pa.Table, recipients: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the telling rows of each of the recipients (external ids), in order of time."""
    names = ("replication", "recipient", "event", "occurred_at", "step", "channel")
    found: dict[str, list[dict[str, Any]]] = {}
    wanted = sorted(set(recipients))
    if not wanted:
        return found
    chosen = pc.and_(_holds(log["event"], TOLD), _holds(log["recipient"], wanted))
    for row in log.select(names).filter(chosen).to_pylist():
        found.setdefault(row["recipient"], []).append(row)
    return {name: sorted(rows, key=lambda row: int(row["occurred_at"])) for name, rows in found.items()}


def _holds(column: pa.ChunkedArray, words: Sequence[str]) -> pa.ChunkedArray:
    """Return of each row whether it holds one of the words; of a coded column only its dictionary is looked through."""
    known = pa.array(words, pa.string())
    if not pa.types.is_dictionary(column.type):
        return pc.is_in(column.cast("string"), value_set=known)
    parts = [pc.is_in(part.dictionary.cast("string"), value_set=known).take(part.indices) for part in column.chunks]
    return pc.fill_null(pa.chunked_array(parts, pa.bool_()), False)


def witness_of(evidence: Evidence, rows: Mapping[str, list[dict[str, Any]]], person: str) -> Witness | None:
    """Return the timeline of ``person`` (external id) around the evidence; None if the log does not hold it."""
    if evidence.at is None:
        return None
    at = to_micros(datetime.fromisoformat(evidence.at))
    theirs = rows.get(person, [])
    place = next((i for i, row in enumerate(theirs) if _decides(row, at, evidence.channel)), None)
    if place is None:
        return None
    number = theirs[place]["replication"]
    same = [row for row in theirs if row["replication"] == number]
    place = same.index(theirs[place])
    zone = _zone(evidence.local_time)
    steps = tuple(_step(row, zone) for row in same[max(0, place - BEFORE) : place + AFTER + 1])
    return Witness(evidence.recipient, steps, evidence.at, sentence=evidence.explanation, replay=evidence.replay)


def _decides(row: Mapping[str, Any], at: int, channel: str) -> bool:
    return bool(row["event"] == "submitted" and row["occurred_at"] == at and row["channel"] == channel)


def _zone(local_time: str) -> str:
    """Return the zone that stands after the recipient's clock; UTC where none is known."""
    name = local_time.rpartition(" ")[2]
    return name if name in known_zones() else "UTC"


def _step(row: Mapping[str, Any], zone: str) -> Step:
    at = int(row["occurred_at"])
    local = f"{moment(at, ZoneInfo(zone)):%Y-%m-%d %H:%M:%S} {zone}"
    return Step(instant_text(at), local, row["event"], row["step"] or "", row["channel"] or "")
