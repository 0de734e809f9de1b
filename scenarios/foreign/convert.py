"""From texts to typed columns: words become ours, times become instants, what cannot be read is said row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.records import CHANNELS, EVENTS, MISSING, NEVER, SECOND
from scenarios.audience.batches import Batch
from scenarios.audience.cells import BAD, NOTHING, parse_count, take
from scenarios.audience.consents import CHANNEL_WORDS, UNKNOWN_WORD, parse_channels, parse_topics
from scenarios.audience.zones import known_zones
from scenarios.foreign.amounts import amount
from scenarios.foreign.fields import COMPULSORY, FIELDS, IGNORED, OTHERS, STRANGE, Field
from scenarios.foreign.instants import FAULTS, NONE_WORDS, InstantReader
from scenarios.foreign.mapping import LogMapping
from scenarios.foreign.parties import as_phones, message_keys, swapped, with_prefixes, with_replies
from scenarios.foreign.stops import with_opt_outs

Int64s = npt.NDArray[np.int64]
Fault = tuple[int, str, str, str]
"""Line, column, reason, text of the cell."""

NOBODY = frozenset(event.name for event in EVENTS if event.origin == "scenario") - {"answered", "auto_replied"}
"""Events that are about no single recipient."""
SENT = frozenset({"submitted", "rejected"})
"""Events that are a message, so that they need a channel."""
ONE_CHANNEL = {word: CHANNELS[mask.bit_length() - 1] for word, mask in CHANNEL_WORDS.items() if mask.bit_count() == 1}
MOST_ID_BYTES = 256
DEFAULTS = {"event": "submitted", "replication": "0", "run": "log"}
CODED = pa.dictionary(pa.int32(), pa.string())
BILLED = {"units": 100_000, "cost": 1_000_000 * 10**6}
"""The most of one message, both *assumed*: more seconds than a day has, a million in any currency (in micro-units)."""
WORDED = ("text", "word", "status", "zones")
"""What is kept as words behind codes."""


@dataclass(slots=True)
class Converter:
    """Turns batches of texts into tables; ``ignored`` counts the rows that the mapping leaves out.

    ``country`` is that of phone numbers without one.
    """

    mapping: LogMapping
    country: str | None = None
    instants: InstantReader = field(init=False)
    pairs: dict[str, dict[str, str]] = field(init=False)
    ignored: int = 0
    _empty: dict[tuple[bool, int], pa.Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.instants = InstantReader(self.mapping.zone, self.mapping.time)
        self.pairs = {
            name: {theirs.casefold(): ours for theirs, ours in pairs.items()} | dict(pairs)
            for name, pairs in self.mapping.values.items()
        }

    def __call__(self, batch: Batch) -> tuple[pa.Table, Int64s, list[Fault]]:
        """Return the good rows of a batch, the line of each, and the faults of the others."""
        told = [item for item in FIELDS if self._is_told(batch, item)]
        texts = {item.name: self._texts(batch, item) for item in told}
        columns: dict[str, pa.Array] = {item.name: self._nothing(item, len(batch)) for item in FIELDS}
        faults: list[Fault] = []
        wrong = np.zeros(len(batch), np.bool_)
        bad_cells: dict[str, Int64s] = {}
        for item in told:
            column, bad = self._column(item, texts[item.name])
            columns[item.name], bad_cells[item.name] = column, bad
        self._settle(columns, texts, bad_cells)
        for name, bad in bad_cells.items():
            self._say(batch, name, texts.get(name, texts["recipient"]), bad, wrong, faults)
        for name, bad in self._lacking(columns):
            self._say(batch, name, texts[name], np.where(bad_cells[name] >= 0, -1, bad), wrong, faults, ("is empty",))
        ignored = _is(columns["event"], (IGNORED,)) & ~wrong
        self.ignored += int(ignored.sum())
        keep = ~wrong & ~ignored
        table = pa.table(columns)
        return table if keep.all() else table.filter(pa.array(keep)), batch.lines[keep], sorted(faults)

    def _settle(
        self, columns: dict[str, pa.Array], texts: dict[str, pa.DictionaryArray], bad: dict[str, Int64s]
    ) -> None:
        """Settle who wrote to whom, what is an answer and what an opt-out, and which rows are of one message."""
        if self.mapping.inbound == "swapped":
            swapped(columns, bad)
        if self.mapping.recipients == "phones":
            columns["channel"] = with_prefixes(columns["channel"], columns["recipient"])
            columns["recipient"] = as_phones(columns["recipient"], self.country)
        if "message" in texts:
            columns["message"] = message_keys(columns["message"], columns["recipient"])
        columns["event"] = with_replies(columns["event"], columns["direction"])
        columns["event"] = with_opt_outs(columns["event"], columns["text"])

    def _is_told(self, batch: Batch, item: Field) -> bool:
        always = item.name in DEFAULTS or item.name in COMPULSORY
        return always or item.name in batch.columns or item.name in self.mapping.constants

    def _nothing(self, item: Field, rows: int) -> pa.Array:
        """Return an empty column; the same memory for all that are alike."""
        key = item.holds in WORDED, rows
        if key not in self._empty:
            self._empty[key] = pa.nulls(rows, CODED if key[0] else pa.int64())
        return self._empty[key]

    def _texts(self, batch: Batch, item: Field) -> pa.DictionaryArray:
        column = batch.columns.get(item.name)
        if column is None:
            text = self.mapping.constants.get(item.name, DEFAULTS.get(item.name))
            column = pa.array([text] * len(batch), pa.string())
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        default = DEFAULTS.get(item.name)
        if default is not None and coded.null_count:
            coded = coded.dictionary_decode().fill_null(default).dictionary_encode()
        return coded

    def _column(self, item: Field, coded: pa.DictionaryArray) -> tuple[pa.Array, Int64s]:
        """Return the typed column and, a row, the index of its fault in REASONS (-1: none)."""
        words = coded.dictionary
        if item.holds == "instant":
            values, found = self.instants(words, exact=item.name == "occurred_at", none=bool(item.none))
            if item.name in ("last_inbound_at", "last_order_at"):
                values = np.where(values == NEVER, -NEVER, values)
            return _numbers(values, coded), _spread(found, coded)
        if item.name in ("recipient", "message"):
            return _identities(coded)
        texts = [(text or "").strip() for text in words.to_pylist()]
        if item.holds in WORDED:
            plain = [self._word(item, text) for text in texts]
            found = np.array([-1 if fault < 0 else fault for _, fault in plain], np.int64)
            return _recoded([word for word, _ in plain], coded), _spread(found, coded)
        numbers = [_number(item, text, self.mapping.amounts) for text in texts]
        found = np.array([fault for _, fault in numbers], np.int64)
        return _numbers(np.array([value for value, _ in numbers], np.int64), coded), _spread(found, coded)

    def _word(self, item: Field, text: str) -> tuple[str | None, int]:
        pairs = self.pairs.get(item.name, {})
        mapped = pairs.get(text, pairs.get(text.casefold(), pairs.get(OTHERS) if text else None))
        if mapped is not None:
            return (None if mapped == IGNORED and item.name != "event" else mapped or None), -1
        if item.holds == "zones":
            names = [name.strip() for name in text.split("|") if name.strip()]
            unknown = [name for name in names if name not in known_zones()]
            return ("|".join(names) or None), (_fault("is no IANA time zone") if unknown else -1)
        if text.lower() in NOTHING:
            return None, -1
        if item.holds == "text":
            return text, -1
        word = text.casefold()
        if item.holds == "status" and word not in item.words:
            return STRANGE + text, -1
        if item.name == "channel":
            word = ONE_CHANNEL.get(word, word)
        return (word, -1) if word in item.words else (None, _fault(f"is no {item.name} of ours"))

    def _lacking(self, columns: Mapping[str, pa.Array]) -> Iterator[tuple[str, Int64s]]:
        """Yield the columns without which a row of its event cannot stand, with 0 for a row that lacks it, else -1."""
        of_nobody, sent = _is(columns["event"], NOBODY), _is(columns["event"], SENT)
        ignored = _is(columns["event"], (IGNORED,))
        for name, needed in (("occurred_at", ~ignored), ("recipient", ~of_nobody & ~ignored), ("channel", sent)):
            empty = np.asarray(columns[name].is_null().to_numpy(zero_copy_only=False), np.bool_)
            yield name, np.where(empty & needed, 0, -1)

    def _say(
        self, batch: Batch, name: str, coded: pa.DictionaryArray, bad: Int64s, wrong: npt.NDArray[np.bool_],
        faults: list[Fault], reasons: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        for row in np.flatnonzero(bad >= 0).tolist():
            reason = (reasons or REASONS)[bad[row]]
            faults.append((int(batch.lines[row]), name, reason, str(coded[row].as_py() or "")[:80]))
        wrong |= bad >= 0


REASONS = (
    *FAULTS,
    "is longer than 256 bytes",
    "is no IANA time zone",
    *(f"is no {item.name} of ours" for item in FIELDS if item.words),
    "is no whole number",
    "is no amount",
    "is no number of seconds",
    "is no number",
    "is less than nothing",
    "is more than one message can be billed",
    "names what is no channel of ours",
    "names what is no topic of ours",
)
"""What may be wrong with a cell."""


def _fault(reason: str) -> int:
    return REASONS.index(reason)


def _number(item: Field, text: str, amounts: str) -> tuple[int, int]:
    """Return (value, fault) of a cell that holds a number, a span in microseconds or a bit mask."""
    parsers: dict[str, tuple[Callable[[str], int], str]] = {
        "int": (_whole, "is no whole number"),
        "amount": (_whole, "is no whole number") if amounts == "micro" else (amount, "is no amount"),
        "seconds": (_seconds, "is no number of seconds"),
        "channels": (parse_channels, "names what is no channel of ours"),
        "topics": (parse_topics, "names what is no topic of ours"),
    }
    billed = BILLED.get(item.name)
    if billed is not None and text.lower().lstrip("+-") == "nan":
        return MISSING, _fault("is no number")
    if text.lower() in NOTHING - NONE_WORDS:
        return MISSING, -1
    if text.lower() in NONE_WORDS:
        return (0, -1) if item.holds in ("channels", "topics") or item.name == "orders" else (MISSING, -1)
    parse, reason = parsers[item.holds]
    value = parse(text)
    failed = value == BAD or (item.holds in ("channels", "topics") and value & UNKNOWN_WORD)
    sign = -1 if item.holds == "amount" and amounts == "negative" else 1
    if failed:
        return MISSING, _fault(reason)
    if billed is not None and not 0 <= sign * value <= billed:
        return MISSING, _fault("is less than nothing" if sign * value < 0 else "is more than one message can be billed")
    return sign * value, -1


def _whole(text: str) -> int:
    value = parse_count(text)
    if value != BAD or not text.lstrip("+-").isascii() or not text.lstrip("+-").isdigit() or len(text) > 18:
        return value
    return int(text)


def _seconds(text: str) -> int:
    try:
        seconds = float(text.replace(",", "."))
    except ValueError:
        return BAD
    return round(seconds * SECOND) if 0 <= seconds <= 10**9 else BAD


def _identities(coded: pa.DictionaryArray) -> tuple[pa.DictionaryArray, Int64s]:
    """Return ids without blanks around them, an empty one as an empty cell, and the fault of one that is too long."""
    plain = pc.utf8_trim_whitespace(coded.dictionary)
    long = pc.greater(pc.binary_length(plain), MOST_ID_BYTES).to_numpy(zero_copy_only=False)
    again = pc.if_else(pc.equal(plain, ""), None, plain).dictionary_encode()
    rows = pa.DictionaryArray.from_arrays(again.indices.take(coded.indices), again.dictionary)
    return rows, _spread(np.where(long, _fault("is longer than 256 bytes"), -1), coded)


def _spread(values: Int64s, coded: pa.DictionaryArray) -> Int64s:
    return take(np.append(values, -1), coded)


def _numbers(values: Int64s, coded: pa.DictionaryArray) -> pa.Array:
    rows = take(np.append(values, MISSING), coded)
    return pa.array(rows, pa.int64(), mask=rows == MISSING)


def _recoded(words: list[str | None], coded: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return the column with other words behind its codes; a word of None is an empty cell."""
    known = list(dict.fromkeys(word for word in words if word is not None))
    place = {word: index for index, word in enumerate(known)}
    codes = np.array([-1 if word is None else place[word] for word in words], np.int64)
    rows = _spread(codes, coded)
    return pa.DictionaryArray.from_arrays(
        pa.array(rows.astype(np.int32), mask=rows < 0), pa.array(known, pa.string())
    )  # fmt: skip


def _is(column: pa.DictionaryArray, words: frozenset[str] | tuple[str, ...]) -> npt.NDArray[np.bool_]:
    found = [int(word in words) for word in column.dictionary.to_pylist()]
    return np.equal(take(np.array([*found, 0], np.int64), column), 1)
