"""What is said of rows that are kept with a doubt, and of rows that are turned away."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Lines = npt.NDArray[np.uint32]
"""Line numbers of a file: four thousand million lines are more than any memory here holds people."""
Mask = npt.NDArray[np.bool_]

MEANINGS: dict[str, str] = {
    "attribute not in the file": "the scenario uses this column and the file lacks it",
    "columns not used": "nothing asks for them; a column of another name than ours needs a mapping",
    "blank line": "a line without any cell; skipped",
    "file decoded from another encoding": "the file is not UTF-8; it was read in the encoding it seems to have",
    "time zone not known": "no IANA zone of that name (misspelt?); the next source of the zone was used",
    "address not in the table of places": "the city is not known to us; the next source of the zone was used",
    "address and time zone disagree": "the two show different clocks; the address is trusted more",
    "subdivision not known": "no such part of the country: rules of its parts answer unknown where they are not kept",
    "subdivision of another country": "it lies in another country than the number: the number's country was kept",
    "zone known only by country": "every zone of the country is possible: a time rule must hold in all of them",
    "zone not known at all": "neither address, zone, number nor country tell the zone: time rules answer unknown",
    "no phone": "kept because an e-mail address or a push token is known; no message that needs a number",
    "number is not a mobile": "a valid number that cannot receive SMS: sms, flash_call and voice are absent",
    "e-mail not plausible": "the address cannot exist: the e-mail channel is absent",
    "not a date": "no such day, or not a date (write YYYY-MM-DD): treated as not known",
    "order in the future": "the last order is later than the clock's start: treated as not known",
    "order date missing": "there were orders but the day of the last is not known",
    "not a number": "a cell that should hold a number does not: treated as not known",
    "not yes or no": "a cell that should hold 0 or 1 does not: treated as 0",
    "negative number": "a count cannot be negative: treated as not known",
    "consent in the future": "the consent is dated after the clock's start: it does not count before that day",
    "consent without date": "nobody can tell whether it was given before the message",
    "consent without channels": "it names no channel: rules on consent answer unknown",
    "consent without topics": "it names no topic: rules on consent answer unknown",
    "consent without evidence": "nothing tells how it was given: rules that ask for a proof are not met",
    "consent channel not known": "a channel that is none of ours; left out of the consent",
    "consent topic not known": "a topic that is none of ours; left out of the consent",
    "consent given before the age of 18": "a minor's consent; whether a parent's was needed must be checked",
    "opt-out before the consent": "which of the two counts is unclear; the opt-out is kept and stands",
    "opt-out without channel": "read as an opt-out from every channel",
    "opt-out without date": "the day is not known; it counts from the beginning",
    "opt-out channel not known": "read as an opt-out from every channel",
    "opt-out in the future": "dated after the clock's start; it acts from that day on",
    "opt-out of a duplicate": "a row that was turned away as a duplicate held an opt-out; the kept row got it",
    "register not known": "an entry that is none of ours, or whose date is no date: rules on registers answer unknown",
    "register without date": "a refusal counts from the beginning; of a consent it is not known since when",
    "under 18": "the person is a minor by year of birth",
    "may be under 18": "turns 18 in the year of the clock's start",
    "year of birth not plausible": "no such year, or a person of more than 120 years",
    "language missing": "the language of the person is not known",
    "language not known": "not an ISO 639 code of two or three letters",
    "name missing": "texts that address the person by name lack it",
    "overdue amounts not in the scenario's currency": "the column is in roubles; the figures were taken as they are",
    "number range without a known region": "no zone could be told for this range of numbers",
    "overdue amount without date": "since when is not known: rules on debts answer unknown",
    "overdue date without amount": "the amount is not known; 0 was noted",
    "overdue date in the future": "a debt that is not overdue yet",
    "feature phone with apps": "a button phone cannot run them: messengers are absent",
}
"""Reason -> what it means for the rehearsal. Every notice uses one of these reasons."""


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that was turned away. ``line`` is the line of the file where the row begins (Parquet: the row number)."""

    line: int
    column: str
    reason: str
    value: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A doubt about rows that were kept: how many, and the line of the first."""

    reason: str
    count: int
    example_line: int
    meaning: str


@dataclass(slots=True)
class Tally:
    """Counts doubts while batches pass; a reason may carry a detail, as in ``not a date: last_order_at``.

    The rows in doubt are kept as bits until the duplicates among them are known.
    """

    rows_before: int = 0
    hits: dict[str, list[tuple[int, int, npt.NDArray[np.uint8]]]] = field(default_factory=dict)
    counted: list[Notice] = field(default_factory=list)

    def rows(self, reason: str, mask: Mask, detail: str = "") -> None:
        """Remember the rows of ``mask`` among the rows of this batch."""
        if mask.any():
            bits = (self.rows_before, len(mask), np.packbits(mask))
            self.hits.setdefault(_key(reason, detail), []).append(bits)

    def next_batch(self, rows: int) -> None:
        """Say that the batch is over; it had this many rows."""
        self.rows_before += rows

    def count(self, reason: str, count: int, line: int, detail: str = "") -> None:
        """Note ``count`` rows at once, the first of them on ``line``."""
        if count:
            self.counted.append(Notice(_key(reason, detail), count, line, MEANINGS[reason]))

    def notices(self, lines: Lines, keep: Mask) -> list[Notice]:
        """Return the notices about the rows that are kept, the most frequent first."""
        found = list(self.counted)
        for key, batches in self.hits.items():
            count, first = 0, []
            for start, size, bits in batches:
                hit = np.unpackbits(bits, count=size).astype(np.bool_) & keep[start : start + size]
                count += int(hit.sum())
                first += [int(lines[start : start + size][hit].min())] if hit.any() else []
            if first:
                found.append(Notice(key, count, min(first), MEANINGS[key.split(":", 1)[0]]))
        return sorted(found, key=lambda notice: (-notice.count, notice.reason))


def _key(reason: str, detail: str) -> str:
    assert reason in MEANINGS, reason
    return f"{reason}: {detail}" if detail else reason
