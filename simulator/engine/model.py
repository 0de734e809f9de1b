"""The compiled model of a run: the scenario as flat tables of integers, ready for every scheduler.

Instants and durations are microseconds, money is micro-units of the scenario's currency, probabilities are 64-bit
bounds (an event happens when its draw is below), latencies are quantile tables. ``-1`` as a target means "end".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from policies.people import Int64s, People
from policies.records import CHARGE_EVENTS
from simulator.engine.conditions import Condition

if TYPE_CHECKING:
    from simulator.feedback.limits import Era

END = -1
STOP_STATES = ("delivered", "read", "clicked", "purchased", "never")
STOP_DELIVERED, STOP_READ, STOP_CLICKED, STOP_PURCHASED, STOP_NEVER = range(5)
CHARGE_SUBMIT, CHARGE_ACCEPT, CHARGE_DELIVERED, CHARGE_SESSION, CHARGE_SECOND, CHARGE_MONTH = range(len(CHARGE_EVENTS))

Table = Sequence[int]
Members = npt.NDArray[np.uint32]
"""Places of recipients, in rising order."""
ByRecipient = npt.NDArray[np.integer[Any]] | int
"""One number for everybody, or an array by recipient."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one charge costs in one country.

    ``tiers`` are (from unit, numerator, denominator): micro-units of the scenario's currency per unit, marginal by
    billable units of the account in the calendar month.
    """

    per: str  # message, segment, second or month
    minimum: int
    free_in_window: bool
    tiers: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Tariff:
    """One charge of one product, by country of the recipient; None where nothing is charged."""

    index: int
    charge: int  # index in CHARGE_EVENTS
    by_country: tuple[Rate | None, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """64-bit bounds of what happens to a message; ``read`` by engagement level, empty where reading cannot be seen."""

    accepted: int
    delivered: Table  # by country of the recipient
    read: Table
    clicked: int
    replied: int
    purchased: int
    complained: int
    unsubscribed: int
    receipt_lost: int
    receipt_repeated: int
    read_hidden: int


@dataclass(frozen=True, slots=True)
class Latencies:
    """Quantile tables, microseconds; ``duration`` only where a call has one."""

    delivery: Table
    reading: Table
    acting: Table
    receipt: Table
    duration: Table | None


@dataclass(frozen=True, slots=True)
class ChannelModel:
    """How one channel behaves in this scenario."""

    index: int
    key: int
    reports_delivered: bool
    reports_read: bool
    smartphone: bool
    rates: Rates
    latencies: Latencies
    validity: int
    daily_cap: int  # messages a recipient and local day; 0: none
    feedback: str  # "whatsapp", "block" or "none"
    pauses: tuple[int, ...]  # of a template whose rating turns red, microseconds


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one campaign's cascade. Targets are indices in ``Model.steps`` or END."""

    id: str
    index: int
    campaign: int
    channel: int
    template: int
    sender: int
    category: int
    brand: int
    delay: int
    wait: int  # from hand-over; -1: the cascade ends with this step, nobody waits
    stop_on: int
    conditions: tuple[Condition, ...]
    queues: tuple[int, ...]  # servers to pass in order: the step's own throttle, then the sender's
    on_absent: int
    on_failed: int
    on_refused: int
    on_timeout: int
    on_guard: int
    on_stop: int
    units: ByRecipient  # SMS segments, by recipient where variables matter
    text: ByRecipient  # index of the text for content rules
    submit: Tariff | None
    accept: Tariff | None
    delivered: Tariff | None
    session: Tariff | None
    second: Tariff | None
    guarded: ByRecipient = 0  # A_WHEN of its messages: what the guards of the gate's rules say


@dataclass(frozen=True, slots=True)
class Campaign:
    """One cascade and whom it is for."""

    id: str
    index: int
    key: int
    category: int
    release_at: int
    spread: int
    ends_at: int
    members: Members
    hold_out: int
    budget: int  # micro-units; NEVER: none
    jitter: int
    first: int


@dataclass(frozen=True, slots=True)
class SenderModel:
    """A sender name, number, group or domain."""

    id: str
    key: int
    channel: int
    provider: str
    registered_at: int  # -NEVER: registered; else the instant at which registration ends
    limit: int  # index in Model.limits; -1: no messaging limit
    quality: tuple[int, int, int] | None  # yellow ppm, red ppm, minimum sample
    blocking: tuple[int, int, int, int] | None  # warn ppm, block ppm, minimum sample, microseconds


@dataclass(frozen=True, slots=True)
class LimitModel:
    """A messaging limit, of one sender or of a portfolio of senders."""

    era: Era
    level: int


@dataclass(frozen=True, slots=True)
class ReviewModel:
    """A planned review: what happens at which instant. ``result`` is ``""`` where it is drawn."""

    submitted: int
    takes: int  # -1: drawn from the review table
    result: str
    reason: str
    resubmit_after: int
    resubmissions: int


@dataclass(frozen=True, slots=True)
class TemplateModel:
    """A template and where it stands at the start."""

    id: str
    key: int
    channel: int
    category: int
    state: int  # index in policies.kinds.base.TEMPLATE_STATES
    registered_at: int  # NEVER: not registered
    review: ReviewModel | None


@dataclass(frozen=True, slots=True)
class OutageModel:
    """A stretch in which a channel, or one sender (else -1), accepts nothing."""

    channel: int
    sender: int
    start: int
    end: int
    hold: bool


@dataclass(frozen=True, slots=True)
class StaffModel:
    """Shifts as (instant, people on duty from then on), and how long an answer takes."""

    shifts: tuple[tuple[int, int], ...]
    answer: Table
    auto_reply: bool


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What is common to all people of the scenario."""

    activity: tuple[int, ...] | None  # None: flat
    fatigue: Sequence[int]
    annoyance: Sequence[int]
    base_purchase: Table | None  # gaps between purchases that happen without messages; None: none


class Guard(Protocol):
    """The gate as the engine sees it; see ``policies.gate.Gate``."""

    def decide(self, recipient: int, attempt: list[int], state: list[int]) -> tuple[int, int, int]: ...
    def observe(self, attempt: list[int], state: list[int]) -> None: ...
    def new_state(self) -> list[int]: ...


@dataclass(slots=True)
class Model:
    """Everything a scheduler needs. Arrays by recipient have the order of ``people``; no list is as long as it.

    Plain Python makes the lists it wants once a replication: ``simulator.engine.lists``.
    """

    name: str
    seed: int
    start: int
    end: int
    people: People
    zone_offset: Int64s  # by zone set, the last for -1: wall clock minus UTC at the start, for the activity curve
    dead: npt.NDArray[np.bool_]  # by recipient: the number is dead
    campaigns: list[Campaign]
    steps: list[Step]
    channels: dict[int, ChannelModel]  # by index in CHANNELS; those that templates use
    senders: list[SenderModel]
    limits: list[LimitModel]
    templates: list[TemplateModel]
    servers: list[tuple[int, int]]  # (numerator, denominator) of microseconds per message; (0, 1): no bound
    outages: list[OutageModel]
    staff: StaffModel | None
    behaviour: Behaviour
    gate: Guard | None
    rule_of_row: list[int]
    rule_names: list[str]
    suppress_after: int
    watch_purchases: bool
    month_starts: list[int]
    fees: list[tuple[int, int, Tariff]]  # (instant, sender, tariff)
    review_time: Table
    review_approved: int
    script: dict[tuple[int, int, int, int, str], int] = field(default_factory=dict)
    """Forced draws by (recipient, campaign, channel, attempt, purpose); -1 stands for any campaign or channel."""
