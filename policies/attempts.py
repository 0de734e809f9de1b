"""From an event log to attempts: each message as the rules saw it when it was handed over.

The history that a rule may ask for (opt-outs, replies, states of templates, earlier messages) is read from the same
log, so a simulated log and one we did not make are judged by one path. What a log cannot tell stays MISSING.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.audit import Attempts, blank_attempts
from policies.kinds import base as k
from policies.people import Int64s, People
from policies.records import CATEGORIES, CHANNELS, MISSING, NEVER

Bools = npt.NDArray[np.bool_]

STATE_OF_REASON = {
    "submitted": "pending", "approved": "approved", "rejected": "rejected", "paused": "paused", "resumed": "approved",
    "disabled": "disabled",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TemplateFact:
    """A template at the start: its state (index in TEMPLATE_STATES), since when it is registered, its text's code."""

    state: int = MISSING
    registered_at: int = MISSING
    text: npt.NDArray[np.integer[Any]] | int = MISSING  # one code, or one a recipient


@dataclass(frozen=True, slots=True)
class LogFacts:
    """What a log does not say of itself. ``complete``: nothing happened that the log does not show (a simulation)."""

    campaigns: Sequence[str]
    senders: Sequence[str]
    templates: Sequence[str]
    template_facts: Mapping[str, TemplateFact] = field(default_factory=dict)
    brand_of_sender: Mapping[str, int] = field(default_factory=dict)
    validity_of_channel: Mapping[str, int] = field(default_factory=dict)
    complete: bool = True


@dataclass(slots=True)
class _Rows:
    """The log's columns as integers: names become their place in a given list, -1 where unknown."""

    at: Int64s
    recipient: Int64s
    channel: Int64s
    category: Int64s
    campaign: Int64s
    sender: Int64s
    template: Int64s
    received: Int64s
    event: pa.Array
    reason: pa.Array


def attempts_of_log(log: pa.Table, people: People, facts: LogFacts) -> tuple[Attempts, Int64s]:
    """Return the attempts of one replication's log and, for each, its row in the log.

    A message that the provider refused is an attempt too; it does not count towards later caps (``observed`` 0).
    """
    rows = _read(log, people, facts)
    submitted = _is(rows.event, "submitted")
    refused = _is(rows.event, "rejected") & ~_is(rows.reason, "not_accepted")
    chosen = np.flatnonzero(submitted | refused)
    attempts = blank_attempts(len(chosen))
    attempts.observed[:] = submitted[chosen]
    _fill_row(attempts.matrix, rows, chosen, facts)
    _fill_person(attempts.matrix, rows, chosen, people)
    _fill_history(attempts.matrix, rows, chosen, people, facts, submitted)
    _fill_template(attempts.matrix, rows, chosen, facts)
    return attempts, chosen


def _read(log: pa.Table, people: People, facts: LogFacts) -> _Rows:
    return _Rows(
        at=_ints(log, "occurred_at"),
        recipient=_recipients(log, people),
        channel=_places(log, "channel", CHANNELS),
        category=_places(log, "category", CATEGORIES),
        campaign=_places(log, "campaign", facts.campaigns),
        sender=_places(log, "sender", facts.senders),
        template=_places(log, "template", facts.templates),
        received=_ints(log, "received_at"),
        event=_coded(log, "event"),
        reason=_coded(log, "reason"),
    )


def _coded(log: pa.Table, name: str) -> pa.DictionaryArray:
    column = log[name].combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks else pa.array([], type=pa.string())
    return column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()


def _ints(log: pa.Table, name: str) -> Int64s:
    values: Int64s = log[name].cast(pa.int64()).fill_null(MISSING).to_numpy().astype(np.int64)
    return values


def _recipients(log: pa.Table, people: People) -> Int64s:
    """Return each row's place among the people; -1 where it is empty or nobody's."""
    column = _coded(log, "recipient")
    return _looked_up(column, people.places_of(column.dictionary))


def _places(log: pa.Table, name: str, known: Sequence[str]) -> Int64s:
    """Return each row's place in ``known``; -1 where it is empty or not there."""
    column = _coded(log, name)
    values = pa.array(list(known), type=pa.string())
    place = pc.index_in(column.dictionary.cast(pa.string()), value_set=values).fill_null(-1)
    return _looked_up(column, place.to_numpy(zero_copy_only=False).astype(np.int64))


def _looked_up(column: pa.DictionaryArray, place: Int64s) -> Int64s:
    lookup = np.append(place, -1)
    codes = column.indices.fill_null(len(lookup) - 1).to_numpy(zero_copy_only=False)
    places: Int64s = lookup[codes]
    return places


def _is(column: pa.DictionaryArray, word: str) -> Bools:
    values = column.dictionary.to_pylist()
    code = values.index(word) if word in values else -1
    same: Bools = column.indices.fill_null(-2).to_numpy(zero_copy_only=False) == code
    return same


def _fill_row(a: Int64s, rows: _Rows, chosen: Int64s, facts: LogFacts) -> None:
    a[:, k.A_AT] = rows.at[chosen]
    a[:, k.A_RECIPIENT] = rows.recipient[chosen]
    a[:, k.A_CHANNEL] = rows.channel[chosen]
    for cell, values in (
        (k.A_CATEGORY, rows.category), (k.A_CAMPAIGN, rows.campaign), (k.A_SENDER, rows.sender),
        (k.A_TEMPLATE, rows.template),
    ):  # fmt: skip
        a[:, cell] = np.where(values[chosen] >= 0, values[chosen], MISSING)
    brands = [facts.brand_of_sender.get(sender, MISSING) for sender in facts.senders]
    a[:, k.A_BRAND] = np.array([*brands, MISSING], np.int64)[rows.sender[chosen]]
    validity = [facts.validity_of_channel.get(channel, MISSING) for channel in CHANNELS]
    a[:, k.A_VALIDITY] = np.array([*validity, MISSING], np.int64)[rows.channel[chosen]]


def _fill_person(a: Int64s, rows: _Rows, chosen: Int64s, people: People) -> None:
    who = rows.recipient[chosen]
    a[:, k.A_COUNTRY] = _of(people.country, who, -1)
    a[:, k.A_ORDERS] = _of(people.orders, who, MISSING)
    a[:, k.A_OVERDUE_SINCE] = _of(people.overdue_since, who, MISSING)


def _of(column: Any, who: Int64s, nobody: int) -> Int64s:
    """Return the column's value of each recipient; ``nobody`` where it is not known who it is."""
    values = np.full(len(who), nobody, np.int64)
    values[who >= 0] = column[who[who >= 0]]
    return values


def _fill_history(a: Int64s, rows: _Rows, chosen: Int64s, people: People, facts: LogFacts, submitted: Bools) -> None:
    who, at, channel = rows.recipient, rows.at, rows.channel
    place = who * len(CHANNELS) + channel
    left = np.flatnonzero(_is(rows.event, "unsubscribed"))
    somebody = np.flatnonzero(who[chosen] >= 0)
    of_person = np.full(len(chosen), MISSING, np.int64)
    of_person[somebody] = people.opt_out_at[who[chosen[somebody]], channel[chosen[somebody]]]
    for cell, when in ((k.A_OPT_OUT_AT, at), (k.A_OPT_OUT_RECEIVED_AT, rows.received)):
        heard = left[when[left] != MISSING]
        first = _first_before(place[heard], when[heard], place[chosen], at[chosen])
        unheard = np.where(first == NEVER, MISSING, first)
        a[:, cell] = np.where(of_person == MISSING, unheard, np.minimum(of_person, first))
    unknown = -NEVER if facts.complete else MISSING
    replies = np.flatnonzero(_is(rows.event, "replied"))
    a[:, k.A_LAST_INBOUND] = last_before(place[replies], at[replies], at[replies], place[chosen], at[chosen], unknown)
    bought = np.flatnonzero(_is(rows.event, "purchased"))
    last = last_before(who[bought], at[bought], at[bought], who[chosen], at[chosen], MISSING)
    a[:, k.A_LAST_ORDER_AT] = np.maximum(_of(people.last_order_at, who[chosen], MISSING), last)
    more = last_before(who[bought], at[bought], _nth(who[bought], at[bought]), who[chosen], at[chosen], 0)
    orders = a[:, k.A_ORDERS]
    a[:, k.A_ORDERS] = np.where(orders == MISSING, MISSING, orders + more)
    senders = len(facts.senders) + 1
    a[:, k.A_SENT_BEFORE] = _sent_before(who * senders + rows.sender, at, chosen, submitted)


def _nth(group: Int64s, at: Int64s) -> Int64s:
    """Return for each event that it is its group's first, second, ... in order of time."""
    order = np.lexsort((at, group))
    groups = group[order]
    starts = np.searchsorted(groups, groups, side="left")
    out = np.empty(len(group), np.int64)
    out[order] = np.arange(1, len(group) + 1) - starts
    return out


def _sent_before(group: Int64s, at: Int64s, chosen: Int64s, submitted: Bools) -> Int64s:
    """Return how many messages of the same sender and recipient were handed over before each attempt."""
    counted = submitted[chosen].astype(np.int64)
    order = np.lexsort((chosen, at[chosen], group[chosen]))
    running = np.cumsum(counted[order]) - counted[order]
    groups = group[chosen][order]
    first = np.concatenate(([True], groups[1:] != groups[:-1])) if len(groups) else np.zeros(0, bool)
    base = np.maximum.accumulate(np.where(first, running, 0)) if len(groups) else running
    out = np.empty(len(chosen), np.int64)
    out[order] = running - base
    return out


def _fill_template(a: Int64s, rows: _Rows, chosen: Int64s, facts: LogFacts) -> None:
    template, at = rows.template, rows.at
    known = [facts.template_facts.get(name, TemplateFact()) for name in facts.templates] + [TemplateFact()]
    changes = np.flatnonzero(_is(rows.event, "template_state"))
    states = np.full(len(changes), MISSING, np.int64)
    for reason, name in STATE_OF_REASON.items():
        states[_is(rows.reason, reason)[changes]] = k.TEMPLATE_STATES.index(name)
    asked, when = template[chosen], at[chosen]
    state = last_before(template[changes], at[changes], states, asked, when, MISSING)
    first_state = np.array([fact.state for fact in known], np.int64)[asked]
    a[:, k.A_TEMPLATE_STATE] = np.where(state == MISSING, first_state, state)
    approved = changes[_is(rows.reason, "approved")[changes]]
    since = _first_before(template[approved], at[approved], asked, when)
    first_since = np.array([fact.registered_at for fact in known], np.int64)[asked]
    a[:, k.A_TEMPLATE_SINCE] = np.where(first_since == MISSING, MISSING, np.minimum(first_since, since))
    for index, fact in enumerate(known[:-1]):
        mine = asked == index
        if isinstance(fact.text, int):
            a[mine, k.A_TEXT] = fact.text
        else:
            a[mine, k.A_TEXT] = _of(fact.text, rows.recipient[chosen][mine], MISSING)


def last_before(
    group: Int64s, at: Int64s, value: Int64s, asked_group: Int64s, asked_at: Int64s, otherwise: int
) -> Int64s:
    """Return, for each asked (group, instant), the value of the group's last event at or before it."""
    n = len(group)
    groups, times = np.concatenate((group, asked_group)), np.concatenate((at, asked_at))
    asking = np.arange(len(groups)) >= n
    order = np.lexsort((asking, times, groups))
    event_place = np.where(~asking[order], np.arange(len(order)), -1)
    latest = np.maximum.accumulate(event_place) if len(order) else event_place
    out = np.full(len(groups), otherwise, np.int64)
    found = latest >= 0
    source = order[np.where(found, latest, 0)] if len(order) else order
    same = found & (groups[source] == groups[order])
    out[order[same]] = np.append(value, otherwise)[np.where(same, source, -1)][same]
    return out[n:]


def _first_before(group: Int64s, at: Int64s, asked_group: Int64s, asked_at: Int64s) -> Int64s:
    """Return, for each asked (group, instant), the group's first event if it lies at or before it, else NEVER."""
    order = np.lexsort((at, group))
    groups, first = np.unique(group[order], return_index=True)
    place = np.searchsorted(groups, asked_group)
    inside = place < len(groups)
    matches = inside & (np.append(groups, -1)[np.where(inside, place, -1)] == asked_group)
    times = np.append(at[order][first] if len(order) else np.zeros(0, np.int64), NEVER)
    earliest = times[np.where(matches, place, -1)]
    return np.where(earliest <= asked_at, earliest, NEVER)
