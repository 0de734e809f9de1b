"""What a log tells the rules, as integers: its messages, and the other events that go before them.

Names become their place in a list. Rows of which no rule asks anything are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.kinds.base import TEMPLATE_STATES
from policies.logs.file import LogFile, batches_of
from policies.logs.groups import Groups, shift_for
from policies.logs.records import BOUGHT, CHANGED, CODED, LEFT, RECORD, REFUSED, REPLIED, SUBMITTED, Table, keep_rows
from policies.logs.words import LastPlaces, codes_and_words, still
from policies.people import Int64s, People
from policies.records import CATEGORIES, CHANNELS, MISSING

Bools = npt.NDArray[np.bool_]

LOG_COLUMNS = (
    "recipient", "channel", "category", "campaign", "sender", "template", "event", "reason", "occurred_at",
    "received_at",
)  # fmt: skip
"""The columns that say what a message was and what went before it."""
STATE_OF_REASON = {
    "submitted": "pending", "approved": "approved", "rejected": "rejected", "paused": "paused", "resumed": "approved",
    "disabled": "disabled",
}  # fmt: skip
KIND_OF_EVENT = {
    "submitted": SUBMITTED, "rejected": REFUSED, "unsubscribed": LEFT, "replied": REPLIED, "purchased": BOUGHT,
    "template_state": CHANGED,
}  # fmt: skip
COMPILE_FROM = 20_000
"""Rows from which compiled code is used: below, plain Python is done before numba is loaded (measured)."""
NO_REASON = -2
"""A code that no row has."""


@dataclass(frozen=True, slots=True)
class LogRows:
    """The log as records (policies.logs.records).

    ``messages`` are all that were sent, refused ones too, stretch by stretch (policies.logs.groups): those of group g
    in stretch s end before ``ends[s, g]``, and ``shift`` tells the group of a recipient. ``left``, ``replies`` and
    ``bought`` are opt-outs, replies and purchases by recipient, else in the order of the log; ``changes`` those of
    templates. ``received`` is when the company learned of each opt-out, MISSING where empty; ``states`` the state after
    each change, MISSING where it is none of ours; ``approved`` marks approvals.
    """

    messages: Table
    ends: Int64s
    shift: int
    left: Table
    replies: Table
    bought: Table
    changes: Table
    received: Int64s
    states: Int64s
    approved: Bools


def read_rows(
    log: pa.Table | LogFile, people: People, campaigns: Sequence[str], senders: Sequence[str],
    templates: Sequence[str], *, part: int | None = None,
) -> LogRows:  # fmt: skip
    """Return the rows of a log that has LOG_COLUMNS.

    With ``part``, messages are grouped by recipient, about ``part`` in a group; without, they stand as in the log.
    """
    names = (tuple(KIND_OF_EVENT), CHANNELS, CATEGORIES, campaigns, senders, templates)
    shift = shift_for(len(log), len(people), part)
    reader = _Reader(people, dict(zip(CODED, names, strict=True)), len(log), Groups(len(log), len(people), shift))
    first = 0
    for batch in batches_of(log, LOG_COLUMNS):
        reader.take(batch, first)
        first += len(batch)
    return reader.rows()


@dataclass(slots=True)
class _Reader:
    """Takes in the batches of a log of ``size`` rows."""

    people: People
    names: dict[str, Sequence[str]]
    size: int
    groups: Groups
    others: list[Table] = field(default_factory=list)
    kinds: list[npt.NDArray[np.int8]] = field(default_factory=list)
    received: list[Int64s] = field(default_factory=list)
    reasons: list[list[str | None]] = field(default_factory=list)
    places: LastPlaces = field(init=False)

    def __post_init__(self) -> None:
        self.places = LastPlaces(self.people, self.size)

    def take(self, batch: pa.RecordBatch, first: int) -> None:
        """Take in the rows of a batch that begins at row ``first`` of the log."""
        columns = {name: codes_and_words(batch.column(name)) for name in (*CODED, "reason")}
        reasons, words = columns.pop("reason")
        lookups = [_places(columns[name][1], self.names[name]) for name in CODED]
        lookups[0] = still(np.array([*KIND_OF_EVENT.values(), 0], np.int32)[lookups[0]])
        others, kinds = np.empty(len(batch), RECORD), np.empty(len(batch), np.int8)
        go: Callable[..., tuple[int, int]] = _machine() if self.size >= COMPILE_FROM else keep_rows
        found, rest = go(
            _ints(batch, "occurred_at"), self.places(batch.column("recipient")), reasons,
            *(columns[name][0] for name in CODED), *lookups, _code(words, "not_accepted"), first,
            self.groups.room_for(len(batch)), others, kinds,
        )  # fmt: skip
        self.groups.taken(found)
        self._note(others[:rest].copy(), kinds[:rest].copy(), batch, first)

    def _note(self, others: Table, kinds: npt.NDArray[np.int8], batch: pa.RecordBatch, first: int) -> None:
        """Keep what is no message, with what only such rows are asked for."""
        self.others.append(others)
        self.kinds.append(kinds)
        rows = others["row"].astype(np.int64) - first
        self.received.append(_ints(batch, "received_at")[rows[kinds == LEFT]])
        changed = batch.column("reason").take(pa.array(rows[kinds == CHANGED]))
        self.reasons.append(changed.to_pylist())

    def rows(self) -> LogRows:
        """Return everything that was taken in."""
        others = np.concatenate([np.empty(0, RECORD), *self.others])
        kinds = np.concatenate([np.empty(0, np.int8), *self.kinds])
        states = {word: TEMPLATE_STATES.index(name) for word, name in STATE_OF_REASON.items()}
        reasons = [reason for part in self.reasons for reason in part]
        messages, ends = self.groups.whole()
        received = np.concatenate([np.empty(0, np.int64), *self.received])
        return LogRows(
            messages=messages,
            ends=ends,
            shift=self.groups.shift,
            left=_by_recipient(others[kinds == LEFT]),
            replies=_by_recipient(others[kinds == REPLIED]),
            bought=_by_recipient(others[kinds == BOUGHT]),
            changes=others[kinds == CHANGED],
            received=received[np.argsort(others["recipient"][kinds == LEFT], kind="stable")],
            states=np.array([states.get(reason or "", MISSING) for reason in reasons], np.int64),
            approved=np.array([reason == "approved" for reason in reasons], np.bool_),
        )


def _by_recipient(events: Table) -> Table:
    return events[np.argsort(events["recipient"], kind="stable")]


@cache
def _machine() -> Callable[..., tuple[int, int]]:
    """Return ``keep_rows`` compiled."""
    from policies.jit import compiled

    return compiled(keep_rows)


def _ints(batch: pa.RecordBatch, name: str) -> Int64s:
    column = batch.column(name).cast(pa.int64())
    known = column.fill_null(MISSING) if column.null_count else column
    values: Int64s = still(known.to_numpy(zero_copy_only=False))
    return values


def _places(words: list[str | None], known: Sequence[str]) -> npt.NDArray[np.int32]:
    """Return the place of each word in ``known``, and -1 behind them; -1 where it is not there."""
    place = {name: index for index, name in reversed(list(enumerate(known)))}
    found = [place.get(word, -1) if word is not None else -1 for word in words]
    places: npt.NDArray[np.int32] = still(np.array([*found, -1], np.int32))
    return places


def _code(words: list[str | None], word: str) -> int:
    return words.index(word) if word in words else NO_REASON
