"""The state of a run: everything that events change. Schedulers own the clock; this holds what is true now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from policies.people import Int64s
from policies.records import CHANNELS, NEVER, WEEK
from simulator import draws
from simulator.behaviour import FATIGUE_LEVELS
from simulator.engine.lists import Lists, lists_of
from simulator.engine.log import Log, row
from simulator.engine.model import Campaign, Model
from simulator.engine.money import Accounts
from simulator.feedback.blocks import Blocking
from simulator.feedback.limits import Limit
from simulator.feedback.pausing import Pausing
from simulator.feedback.quality import Quality
from simulator.feedback.staff import Staff

Agenda = tuple[int, int, int, int, int, "Chain | None"]
"""A coupling event to come: (instant, kind, three numbers, chain)."""
(
    DELIVERED, COMPLAINED, STOP_REPORT, FAILURE_REPORT, REPLY, OPT_OUT, OPT_OUT_LEARNED, PURCHASE,
    NUMBER_REPORT, STAFF_DONE, LIMIT_UPGRADE, LIMIT_DOWNGRADE, TEMPLATE_RESUME, SENDER_RELEASE,
) = range(14)  # fmt: skip

CHANNEL_COUNT = len(CHANNELS)


class Chain:
    """One recipient's way through one campaign's cascade."""

    __slots__ = (
        "attempt", "campaign", "delayed", "ended", "goto", "judged_at", "key", "recipient", "released_at", "step",
        "stopped", "stopped_by", "tries", "version", "waiting", "wake",
    )  # fmt: skip

    def __init__(self, campaign: Campaign, recipient: int, released_at: int, key: int):
        self.campaign = campaign
        self.recipient = recipient
        self.released_at = released_at
        self.key = key  # draws of this recipient in this campaign
        self.step = campaign.first
        self.tries = [0] * CHANNEL_COUNT
        self.delayed = False
        self.stopped = False
        self.ended = False
        self.waiting = False  # on a timer or hold, so that a report may wake it
        self.goto = -1  # where to go after a stop
        self.stopped_by = ""
        self.version = 0  # of the wait, so that a timer that lost its purpose is recognised
        self.judged_at = -NEVER
        self.wake: object = None  # the scheduler's handle on the wait
        self.attempt: list[int] = []  # as the gate last saw it


@dataclass(slots=True)
class World:
    """State of one replication. Dictionaries hold only people to whom something has happened."""

    model: Model
    lists: Lists
    replication: int
    log: Log
    accounts: Accounts
    key: int
    levels: list[int]
    progress: Callable[[int], None] | None = None
    finished: int = 0
    agenda: list[Agenda] = field(default_factory=list)
    recent: dict[int, list[int]] = field(default_factory=dict)
    sent_before: dict[int, int] = field(default_factory=dict)
    purchased_at: dict[int, int] = field(default_factory=dict)
    bought: dict[int, int] = field(default_factory=dict)
    last_inbound: dict[int, int] = field(default_factory=dict)
    opted_out: dict[int, int] = field(default_factory=dict)
    opt_out_learned: dict[int, int] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    touched: dict[int, int] = field(default_factory=dict)
    failures: list[int] = field(default_factory=list)
    rule_state: dict[int, list[int]] = field(default_factory=dict)
    sessions: dict[int, int] = field(default_factory=dict)
    sent_today: dict[int, tuple[int, int]] = field(default_factory=dict)
    chains: dict[int, list[Chain]] = field(default_factory=dict)
    spent: list[int] = field(default_factory=list)
    budget_out: list[bool] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    sender_quality: list[Quality | None] = field(default_factory=list)
    template_quality: list[Quality | None] = field(default_factory=list)
    pausing: list[Pausing] = field(default_factory=list)
    blocking: list[Blocking | None] = field(default_factory=list)
    registered_at: list[int] = field(default_factory=list)
    template_state: list[int] = field(default_factory=list)
    template_since: list[int] = field(default_factory=list)
    outages: dict[tuple[int, int], tuple[int, bool]] = field(default_factory=dict)
    staff: Staff = field(default_factory=Staff)
    replies: list[tuple[int, int, int, int, int]] = field(default_factory=list)

    def recent_messages(self, recipient: int, at: int) -> int:
        """Return the messages handed over to ``recipient`` in the 7 days before ``at``, at most 15."""
        times = self.recent.get(recipient)
        if not times:
            return 0
        while times and times[0] <= at - WEEK:
            times.pop(0)
        return min(len(times), FATIGUE_LEVELS - 1)

    def cells(self, recipient: int) -> list[int]:
        """Return the recipient's history cells for the rules, made on first use."""
        cells = self.rule_state.get(recipient)
        if cells is None:
            gate = self.model.gate
            cells = self.rule_state[recipient] = gate.new_state() if gate is not None else []
        return cells

    def emit(self, event: int, at: int, **cells: int) -> None:
        """Add a row to the log, unless it lies past the horizon; ``cells`` as in ``log.row``."""
        if at < self.model.end:
            self.log.append(row(event, at, **cells))

    def close(self, chain: Chain) -> None:
        """Count the chain as ended and, now and then, say how many are."""
        chain.ended = True
        self.finished += 1
        if self.progress is not None and self.finished % 1000 == 0:
            self.progress(self.finished)

    def purchase(self, recipient: int, at: int) -> None:
        """Note a purchase for whoever asks for it later."""
        self.purchased_at[recipient] = at
        self.bought[recipient] = self.bought.get(recipient, 0) + 1

    def plan(self, at: int, kind: int, a: int = -1, b: int = -1, c: int = -1, chain: Chain | None = None) -> None:
        """Put a coupling event on the agenda; the scheduler takes it from there. Past the horizon nothing happens."""
        if at < self.model.end:
            self.agenda.append((at, kind, a, b, c, chain))


def new_world(model: Model, replication: int, progress: Callable[[int], None] | None = None) -> World:
    """Return the state at the start of a replication."""
    key = draws.run_key(model.seed, replication)
    levels = engagement_levels(model, key)
    world = World(model, lists_of(model), replication, Log(), Accounts(model.month_starts), key, levels, progress)
    world.failures = model.people.failures_in_a_row[:].tolist()
    world.spent = [0] * len(model.campaigns)
    world.budget_out = [campaign.budget <= 0 for campaign in model.campaigns]
    world.limits = [Limit(limit.era, limit.level) for limit in model.limits]
    qualities = [sender.quality for sender in model.senders]
    world.sender_quality = [Quality(*numbers) if numbers else None for numbers in qualities]
    of_channel = {sender.channel: sender.quality for sender in model.senders if sender.quality}
    world.template_quality = [
        Quality(*of_channel[template.channel]) if template.channel in of_channel else None
        for template in model.templates
    ]
    world.pausing = [Pausing(model.channels[template.channel].pauses) for template in model.templates]
    world.blocking = [Blocking(*sender.blocking) if sender.blocking else None for sender in model.senders]
    world.registered_at = [sender.registered_at for sender in model.senders]
    world.template_state = [template.state for template in model.templates]
    world.template_since = [template.registered_at for template in model.templates]
    return world


def engagement_levels(model: Model, key: int) -> list[int]:
    """Return each person's engagement level: the top byte of one draw."""
    keys = draws.combine_array(key, model.people.key)
    levels: list[int] = (draws.draw_array(keys, draws.PURPOSE["engagement"]) >> np.uint64(56)).tolist()
    return levels


def releases(model: Model, key: int) -> tuple[Int64s, Int64s, Int64s, draws.UInt64s]:
    """Return (instant, recipient, campaign, key) of every first release, by time, then recipient key, then campaign.

    ``key`` is that of the run; those returned are (run, recipient, campaign).
    """
    at, who, which, keys = [], [], [], []
    for campaign in model.campaigns:
        chain_keys = draws.combine_array(key, model.people.key[campaign.members], campaign.key)
        spread = draws.draw_array(chain_keys, draws.PURPOSE["release"]) >> np.uint64(32)
        at.append(campaign.release_at + _share(spread.astype(np.int64), campaign.spread // 1000) * 1000)
        who.append(campaign.members.astype(np.int64))
        which.append(np.full(len(campaign.members), campaign.index, dtype=np.int64))
        keys.append(chain_keys)
    times, people, campaigns = (np.concatenate(parts) for parts in (at, who, which))
    order = _by_time(times, model.people.key[people], campaigns)
    order = order[times[order] < model.end]
    return times[order], people[order], campaigns[order], np.concatenate(keys)[order]


def _by_time(times: Int64s, keys: draws.UInt64s, campaigns: Int64s) -> Int64s:
    """Return the order by time, then key, then campaign: one quick sort, and a careful one of those that tie."""
    order = np.argsort(times)
    sorted_times = times[order]
    same = sorted_times[1:] == sorted_times[:-1]
    ties = np.flatnonzero(np.concatenate([same, [False]]) | np.concatenate([[False], same]))
    tied = order[ties]
    order[ties] = tied[np.lexsort((campaigns[tied], keys[tied], times[tied]))]
    return order


def _share(shares: Int64s, whole: int) -> Int64s:
    """Return ``shares * whole >> 32`` for 32-bit shares, in two halves, so that a spread of a year fits."""
    return ((shares >> 16) * whole + ((shares & 0xFFFF) * whole >> 16)) >> 16
