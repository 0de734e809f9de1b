"""A witness: one recipient, one schedule of round values, and everything that happens until a rule is broken."""

from __future__ import annotations

from dataclasses import dataclass

from policies.records import MINUTE, SECOND
from policies.verify.bounds import schedule
from policies.verify.nodes import Event, Who
from policies.verify.search import Found

UNITS = (MINUTE, SECOND, 1)


@dataclass(frozen=True, slots=True)
class Witness:
    """One course of events. ``at`` gives the instant of each id; ``past`` those of what happened to the person.

    ``settled`` says what is fixed of the person on the way, by (what, number). The last of the ``events`` is the
    hand-over that a rule objects to, at ``violates_at``. ``unit`` is the step of the instants, microseconds.
    """

    who: Who
    step: int
    events: tuple[Event, ...]
    settled: dict[tuple[str, int], bool]
    at: dict[int, int]
    past: dict[str, int]
    violates_at: int
    unit: int
    loose: bool


def witness_of(found: Found) -> Witness:
    """Return the witness of a finding: all instants as early as can be, in whole minutes if possible, else seconds."""
    unit, at = next((unit, at) for unit in UNITS if (at := schedule(found.bounds.trail, unit)) is not None)
    story, told = found.story, []
    while story is not None:
        story, item = story
        told.append(item)
    told.reverse()
    events = [item for item in told if isinstance(item, Event)]
    campaign = found.campaign
    return Witness(
        who=found.who,
        step=found.step,
        events=(*events, Event("submitted", found.at, campaign, found.step)),
        settled={item[0]: item[1] for item in told if not isinstance(item, Event)},
        at=at,
        past={name: at[place] for name, place in found.node.named if place in at},
        violates_at=at[found.at],
        unit=unit,
        loose=found.loose,
    )
