"""Which messages' receipts contradict each other, the hand-over or the bill. Nothing here changes a verdict of a rule.

A message that was both delivered and failed counts as delivered: somebody's device has it (WhatsApp says so of several
devices of one person).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.content.segments import count_segments
from policies.records import MISSING, NEVER
from scenarios.foreign.again import ints
from scenarios.foreign.fields import RECEIPTS
from scenarios.foreign.read import Foreign
from scenarios.foreign.receipts.told import STRANGER, Told

Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ACCEPTED, DELIVERED, READ, CLICKED, FAILED, LAPSED = range(len(RECEIPTS))
KINDS = {
    "delivered_after_failed": "a delivery was reported after a failure",
    "finals_differ": "two final receipts differ: delivered and failed, or failed and lapsed",
    "read_without_delivered": "read or clicked, and never reported as delivered",
    "before_handover": "a receipt of a time before the message was handed over",
    "unknown_message": "a receipt for a message that the log does not have",
    "repeated": "the same receipt twice in one file",
    "charge_without_delivery": "charged, though the price is for delivery and none was reported",
    "segments_differ": "the parts that were billed are not those of the text",
    "unknown_status": "a status that neither prelaunch nor the mapping knows",
}
"""What may be wrong, in the order in which it is shown."""
REPEATABLE = (ACCEPTED, CLICKED, STRANGER)
"""What may be told of a message more than once."""


@dataclass(frozen=True, slots=True)
class Fates:
    """What the receipts say of each message: when it was first delivered or read, failed, lapsed (NEVER: not)."""

    delivered: Int64s
    opened: Int64s
    failed: Int64s
    lapsed: Int64s

    @property
    def reached(self) -> Bools:
        """Say which messages were delivered, or read, which nobody can without."""
        return _mask((self.delivered != NEVER) | (self.opened != NEVER))

    @property
    def broke(self) -> Bools:
        """Say which messages failed or lapsed by some receipt."""
        return _mask((self.failed != NEVER) | (self.lapsed != NEVER))


def fates_of(what: Told) -> Fates:
    """Return the fate of each message. A receipt without a time counts as of no known instant (MISSING)."""
    return Fates(*(_first(what, codes) for codes in ((DELIVERED,), (READ, CLICKED), (FAILED,), (LAPSED,))))


def _first(what: Told, codes: tuple[int, ...]) -> Int64s:
    first = np.full(what.messages, NEVER, np.int64)
    mine = np.isin(what.status, codes)
    np.minimum.at(first, what.of[mine], what.at[mine])
    return first


def disagreements(log: Foreign, what: Told, fates: Fates) -> dict[str, Int64s]:
    """Return the rows of the log that show each of KINDS: one for each message, or each receipt of it that is wrong."""
    row_of = _row_of(what)
    late = _delivered_after_failed(fates)
    known = {
        "delivered_after_failed": row_of[late],
        "finals_differ": row_of[_finals_differ(fates) & ~late],
        "read_without_delivered": row_of[_read_alone(log, what, fates)],
        "before_handover": what.rows[_early(log, what)],
        "unknown_message": what.rows[_unknown(log, what)],
        "repeated": what.rows[_repeated(log, what)],
        "charge_without_delivery": _charged(log, what, fates),
        "segments_differ": _segments(log, what),
        "unknown_status": what.rows[what.status == STRANGER],
    }
    return {kind: known[kind] for kind in KINDS}


def _mask(which: npt.ArrayLike) -> Bools:
    return np.asarray(which, np.bool_)


def _row_of(what: Told) -> Int64s:
    """Return the row by which each message is shown: its last receipt, else its hand-over."""
    row = np.full(what.messages, -1, np.int64)
    row[what.sent_of] = what.sent
    row[what.of] = what.rows
    return row


def _delivered_after_failed(fates: Fates) -> Bools:
    reached = np.minimum(fates.delivered, fates.opened)
    broke = np.minimum(fates.failed, fates.lapsed)
    told = (reached != NEVER) & (broke != NEVER) & (reached != MISSING) & (broke != MISSING)
    return _mask(told & (reached > broke))


def _finals_differ(fates: Fates) -> Bools:
    return _mask((fates.reached & fates.broke) | ((fates.failed != NEVER) & (fates.lapsed != NEVER)))


def _read_alone(log: Foreign, what: Told, fates: Fates) -> Bools:
    """Say which messages were read without delivery; a hand-over's own row tells the last status, which implies it."""
    if log.habits.read_implies_delivered:
        return np.zeros(what.messages, np.bool_)
    by_last = np.zeros(what.messages, np.bool_)
    by_last[what.of[~what.alone & np.isin(what.status, (READ, CLICKED))]] = True
    return _mask((fates.opened != NEVER) & (fates.delivered == NEVER) & ~by_last)


def _early(log: Foreign, what: Told) -> Bools:
    sent_at = np.full(what.messages, -NEVER, np.int64)
    sent_at[what.sent_of] = ints(log.table, "occurred_at")[what.sent]
    return _mask((what.at != MISSING) & (what.at < sent_at[what.of]))


def _unknown(log: Foreign, what: Told) -> Bools:
    unknown = what.of >= len(what.sent)
    if not log.habits.failed_alone:
        return unknown
    alone = np.ones(what.messages, np.bool_)
    alone[what.of[what.status != FAILED]] = False
    return unknown & ~alone[what.of]


def _repeated(log: Foreign, what: Told) -> Bools:
    """Say which receipts tell in one file what another one told of the message; the first of them is none."""
    again = np.zeros(len(what.rows), np.bool_)
    if not what.alone.any():
        return again  # each receipt stands in the row of its message
    rows = np.flatnonzero(~np.isin(what.status, REPEATABLE))
    file, status = log.file_of[what.rows[rows]], what.status[rows]
    order = np.lexsort((what.rows[rows], status, file, what.of[rows]))
    keys = np.stack((what.of[rows], file, status.astype(np.int64)))[:, order]
    again[rows[order[1:]]] = (keys[:, 1:] == keys[:, :-1]).all(axis=0)
    return again


def _charged(log: Foreign, what: Told, fates: Fates) -> Int64s:
    if log.habits.charged != "delivered":
        return np.zeros(0, np.int64)
    cost = ints(log.table, "cost")[what.sent]
    rows: Int64s = what.sent[(cost != MISSING) & (cost > 0) & ~fates.reached[what.sent_of]]
    return rows


def _segments(log: Foreign, what: Told) -> Int64s:
    """Return the hand-overs of SMS whose units are not the parts of their text; 0 says that nobody counted yet."""
    if not log.habits.counts_segments or not {"text", "units"} <= log.columns:
        return np.zeros(0, np.int64)
    units = ints(log.table, "units")[what.sent]
    parts = _parts(log.table)[what.sent]
    channel = pc.equal(log.table["channel"].cast(pa.string()), "sms").fill_null(False)
    sms = np.asarray(channel.to_numpy(), np.bool_)[what.sent]
    rows: Int64s = what.sent[sms & (units > 0) & (parts > 0) & (units != parts)]
    return rows


def _parts(table: pa.Table) -> Int64s:
    """Return how many parts an SMS of each row's text has, 0 without a text; each distinct text is counted once."""
    found = []
    known: dict[str, int] = {}
    for chunk in table["text"].chunks:
        words = chunk.dictionary.to_pylist()
        for word in words:
            if word is not None and word not in known:
                known[word] = count_segments(word).segments
        lookup = np.array([known[word] if word is not None else 0 for word in words] + [0], np.int64)
        found.append(lookup[chunk.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)])
    return np.concatenate(found)
