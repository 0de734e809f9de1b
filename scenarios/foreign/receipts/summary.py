"""The receipts of a log, summed up: what became of messages, and what contradicts itself, counted and with examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.evidence import Showing
from policies.instants import instant_text
from scenarios.foreign.fields import RECEIPTS
from scenarios.foreign.read import Foreign
from scenarios.foreign.receipts.disagree import KINDS, Fates, disagreements, fates_of
from scenarios.foreign.receipts.told import STRANGER, Told, strange_words, told

Int64s = npt.NDArray[np.int64]

EXAMPLES = 3
"""Examples of each contradiction."""
MOST_WORDS = 20
"""Unknown statuses that are named; all are counted."""


@dataclass(frozen=True, slots=True)
class Example:
    """A row that shows a contradiction, and what else is told of its message. ``at`` is ISO 8601, "" if not told."""

    file: str
    line: int
    recipient: str
    at: str
    told: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One kind of contradiction, how many messages or receipts show it, the first few of them."""

    kind: str
    meaning: str
    count: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Receipts:
    """What the receipts of a log say. ``fates`` counts messages that were handed over; ``by_id`` says whether rows
    were brought together by the ids of messages; ``words`` are the unknown statuses with their counts."""

    messages: int
    receipts: int
    by_id: bool
    fates: dict[str, int]
    words: dict[str, int]
    found: tuple[Disagreement, ...]


def receipts_of(log: Foreign, showing: Showing) -> Receipts | None:
    """Return what the receipts say, or None where the log has neither receipts of known messages nor parts to count."""
    what = told(log)
    if not len(what.rows) and not log.habits.counts_segments:
        return None
    fates = fates_of(what)
    found = disagreements(log, what, fates)
    shown = tuple(
        Disagreement(kind, KINDS[kind], len(rows), tuple(_examples(log, what, rows[:EXAMPLES], showing)))
        for kind, rows in found.items()
        if len(rows)
    )
    words = dict(list(strange_words(log.table).items())[:MOST_WORDS])
    return Receipts(len(what.sent), len(what.rows), what.by_id, _counted(what, fates), words, shown)


def as_plain(receipts: Receipts) -> dict[str, Any]:
    """Return the receipts as JSON values."""
    return {
        "messages": receipts.messages, "receipts": receipts.receipts, "matched_by_id": receipts.by_id,
        "fates": receipts.fates, "unknown_statuses": receipts.words,
        "disagreements": [
            {"kind": item.kind, "meaning": item.meaning, "count": item.count,
             "examples": [{name: getattr(example, name) for name in Example.__slots__} for example in item.examples]}
            for item in receipts.found
        ],
    }  # fmt: skip


def _counted(what: Told, fates: Fates) -> dict[str, int]:
    """Return how many messages were delivered, failed, or are of unknown fate; delivered wins."""
    reached, broke = fates.reached[what.sent_of], fates.broke[what.sent_of]
    return {
        "delivered": int(reached.sum()),
        "failed": int((broke & ~reached).sum()),
        "not told": int((~reached & ~broke).sum()),
    }


def _examples(log: Foreign, what: Told, rows: Int64s, showing: Showing) -> list[Example]:
    found = []
    for row in rows.tolist():
        recipient, at = log.table["recipient"][row].as_py(), log.table["occurred_at"][row].as_py()
        found.append(Example(
            log.files[log.file_of[row]], int(log.lines[row]), showing(recipient) if recipient else "",
            instant_text(at) if at is not None else "", _story(what, _message(what, row)),
        ))  # fmt: skip
    return found


def _message(what: Told, row: int) -> int:
    """Return the message of a row that is a receipt or a hand-over; rows stand in order."""
    place = int(np.searchsorted(what.rows, row))
    if place < len(what.rows) and what.rows[place] == row:
        return int(what.of[place])
    return int(what.sent_of[np.searchsorted(what.sent, row)])


def _story(what: Told, message: int) -> str:
    """Return the receipts of a message in order of time."""
    mine = np.flatnonzero(what.of == message)
    mine = mine[np.argsort(what.at[mine], kind="stable")]
    words = ["unknown" if what.status[one] == STRANGER else RECEIPTS[what.status[one]] for one in mine.tolist()]
    return ", ".join(words) or "no receipt"
