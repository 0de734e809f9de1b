"""Instants of a scenario: local times in the clock's zone become microseconds UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from policies.instants import moment, to_micros
from policies.records import DAY, NEVER, SECOND
from scenarios.model import Scenario


def micros(seconds: float) -> int:
    """Return seconds as whole microseconds, rounded to the nearest."""
    return round(seconds * SECOND)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Start and end of the horizon (instants), the zone of the clock, and the day whose law and prices apply."""

    zone: ZoneInfo
    start: int
    end: int
    as_of: date

    def instant(self, text: str) -> int:
        """Return the instant of a local time such as ``2026-11-23T09:00``; a skipped hour counts as the one after."""
        return to_micros(datetime.fromisoformat(text).replace(tzinfo=self.zone))

    def local(self, at: int) -> datetime:
        """Return the wall clock of the scenario's zone at an instant."""
        return moment(at, self.zone)

    def month_starts(self) -> list[int]:
        """Return the first instant of each calendar month of the horizon, the one it starts in included."""
        first = self.local(self.start).replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
        starts = []
        while (at := to_micros(first)) < self.end:
            starts.append(at)
            first = (first + timedelta(days=32)).replace(day=1)
        return starts


def timeline(scenario: Scenario, as_of: date | None = None) -> Timeline:
    """Return the scenario's timeline; ``as_of`` overrides the scenario's own, which overrides the day of its start."""
    zone = ZoneInfo(scenario.clock.zone)
    start = to_micros(datetime.fromisoformat(scenario.clock.start).replace(tzinfo=zone))
    end = min(start + round(scenario.clock.horizon_days * DAY), NEVER - 1)
    own = date.fromisoformat(scenario.as_of) if scenario.as_of else None
    return Timeline(zone, start, end, as_of or own or datetime.fromisoformat(scenario.clock.start).date())
