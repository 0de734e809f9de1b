"""Who got the message by which channel: one row a recipient and campaign, as a table and as CSV."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from policies.records import MISSING, NEVER
from prelaunch.summary.columns import Int64s, Log, one_replication, read_log, replications_of
from prelaunch.summary.plain import decimal_text
from prelaunch.summary.reach import first_times

Showing = Callable[[str], str]
"""How a recipient is shown: a keyed hash of the external id, or the id itself."""
COLUMNS = (
    "recipient", "campaign", "outcome", "channel", "reached_at", "reported_at", "read_at",
    "messages_submitted", "messages_delivered", "cost",
)  # fmt: skip
"""``channel`` is that of the first message delivered, ``reported_at`` when the company was first told of a delivery;
instants are ISO 8601 UTC text, empty where it did not happen; ``cost`` is exact decimal text in the run's currency."""
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$")


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: such a text gets an apostrophe in front."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def instant_cells(at: Int64s) -> pa.Array:
    """Return instants as ISO text in UTC to the second; NEVER becomes the empty text."""
    known = at < NEVER
    stamps = np.datetime_as_string(at[known].astype("datetime64[us]"), unit="s")
    texts = np.full(len(at), "", object)
    texts[known] = [f"{stamp}Z" for stamp in stamps.tolist()]
    return pa.array(texts, type=pa.string())


def word_cells(words: Sequence[str], codes: Int64s) -> pa.Array:
    """Return texts by code; -1 becomes the empty text."""
    known = pa.array([*(harmless(word) for word in words), ""], type=pa.string())
    return known.take(pa.array(np.where(codes < 0, len(words), codes)))


def _counted(log: Log, event: str) -> pa.Array:
    rows = log.is_(event) & (log.pair >= 0)
    return pa.array(np.bincount(log.pair[rows], minlength=len(log.pair_campaign)))


def _costs(log: Log) -> pa.Array:
    paid = (log.pair >= 0) & (log.cost != MISSING)
    total = np.zeros(len(log.pair_campaign), np.int64)
    np.add.at(total, log.pair[paid], log.cost[paid])
    distinct, inverse = np.unique(total, return_inverse=True)
    return word_cells([decimal_text(micro) for micro in distinct.tolist()], inverse)


def recipient_table(table: pa.Table, show: Showing) -> pa.Table:
    """Return ``COLUMNS`` for each recipient and campaign of the first replication, by campaign, then by external id.

    ``show`` turns an external id into what may be shown. Texts that a spreadsheet would run as formulas get an
    apostrophe in front.
    """
    log = read_log(one_replication(table, replications_of(table)[0]))
    times = first_times(log)
    outcome = np.select(
        [times.held_out == 1, times.read_fate < NEVER, times.delivered_fate < NEVER], [0, 1, 2], default=3
    )
    arrays = [
        word_cells([show(word) for word in log.recipient.words], log.pair_recipient),
        word_cells(log.campaign.words, log.pair_campaign),
        word_cells(("held out", "read", "delivered", "not reached"), outcome),
        word_cells(log.channel.words, times.channel),
        *(instant_cells(at) for at in (times.delivered_fate, times.delivered_report, times.read_fate)),
        *(_counted(log, event) for event in ("submitted", "delivered")),
        _costs(log),
    ]
    return pa.table(arrays, names=list(COLUMNS))


def recipients_csv(recipients: pa.Table) -> bytes:
    """Return the table as CSV in UTF-8, with a mark at its start so that spreadsheets read the letters right."""
    from pyarrow import csv

    out = io.BytesIO()
    out.write("\ufeff".encode())
    csv.write_csv(recipients, out, csv.WriteOptions(quoting_style="needed"))
    return out.getvalue()
