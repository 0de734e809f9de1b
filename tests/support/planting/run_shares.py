"""Shares: a fifth of ten or more within seven days breaks the rule, at whatever instant; a tenth is for review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tests.support.planting.run_planter import MORNING, RunLimit, RunPlanter, Way
from tests.support.planting.words import DAY, HOUR, LEAST, MINUTE, SECOND


@dataclass(frozen=True, slots=True)
class Group:
    """A sender, or a template where these have shares, and the moment at which its messages begin."""

    p: RunPlanter
    name: str
    at: datetime

    @property
    def own(self) -> dict[str, str]:
        return {"template" if self.p.run.of_templates else "sender": self.name}

    def send(self, at: datetime, count: int) -> list[str]:
        """Send to so many people, one a minute, and return them."""
        return [self.p.add(self.p.run.share[2], at + n * MINUTE, **self.own)["recipient"] for n in range(count)]

    def complain(self, at: datetime, people: list[str]) -> None:
        """Let each of these people be counted."""
        for person in people:
            self.p.add(self.p.run.share[1], at, recipient=person, **self.own)


def group(p: RunPlanter, breaks: bool) -> Group:
    """Return a new group, which is known to break the rule or not to."""
    name = p.name("share")
    p.fail("metric_threshold", name, breaks)
    return Group(p, name, MORNING + p.random.randrange(86400) * SECOND)


def a_fifth(p: RunPlanter, breaks: bool) -> None:
    """Two of eleven, which are for review, or of ten; those two leave first."""
    g = group(p, breaks)
    g.complain(g.at + HOUR, g.send(g.at, 10 if breaks else 11)[:2])
    if not breaks:
        p.run.reviews["metric_threshold"].add(g.name)


def a_tenth(p: RunPlanter, breaks: bool) -> None:
    """One of eleven, or of ten, which are for review."""
    g = group(p, False)
    g.complain(g.at + HOUR, g.send(g.at, 10 if breaks else 11)[:1])
    if breaks:
        p.run.reviews["metric_threshold"].add(g.name)


def ten(p: RunPlanter, breaks: bool) -> None:
    """Nine of nine; a tenth message comes when the first one leaves, or just before."""
    g = group(p, breaks)
    g.complain(g.at + HOUR, g.send(g.at, 9))
    g.send(g.at + 7 * DAY - LEAST * breaks, 1)


def seven_days(p: RunPlanter, breaks: bool) -> None:
    """Two complain when their messages leave, or just before; eight others are in the window."""
    g = group(p, breaks)
    first = [person for _ in range(2) for person in g.send(g.at, 1)]
    g.send(g.at + DAY, 8)
    g.complain(g.at + 7 * DAY - LEAST * breaks, first)


def just_large_enough(p: RunPlanter, breaks: bool) -> None:
    """Two of nine, which are too few; the tenth makes a sample before fifteen others come, or they come with it."""
    g = group(p, breaks)
    g.complain(g.at + HOUR, g.send(g.at, 9)[:2])
    for number in range(16):
        g.send(g.at + 2 * HOUR + number * LEAST * breaks, 1)


def others_leave(p: RunPlanter, breaks: bool) -> None:
    """Two of twenty-five; fifteen others leave while the window still has the ten with these two, or after them."""
    g = group(p, breaks)
    g.send(g.at - DAY if breaks else g.at + DAY, 15)
    g.complain(g.at + DAY + HOUR, g.send(g.at, 10)[8 * breaks :][:2])


LIMITS = (
    RunLimit("metric_threshold", "limit", a_fifth),
    RunLimit("metric_threshold", "warn", a_tenth),
    RunLimit("metric_threshold", "minimum", ten),
    RunLimit("metric_threshold", "window_days", seven_days),
)
OTHER_WAYS: tuple[Way, ...] = (just_large_enough, others_leave)
