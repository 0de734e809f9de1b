"""The typed model of a scenario file; the published JSON Schema is generated from these classes.

Durations carry their unit in the name (``wait_s``, ``spread_h``). Probabilities lie in [0, 1] and are conditional on
the stage before (read given delivered, click given read). Prices are decimal strings or numbers in ``currency``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

ChannelName = Literal["push", "email", "viber", "vk", "whatsapp", "sms", "telegram", "flash_call", "voice"]
CategoryName = Literal["promo", "transactional", "service", "authentication", "debt", "poll"]
Probability = Annotated[float, Meta(ge=0, le=1)]
Seconds = Annotated[float, Meta(ge=0, le=366 * 86400)]
Positive = Annotated[float, Meta(gt=0)]
NonNegative = Annotated[float, Meta(ge=0, le=1e9)]
Name = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[\w.\-]+$")]
DateText = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="YYYY-MM-DD")]
LocalTime = Annotated[
    str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$", description="YYYY-MM-DDTHH:MM in clock.zone")
]
ClockText = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$", description="HH:MM")]
Scalar = str | int | float | bool | None


class Base(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Common settings: immutable, no unknown fields."""


class Clock(Base, kw_only=True):
    """When the rehearsal takes place."""

    start: LocalTime
    zone: str = "Europe/Moscow"
    horizon_days: Annotated[float, Meta(gt=0, le=366)]


class Synthetic(Base, kw_only=True):
    """A generated audience, for people with no file yet. Shares are of the whole base."""

    size: Annotated[int, Meta(ge=1, le=100_000_000)]
    country: str = "RU"
    zones: dict[str, NonNegative] = field(default_factory=dict)
    present: dict[ChannelName, Probability] = field(default_factory=dict)
    consent: dict[ChannelName, Probability] = field(default_factory=dict)
    feature_phone: Probability = 0.2
    dead_number: Probability = 0.0
    opted_out: Probability = 0.0
    one_time_buyer: Probability = 0.2
    overdue: Probability = 0.0
    segments: dict[Name, NonNegative] = field(default_factory=dict)
    seed: int = 1


class AudienceFile(Base, kw_only=True):
    """A CSV or Parquet file; ``mapping`` gives, for each of our columns, the name it has in the file."""

    path: str
    mapping: dict[str, str] = field(default_factory=dict)
    country: str = "RU"
    number_ranges: str | None = None
    brand: str | None = None


class Audience(Base, kw_only=True):
    """Exactly one of ``file`` and ``synthetic``.

    ``consent_form`` is what the company states of the form by which every consent of this audience was given; what
    nobody states stays unknown, and rules that ask for it say *needs input*.
    """

    file: AudienceFile | None = None
    synthetic: Synthetic | None = None
    consent_form: list[
        Literal[
            "text_version",
            "separate_choice",
            "not_preticked",
            "not_conditional",
            "collected_at_sale",
            "similar_products",
            "refusal_offered",
            "charity_purpose",
            "double_opt_in",
        ]
    ] = field(default_factory=list)


class Organisation(Base, kw_only=True):
    """Who sends; bans and duties depend on the kind of organisation."""

    name: str = "Example"
    kind: Literal[
        "retailer",
        "bank",
        "microfinance",
        "insurer",
        "collector",
        "telecom",
        "marketplace",
        "state",
        "utility",
        "other",
    ] = "retailer"
    country: str = "RU"
    creditor_names: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)


class Registration(Base, kw_only=True):
    """A sender name that is still to be registered: sending before the end is refused."""

    submitted: LocalTime
    working_days: Annotated[int, Meta(ge=0, le=120)] | None = None


class Sender(Base, kw_only=True):
    """A sender name, number, group or domain on one channel."""

    channel: ChannelName
    brand: str | None = None
    provider: str | None = None
    registered: bool = True
    registration: Registration | None = None
    traffic: Literal["service", "advertising", "any"] = "any"
    portfolio: Name | None = None
    limit: Annotated[int, Meta(ge=1)] | Literal["unlimited"] | None = None
    throughput_per_s: Positive | None = None


class Price(Base, kw_only=True):
    """One charge. ``event`` says what is billed; ``category`` and ``country`` narrow it; tiers are marginal."""

    event: Literal["submit", "accept", "delivered", "session", "second", "month"]
    price: NonNegative
    currency: str | None = None
    category: CategoryName | None = None
    country: str | None = None
    per: Literal["message", "segment", "second", "month"] = "message"
    minimum_units: Annotated[int, Meta(ge=0)] = 0
    free_in_service_window: bool = False
    from_units: Annotated[int, Meta(ge=0)] = 0
    valid_from: DateText | None = None
    valid_to: DateText | None = None
    source: str | None = None


class Latency(Base, kw_only=True):
    """A latency: either a lognormal by ``p50_s`` and ``p95_s``, or ``points`` (probability, seconds), interpolated."""

    p50_s: Positive | None = None
    p95_s: Positive | None = None
    points: Annotated[list[tuple[Probability, Seconds]], Meta(min_length=2)] | None = None


class Receipts(Base, kw_only=True):
    """What becomes of delivery reports on their way back."""

    lost: Probability | None = None
    repeated: Probability | None = None
    read_hidden: Probability | None = None
    delay: Latency | None = None


class Channel(Base, kw_only=True):
    """Overrides of a channel's defaults; what is left out keeps the default of its module, with its source."""

    available: bool | None = None
    accepted: Probability | None = None
    delivered: Probability | None = None
    read: Probability | None = None
    clicked: Probability | None = None
    replied: Probability | None = None
    purchased: Probability | None = None
    complained: Probability | None = None
    unsubscribed: Probability | None = None
    delivery: Latency | None = None
    reading: Latency | None = None
    acting: Latency | None = None
    throughput_per_s: Positive | None = None
    validity_s: Annotated[float, Meta(gt=0, le=30 * 86400)] | None = None
    duration_s: Latency | None = None
    receipts: Receipts | None = None
    prices: list[Price] | None = None


class Button(Base, kw_only=True):
    """A button of a template."""

    kind: Literal["url", "phone", "quick_reply", "copy_code"]
    label: Annotated[str, Meta(max_length=60)]
    target: str | None = None


class Review(Base, kw_only=True):
    """The provider's review of a template: how long it takes, how it ends."""

    submitted: LocalTime
    takes_h: NonNegative | None = None
    result: Literal["approved", "rejected"] | None = None
    reason: str | None = None
    resubmit_after_h: NonNegative | None = None
    resubmissions: Annotated[int, Meta(ge=0, le=10)] = 0


class Template(Base, kw_only=True):
    """A text with ``{{variables}}`` named after audience columns."""

    channel: ChannelName
    body: str
    category: CategoryName
    language: str = "ru"
    subject: str | None = None
    header: str | None = None
    footer: str | None = None
    buttons: list[Button] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    status: Literal["draft", "pending", "approved", "rejected", "paused", "disabled"] = "approved"
    registered_at: LocalTime | None = None
    review: Review | None = None


class Condition(Base, kw_only=True):
    """A test of one attribute at the moment the step starts.

    Besides the audience's columns: ``purchased`` (since the campaign took the recipient up),
    ``days_since_purchase``, ``messages_last_7_days``, ``feature_phone``, ``segment``, ``orders``, ``country``.
    """

    attribute: str
    equals: Scalar = None
    one_of: list[Scalar] | None = None
    at_least: float | None = None
    below: float | None = None
    known: bool | None = None
    negate: bool = False


class Step(Base, kw_only=True):
    """One step of a cascade.

    ``wait_s`` runs from hand-over; if ``stop_on`` was not reported by then, the cascade goes to ``on_timeout``.
    Targets are step ids or ``end``; left out, they mean the next step of the list (the graph's default).
    """

    id: Name | None = None
    channel: ChannelName
    template: Name
    sender: Name | None = None
    wait_s: Seconds | None = None
    delay_s: Seconds = 0
    stop_on: Literal["delivered", "read", "clicked", "purchased", "never"] = "read"
    when: list[Condition] = field(default_factory=list)
    throttle_per_h: Positive | None = None
    on_absent: Name | None = None
    on_failed: Name | None = None
    on_refused: Name | None = None
    on_timeout: Name | None = None
    on_guard: Name | None = None
    on_stop: Name | None = None


class Campaign(Base, kw_only=True):
    """One cascade sent to the audience, or to the part of it that meets ``only``."""

    id: Name
    category: CategoryName
    release_at: LocalTime
    spread_h: NonNegative = 0
    ends_at: LocalTime | None = None
    only: list[Condition] = field(default_factory=list)
    sample: Annotated[int, Meta(ge=0)] | None = None
    hold_out: Probability = 0
    budget: NonNegative | None = None
    hold_jitter_s: Seconds = 0
    cascade: Annotated[list[Step], Meta(min_length=1)]
    pilot: bool = False


class Outage(Base, kw_only=True):
    """A provider that does not accept messages for a while."""

    channel: ChannelName
    start: LocalTime
    end: LocalTime
    sender: Name | None = None
    then: Literal["reject", "hold"] = "reject"


class Staff(Base, kw_only=True):
    """People who answer replies."""

    people: Annotated[int, Meta(ge=0, le=100_000)]
    answer: Latency | None = None
    from_: ClockText = field(default="09:00", name="from")
    to: ClockText = "19:00"
    days: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1)] = field(
        default_factory=lambda: [1, 2, 3, 4, 5]
    )
    auto_reply: bool = True


class Feedback(Base, kw_only=True):
    """What providers do when people complain; thresholds that no provider publishes are *assumed* and may be set."""

    yellow_rate: Probability | None = None
    red_rate: Probability | None = None
    minimum_sample: Annotated[int, Meta(ge=1)] | None = None
    scale: Positive = 1.0
    warn_rate: Probability | None = None
    block_rate: Probability | None = None
    block_minimum: Annotated[int, Meta(ge=1)] | None = None
    block_h: NonNegative | None = None


class Personality(Base, kw_only=True):
    """How people differ and when they look at their phones."""

    engagement_sigma: Annotated[float, Meta(ge=0, le=3)] = 0.5
    fatigue_per_message: Annotated[float, Meta(ge=0, le=1)] = 0.05
    activity: Literal["flat", "waking"] | Annotated[list[NonNegative], Meta(min_length=24, max_length=24)] = "waking"
    purchases_per_30_days: Annotated[float, Meta(ge=0, le=30)] = 0.0
    dead_number_rate: Probability = 0.0


class Guards(Base, kw_only=True):
    """The company's own guards: they act on the simulated campaign. Rules in the form of a pack's, plus lists."""

    rules: list[dict[str, Any]] = field(default_factory=list)
    dead_after_failures: Annotated[int, Meta(ge=1, le=100)] | None = None
    respect_opt_outs: bool = True


class ExchangeRate(Base, kw_only=True):
    """Units of the scenario's currency for one unit of ``currency`` from ``date`` on."""

    currency: str
    date: DateText
    rate: Positive
    source: str | None = None


class Forced(Base, kw_only=True):
    """A forced outcome: the draw ``purpose`` of this attempt takes ``value``: a probability in [0, 1), or seconds."""

    recipient: str
    campaign: Name | None = None
    channel: ChannelName | None = None
    attempt: Annotated[int, Meta(ge=0)] = 0
    purpose: str
    value: NonNegative


class CalendarFile(Base, kw_only=True):
    """Many campaigns read from a calendar CSV; each row becomes a one-step campaign.

    ``scale`` = size of the real base the counts refer to; a row without a size takes ``default_share`` of the base.
    """

    path: str
    mapping: dict[str, str] = field(default_factory=dict)
    month: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}$")] | None = None
    types: list[str] = field(default_factory=list)
    scale: Positive | None = None
    default_share: Probability | None = None
    channels: dict[str, ChannelName] = field(default_factory=dict)
    templates: dict[ChannelName, Name] = field(default_factory=dict)
    zone: str | None = None
    category: CategoryName = "promo"


class Scenario(Base, kw_only=True):
    """A whole rehearsal."""

    name: str
    description: str = ""
    as_of: DateText | None = None
    seed: Annotated[int, Meta(ge=0, le=2**62 - 1)] = 1
    replications: Annotated[int, Meta(ge=1, le=100_000)] = 1
    clock: Clock
    audience: Audience
    organisation: Organisation = field(default_factory=Organisation)
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "RUB"
    exchange_rates: list[ExchangeRate] = field(default_factory=list)
    senders: dict[Name, Sender] = field(default_factory=dict)
    channels: dict[ChannelName, Channel] = field(default_factory=dict)
    templates: dict[Name, Template]
    guards: Guards = field(default_factory=Guards)
    packs: list[str] = field(default_factory=list)
    gate: Literal["observe", "enforce"] = "observe"
    campaigns: list[Campaign] = field(default_factory=list)
    calendar: CalendarFile | None = None
    outages: list[Outage] = field(default_factory=list)
    staff: Staff | None = None
    feedback: dict[ChannelName, Feedback] = field(default_factory=dict)
    people: Personality = field(default_factory=Personality)
    evidence: dict[str, Scalar] = field(default_factory=dict)
    calendars: dict[str, str] = field(default_factory=dict)
    script: list[Forced] = field(default_factory=list)


def decode(raw: object) -> Scenario:
    """Return the typed scenario for parsed YAML; raises ``msgspec.ValidationError`` on the first fault."""
    return msgspec.convert(raw, Scenario)
