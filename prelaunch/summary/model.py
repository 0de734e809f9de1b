"""What a run came to: frozen records with the unit in each name, and their JSON.

``_at``: instant, microseconds UTC. ``_us``: duration, microseconds. ``_micro``: money, micro-units of the currency.
In JSON an instant is ISO 8601 text, a duration stays a number, and money ``x_micro`` becomes the exact decimal text
``x``. *Recipient* counts recipients of campaigns: a person in two campaigns counts twice; ``people`` counts persons.
``_fate`` is what truly happened, ``_report`` what the company was told.
"""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.experiments.compare import Metrics
from scenarios.experiments.statistics import Estimate


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step of a campaign's cascade, in the order of the scenario."""

    step: str
    channel: str
    template: str | None = None


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """What the scenario says of a campaign."""

    campaign: str
    category: str | None = None
    steps: tuple[StepFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a log does not say of itself: name, seed, zone of the clock, currency, date of rules, order of steps."""

    scenario: str
    seed: int
    currency: str
    zone: str
    as_of: str | None = None
    gate: str = "observe"
    campaigns: tuple[CampaignFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """Nearest-rank quantiles over ``n`` durations; ``None`` when there are none."""

    n: int
    p50_us: int | None
    p90_us: int | None
    p95_us: int | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Recipients with at least one message delivered, or read. A report of reading also proves delivery."""

    delivered_fate: int
    delivered_report: int
    read_fate: int
    read_report: int


@dataclass(frozen=True, slots=True)
class TimeToReach:
    """From ``released`` to the first delivery or reading, over the recipients reached."""

    delivered_fate: Spread
    delivered_report: Spread
    read_fate: Spread
    read_report: Spread


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows of each event: messages, not recipients."""

    skipped: int
    absent: int
    held: int
    denied: int
    expired: int
    suppressed: int
    cancelled: int
    submitted: int
    rejected: int
    accepted: int
    delivered: int
    failed: int
    lapsed: int
    read: int
    clicked: int
    replied: int
    complained: int
    unsubscribed: int


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """One channel. ``reached_first``: recipients whose first delivered message came by it."""

    channel: str
    tally: Tally
    reached_first: int
    cost_micro: int


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One step. ``arrived``: recipients whose cascade came to it; ``reached``: those it delivered to;
    ``reached_first``: those whom no other step reached earlier."""

    step: str
    channel: str | None
    arrived: int
    reached: int
    reached_first: int
    tally: Tally
    cost_micro: int


@dataclass(frozen=True, slots=True)
class Charge:
    """What one charge event of one channel came to, fees apart."""

    channel: str | None
    charge: str | None
    rows: int
    units: int
    cost_micro: int


@dataclass(frozen=True, slots=True)
class Fee:
    """Charges without a recipient: monthly and sender-name fees."""

    channel: str | None
    sender: str | None
    reason: str | None
    rows: int
    cost_micro: int


@dataclass(frozen=True, slots=True)
class Purchases:
    """Purchases, and the buyers among recipients messaged or held out.

    ``difference`` is the share of buyers among the messaged less that among the held out, with a 95 % interval
    (normal approximation); ``None`` without a hold-out group.
    """

    by_message: int
    without_message: int
    messaged: int
    messaged_buyers: int
    held_out: int
    held_out_buyers: int
    difference: float | None
    difference_low: float | None
    difference_high: float | None


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Recipients to whom one campaign delivered more than one message, and the messages beyond the first."""

    recipients: int
    extra_messages: int
    most: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one campaign, or of all together."""

    released: int
    people: int
    held_out: int
    tally: Tally
    reach: Reach
    time_to_reach: TimeToReach
    cost_micro: int
    fees_micro: int
    cost_per_delivered_micro: int | None
    cost_per_read_micro: int | None
    purchases: Purchases
    duplicates: Duplicates
    channels: tuple[ChannelFigures, ...]
    charges: tuple[Charge, ...]


@dataclass(frozen=True, slots=True)
class CampaignFigures:
    """One campaign: its figures and its funnel by step."""

    campaign: str
    category: str | None
    figures: Figures
    steps: tuple[StepFigures, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """Why attempts did not go out: event, rule, reason, channel, with attempts and recipients."""

    event: str
    rule: str | None
    reason: str | None
    channel: str | None
    attempts: int
    recipients: int


@dataclass(frozen=True, slots=True)
class HoldHour:
    """Attempts held in one hour (0..23) of the day in the scenario's zone, and those held until it."""

    hour: int
    held: int
    until: int


@dataclass(frozen=True, slots=True)
class StateChange:
    """A change of a messaging limit, a quality rating, a template's or a sender's state.

    ``value`` is the new limit; ``unlimited`` stands for a limit that was lifted, and has no value.
    """

    at: int
    event: str
    channel: str | None
    sender: str | None
    template: str | None
    value: int | None
    unlimited: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReachPoint:
    """Recipients reached at or before an instant, cumulative."""

    at: int
    released: int
    delivered_fate: int
    delivered_report: int
    read_fate: int
    read_report: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A run. Everything but ``replications`` and ``estimates`` describes the replication ``shown``."""

    scenario: str
    seed: int
    currency: str
    zone: str
    as_of: str | None
    gate: str
    rows: int
    first_at: int | None
    last_at: int | None
    shown: int
    in_all: Figures
    campaigns: tuple[CampaignFigures, ...]
    fees: tuple[Fee, ...]
    stops: tuple[Stop, ...]
    hold_hours: tuple[HoldHour, ...]
    states: tuple[StateChange, ...]
    reach_over_time: tuple[ReachPoint, ...]
    replications: tuple[Metrics, ...]
    estimates: tuple[Estimate, ...]

    def to_json(self) -> dict[str, object]:
        """Return plain JSON values, money as exact decimal text; they meet docs/summary.schema.json."""
        from prelaunch.summary.plain import plain

        value = plain(self)
        assert isinstance(value, dict)
        return value
