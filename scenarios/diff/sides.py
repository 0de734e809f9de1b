"""One run as messages and stops in arrays, coded by names that two runs share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from policies.people import Int64s, People
from policies.records import CHANNELS, MISSING
from simulator.engine.log import EVENT, Rows
from simulator.engine.model import Model

OUTCOMES = ("under way", "refused", "not delivered", "delivered", "read")
"""What became of a message in truth, the last that is known of it; *under way* where the run ended before."""
OUTCOME_OF = {"submitted": 0, "rejected": 1, "failed": 2, "lapsed": 2, "delivered": 3, "read": 4}
STOPS = ("skipped", "absent", "denied", "expired", "suppressed", "cancelled")
"""Events by which a step sends nothing."""
ATTEMPTS = 1 << 12
"""More attempts of one person on one channel in one campaign than a cascade can have."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of campaigns, steps, senders, templates and rules of two runs; codes of both runs index them."""

    campaigns: tuple[str, ...]
    steps: tuple[str, ...]
    senders: tuple[str, ...]
    templates: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stops:
    """Where a step sent nothing: ``key`` is rising, of recipient, campaign and step; codes -1: none."""

    key: Int64s
    event: Int64s
    rule: Int64s
    reason: Int64s

    def find(self, keys: Int64s) -> Int64s:
        """Return the place of each key, -1 where there is none."""
        return places_in(self.key, keys)


@dataclass(frozen=True, slots=True)
class Side:
    """The messages of one run, by rising ``key`` of recipient, campaign, channel and attempt; one entry each.

    ``recipient`` counts as the first run does; people of whom the other run knows nothing are left out, and counted:
    ``apart`` messages for ``apart_micro``. ``fees_micro`` are costs without a recipient. ``row`` is the place of the
    hand-over in the log. ``holds`` tells which rule made a step wait, ``ends`` why the cascade of a person ended (its
    keys are recipient and campaign, the event is that of the end).
    """

    key: Int64s
    recipient: Int64s
    campaign: Int64s
    channel: Int64s
    attempt: Int64s
    step: Int64s
    sender: Int64s
    template: Int64s
    at: Int64s
    cost: Int64s
    outcome: Int64s
    stops: Stops
    holds: Stops
    ends: Stops
    fees_micro: int
    apart: int
    apart_micro: int

    def __len__(self) -> int:
        return len(self.key)

    @property
    def total_micro(self) -> int:
        """Return the cost of the whole run, micro-units."""
        return int(self.cost.sum()) + self.fees_micro + self.apart_micro


def shared_names(first: Model, second: Model) -> Names:
    """Return the names of both models, those of the first in front."""

    def both(*lists: list[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for names in lists for name in names))

    models = (first, second)
    return Names(
        campaigns=both(*([item.id for item in model.campaigns] for model in models)),
        steps=both(*([item.id for item in model.steps] for model in models)),
        senders=both(*([item.id for item in model.senders] for model in models)),
        templates=both(*([item.id for item in model.templates] for model in models)),
        rules=both(*(list(model.rule_names) for model in models)),
    )


def same_people(first: People, second: People) -> Int64s:
    """Return, for each person of the second audience, the place of the same one in the first; -1 for nobody."""
    if len(first) == len(second) and np.array_equal(first.key, second.key):
        return np.arange(len(first), dtype=np.int64)
    order = np.argsort(first.key)
    found = places_in(first.key[order], second.key)
    return np.where(found >= 0, order[found], -1)


def places_in(rising: npt.NDArray[np.generic], keys: npt.NDArray[np.generic]) -> Int64s:
    """Return where each key stands in ``rising``, -1 where it does not."""
    if not len(rising):
        return np.full(len(keys), -1, np.int64)
    found = np.minimum(np.searchsorted(rising, keys), len(rising) - 1)
    return np.where(rising[found] == keys, found, -1)


def read_side(log: Rows, model: Model, names: Names, place: Int64s) -> Side:
    """Return the run's messages and stops; ``place`` gives the number of each of its people, -1 for nobody's."""
    number = np.append(place, -1)[log.column("recipient")]
    campaign = _recoded(log.column("campaign"), [item.id for item in model.campaigns], names.campaigns)
    step = _recoded(log.column("step"), [item.id for item in model.steps], names.steps)
    pair = number * len(names.campaigns) + campaign
    known = (number >= 0) & (campaign >= 0)
    channel, attempt = log.column("channel"), log.column("attempt")
    key = np.where(known & (channel >= 0), (pair * len(CHANNELS) + channel) * ATTEMPTS + attempt, -1)
    event, cost = log.column("event"), log.column("cost")
    paid = np.where(cost == MISSING, 0, cost)
    sent = np.flatnonzero((event == EVENT["submitted"]) & (key >= 0))
    sent = sent[np.argsort(key[sent])]
    message = places_in(key[sent], key)
    nobody, elsewhere = log.column("recipient") < 0, (number < 0) & (log.column("recipient") >= 0)
    at_step = np.where(known & (step >= 0), pair * len(names.steps) + step, -1)
    rule = _recoded(log.column("rule"), model.rule_names, names.rules)

    def stops(which: npt.NDArray[np.bool_], keys: Int64s) -> Stops:
        rows = np.flatnonzero(which & (keys >= 0))
        return _last(rows, keys, log.column("occurred_at"), event, rule, log.column("reason"))

    return Side(
        key=key[sent], recipient=number[sent], campaign=campaign[sent], channel=channel[sent], attempt=attempt[sent],
        step=step[sent],
        sender=_recoded(log.column("sender")[sent], [item.id for item in model.senders], names.senders),
        template=_recoded(log.column("template")[sent], [item.id for item in model.templates], names.templates),
        at=log.column("occurred_at")[sent],
        cost=_sums(message, paid, len(sent)),
        outcome=_outcomes(message, event, len(sent)),
        stops=stops(np.isin(event, [EVENT[name] for name in STOPS]), at_step),
        holds=stops(event == EVENT["held"], at_step),
        ends=stops(event == EVENT["ended"], np.where(known, pair, -1)),
        fees_micro=int(paid[nobody].sum()),
        apart=int(np.count_nonzero(elsewhere & (event == EVENT["submitted"]))),
        apart_micro=int(paid[elsewhere].sum()),
    )  # fmt: skip


def _recoded(codes: Int64s, own: list[str], shared: tuple[str, ...]) -> Int64s:
    number = {name: index for index, name in enumerate(shared)}
    return np.array([*(number[name] for name in own), -1], np.int64)[codes]


def _sums(message: Int64s, paid: Int64s, size: int) -> Int64s:
    total = np.zeros(size, np.int64)
    rows = np.flatnonzero((message >= 0) & (paid != 0))
    np.add.at(total, message[rows], paid[rows])
    return total


def _outcomes(message: Int64s, event: Int64s, size: int) -> Int64s:
    rank = np.zeros(len(EVENT), np.int64)
    for name, outcome in OUTCOME_OF.items():
        rank[EVENT[name]] = outcome
    best = np.zeros(size, np.int64)
    rows = np.flatnonzero((message >= 0) & (rank[event] > 0))
    np.maximum.at(best, message[rows], rank[event[rows]])
    return best


def _last(rows: Int64s, keys: Int64s, at: Int64s, event: Int64s, rule: Int64s, reason: Int64s) -> Stops:
    """Return one entry a key: the latest row, of those at one instant the last written."""
    order = rows[np.lexsort((rows, at[rows], keys[rows]))]
    sorted_keys = keys[order]
    final = order[np.append(sorted_keys[1:] != sorted_keys[:-1], True)] if len(order) else order
    return Stops(keys[final], event[final], rule[final], reason[final])
