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

from policies.attempt_table import Attempts
from policies.coded import Coded
from policies.kinds import base as k
from policies.logs.codes import LogRows, read_rows
from policies.logs.file import LogFile
from policies.logs.fill import COMPILE_FROM, fill_own
from policies.logs.history import first_before, last_before, nth
from policies.logs.records import Table
from policies.ordering import by_recipient
from policies.people import Int64s, People
from policies.records import CHANNELS, MISSING, NEVER


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


def attempts_of_log(log: pa.Table | LogFile, people: People, facts: LogFacts) -> tuple[Attempts, Int64s]:
    """Return the attempts of one replication's log in its order and, for each, its row in the log.

    A message that the provider refused is an attempt too; it does not count towards later caps (``observed`` 0).
    """
    rows = read_rows(log, people, facts.campaigns, facts.senders, facts.templates)
    order = by_recipient(rows.messages["recipient"], rows.messages["at"])
    return attempts_of_rows(rows, order, people, facts), rows.messages["row"].astype(np.int64)


def attempts_of_rows(
    rows: LogRows, order: Int64s, people: People, facts: LogFacts, *, compile_from: int = COMPILE_FROM
) -> Attempts:
    """Return the attempts of all messages of some recipients; ``order`` goes by recipient, then by time."""
    attempts, messages = _room(len(rows.messages)), rows.messages
    brands = [facts.brand_of_sender.get(name, MISSING) for name in facts.senders]
    validities = [facts.validity_of_channel.get(name, MISSING) for name in CHANNELS]
    of_names = np.array([*brands, MISSING], np.int64), np.array([*validities, MISSING], np.int64)
    fill_own(attempts, messages, order, *of_names, compile_from=compile_from)
    a = attempts.matrix
    at, who, channel = a[:, k.A_AT], a[:, k.A_RECIPIENT], a[:, k.A_CHANNEL]
    template = messages["template"].astype(np.int64)
    _fill_person(a, who, people)
    _fill_opt_out(a, rows, who, at, channel, people)
    _fill_history(a, rows, who, at, channel, people, facts)
    _fill_template(a, rows, template, at, facts)
    _fill_text(a, template, who, facts)
    return attempts


def _room(n: int) -> Attempts:
    """Return attempts of which only what ``attempts_of_rows`` cannot know is set."""
    matrix = np.empty((k.A_WIDTH, n), np.int64)
    for cell in (k.A_LOCAL, k.A_ZONE, k.A_CONSENTS, k.A_TEXT, k.A_WHEN):
        matrix[cell] = MISSING
    matrix[k.A_CALENDAR] = -1
    return Attempts(matrix.T, np.empty(n, np.int8))


def _fill_person(a: Int64s, who: Int64s, people: People) -> None:
    a[:, k.A_COUNTRY] = _of(people.country, who, -1)
    a[:, k.A_ORDERS] = _of_coded(people.orders, who)
    a[:, k.A_OVERDUE_SINCE] = _of_coded(people.overdue_since, who)


def _of_coded(column: Coded, who: Int64s) -> Int64s | int:
    """Return the column's value of each recipient, MISSING of nobody; one number where it is the same of all."""
    if len(column.values) == 1 and who.min(initial=0) >= 0:
        return int(column.values[0])
    return _of(column, who, MISSING)


def _of(column: Any, who: Int64s, nobody: int) -> Int64s:
    """Return the column's value of each recipient; ``nobody`` where it is not known who it is."""
    somebody = who >= 0
    if somebody.all():
        return np.asarray(column[who], np.int64)
    values = np.full(len(who), nobody, np.int64)
    values[somebody] = column[who[somebody]]
    return values


def _place(who: Int64s, channel: Int64s) -> Int64s:
    """Return one integer a recipient and channel."""
    return who * len(CHANNELS) + channel


def _fill_opt_out(a: Int64s, rows: LogRows, who: Int64s, at: Int64s, channel: Int64s, people: People) -> None:
    of_person = _opt_out_of(people, who, channel)
    if not len(rows.left):
        a[:, k.A_OPT_OUT_AT] = a[:, k.A_OPT_OUT_RECEIVED_AT] = of_person
        return
    place = _place(who, channel)
    for cell, when in ((k.A_OPT_OUT_AT, rows.left["at"]), (k.A_OPT_OUT_RECEIVED_AT, rows.received)):
        known = when != MISSING
        heard, of_channel = _of_all_channels(rows.left[known])
        spread = np.repeat(when[known], _channels_of(rows.left[known]))
        first = first_before(_place(heard, of_channel), spread, place, at)
        unheard = np.where(first == NEVER, MISSING, first)
        a[:, cell] = np.where(of_person == MISSING, unheard, np.minimum(of_person, first))


def _opt_out_of(people: People, who: Int64s, channel: Int64s) -> Int64s | int:
    """Return when each recipient opted out of the message's channel, one number where it is the same of all."""
    out = people.opt_out_at
    somebody = who >= 0
    if out.values.size and (out.values == out.values[0, 0]).all() and somebody.all():
        return int(out.values[0, 0])
    of_person = np.full(len(who), MISSING, np.int64)
    of_person[somebody] = out[who[somebody], channel[somebody]]
    return of_person


def _channels_of(events: Table) -> Int64s:
    """Return of how many channels each event speaks: one without a known channel counts for each."""
    return np.where(events["channel"] < 0, len(CHANNELS), 1)


def _of_all_channels(events: Table) -> tuple[Int64s, Int64s]:
    """Return the recipient and the channel of each event; one without a known channel is there for each."""
    times = _channels_of(events)
    every = np.concatenate([[0], np.cumsum(times)[:-1]]).astype(np.int64) if len(events) else times
    spread = np.arange(times.sum()) - np.repeat(every, times)
    channel = np.repeat(events["channel"].astype(np.int64), times)
    return np.repeat(events["recipient"].astype(np.int64), times), np.where(channel < 0, spread, channel)


def _column(events: Table, name: str) -> Int64s:
    return events[name].astype(np.int64)


def _fill_history(
    a: Int64s, rows: LogRows, who: Int64s, at: Int64s, channel: Int64s, people: People, facts: LogFacts
) -> None:
    replies = rows.replies[rows.replies["channel"] >= 0]
    unknown = -NEVER if facts.complete else MISSING
    a[:, k.A_LAST_INBOUND] = unknown
    if len(replies):
        when = _column(replies, "at")
        wrote = _place(_column(replies, "recipient"), _column(replies, "channel"))
        a[:, k.A_LAST_INBOUND] = last_before(wrote, when, when, _place(who, channel), at, unknown)
    a[:, k.A_LAST_ORDER_AT] = _of_coded(people.last_order_at, who)
    if not len(rows.bought):
        return
    buyer, when = _column(rows.bought, "recipient"), _column(rows.bought, "at")
    last = last_before(buyer, when, when, who, at, MISSING)
    a[:, k.A_LAST_ORDER_AT] = np.maximum(a[:, k.A_LAST_ORDER_AT], last)
    more = last_before(buyer, when, nth(buyer, when), who, at, 0)
    orders = a[:, k.A_ORDERS]
    a[:, k.A_ORDERS] = np.where(orders == MISSING, MISSING, orders + more)


def _fill_template(a: Int64s, rows: LogRows, asked: Int64s, at: Int64s, facts: LogFacts) -> None:
    known = [facts.template_facts.get(name, TemplateFact()) for name in facts.templates] + [TemplateFact()]
    a[:, k.A_TEMPLATE_STATE] = np.array([fact.state for fact in known], np.int64)[asked]
    a[:, k.A_TEMPLATE_SINCE] = first_since = np.array([fact.registered_at for fact in known], np.int64)[asked]
    if not len(rows.changes):
        return
    changed, when, approved = _column(rows.changes, "template"), _column(rows.changes, "at"), rows.approved
    state = last_before(changed, when, rows.states, asked, at, MISSING)
    a[:, k.A_TEMPLATE_STATE] = np.where(state == MISSING, a[:, k.A_TEMPLATE_STATE], state)
    since = first_before(changed[approved], when[approved], asked, at)
    a[:, k.A_TEMPLATE_SINCE] = np.where(first_since == MISSING, MISSING, np.minimum(first_since, since))


def _fill_text(a: Int64s, asked: Any, who: Int64s, facts: LogFacts) -> None:
    for index, name in enumerate(facts.templates):
        text = facts.template_facts.get(name, TemplateFact()).text
        if isinstance(text, int) and text == MISSING:
            continue
        mine = asked == index
        if not isinstance(text, int):
            a[mine, k.A_TEXT] = _of(text, who[mine], MISSING)
        else:
            a[mine, k.A_TEXT] = text
