"""What the checks look at: the typed scenario, and the file as it was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from policies.words import suggestion
from policies.yaml_tree import FieldPath
from scenarios.model import Campaign, Condition, Latency, Scenario, Step
from scenarios.plain_errors import Fault
from scenarios.salvage import Salvage

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years a scenario may speak of (*assumed*): zone and holiday tables mean little outside them."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The sound part of a scenario. Paths given to its methods are those of ``scenario``, not of the file."""

    scenario: Scenario
    raw: Any
    base_dir: Path
    salvage: Salvage

    def written(self, path: FieldPath) -> Any:
        """Return what stands in the file at a path of the scenario, ``None`` when nothing does."""
        value = self.raw
        for part in self.salvage.original(path):
            if isinstance(value, dict):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def names(self, block: str) -> set[str]:
        """Return the names that the file defines in ``senders`` or ``templates``, also those with faults."""
        value = self.written((block,))
        return set(value) if isinstance(value, dict) else set()

    def damaged(self, path: FieldPath, *fields: str) -> bool:
        """Say whether an entry of the list at ``path``, or one of these fields of an entry, was lost."""
        start = self.salvage.original(path)
        tails = [gone[len(start) :] for gone in self.salvage.lost if gone[: len(start)] == start]
        return any(len(tail) <= 1 or tail[1] in fields for tail in tails)

    def lost(self, *path: str | int) -> bool:
        """Say whether something in this block of the file was lost."""
        return self.salvage.hidden(path)

    def campaigns(self) -> Iterator[tuple[FieldPath, Campaign]]:
        """Yield each campaign with its path."""
        for index, campaign in enumerate(self.scenario.campaigns):
            yield ("campaigns", index), campaign

    def steps(self) -> Iterator[tuple[FieldPath, Step]]:
        """Yield each step of each campaign with its path."""
        for path, campaign in self.campaigns():
            for index, step in enumerate(campaign.cascade):
                yield (*path, "cascade", index), step

    def conditions(self) -> Iterator[tuple[FieldPath, Condition]]:
        """Yield each condition of campaigns and steps with its path."""
        for path, campaign in self.campaigns():
            for index, condition in enumerate(campaign.only):
                yield (*path, "only", index), condition
        for path, step in self.steps():
            for index, condition in enumerate(step.when):
                yield (*path, "when", index), condition

    def latencies(self) -> Iterator[tuple[FieldPath, Latency]]:
        """Yield each latency with its path."""
        for name, channel in self.scenario.channels.items():
            path: FieldPath = ("channels", name)
            for field in ("delivery", "reading", "acting", "duration_s"):
                latency = getattr(channel, field)
                if latency is not None:
                    yield (*path, field), latency
            if channel.receipts is not None and channel.receipts.delay is not None:
                yield (*path, "receipts", "delay"), channel.receipts.delay
        if self.scenario.staff is not None and self.scenario.staff.answer is not None:
            yield ("staff", "answer"), self.scenario.staff.answer


def zone_fault(path: FieldPath, name: str) -> Fault | None:
    """Return the fault of a name that is no IANA time zone, with the nearest one."""
    if zone_of(name) is not None:
        return None
    from zoneinfo import available_timezones

    return Fault(path, f"{name!r} is no time zone", suggestion(name, available_timezones(), what="examples", limit=3))


def zone_of(name: str) -> ZoneInfo | None:
    """Return the IANA zone of a name, or ``None``."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def instant(text: str, zone: ZoneInfo) -> dt.datetime:
    """Return the UTC instant of a local time; of two, the first."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC)
