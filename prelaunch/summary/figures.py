"""The figures of a set of rows: tallies by channel and step, costs, purchases, duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from policies.records import CHANNELS, EVENT_NAMES, MISSING, NEVER
from prelaunch.summary.columns import Coded, Int64s, Log, Mask
from prelaunch.summary.model import (
    ChannelFigures,
    Charge,
    Duplicates,
    Fee,
    Figures,
    Purchases,
    StepFacts,
    StepFigures,
    Tally,
)
from prelaunch.summary.reach import FirstTimes, reach_of, time_to_reach

WIDTH = len(EVENT_NAMES) + 1
TALLIED = tuple((field.name, EVENT_NAMES.index(field.name)) for field in fields(Tally))
PURCHASE_BY_MESSAGE = "message"
"""The word in ``reason`` of a ``purchased`` row that a message caused."""
Z = 1.959963984540054  # the normal distribution's two-sided 95 % point


def tally(counts: Int64s) -> Tally:
    """Return the tally of event counts, indexed as ``EVENT_NAMES``."""
    return Tally(**{name: int(counts[index]) for name, index in TALLIED})


def _by(coded: Coded, log: Log) -> Int64s:
    """Return event counts by code, shape (words, events); rows without the text are left out."""
    known = coded.codes >= 0
    flat = np.bincount(coded.codes[known] * WIDTH + log.event[known], minlength=len(coded.words) * WIDTH)
    return flat.astype(np.int64).reshape(len(coded.words), WIDTH)


def _cost_by(coded: Coded, log: Log) -> Int64s:
    """Return the exact cost by code, micro-units, fees included."""
    paid = (coded.codes >= 0) & (log.cost != MISSING)
    total = np.zeros(len(coded.words), np.int64)
    np.add.at(total, coded.codes[paid], log.cost[paid])
    return total


def total_cost(log: Log, rows: Mask) -> int:
    """Return the exact cost of the chosen rows, micro-units."""
    return int(log.cost[rows & (log.cost != MISSING)].sum())


def divided(micro: int, by: int) -> int | None:
    """Return money divided by a count, rounded half to even; ``None`` when there is nobody to divide by."""
    if by <= 0:
        return None
    whole, rest = divmod(micro, by)
    return whole + (2 * rest > by or (2 * rest == by and whole % 2 == 1))


def by_channel(log: Log, times: FirstTimes) -> tuple[ChannelFigures, ...]:
    """Return the channels in use, in the order of ``CHANNELS``."""
    counts, costs = _by(log.channel, log), _cost_by(log.channel, log)
    first = np.bincount(times.channel[times.channel >= 0], minlength=len(counts))
    of_messages = [index for _, index in TALLIED]
    used = [code for code in range(len(counts)) if counts[code, of_messages].any() or costs[code]]
    words = log.channel.words
    used.sort(key=lambda code: (CHANNELS.index(words[code]) if words[code] in CHANNELS else len(CHANNELS), words[code]))
    return tuple(ChannelFigures(words[c], tally(counts[c]), int(first[c]), int(costs[c])) for c in used)


def _people_by(coded: Coded, pair: Int64s, rows: Mask, pairs: int) -> Int64s:
    """Return how many distinct pairs have one of ``rows`` under each code."""
    chosen = rows & (coded.codes >= 0) & (pair >= 0)
    distinct = np.unique(coded.codes[chosen] * max(pairs, 1) + pair[chosen]) // max(pairs, 1)
    return np.bincount(distinct, minlength=len(coded.words)).astype(np.int64)


def _channel_of_steps(log: Log) -> list[str | None]:
    """Return for each step the channel most of its rows name."""
    width = len(log.channel.words) + 1
    flat = np.bincount(log.step.codes * width + log.channel.codes + 1 if len(log) else [],
                       log.step.codes >= 0, minlength=len(log.step.words) * width)  # fmt: skip
    table = flat.reshape(len(log.step.words), width)
    return [log.channel.word(int(row[1:].argmax())) if row[1:].any() else None for row in table]


def by_step(log: Log, times: FirstTimes, facts: Sequence[StepFacts]) -> tuple[StepFigures, ...]:
    """Return the funnel: steps in the order of the scenario, then any others by name."""
    log = log.take(log.step.codes >= 0)
    pairs, words = len(log.pair_campaign), log.step.words
    counts, costs, channels = _by(log.step, log), _cost_by(log.step, log), _channel_of_steps(log)
    arrived = _people_by(log.step, log.pair, np.ones(len(log), bool), pairs)
    reached = _people_by(log.step, log.pair, log.is_("delivered", "read"), pairs)
    first = np.bincount(times.step[times.step >= 0], minlength=len(words))
    empty = np.zeros(WIDTH, np.int64)
    listed = {fact.step: fact.channel for fact in facts}
    others = {words[c]: channels[c] for c in range(len(words)) if counts[c].any() and words[c] not in listed}
    code_of = {word: code for code, word in enumerate(words)}
    result = []
    for step, channel in (listed | dict(sorted(others.items()))).items():
        c = code_of.get(step)
        if c is None:
            result.append(StepFigures(step, channel, 0, 0, 0, tally(empty), 0))
        else:
            result.append(StepFigures(step, channel, int(arrived[c]), int(reached[c]), int(first[c]),
                                      tally(counts[c]), int(costs[c])))  # fmt: skip
    return tuple(result)


def charges(log: Log) -> tuple[Charge, ...]:
    """Return cost by channel and charge event, fees apart; free charges count with cost 0."""
    billed = log.take(((log.charge.codes >= 0) | (log.cost != MISSING)) & ~log.is_("fee"))
    width = len(log.charge.words) + 1
    keys, inverse = np.unique((billed.channel.codes + 1) * width + billed.charge.codes + 1, return_inverse=True)
    rows = np.bincount(inverse, minlength=len(keys))
    units, cost = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
    np.add.at(units, inverse, np.where(billed.units == MISSING, 0, billed.units))
    np.add.at(cost, inverse, np.where(billed.cost == MISSING, 0, billed.cost))
    return tuple(
        Charge(log.channel.word(int(key) // width - 1), log.charge.word(int(key) % width - 1),
               int(rows[i]), int(units[i]), int(cost[i]))
        for i, key in enumerate(keys)
    )  # fmt: skip


def fees(log: Log) -> tuple[Fee, ...]:
    """Return fees by channel, sender and reason, dearest first."""
    found: dict[tuple[str | None, str | None, str | None], tuple[int, int]] = {}
    for i in np.flatnonzero(log.is_("fee")):
        key = (log.channel.word(int(log.channel.codes[i])), log.sender.word(int(log.sender.codes[i])),
               log.reason.word(int(log.reason.codes[i])))  # fmt: skip
        rows, cost = found.get(key, (0, 0))
        found[key] = (rows + 1, cost + (int(log.cost[i]) if log.cost[i] != MISSING else 0))
    listed = [Fee(*key, rows, cost) for key, (rows, cost) in found.items()]
    return tuple(sorted(listed, key=lambda f: (-f.cost_micro, f.channel or "", f.sender or "", f.reason or "")))


def buyers(log: Log, times: FirstTimes) -> Mask:
    """Return the pairs that bought: in their campaign, or (rows without a campaign) at or after being taken up."""
    pairs = len(log.pair_campaign)
    bought = np.zeros(pairs, bool)
    rows = log.is_("purchased")
    bought[log.pair[rows & (log.pair >= 0)]] = True
    alone = rows & (log.pair < 0) & (log.recipient.codes >= 0)
    latest = np.full(len(log.recipient.words), -NEVER, np.int64)
    np.maximum.at(latest, log.recipient.codes[alone], log.occurred_at[alone])
    if alone.any():
        bought |= latest[log.pair_recipient] >= times.taken_at
    return bought


def purchases(log: Log, times: FirstTimes, bought: Mask) -> Purchases:
    """Return purchases with and without a message, and the comparison with the hold-out group."""
    rows = log.is_("purchased")
    reason = log.reason.words.index(PURCHASE_BY_MESSAGE) if PURCHASE_BY_MESSAGE in log.reason.words else -2
    caused = rows & ((log.reason.codes == reason) | ((log.reason.codes < 0) & (log.channel.codes >= 0)))
    messaged, out = times.messaged(), np.flatnonzero(times.held_out == 1)
    n, m, k, j = len(messaged), len(out), int(bought[messaged].sum()), int(bought[out].sum())
    with_message = int(np.count_nonzero(caused))
    return Purchases(with_message, int(np.count_nonzero(rows)) - with_message, n, k, m, j, *_difference(k, n, j, m))


def _difference(k: int, n: int, j: int, m: int) -> tuple[float | None, float | None, float | None]:
    """Return k/n - j/m and its 95 % interval by the normal approximation; ``None`` where a group is empty."""
    if not n or not m:
        return None, None, None
    p, q = k / n, j / m
    half: float = Z * (p * (1 - p) / n + q * (1 - q) / m) ** 0.5
    return p - q, p - q - half, p - q + half


def duplicates(log: Log) -> Duplicates:
    """Return who got more than one message of one campaign."""
    rows = log.is_("delivered") & (log.pair >= 0)
    got = np.unique(log.pair[rows], return_counts=True)[1]
    more = got[got > 1]
    return Duplicates(len(more), int((more - 1).sum()), int(got.max(initial=0)))


def figures(log: Log, times: FirstTimes, bought: Mask, pair_recipient: Int64s) -> Figures:
    """Return all figures of these rows; ``times``, ``bought``, ``pair_recipient`` are of the pairs they are about."""
    messaged = times.messaged()
    is_fee = log.is_("fee")
    cost, fee = total_cost(log, np.ones(len(log), bool)), total_cost(log, is_fee)
    reach = reach_of(times)
    return Figures(
        released=len(messaged),
        people=len(np.unique(pair_recipient[messaged])),
        held_out=int(times.held_out.sum()),
        tally=tally(np.bincount(log.event, minlength=WIDTH)),
        reach=reach,
        time_to_reach=time_to_reach(times),
        cost_micro=cost,
        fees_micro=fee,
        cost_per_delivered_micro=divided(cost, reach.delivered_fate),
        cost_per_read_micro=divided(cost, reach.read_fate),
        purchases=purchases(log, times, bought),
        duplicates=duplicates(log),
        channels=by_channel(log, times),
        charges=charges(log),
    )
