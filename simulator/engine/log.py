"""The event log in memory: rows of integers, in order of birth, in chunks; names are attached on export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from policies.people import Int64s
from policies.records import CATEGORIES, CHANNELS, CHARGE_EVENTS, COLUMNS, EVENT_NAMES, MISSING
from simulator.draws import UInt64s, combine_array, mix_array, name_key
from simulator.engine.model import Model

FIELDS = (
    "campaign", "recipient", "attempt", "step", "channel", "sender", "template", "category", "event",
    "occurred_at", "received_at", "charge", "units", "cost", "rule", "until", "reason", "state",
)  # fmt: skip
"""The integers of a row. -1 in an index and MISSING elsewhere mean that the column is empty."""
WIDTH = len(FIELDS)
(
    F_CAMPAIGN, F_RECIPIENT, F_ATTEMPT, F_STEP, F_CHANNEL, F_SENDER, F_TEMPLATE, F_CATEGORY, F_EVENT,
    F_OCCURRED_AT, F_RECEIVED_AT, F_CHARGE, F_UNITS, F_COST, F_RULE, F_UNTIL, F_REASON, F_STATE,
) = range(WIDTH)  # fmt: skip
CHUNK = 1 << 16

REASONS = (
    "", "read", "delivered", "clicked", "purchased", "exhausted", "opted_out", "guard", "campaign_end", "horizon",
    "budget", "dead_number", "opt_out_list", "not_accepted", "outage", "sender_not_registered", "template_not_approved",
    "template_paused", "template_disabled", "limit", "sender_blocked", "daily_cap", "unreachable", "dead",
    "validity", "message", "without_message", "hold_out", "channel_unavailable", "no_address", "needs_smartphone",
    "unknown_input", "no_common_window", "denied", "green", "yellow", "red", "flagged", "upgrade", "quality",
    "approved", "rejected", "paused", "resumed", "disabled", "submitted", "registered", "warned", "blocked", "released",
    "begins", "ends", "working_hours", "off_hours", "start",
)  # fmt: skip
REASON = {name: index for index, name in enumerate(REASONS)}
EVENT = {name: index for index, name in enumerate(EVENT_NAMES)}
INCOMING = frozenset(EVENT[name] for name in ("read", "clicked", "replied", "purchased", "complained", "unsubscribed"))


def row(
    event: int, at: int, *, campaign: int = -1, recipient: int = -1, attempt: int = -1, step: int = -1,
    channel: int = -1, sender: int = -1, template: int = -1, category: int = -1, received: int = MISSING,
    charge: int = -1, units: int = MISSING, cost: int = MISSING, rule: int = -1, until: int = MISSING,
    reason: int = 0, state: int = MISSING,
) -> tuple[int, ...]:  # fmt: skip
    """Return a row of ``WIDTH`` integers in which what is not given is empty."""
    return (
        campaign, recipient, attempt, step, channel, sender, template, category, event, at, received, charge, units,
        cost, rule, until, reason, state,
    )  # fmt: skip


@dataclass(slots=True)
class Log:
    """Rows of one replication; ``append`` is the only way in."""

    rows: list[tuple[int, ...]] = field(default_factory=list)
    chunks: list[Int64s] = field(default_factory=list)

    def append(self, row: tuple[int, ...]) -> None:
        """Add one row of ``WIDTH`` integers."""
        self.rows.append(row)
        if len(self.rows) == CHUNK:
            self.flush()

    def flush(self) -> None:
        """Move the collected rows to an array."""
        if self.rows:
            self.chunks.append(np.array(self.rows, dtype=np.int64))
            self.rows.clear()

    def __len__(self) -> int:
        return len(self.rows) + sum(len(chunk) for chunk in self.chunks)

    def column(self, name: str) -> Int64s:
        """Return one column of ``FIELDS``, int64[n]."""
        return self.matrix()[:, FIELDS.index(name)]

    def matrix(self) -> Int64s:
        """Return all rows, int64[n, WIDTH], in order of birth."""
        self.flush()
        if len(self.chunks) != 1:
            empty = np.empty((0, WIDTH), dtype=np.int64)
            self.chunks[:] = [np.concatenate(self.chunks) if self.chunks else empty]
        return self.chunks[0]


def names(model: Model) -> dict[str, Sequence[str]]:
    """Return the names behind the indices of each coded field."""
    providers = sorted({sender.provider for sender in model.senders})
    return {
        "campaign": [campaign.id for campaign in model.campaigns],
        "step": [step.id for step in model.steps],
        "channel": CHANNELS,
        "provider": providers,
        "sender": [sender.id for sender in model.senders],
        "template": [template.id for template in model.templates],
        "category": CATEGORIES,
        "direction": ("out", "in"),
        "event": EVENT_NAMES,
        "charge": CHARGE_EVENTS,
        "rule": model.rule_names,
        "reason": REASONS[1:],
    }


def columns(matrix: Int64s, model: Model) -> dict[str, Int64s]:
    """Return each log column but ``run``, ``replication`` and ``recipient`` names as integers; -1 or MISSING: empty."""
    cells = {name: matrix[:, index] for index, name in enumerate(FIELDS)}
    providers = names(model)["provider"]
    of_sender = np.array([providers.index(sender.provider) for sender in model.senders] + [-1], dtype=np.int64)
    incoming = np.zeros(len(EVENT_NAMES), dtype=np.int64)
    incoming[list(INCOMING)] = 1
    cells["provider"] = of_sender[cells["sender"]]
    cells["direction"] = np.where(cells["recipient"] >= 0, incoming[cells["event"]], -1)
    cells["reason"] = cells["reason"] - 1
    return cells


def to_arrow(matrix: Int64s, model: Model, *, run: str, replication: int) -> pa.Table:
    """Return the log as an Arrow table with the columns of ``policies.records.COLUMNS``."""
    cells = columns(matrix, model)
    known = names(model)
    size = len(matrix)
    arrays: list[pa.Array] = []
    for column in COLUMNS:
        if column.name == "run":
            arrays.append(_dictionary(np.zeros(size, dtype=np.int64), [run]))
        elif column.name == "replication":
            arrays.append(pa.array(np.full(size, replication, dtype=np.int64)))
        elif column.name == "recipient":
            arrays.append(_recipients(cells["recipient"], model))
        elif column.type == "text":
            arrays.append(_dictionary(cells[column.name], known[column.name]))
        else:
            values = cells[column.name]
            empty = (values == MISSING) | ((values == -1) if column.name == "attempt" else False)
            arrays.append(pa.array(values, mask=empty if column.nullable else None))
    return pa.table(arrays, names=[column.name for column in COLUMNS])


def _dictionary(codes: Int64s, values: Sequence[str]) -> pa.DictionaryArray:
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(values), type=pa.string()))


def _recipients(codes: Int64s, model: Model) -> pa.DictionaryArray:
    """Only the people who occur become part of the dictionary: a run of few does not carry the whole base."""
    used = np.unique(codes[codes >= 0])
    place = np.searchsorted(used, codes)
    indices = pa.array(place.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, model.people.ids_of(used))


def log_hash(matrix: Int64s, model: Model, replication: int) -> int:
    """Return the sum modulo 2**128 of a 128-bit hash of each row in canonical form.

    Names enter by their own hash and recipients by their key, never by position, so the result does not depend on the
    order of rows, the engine, or the number of workers.
    """
    size = len(matrix)
    if size == 0:
        return 0
    cells = columns(matrix, model)
    known = names(model)
    keys = np.append(model.people.key, np.uint64(0))
    high = np.full(size, name_key("log row, high"), dtype=np.uint64)
    low = np.full(size, name_key("log row, low"), dtype=np.uint64)
    high, low = _absorb(high, low, np.full(size, replication, dtype=np.uint64))
    for column in COLUMNS:
        if column.name in ("run", "replication"):
            continue
        values = cells[column.name]
        if column.name == "recipient":
            words = keys[values]
        elif column.type == "text":
            hashes = np.array([*(name_key(f"{column.name}={name}") for name in known[column.name]), 0], dtype=np.uint64)
            words = hashes[values]
        else:
            words = values.astype(np.uint64)
        high, low = _absorb(high, low, words)
    return (_total(high) << 64) + _total(low) & (1 << 128) - 1


def _absorb(high: UInt64s, low: UInt64s, words: UInt64s) -> tuple[UInt64s, UInt64s]:
    return combine_array(high, words), mix_array(combine_array(low, words) ^ np.uint64(0xA0761D6478BD642F))


def _total(words: UInt64s) -> int:
    upper = int((words >> np.uint64(32)).sum(dtype=np.uint64))
    return (upper << 32) + int((words & np.uint64(0xFFFFFFFF)).sum(dtype=np.uint64))
