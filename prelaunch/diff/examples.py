"""For each class of change one person, and what happened to them on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from policies.people import Int64s
from prelaunch.diff.diff import Diff, Played
from prelaunch.reports.numbers import local
from prelaunch.timeline import what_happened
from scenarios.diff.pairs import CHANGES, either

TOLD = (
    "held_out", "skipped", "absent", "held", "denied", "expired", "suppressed", "cancelled", "submitted", "rejected",
    "delivered", "failed", "lapsed", "read", "ended",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A person (external id) who stands for a class of change, and a line for each side."""

    change: str
    recipient: str
    campaign: str
    line_a: str
    line_b: str


def examples(found: Diff) -> Iterator[Example]:
    """Yield one person a class of change: the first of the audience, in the order of the classes."""
    for change, recipient, campaign in _firsts(found):
        name = found.a.compiled.people.id_of(recipient)
        there = int(np.flatnonzero(found.place_b == recipient)[0])
        line_a, line_b = _line(found.a, recipient, campaign), _line(found.b, there, campaign)
        yield Example(change, name, campaign, line_a, line_b)


def _firsts(found: Diff) -> Iterator[tuple[str, int, str]]:
    pairs, a, b, names = found.pairs, found.side_a, found.side_b, found.names
    masks = {"gained": pairs.gained, "lost": pairs.lost, **{name: pairs.changed[name] for name in CHANGES}}
    for change, mask in masks.items():
        rows: Int64s = np.flatnonzero(mask)[:1]
        if len(rows):
            one, two = pairs.a[rows], pairs.b[rows]
            who, what = (int(either(getattr(a, n), getattr(b, n), one, two)[0]) for n in ("recipient", "campaign"))
            yield change, who, names.campaigns[what]
    if len(pairs.stopped_a):
        pair = int(a.stops.key[pairs.stopped_a[0]]) // len(names.steps)
        yield "stopped otherwise", pair // len(names.campaigns), names.campaigns[pair % len(names.campaigns)]


def _line(played: Played, place: int, campaign: str) -> str:
    """Return what happened to a person in a campaign, in order of time, in one line."""
    rows = played.table.take(np.flatnonzero(played.log.column("recipient") == place)).to_pylist()
    told = [row for row in rows if row["campaign"] == campaign and row["event"] in TOLD]
    told.sort(key=lambda row: row["occurred_at"])
    return "; ".join(_moments(told, played)) or "not taken up by the campaign"


def _moments(rows: list[dict[str, Any]], played: Played) -> Iterator[str]:
    """Yield the rows with their time of day, and the day where it is another than before."""
    scenario, day = played.prepared.scenario, ""
    for row in rows:
        when = local(row["occurred_at"], scenario.clock.zone)
        date = f"{when:%Y-%m-%d} " if f"{when:%Y-%m-%d}" != day else ""
        day = f"{when:%Y-%m-%d}"
        yield f"{date}{when:%H:%M} {what_happened(row, scenario.clock.zone, scenario.currency)}"
