"""Senders, their throughput, their limits and how providers rate them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from policies.calendars.workdays import add_working_days
from policies.instants import to_micros
from policies.records import CHANNELS, NEVER
from scenarios.compile.channels import figure
from scenarios.compile.clock import Timeline, micros
from scenarios.model import Channel, Feedback, Scenario, Sender
from simulator.channels import spec
from simulator.channels.base import Feedback as ChannelFeedback
from simulator.channels.base import Figures, find
from simulator.channels.whatsapp import UNLIMITED, LimitEra, limit_era
from simulator.draws import name_key
from simulator.engine.model import LimitModel, SenderModel
from simulator.feedback.limits import Era

MILLION = 1_000_000
LONGEST_INTERVAL = 366 * 86400 * MILLION
ADVERTISING_ALLOWED = ("viber", "vk")
"""Here the block is for advertising in a service channel (seed S6); e-mail is rated by complaints whatever it says."""


@dataclass(slots=True)
class Senders:
    """Senders in order, their limits and servers; ``place`` finds a sender by id."""

    models: list[SenderModel] = field(default_factory=list)
    limits: list[LimitModel] = field(default_factory=list)
    servers: list[tuple[int, int]] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)
    brands: list[str | None] = field(default_factory=list)
    portfolios: dict[str, int] = field(default_factory=dict)


def rate_of(messages: float, seconds: int = 1) -> tuple[int, int]:
    """Return (numerator, denominator) of the microseconds a message takes at so many messages in so many seconds.

    Exact to a millionth of a microsecond, and cut at a year, so that both are small whole numbers.
    """
    interval = min(seconds * MILLION / Fraction(repr(float(messages))), Fraction(LONGEST_INTERVAL))
    short = interval.limit_denominator(MILLION)
    return short.numerator, short.denominator


def compile_senders(scenario: Scenario, line: Timeline) -> Senders:
    """Return the scenario's senders, and one named ``<channel>`` for each channel used without one."""
    given = dict(scenario.senders)
    with_sender = {sender.channel for sender in given.values()}
    for template in scenario.templates.values():
        if template.channel not in with_sender:
            given.setdefault(template.channel, Sender(channel=template.channel))
    senders = Senders()
    for name, sender in given.items():
        senders.place[name] = len(senders.models)
        senders.brands.append(sender.brand)
        senders.servers.append(_throughput(scenario, sender, line.as_of))
        senders.models.append(_sender(scenario, name, sender, line, senders))
    return senders


def sender_for(senders: Senders, channel: str) -> str | None:
    """Return the id of the only sender of a channel, or None where there are several."""
    index = CHANNELS.index(channel)
    names = [name for name, place in senders.place.items() if senders.models[place].channel == index]
    return names[0] if len(names) == 1 else None


def _throughput(scenario: Scenario, sender: Sender, as_of: date) -> tuple[int, int]:
    own = scenario.channels.get(sender.channel, Channel()).throughput_per_s
    channel = spec(sender.channel)
    rate = sender.throughput_per_s or own
    if rate is None and channel.throughput_per_s:
        rate = figure(None, channel.throughput_per_s, as_of, scenario.organisation.country)
    return rate_of(rate) if rate else (0, 1)


def _sender(scenario: Scenario, name: str, sender: Sender, line: Timeline, senders: Senders) -> SenderModel:
    own: Feedback = scenario.feedback.get(sender.channel, Feedback())
    feedback = spec(sender.channel).feedback
    rules = _Numbers(line.as_of, scenario.organisation.country)
    rated = feedback.kind == "whatsapp"
    promotes_rightly = sender.traffic == "advertising" and sender.channel in ADVERTISING_ALLOWED
    may_be_blocked = feedback.kind == "block" and not promotes_rightly
    return SenderModel(
        id=name,
        key=name_key(name),
        channel=CHANNELS.index(sender.channel),
        provider=sender.provider or sender.channel,
        registered_at=_registered_at(sender, line, scenario.organisation.country),
        limit=_limit(name, sender, own, line.as_of, senders) if rated else -1,
        quality=_quality(own, feedback, rules) if rated else None,
        blocking=_blocking(own, feedback, rules) if may_be_blocked else None,
    )


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Numbers of a day and country: the scenario's, else the channel's in force, else None."""

    as_of: date
    country: str

    def get(self, given: float | None, figures: Figures) -> float | None:
        found = find(figures, self.as_of, self.country)
        return given if given is not None else found.value if found is not None else None


def _quality(own: Feedback, feedback: ChannelFeedback, rules: _Numbers) -> tuple[int, int, int] | None:
    """Return (yellow ppm, red ppm, minimum sample), or None where the provider did not rate on that day."""
    yellow = rules.get(own.yellow_rate, feedback.yellow_rate)
    red = rules.get(own.red_rate, feedback.red_rate)
    minimum = rules.get(own.minimum_sample, feedback.minimum_sample)
    if yellow is None or red is None or minimum is None:
        return None
    return round(yellow * MILLION), round(red * MILLION), max(1, round(minimum * own.scale))


def _blocking(own: Feedback, feedback: ChannelFeedback, rules: _Numbers) -> tuple[int, int, int, int] | None:
    """Return (warn ppm, block ppm, minimum sample, microseconds), or None where nobody blocked on that day."""
    warn = rules.get(own.warn_rate, feedback.warn_rate)
    block = rules.get(own.block_rate, feedback.block_rate)
    minimum = rules.get(own.block_minimum, feedback.block_minimum)
    lasts = rules.get(None if own.block_h is None else own.block_h * 3600, feedback.block_s)
    if warn is None or block is None or minimum is None or lasts is None:
        return None
    return round(warn * MILLION), round(block * MILLION), max(1, round(minimum * own.scale)), micros(lasts)


def _registered_at(sender: Sender, line: Timeline, home: str) -> int:
    """Return when the sender may be used: working days after the registration was submitted, else at once or never."""
    if sender.registration is None:
        return -NEVER if sender.registered else NEVER
    days = sender.registration.working_days
    if days is None:
        figures = spec(sender.channel).registration_working_days
        days = int(figure(None, figures, line.as_of, home)) if figures else 0
    submitted = line.local(line.instant(sender.registration.submitted)).date()
    ready = add_working_days(submitted, days, home)
    if ready is None:
        return NEVER  # the calendar of that year is not known: nobody can say when, so it is not assumed
    local = line.local(line.start).replace(
        year=ready.year, month=ready.month, day=ready.day, hour=0, minute=0, second=0, microsecond=0, fold=0
    )
    return to_micros(local) if days else line.instant(sender.registration.submitted)


def _limit(name: str, sender: Sender, own: Feedback, as_of: date, senders: Senders) -> int:
    """Return the index of the sender's limit; senders of one portfolio share it where the era says so."""
    era = limit_era(as_of)
    key = f"portfolio:{sender.portfolio or ''}" if era.scope == "portfolio" else f"number:{name}"
    if key not in senders.portfolios:
        senders.portfolios[key] = len(senders.limits)
        senders.limits.append(_limit_model(era, sender, own.scale))
    index = senders.portfolios[key]
    if era.scope == "portfolio" and sender.limit is not None:
        inherited = _limit_model(era, sender, own.scale)
        if inherited.era.levels[inherited.level] > senders.limits[index].era.levels[senders.limits[index].level]:
            senders.limits[index] = inherited  # a portfolio inherits the highest limit among its numbers
    return index


def _limit_model(era: LimitEra, sender: Sender, scale: float) -> LimitModel:
    levels = sorted({level if level == UNLIMITED else max(1, round(level * scale)) for level in era.levels})
    start = levels[0]
    if sender.limit == "unlimited":
        start = UNLIMITED
    elif sender.limit is not None:
        start = sender.limit
        levels = sorted({*levels, start})
    flat = Era(
        tuple(levels), era.upgrade_after_s * MILLION, era.upgrade_numerator, era.upgrade_denominator,
        era.lowered_by_quality, era.flagged_for_s * MILLION,
    )  # fmt: skip
    return LimitModel(flat, levels.index(start))
