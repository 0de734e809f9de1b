"""Within which bounds an attack looks: recipients, what may become of each message, releases, outages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from policies.records import HOUR, MINUTE
from scenarios.attack.cases import Arena
from scenarios.attack.fates import Slot, slots_of
from scenarios.attack.options import Property
from scenarios.compile.clock import Timeline, timeline
from scenarios.experiments.prepare import Prepared
from scenarios.model import ChannelName, Outage

OUTAGE_BEGINS_MIN = (0, 60, 360)
OUTAGE_LASTS_MIN = (60, 360, 1440)
THEN: tuple[Literal["reject"], Literal["hold"]] = ("reject", "hold")
"""When an outage may begin after the first release, and how long it may last: *assumed*, a day at most; and what the
provider does then."""


@dataclass(frozen=True, slots=True)
class Domain:
    """``spans`` are the minutes by which each campaign may be released later; ``outages`` the choices by channel."""

    people: int
    properties: tuple[Property, ...]
    slots: tuple[Slot, ...]
    spans: tuple[int, ...]
    outages: tuple[tuple[Outage, ...], ...]


def domain_of(arena: Arena, prepared: Prepared, people: int, later_h: float) -> Domain:
    """Return the bounds; a release lies within its own spread, and up to ``later_h`` hours beyond."""
    compiled = prepared.compiled()
    line = timeline(arena.scenario)
    return Domain(
        people=people,
        properties=arena.properties,
        slots=slots_of(compiled.model),
        spans=tuple(_span(campaign.release_at, campaign.spread, campaign.ends_at, later_h, line)
                    for campaign in compiled.model.campaigns),
        outages=tuple(_outages(channel, arena, line) for channel in _channels(arena)),
    )  # fmt: skip


def domain_words(domain: Domain) -> Iterator[str]:
    """Yield the bounds in words, a line each."""
    yield f"recipients: 1 to {domain.people}, made up; each property as somebody of the audience has it"
    varied = [own for own in domain.properties if len(own.values) > 1]
    either = [own.columns[0] for own in varied if len(own.values) == 2 and len(own.columns) == 1]
    if either:
        yield f"  one or the other: {', '.join(either)}"
    for own in varied:
        if len(own.values) > 2 or len(own.columns) > 1:
            more = f" of {own.seen}" if own.seen > len(own.values) else ""
            yield f"  {', '.join(own.columns)}: {len(own.values)}{more} values"
    yield from _messages(domain)
    longest = max(domain.spans, default=0)
    yield f"release: as planned, up to {longest} min later" if longest else "release: as planned, at one instant"
    if any(domain.outages):
        begins, lasts = OUTAGE_BEGINS_MIN[-1], OUTAGE_LASTS_MIN[-1]
        yield f"outages: one a channel, beginning up to {begins} min after the first release, of up to {lasts} min"
    yield "every forced outcome is one that the scenario's own shares and latencies allow"


def _messages(domain: Domain) -> Iterator[str]:
    """Yield what may become of messages, channels with the same fates together."""
    by_fates: dict[str, dict[str, None]] = {}
    for slot in domain.slots:
        names = [fate.name for fates in (slot.arrivals, slot.receipts, slot.reactions) for fate in fates[1:]]
        by_fates.setdefault(", ".join(names) or "as the seed draws it", {})[slot.channel] = None
    for told, channels in by_fates.items():
        yield f"a message by {', '.join(channels)}: {told}"


def _span(release: int, spread: int, ends: int, later_h: float, line: Timeline) -> int:
    """Return the minutes from a release to the last instant at which the campaign may still take people up."""
    last = min(release + spread + round(later_h * HOUR), ends - MINUTE, line.end - MINUTE)
    return max(0, (last - release) // MINUTE)


def _channels(arena: Arena) -> list[ChannelName]:
    return list(dict.fromkeys(step.channel for campaign in arena.scenario.campaigns for step in campaign.cascade))


def _outages(channel: ChannelName, arena: Arena, line: Timeline) -> tuple[Outage, ...]:
    first = min(line.instant(campaign.release_at) for campaign in arena.scenario.campaigns)
    found: list[Outage] = []
    for begins in OUTAGE_BEGINS_MIN:
        start = first + begins * MINUTE
        for lasts in OUTAGE_LASTS_MIN if start < line.end else ():
            begin, end = (f"{line.local(at):%Y-%m-%dT%H:%M}" for at in (start, start + lasts * MINUTE))
            found += [Outage(channel=channel, start=begin, end=end, then=then) for then in THEN]
    return tuple(found)
