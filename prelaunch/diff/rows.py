"""One row a message that two runs do not share alike: who, what changed, how it was and how it is, and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from policies.people import Int64s, People
from policies.records import CHANNELS, EVENT_NAMES, NEVER
from prelaunch.reports.recipients import Showing, instant_cells, word_cells
from prelaunch.summary.plain import decimal_text
from scenarios.diff.pairs import CHANGES, Pairs, either
from scenarios.diff.sides import OUTCOMES, Names, Side, Stops
from simulator.engine.log import REASONS

COLUMNS = (
    "recipient", "campaign", "change", "step_a", "step_b", "channel_a", "channel_b", "sent_a", "sent_b", "shift_s",
    "outcome_a", "outcome_b", "cost_a", "cost_b", "cost_change", "why_a", "why_b",
)  # fmt: skip
"""``change`` is *gained*, *lost*, *stopped otherwise*, or the names of what differs; instants are ISO 8601 in UTC;
``why`` tells why a side sent nothing, or by which rule it waited."""


def change_table(a: Side, b: Side, pairs: Pairs, names: Names, people_a: People, show: Showing) -> pa.Table:
    """Return ``COLUMNS`` for every message that is gained, lost or changed, then for every step stopped otherwise."""
    return pa.concat_tables([_messages(a, b, pairs, names, people_a, show), _stops(a, b, pairs, names, people_a, show)])


def _messages(a: Side, b: Side, pairs: Pairs, names: Names, people: People, show: Showing) -> pa.Table:
    rows = pairs.differing
    one, two = pairs.a[rows], pairs.b[rows]
    recipient, campaign, step = (
        either(getattr(a, n), getattr(b, n), one, two) for n in ("recipient", "campaign", "step")
    )
    pair = recipient * len(names.campaigns) + campaign
    at_step = pair * len(names.steps) + step
    sent_a, sent_b = _of(a.at, one, NEVER), _of(b.at, two, NEVER)
    both = (one >= 0) & (two >= 0)
    cost_a, cost_b = _of(a.cost, one, 0), _of(b.cost, two, 0)
    columns = [
        _recipients(recipient, people, show),
        word_cells(names.campaigns, campaign),
        _kinds(pairs, rows),
        word_cells(names.steps, _of(a.step, one, -1)),
        word_cells(names.steps, _of(b.step, two, -1)),
        word_cells(CHANNELS, _of(a.channel, one, -1)),
        word_cells(CHANNELS, _of(b.channel, two, -1)),
        instant_cells(sent_a),
        instant_cells(sent_b),
        _seconds(np.where(both, sent_b - sent_a, 0), both),
        word_cells(OUTCOMES, _of(a.outcome, one, -1)),
        word_cells(OUTCOMES, _of(b.outcome, two, -1)),
        _money(cost_a, one >= 0),
        _money(cost_b, two >= 0),
        _money(cost_b - cost_a, np.ones(len(rows), np.bool_)),
        _why(a, pair, at_step, one, names),
        _why(b, pair, at_step, two, names),
    ]
    return pa.table(columns, names=list(COLUMNS))


def _stops(a: Side, b: Side, pairs: Pairs, names: Names, people: People, show: Showing) -> pa.Table:
    """Return the steps that send nothing in both runs, for another reason."""
    key = a.stops.key[pairs.stopped_a]
    step, pair = key % len(names.steps), key // len(names.steps)
    blank = pa.array([""] * len(key), pa.string())
    filled = {
        "recipient": _recipients(pair // len(names.campaigns), people, show),
        "campaign": word_cells(names.campaigns, pair % len(names.campaigns)),
        "change": pa.array(["stopped otherwise"] * len(key), pa.string()),
        "step_a": word_cells(names.steps, step),
        "step_b": word_cells(names.steps, step),
        "why_a": _reasons(a.stops, pairs.stopped_a, names),
        "why_b": _reasons(b.stops, pairs.stopped_b, names),
    }
    return pa.table([filled.get(name, blank) for name in COLUMNS], names=list(COLUMNS))


def _of(values: Int64s, places: Int64s, otherwise: int) -> Int64s:
    """Return the value at each place, ``otherwise`` at -1."""
    return np.append(values, otherwise)[places]


def _recipients(places: Int64s, people: People, show: Showing) -> pa.Array:
    distinct, inverse = np.unique(places, return_inverse=True)
    return word_cells([show(name) for name in people.ids_of(distinct).to_pylist()], inverse)


def _kinds(pairs: Pairs, rows: Int64s) -> pa.Array:
    """Return gained, lost, or what changed, joined by +."""
    bits = np.zeros(len(rows), np.int64)
    for number, name in enumerate(CHANGES):
        bits |= pairs.changed[name][rows].astype(np.int64) << number
    bits[pairs.gained[rows]], bits[pairs.lost[rows]] = -1, -2
    distinct, inverse = np.unique(bits, return_inverse=True)
    return word_cells([_kind(value) for value in distinct.tolist()], inverse)


def _kind(bits: int) -> str:
    if bits < 0:
        return "gained" if bits == -1 else "lost"
    return "+".join(name for number, name in enumerate(CHANGES) if bits >> number & 1)


def _money(micro: Int64s, known: np.typing.NDArray[np.bool_]) -> pa.Array:
    distinct, inverse = np.unique(micro, return_inverse=True)
    return word_cells([decimal_text(value) for value in distinct.tolist()], np.where(known, inverse, -1))


def _seconds(spans: Int64s, known: np.typing.NDArray[np.bool_]) -> pa.Array:
    distinct, inverse = np.unique(spans, return_inverse=True)
    return word_cells([f"{value / 1e6:g}" for value in distinct.tolist()], np.where(known, inverse, -1))


def _why(side: Side, pair: Int64s, at_step: Int64s, places: Int64s, names: Names) -> pa.Array:
    """Return why a side sent nothing (its stop at the step, else how the cascade ended), or what made it wait."""
    sent, stopped = places >= 0, side.stops.find(at_step)
    waited, ended = side.holds.find(at_step), side.ends.find(pair)
    texts: list[str] = [""]
    codes = np.zeros(len(places), np.int64)
    for stops, found, where in (
        (side.ends, ended, ~sent & (stopped < 0)),
        (side.stops, stopped, ~sent & (stopped >= 0)),
        (side.holds, waited, sent & (waited >= 0)),
    ):
        rows = np.flatnonzero(where & (found >= 0))
        words, inverse = _distinct(stops, found[rows], names)
        codes[rows] = inverse + len(texts)
        texts += words
    nothing = ~sent & (stopped < 0) & (ended < 0)
    codes[nothing] = len(texts)
    return word_cells([*texts, "not taken up by the campaign, or still under way"], codes)


def _reasons(stops: Stops, places: Int64s, names: Names) -> pa.Array:
    words, inverse = _distinct(stops, places, names)
    return word_cells(words, inverse)


def _distinct(stops: Stops, places: Int64s, names: Names) -> tuple[list[str], Int64s]:
    """Return the texts of some stops, each once, and the text of each."""
    rows = np.stack([stops.event[places], stops.rule[places], stops.reason[places]], axis=1)
    distinct, inverse = np.unique(rows, axis=0, return_inverse=True)
    return [_reason(row, names) for row in distinct.tolist()], inverse.reshape(-1)


def _reason(row: Sequence[int], names: Names) -> str:
    event, rule, reason = row
    by = f" by {names.rules[rule]}" if rule >= 0 else " by an outage" if EVENT_NAMES[event] == "held" else ""
    why = f" ({REASONS[reason].replace('_', ' ')})" if reason > 0 and EVENT_NAMES[event] != "held" else ""
    return f"{EVENT_NAMES[event]}{by}{why}"
