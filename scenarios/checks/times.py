"""Times: zones that exist, local times that exist in them, and what must lie within the clock does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from policies.yaml_tree import FieldPath
from scenarios.checks.facts import FIRST_YEAR, LAST_YEAR, Facts, instant, zone_fault, zone_of
from scenarios.model import Campaign, Scenario
from scenarios.plain_errors import Fault

Times = list[tuple[FieldPath, str]]


def check(facts: Facts) -> Iterator[Fault]:
    """Yield the faults of zones, dates and local times."""
    yield from _zones(facts.scenario)
    yield from _staff(facts)
    yield from _years(_dates(facts.scenario))
    zone = zone_of(facts.scenario.clock.zone)
    if zone is None or facts.lost("clock"):
        return
    bad = list(_years(_local_times(facts.scenario))) or list(_gaps(_local_times(facts.scenario), zone))
    yield from bad
    if not bad:
        yield from _order(facts.scenario, zone)


def _zones(scenario: Scenario) -> Iterator[Fault]:
    named: Times = [(("clock", "zone"), scenario.clock.zone)]
    if scenario.audience.synthetic is not None:
        named += [(("audience", "synthetic", "zones", name), name) for name in scenario.audience.synthetic.zones]
    if scenario.calendar is not None and scenario.calendar.zone is not None:
        named.append((("calendar", "zone"), scenario.calendar.zone))
    for path, name in named:
        fault = zone_fault(path, name)
        if fault is not None:
            yield fault


def _staff(facts: Facts) -> Iterator[Fault]:
    staff = facts.scenario.staff
    if staff is None:
        return
    if staff.to <= staff.from_:
        what = f"the shift ends at {staff.to}, not after it begins at {staff.from_}"
        yield Fault(("staff", "to"), what, "a shift stays within one day")
    if len(set(staff.days)) < len(staff.days):
        yield Fault(("staff", "days"), "a day stands twice", "1 is Monday, 7 is Sunday")


def _dates(scenario: Scenario) -> Times:
    dates: Times = [(("as_of",), scenario.as_of)] if scenario.as_of else []
    dates += [(("exchange_rates", index, "date"), rate.date) for index, rate in enumerate(scenario.exchange_rates)]
    for name, channel in scenario.channels.items():
        for index, price in enumerate(channel.prices or []):
            at: FieldPath = ("channels", name, "prices", index)
            dates += [((*at, field), day) for field in ("valid_from", "valid_to") if (day := getattr(price, field))]
    return dates


def _local_times(scenario: Scenario) -> Times:
    times: Times = [(("clock", "start"), scenario.clock.start)]
    for name, sender in scenario.senders.items():
        if sender.registration is not None:
            times.append((("senders", name, "registration", "submitted"), sender.registration.submitted))
    for name, template in scenario.templates.items():
        if template.registered_at is not None:
            times.append((("templates", name, "registered_at"), template.registered_at))
        if template.review is not None:
            times.append((("templates", name, "review", "submitted"), template.review.submitted))
    for index, campaign in enumerate(scenario.campaigns):
        times.append((("campaigns", index, "release_at"), campaign.release_at))
        if campaign.ends_at is not None:
            times.append((("campaigns", index, "ends_at"), campaign.ends_at))
    for index, outage in enumerate(scenario.outages):
        times += [(("outages", index, "start"), outage.start), (("outages", index, "end"), outage.end)]
    return times


def _years(times: Times) -> Iterator[Fault]:
    for path, text in times:
        if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
            yield Fault(path, f"{text} lies outside {FIRST_YEAR}-{LAST_YEAR}", "check the year")


def _gaps(times: Times, zone: ZoneInfo) -> Iterator[Fault]:
    for path, text in times:
        back = instant(text, zone).astimezone(zone).replace(tzinfo=None)
        if back != dt.datetime.fromisoformat(text):
            what = f"{text} does not exist in {zone.key}: the clocks are put forward"
            yield Fault(path, what, f"write {back.isoformat(timespec='minutes')}")


def _order(scenario: Scenario, zone: ZoneInfo) -> Iterator[Fault]:
    start = instant(scenario.clock.start, zone)
    end = start + dt.timedelta(days=scenario.clock.horizon_days)
    for index, campaign in enumerate(scenario.campaigns):
        yield from _release(("campaigns", index), campaign, (start, end), zone)
    for index, outage in enumerate(scenario.outages):
        begins, ends = instant(outage.start, zone), instant(outage.end, zone)
        if ends <= begins:
            what = f"the outage ends at {outage.end}, not after it begins"
            yield Fault(("outages", index, "end"), what, "exchange the two")
        elif ends <= start or begins >= end:
            yield Fault(("outages", index, "start"), "the outage lies outside the clock", _span(scenario))


def _release(
    path: FieldPath, campaign: Campaign, clock: tuple[dt.datetime, dt.datetime], zone: ZoneInfo
) -> Iterator[Fault]:
    release = instant(campaign.release_at, zone)
    last = release + dt.timedelta(hours=min(campaign.spread_h, 1e5))
    if not clock[0] <= release < clock[1]:
        side = "before the clock starts" if release < clock[0] else "after the horizon"
        yield Fault((*path, "release_at"), f"the release at {campaign.release_at} lies {side}", "move it or the clock")
    elif last > clock[1]:
        what = f"a release spread over {campaign.spread_h:g} h runs past the horizon"
        yield Fault((*path, "spread_h"), what, "shorten it or raise clock.horizon_days")
    if campaign.ends_at is not None and instant(campaign.ends_at, zone) <= release:
        what = f"the campaign ends at {campaign.ends_at}, not after its release"
        yield Fault((*path, "ends_at"), what, "move ends_at after release_at")


def _span(scenario: Scenario) -> str:
    return f"the clock runs {scenario.clock.horizon_days:g} days from {scenario.clock.start}"
