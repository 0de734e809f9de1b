"""The event log as flat arrays: texts as codes, instants and money as int64, recipients numbered by campaign."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.errors import InputError, Problem
from policies.records import COLUMNS, EVENT_NAMES, MISSING

Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Coded:
    """A text column: ``codes`` index ``words``; -1 where the text is empty."""

    codes: Int64s
    words: tuple[str, ...]

    def word(self, code: int) -> str | None:
        """Return the text of a code, ``None`` for -1."""
        return None if code < 0 else self.words[code]


@dataclass(frozen=True, slots=True)
class Log:
    """Rows of one replication. Arrays have one entry a row; ``MISSING`` stands for an empty number.

    ``event`` is an index in ``EVENT_NAMES``. ``pair`` numbers each recipient of each campaign from 0, campaign by
    campaign in the order of names; -1 where the row lacks either.
    """

    event: Int64s
    campaign: Coded
    recipient: Coded
    step: Coded
    channel: Coded
    sender: Coded
    template: Coded
    category: Coded
    charge: Coded
    rule: Coded
    reason: Coded
    occurred_at: Int64s
    received_at: Int64s
    units: Int64s
    cost: Int64s
    until: Int64s
    pair: Int64s
    pair_campaign: Int64s  # by pair: code of its campaign
    pair_recipient: Int64s  # by pair: code of its recipient

    def __len__(self) -> int:
        return len(self.event)

    def is_(self, *names: str) -> Mask:
        """Return the rows of the named events."""
        wanted = np.zeros(len(EVENT_NAMES) + 1, bool)
        wanted[[EVENT_NAMES.index(name) for name in names]] = True
        chosen: Mask = wanted[self.event]
        return chosen

    def take(self, rows: Int64s | Mask) -> Log:
        """Return the log with these rows only; the numbering of recipients stays."""
        kept: dict[str, object] = {}
        for name in (f.name for f in fields(self)):
            value = getattr(self, name)
            if isinstance(value, Coded):
                kept[name] = Coded(value.codes[rows], value.words)
            else:
                kept[name] = value if name in ("pair_campaign", "pair_recipient") else value[rows]
        return Log(**kept)  # type: ignore[arg-type]  # the fields of Log itself, one by one


def _coded(table: pa.Table, name: str) -> Coded:
    """Return a text column with its words sorted, so that codes do not depend on the order of rows."""
    if name not in table.column_names or not len(table):
        return Coded(np.full(len(table), -1, np.int64), ())
    column = table.column(name)
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column.cast(pa.string()))
    array = column.unify_dictionaries().combine_chunks()
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    words = array.dictionary.cast(pa.string()).fill_null("")
    codes = array.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    distinct = pc.unique(words)
    ordered = distinct.take(pc.sort_indices(distinct))
    rank = pc.index_in(words, ordered).cast(pa.int64()).to_numpy(zero_copy_only=False)
    return Coded(np.append(rank, -1)[codes], tuple(ordered.to_pylist()))


def _numbers(table: pa.Table, name: str) -> Int64s:
    if name not in table.column_names or not len(table):
        return np.full(len(table), MISSING, np.int64)
    column = table.column(name)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
    values: Int64s = column.cast(pa.int64()).fill_null(MISSING).to_numpy()
    return values


def _events(table: pa.Table) -> Int64s:
    coded = _coded(table, "event")
    unknown = [word for word in coded.words if word not in EVENT_NAMES]
    if unknown:
        raise InputError([Problem("log: event", f"unknown event {word!r}", "map it to one of docs/columns.md")
                          for word in unknown])  # fmt: skip
    index = np.array([EVENT_NAMES.index(word) for word in coded.words] + [len(EVENT_NAMES)], np.int64)
    return index[coded.codes]


def _check(table: pa.Table) -> None:
    """Raise ``InputError`` with every column that a summary cannot do without."""
    needed = [c.name for c in COLUMNS if not c.nullable and c.name not in ("run", "replication")]
    absent = [name for name in needed if name not in table.column_names]
    if absent:
        raise InputError([Problem(f"log: {name}", "the column is missing", "map it to a column of your log")
                          for name in absent])  # fmt: skip


def replications_of(table: pa.Table) -> tuple[int, ...]:
    """Return the replications a log holds, ascending; ``(0,)`` for a log without that column or without rows."""
    if "replication" not in table.column_names or not len(table):
        return (0,)
    return tuple(sorted(int(value) for value in pc.unique(table.column("replication")).to_pylist()))


def _pairs(campaign: Coded, recipient: Coded) -> tuple[Int64s, Int64s, Int64s]:
    """Return the number of each row's recipient x campaign, and by number: codes of campaign and recipient."""
    width = max(len(recipient.words), 1)
    both = (campaign.codes >= 0) & (recipient.codes >= 0)
    keys, inverse = np.unique(campaign.codes[both] * width + recipient.codes[both], return_inverse=True)
    pair = np.full(len(both), -1, np.int64)
    pair[both] = inverse
    return pair, keys // width, keys % width


def read_log(table: pa.Table) -> Log:
    """Return the log as arrays; raises ``InputError`` for a missing column or an unknown event."""
    _check(table)
    campaign, recipient = _coded(table, "campaign"), _coded(table, "recipient")
    pair, pair_campaign, pair_recipient = _pairs(campaign, recipient)
    return Log(
        event=_events(table),
        campaign=campaign,
        recipient=recipient,
        step=_coded(table, "step"),
        channel=_coded(table, "channel"),
        sender=_coded(table, "sender"),
        template=_coded(table, "template"),
        category=_coded(table, "category"),
        charge=_coded(table, "charge"),
        rule=_coded(table, "rule"),
        reason=_coded(table, "reason"),
        occurred_at=_numbers(table, "occurred_at"),
        received_at=_numbers(table, "received_at"),
        units=_numbers(table, "units"),
        cost=_numbers(table, "cost"),
        until=_numbers(table, "until"),
        pair=pair,
        pair_campaign=pair_campaign,
        pair_recipient=pair_recipient,
    )


def one_replication(table: pa.Table, which: int) -> pa.Table:
    """Return the rows of one replication; a log without that column is one replication."""
    if "replication" not in table.column_names or replications_of(table) == (which,):
        return table
    return table.filter(pc.equal(table.column("replication"), which))
