"""Ratings and their reviews: a message just after a bad rating, and a month without a record."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.support.planting.run_planter import RunLimit, RunPlanter, Way
from tests.support.planting.words import HOUR, LEAST, SECOND

Event = tuple[str, str, str]
"""Name of an event that rates, its bad word and its good word."""


def rated(p: RunPlanter) -> tuple[Event, dict[str, str]]:
    """Return how a new sender or template is rated, and its column."""
    whose = p.random.choice(["sender", "template"])
    event = ("quality_changed", "red", "green")
    if whose == "template" and p.random.random() < 0.5:
        event = ("template_state", p.random.choice(["paused", "disabled", "rejected"]), "approved")
    return event, {whose: p.name("rated")}


def send(p: RunPlanter, at: datetime, own: dict[str, str], breaks: bool) -> str:
    """Hand over a message and return to whom."""
    person = p.add("submitted", at, **own)["recipient"]
    p.fail("rating_gate", person, breaks)
    return person


def turned_bad(p: RunPlanter, breaks: bool) -> None:
    """At the instant of a bad rating, which counts from the next one on."""
    (event, bad, _), own = rated(p)
    at = p.moment()
    p.state(event, at, reason=bad, **own)
    send(p, at + LEAST * breaks, own, breaks)


def turned_good(p: RunPlanter, breaks: bool) -> None:
    """Just after a good rating, or at its instant."""
    (event, bad, good), own = rated(p)
    at = p.moment()
    p.state(event, at - HOUR, reason=bad, **own)
    p.state(event, at, reason=good, **own)
    send(p, at + LEAST * (not breaks), own, breaks)


def of_another(p: RunPlanter, breaks: bool) -> None:
    """While another sender or template is rated badly."""
    (event, bad, _), own = rated(p)
    p.state(event, MIDDLE, reason=bad, **own)
    send(p, MIDDLE + SECOND, own if breaks else {next(iter(own)): p.name("rated")}, breaks)


def yellow(p: RunPlanter, breaks: bool) -> None:
    """After a rating became yellow, which is for review; or red after that."""
    own, at = {p.random.choice(["sender", "template"]): p.name("rated")}, p.moment()
    p.state("quality_changed", at - HOUR, reason="red", **own)
    p.state("quality_changed", at, reason="yellow", **own)
    if breaks:
        p.state("quality_changed", at + LEAST, reason="red", **own)
    person = send(p, at + SECOND, own, breaks)
    if not breaks:
        p.run.reviews["rating_gate"].add(person)


MIDDLE = datetime(2026, 11, 12, 12, tzinfo=UTC)


def unrecorded(p: RunPlanter, last: bool, breaks: bool) -> None:
    """A message in the first or last instant of a month without a record, or just before or after that month."""
    zone, number = ZoneInfo(p.run.zone), 2016 * 12 + 2 * p.months
    p.months += 1  # every other month, so that those beside it have a record
    first, after = (datetime(n // 12, n % 12 + 1, 1, tzinfo=zone).astimezone(UTC) for n in (number, number + 1))
    p.add("submitted", after - LEAST * breaks if last else first - LEAST * (not breaks))
    p.fail("review_record", f"{number // 12}-{number % 12 + 1:02}", breaks)


def month_begins(p: RunPlanter, breaks: bool) -> None:
    """Before a month without a record begins."""
    unrecorded(p, False, breaks)


def month_ends(p: RunPlanter, breaks: bool) -> None:
    """After a month without a record has ended."""
    unrecorded(p, True, breaks)


LIMITS = (
    RunLimit("rating_gate", "", turned_bad),
    RunLimit("rating_gate", "", turned_good),
    RunLimit("review_record", "", month_begins),
    RunLimit("review_record", "", month_ends),
)
OTHER_WAYS: tuple[Way, ...] = (of_another, yellow)
"""Of the rating gate."""
