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

from policies.attempt_table import Attempts, blank_attempts
from policies.kinds import base as k
from policies.log_codes import LogRows, read_rows
from policies.log_history import first_before, last_before, nth, sent_before
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


def attempts_of_log(log: pa.Table, people: People, facts: LogFacts) -> tuple[Attempts, Int64s]:
    """Return the attempts of one replication's log in its order and, for each, its row in the log.

    A message that the provider refused is an attempt too; it does not count towards later caps (``observed`` 0).
    """
    rows = read_rows(log, people, facts.campaigns, facts.senders, facts.templates)
    asked = rows.table[rows.asked]
    order = by_recipient(asked["recipient"], asked["at"])
    return attempts_of_rows(rows, rows.asked, order, people, facts), rows.asked


def attempts_of_rows(rows: LogRows, chosen: Int64s, order: Int64s, people: People, facts: LogFacts) -> Attempts:
    """Return the attempts at rows ``chosen``, all messages of their recipients; ``order`` puts them in order of time,
    recipient by recipient.
    """
    attempts = blank_attempts(len(chosen))
    asked = rows.table.take(chosen)  # several times as fast as by index
    attempts.observed[:] = asked["submitted"]
    a, at, sender, template = attempts.matrix, asked["at"], asked["sender"], asked["template"].astype(np.int64)
    who, channel = asked["recipient"].astype(np.int64), asked["channel"].astype(np.int64)
    a[:, k.A_AT], a[:, k.A_RECIPIENT], a[:, k.A_CHANNEL] = at, who, channel
    for cell, places in (
        (k.A_CATEGORY, asked["category"]), (k.A_CAMPAIGN, asked["campaign"]), (k.A_SENDER, sender),
        (k.A_TEMPLATE, template),
    ):  # fmt: skip
        a[:, cell] = places
        if places.min(initial=0) < 0:
            a[places < 0, cell] = MISSING
    at = a[:, k.A_AT]
    brands = [facts.brand_of_sender.get(name, MISSING) for name in facts.senders]
    a[:, k.A_BRAND] = np.array([*brands, MISSING], np.int64)[sender]
    validity = [facts.validity_of_channel.get(name, MISSING) for name in CHANNELS]
    a[:, k.A_VALIDITY] = np.array([*validity, MISSING], np.int64)[channel]
    _fill_person(a, who, people)
    _fill_opt_out(a, rows, who, at, channel, people)
    _fill_history(a, rows, who, at, channel, people, facts)
    a[:, k.A_SENT_BEFORE] = sent_before(order, who, sender.astype(np.int64), attempts.observed)
    _fill_template(a, rows, template, at, facts)
    _fill_text(a, template, who, facts)
    return attempts


def _fill_person(a: Int64s, who: Int64s, people: People) -> None:
    a[:, k.A_COUNTRY] = _of(people.country, who, -1)
    a[:, k.A_ORDERS] = _of(people.orders, who, MISSING)
    a[:, k.A_OVERDUE_SINCE] = _of(people.overdue_since, who, MISSING)


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
    of_person = np.full(len(who), MISSING, np.int64)
    somebody = who >= 0
    of_person[somebody] = people.opt_out_at[who[somebody], channel[somebody]]
    place = _place(who, channel)
    for cell, when in ((k.A_OPT_OUT_AT, rows.table["at"]), (k.A_OPT_OUT_RECEIVED_AT, rows.received)):
        heard, of_channel = _of_all_channels(rows, rows.left[when[rows.left] != MISSING])
        first = first_before(_place(rows.column("recipient", heard), of_channel), when[heard], place, at)
        unheard = np.where(first == NEVER, MISSING, first)
        a[:, cell] = np.where(of_person == MISSING, unheard, np.minimum(of_person, first))


def _of_all_channels(rows: LogRows, events: Int64s) -> tuple[Int64s, Int64s]:
    """Return events and their channels; one without a known channel counts for each."""
    channel = rows.column("channel", events)
    times = np.where(channel < 0, len(CHANNELS), 1)
    every = np.concatenate([[0], np.cumsum(times)[:-1]]).astype(np.int64) if len(events) else times
    spread = np.arange(times.sum()) - np.repeat(every, times)
    return np.repeat(events, times), np.where(np.repeat(channel, times) < 0, spread, np.repeat(channel, times))


def _fill_history(
    a: Int64s, rows: LogRows, who: Int64s, at: Int64s, channel: Int64s, people: People, facts: LogFacts
) -> None:
    replies = rows.replies[rows.table["channel"][rows.replies] >= 0]
    when = rows.column("at", replies)
    wrote = _place(rows.column("recipient", replies), rows.column("channel", replies))
    unknown = -NEVER if facts.complete else MISSING
    a[:, k.A_LAST_INBOUND] = last_before(wrote, when, when, _place(who, channel), at, unknown)
    buyer, when = rows.column("recipient", rows.bought), rows.column("at", rows.bought)
    last = last_before(buyer, when, when, who, at, MISSING)
    a[:, k.A_LAST_ORDER_AT] = np.maximum(_of(people.last_order_at, who, MISSING), last)
    more = last_before(buyer, when, nth(buyer, when), who, at, 0)
    orders = a[:, k.A_ORDERS]
    a[:, k.A_ORDERS] = np.where(orders == MISSING, MISSING, orders + more)


def _fill_template(a: Int64s, rows: LogRows, asked: Int64s, at: Int64s, facts: LogFacts) -> None:
    known = [facts.template_facts.get(name, TemplateFact()) for name in facts.templates] + [TemplateFact()]
    changed, when = rows.column("template", rows.changes), rows.column("at", rows.changes)
    state = last_before(changed, when, rows.states, asked, at, MISSING)
    first_state = np.array([fact.state for fact in known], np.int64)[asked]
    a[:, k.A_TEMPLATE_STATE] = np.where(state == MISSING, first_state, state)
    approved = rows.approved
    since = first_before(changed[approved], when[approved], asked, at)
    first_since = np.array([fact.registered_at for fact in known], np.int64)[asked]
    a[:, k.A_TEMPLATE_SINCE] = np.where(first_since == MISSING, MISSING, np.minimum(first_since, since))


def _fill_text(a: Int64s, asked: Any, who: Int64s, facts: LogFacts) -> None:
    for index, name in enumerate(facts.templates):
        text = facts.template_facts.get(name, TemplateFact()).text
        mine = asked == index
        if not isinstance(text, int):
            a[mine, k.A_TEXT] = _of(text, who[mine], MISSING)
        elif text != MISSING:
            a[mine, k.A_TEXT] = text
