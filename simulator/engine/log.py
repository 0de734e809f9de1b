"""The event log in memory: rows of integers, in order of birth, in chunks; names are attached on export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.people import Int64s
from policies.records import CATEGORIES, CHANNELS, CHARGE_EVENTS, COLUMNS, EVENT_NAMES, MISSING
from simulator.draws import UInt64s, combine, combine_array, mix, mix_array, name_key
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
Integers = npt.NDArray[np.integer[Any]]
Columns = Mapping[str, Integers]
Hashes = Mapping[str, UInt64s]
OF_RUN = ("run", "replication")
"""Columns that are the same in all rows of a replication."""
LOW_TURN = 0xA0761D6478BD642F
"""Sets the low word of a row's hash apart from the high one."""
CHUNK = 1 << 16
PIECE = 1 << 14

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


class Rows(Protocol):
    """A log, or a stretch of one, however its rows are kept."""

    def __len__(self) -> int: ...

    def column(self, name: str) -> Int64s:
        """Return one column of ``FIELDS``, int64[n]; -1 or MISSING where it is empty."""

    def narrow(self, name: str) -> Integers:
        """Return the same numbers in whatever integers hold them."""

    def matrix(self) -> Int64s:
        """Return all rows, int64[n, WIDTH]."""

    def columns(self, model: Model) -> Columns:
        """Return ``read_columns`` of the rows."""

    def digest(self, model: Model, replication: int, hashes: Hashes) -> int:
        """Return the sum of the hashes of the rows: that of ``digest_rows`` over stretches of them."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows as integers, int64[n, WIDTH]."""

    rows: Int64s

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Int64s:
        """Return one column of ``FIELDS``, int64[n]."""
        return self.rows[:, FIELDS.index(name)]

    def narrow(self, name: str) -> Integers:
        """Return one column of ``FIELDS``."""
        return self.column(name)

    def matrix(self) -> Int64s:
        """Return all rows, int64[n, WIDTH]."""
        return self.rows

    def columns(self, model: Model) -> Columns:
        """Return ``read_columns`` of the rows."""
        return read_columns(self, model)

    def digest(self, model: Model, replication: int, hashes: Hashes) -> int:
        """Return the sum of the hashes of the rows."""
        return sum(digest_rows(piece, model, replication, hashes) for piece in self.pieces())

    def pieces(self) -> Iterator[Matrix]:
        """Yield the rows in stretches that fit the processor's caches, ``PIECE`` rows or so each."""
        for start in range(0, len(self.rows), PIECE):
            yield Matrix(self.rows[start : start + PIECE])


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

    def narrow(self, name: str) -> Integers:
        """Return one column of ``FIELDS``."""
        return self.column(name)

    def columns(self, model: Model) -> Columns:
        """Return ``read_columns`` of the rows."""
        return read_columns(self, model)

    def digest(self, model: Model, replication: int, hashes: Hashes) -> int:
        """Return the sum of the hashes of the rows."""
        return Matrix(self.matrix()).digest(model, replication, hashes)

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


def column(log: Rows, name: str, model: Model) -> Integers:
    """Return a log column but ``run``, ``replication`` and ``recipient`` names as integers; -1 or MISSING: empty."""
    if name == "provider":
        providers = names(model)["provider"]
        of_sender = np.array([providers.index(sender.provider) for sender in model.senders] + [-1], dtype=np.int32)
        return of_sender[log.narrow("sender")]
    if name == "direction":
        incoming = np.zeros(len(EVENT_NAMES), dtype=np.int32)
        incoming[list(INCOMING)] = 1
        return np.where(log.narrow("recipient") >= 0, incoming[log.narrow("event")], np.int32(-1))
    return log.narrow("reason").astype(np.int32) - 1 if name == "reason" else log.narrow(name)


def read_columns(log: Rows, model: Model) -> Columns:
    """Return all columns of ``policies.records.COLUMNS`` but ``run`` and ``replication``, each as ``column`` does."""
    return {wanted.name: column(log, wanted.name, model) for wanted in COLUMNS if wanted.name not in OF_RUN}


def to_arrow(log: Rows, model: Model, *, run: str, replication: int) -> pa.Table:
    """Return the log as an Arrow table with the columns of ``policies.records.COLUMNS``."""
    known = names(model)
    size = len(log)
    columns = log.columns(model)
    arrays: list[pa.Array] = []
    for wanted in COLUMNS:
        if wanted.name == "run":
            arrays.append(_dictionary(np.zeros(size, dtype=np.int32), [run]))
        elif wanted.name == "replication":
            arrays.append(pa.array(np.full(size, replication, dtype=np.int64)))
        elif wanted.name == "recipient":
            arrays.append(_recipients(columns["recipient"], model))
        elif wanted.type == "text":
            arrays.append(_dictionary(columns[wanted.name], known[wanted.name]))
        else:
            values = columns[wanted.name].astype(np.int64, copy=False)
            arrays.append(_where(values, values != (-1 if wanted.name == "attempt" else MISSING)))
    return pa.table(arrays, names=[wanted.name for wanted in COLUMNS])


def _where(values: Integers, filled: npt.NDArray[np.bool_]) -> pa.Array:
    """Return an Arrow array of the values, of which those not ``filled`` are null; nothing is copied."""
    kind = pa.from_numpy_dtype(values.dtype)
    empty = len(values) - int(np.count_nonzero(filled))
    mask = pa.py_buffer(np.packbits(filled, bitorder="little")) if empty else None
    return pa.Array.from_buffers(kind, len(values), [mask, pa.py_buffer(np.ascontiguousarray(values))], empty)


def _dictionary(codes: Integers, values: Sequence[str]) -> pa.DictionaryArray:
    """Return names by code. The check is made here: that of Arrow takes 2 ns a row (measured)."""
    if len(codes) and codes.max() >= len(values):
        raise IndexError(f"a code of the log is {codes.max()}, and there are {len(values)} names")
    indices = _where(codes.astype(np.int32, copy=False), codes >= 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(values), type=pa.string()), safe=False)


def _recipients(codes: Integers, model: Model) -> pa.DictionaryArray:
    """Only the people who occur become part of the dictionary: a run of few does not carry the whole base."""
    people = _where(codes.astype(np.int32, copy=False), codes >= 0).dictionary_encode()
    return pa.DictionaryArray.from_arrays(people.indices, model.people.ids_of(people.dictionary.to_numpy()), safe=False)


def log_hash(log: Rows, model: Model, replication: int) -> int:
    """Return the sum modulo 2**128 of a 128-bit hash of each row in canonical form.

    Names enter by their own hash and recipients by their key, never by position, so the result does not depend on the
    order of rows, the engine, or the number of workers; the hashes of two stretches add up to that of both.
    """
    return log.digest(model, replication, name_hashes(model)) % 2**128


def name_hashes(model: Model) -> Hashes:
    """Return the words of the names of each coded column, and 0 for none as the last."""
    known = names(model)
    return {
        wanted.name: np.array([*(name_key(f"{wanted.name}={name}") for name in known[wanted.name]), 0], dtype=np.uint64)
        for wanted in COLUMNS
        if wanted.type == "text" and wanted.name in known
    }


def first_words(replication: int) -> tuple[int, int]:
    """Return the high and the low word of a hash before the columns of its row enter."""
    high, low = (name_key("log row, high"), name_key("log row, low"))
    return combine(high, replication), mix(combine(low, replication) ^ LOW_TURN)


def digest_rows(rows: Rows, model: Model, replication: int, hashes: Hashes) -> int:
    """Return the sum of the hashes of the rows; ``hashes`` are ``name_hashes``."""
    high, low = (np.full(len(rows), word, dtype=np.uint64) for word in first_words(replication))
    for wanted in COLUMNS:
        if wanted.name in OF_RUN:
            continue
        values = column(rows, wanted.name, model)
        if wanted.name == "recipient":
            words = np.where(values >= 0, model.people.key[values], np.uint64(0))
        else:
            known = wanted.name in hashes
            words = hashes[wanted.name][values] if known else values.astype(np.int64, copy=False).view(np.uint64)
        high, low = _absorb(high, low, words)
    return (_total(high) << 64) + _total(low)


def _absorb(high: UInt64s, low: UInt64s, words: UInt64s) -> tuple[UInt64s, UInt64s]:
    return combine_array(high, words), mix_array(combine_array(low, words) ^ np.uint64(LOW_TURN))


def _total(words: UInt64s) -> int:
    upper = int((words >> np.uint64(32)).sum(dtype=np.uint64))
    return (upper << 32) + int((words & np.uint64(0xFFFFFFFF)).sum(dtype=np.uint64))
