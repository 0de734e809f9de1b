"""Campaigns read from a calendar CSV: each row becomes a campaign of one step.

Columns (another name through ``mapping``): ``id``, ``channel``, ``started_at`` are needed; ``type`` (or
``campaign_type``), ``finished_at``, ``size`` (or ``total_count``) and ``hour_limit`` may be absent. Times carry no
zone: they are read in ``calendar.zone`` (default UTC) and turned into the clock's zone, where also the month is chosen.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from policies.errors import InputError, Problem
from policies.words import suggestion
from scenarios.calendar_notices import Decided, told
from scenarios.calendar_rows import calendar_rows
from scenarios.model import CalendarFile, Campaign, ChannelName, Step

OTHER_CHANNEL_WORDS: tuple[tuple[str, ChannelName], ...] = (("mobile_push", "push"), ("e-mail", "email"))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The campaigns of a calendar by release, what had to be decided on the way, and the messages they stand for."""

    campaigns: tuple[Campaign, ...]
    notices: tuple[str, ...]
    real_size: int


def read_calendar(spec: CalendarFile, *, base_dir: Path, audience_size: int, clock_zone: str) -> Calendar:
    """Return the campaigns of ``spec.types`` released in ``spec.month``, sizes scaled to ``audience_size`` recipients.

    A row of size ``n`` becomes a sample of ``n / scale * audience_size`` recipients, rounded, at most all of them;
    without ``scale`` the size is taken as it is. Raises ``InputError`` with every bad row and its line.
    """
    path = base_dir / spec.path
    reader = _Rows(str(path), spec, audience_size, ZoneInfo(spec.zone or "UTC"), ZoneInfo(clock_zone))
    for line, row in calendar_rows(path, spec):
        reader.take(line, row)
    if not reader.campaigns and not reader.problems:
        what = f"no campaign is left of {reader.rows} rows"
        reader.problems.append(Problem(str(path), what, "check calendar.month and calendar.types"))
    if reader.problems:
        raise InputError(reader.problems)
    campaigns = sorted(reader.campaigns, key=lambda campaign: (campaign.release_at, campaign.id))
    return Calendar(tuple(campaigns), told(reader.label, reader.counts, spec.default_share or 0), reader.real_size)


class _BadCell(ValueError):
    """A cell that cannot be read: (what, remedy)."""


@dataclass(slots=True)
class _Rows:
    """Turns rows into campaigns, collecting problems and counts."""

    label: str
    spec: CalendarFile
    audience_size: int
    zone: ZoneInfo
    clock_zone: ZoneInfo
    campaigns: list[Campaign] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[Decided] = field(default_factory=Counter)
    lines: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    real_size: int = 0
    rows: int = 0

    def take(self, line: int, row: dict[str, str]) -> None:
        """Add one row, unless the filters leave it out."""
        self.rows += 1
        if self.spec.types and row.get("type") not in self.spec.types:
            return
        if not row["started_at"]:
            self.counts[Decided.NO_START] += 1
            return
        try:
            start = self._instant(row["started_at"])
            if self.spec.month is None or start.strftime("%Y-%m") == self.spec.month:
                self._add(line, row, start)
        except _BadCell as error:
            self.problems.append(Problem(f"{self.label}:{line}", *error.args))

    def _add(self, line: int, row: dict[str, str], start: dt.datetime) -> None:
        name = re.sub(r"[^\w.\-]", "_", "-".join(part for part in (row.get("type"), row["id"]) if part))
        if not row["id"] or len(name) > 64:
            raise _BadCell(f"{row['id'][:60]!r} is no id", "an id has 1 to 64 characters")
        first, twin = self.lines.setdefault(name, (line, row))
        if first != line:
            if twin != row:
                raise _BadCell(
                    f"the id {name!r} stands on line {first} with other values", "give each campaign its own id"
                )
            self.counts[Decided.TWICE] += 1
            return
        self.campaigns.append(self._campaign(name, row, start))

    def _campaign(self, name: str, row: dict[str, str], start: dt.datetime) -> Campaign:
        channel = self._channel(row["channel"])
        return Campaign(
            id=name,
            category=self.spec.category,
            release_at=start.replace(tzinfo=None, microsecond=0).isoformat(),
            spread_h=self._spread(row.get("finished_at", ""), start),
            sample=self._sample(row.get("size", "")),
            cascade=[
                Step(
                    id="send",
                    channel=channel,
                    template=self._template(channel),
                    stop_on="never",
                    throttle_per_h=self._throttle(row.get("hour_limit", "")),
                )
            ],
        )

    def _instant(self, text: str) -> dt.datetime:
        try:
            naive = dt.datetime.fromisoformat(text)
            aware = naive if naive.tzinfo else naive.replace(tzinfo=self.zone)
            return aware.astimezone(self.clock_zone)
        except (ValueError, OverflowError):
            raise _BadCell(f"{text[:60]!r} is no date and time", "write YYYY-MM-DD HH:MM:SS") from None

    def _spread(self, text: str, start: dt.datetime) -> float:
        if not text:
            self.counts[Decided.NO_END] += 1
            return 0.0
        seconds = (self._instant(text) - start).total_seconds()
        if seconds < 0:
            raise _BadCell(f"it ends at {text}, before it starts", "exchange the two times")
        return round(seconds / 3600, 6)

    def _channel(self, word: str) -> ChannelName:
        words: dict[str, ChannelName] = {name: name for name in get_args(ChannelName)}
        words |= dict(OTHER_CHANNEL_WORDS) | self.spec.channels
        if word not in words:
            remedy = suggestion(word, words, what="channels")
            raise _BadCell(f"{word[:60]!r} is no channel", f"{remedy}; or say what it is in calendar.channels")
        return words[word]

    def _template(self, channel: ChannelName) -> str:
        if channel not in self.spec.templates:
            raise _BadCell(f"there is no template for {channel}", f"add {channel} under calendar.templates")
        return self.spec.templates[channel]

    def _sample(self, text: str) -> int:
        if not text:
            return self._default_sample()
        size = _number(text)
        self.real_size += size
        sample = round(size / self.spec.scale * self.audience_size) if self.spec.scale else size
        if sample > self.audience_size:
            self.counts[Decided.TOO_LARGE] += 1
        elif size and not sample:
            self.counts[Decided.TOO_SMALL] += 1
        return min(sample, self.audience_size)

    def _default_sample(self) -> int:
        share = self.spec.default_share
        if share is None:
            raise _BadCell("the size is missing", "give it, or set calendar.default_share")
        self.counts[Decided.NO_SIZE] += 1
        return round(share * self.audience_size)

    def _throttle(self, text: str) -> float | None:
        if not text:
            return None
        limit = _number(text)
        if not limit:
            raise _BadCell("an hourly limit of 0 lets nothing out", "leave the cell empty for no limit")
        return limit / self.spec.scale * self.audience_size if self.spec.scale else float(limit)


def _number(text: str) -> int:
    """Return a count written as ``48211`` or, by spreadsheets, ``48211.0``."""
    if not re.fullmatch(r"\d{1,12}(\.0+)?", text):
        raise _BadCell(f"{text[:60]!r} is no count", "write a whole number, not below 0")
    return int(text.partition(".")[0])
