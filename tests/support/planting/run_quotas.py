"""Quotas: one person more than the limit within a day, or just not."""

from __future__ import annotations

from datetime import datetime

from tests.support.planting.run_planter import RunLimit, RunPlanter, Way
from tests.support.planting.words import DAY, HOUR, LEAST, SECOND


def reached(p: RunPlanter, more: int = 0) -> tuple[str, int, datetime, list[str]]:
    """Return a sender, its limit (and so many more), when its first message came, and the people, an hour apart."""
    sender, limit, at = p.name("quota"), p.random.randrange(1, 4), p.moment()
    p.run.limits[sender] = limit + more
    return sender, limit, at, [p.add("delivered", at + n * HOUR, sender=sender)["recipient"] for n in range(limit)]


def one_more(p: RunPlanter, breaks: bool, sender: str, at: datetime, **cells: str) -> None:
    """Deliver to somebody else, or to whom ``cells`` name."""
    row = p.add("delivered", at, sender=sender, **cells)
    p.fail("quota", f"{row['recipient']} {row['occurred_at']}", breaks)


def a_day(p: RunPlanter, breaks: bool) -> None:
    """When the first one leaves the day."""
    sender, _, at, _ = reached(p)
    one_more(p, breaks, sender, at + DAY - LEAST * breaks)


def a_number(p: RunPlanter, breaks: bool) -> None:
    """As many as the limit."""
    sender, _, at, people = reached(p)
    p.run.limits[sender] = len(people) + (not breaks)
    one_more(p, breaks, sender, at + len(people) * HOUR - HOUR + LEAST)


def raised(p: RunPlanter, breaks: bool) -> None:
    """When the limit is raised."""
    sender, limit, at, _ = reached(p)
    p.state("limit_changed", at + 5 * HOUR + LEAST * breaks, sender=sender, units=str(limit + 1))
    one_more(p, breaks, sender, at + 5 * HOUR)


def lowered(p: RunPlanter, breaks: bool) -> None:
    """Before the limit is lowered."""
    sender, limit, at, _ = reached(p, more=1)
    p.state("limit_changed", at + 5 * HOUR + LEAST * (not breaks), sender=sender, units=str(limit))
    one_more(p, breaks, sender, at + 5 * HOUR)


def of_a_portfolio(p: RunPlanter, breaks: bool) -> None:
    """By another number, which shares the limit where portfolios have one; a day after the first where it breaks."""
    sender, limit, at, _ = reached(p)
    other, portfolio = p.name("quota"), p.name("portfolio")
    p.run.limits[other] = limit
    shared = breaks or not p.run.of_portfolios
    p.run.portfolios |= {sender: portfolio, other: portfolio if shared else p.name("portfolio")}
    one_more(p, breaks, other if p.run.of_portfolios or not breaks else sender, at + DAY - LEAST)


def kept_by_another_message(p: RunPlanter, breaks: bool) -> None:
    """A message to each in time keeps them counted for another day; to nobody, and the first day is over."""
    sender, _, at, people = reached(p)
    for number, person in enumerate(people if breaks else []):
        p.add("delivered", at + 20 * HOUR + number * SECOND, sender=sender, recipient=person)
    one_more(p, breaks, sender, at + 30 * HOUR)


def known_already(p: RunPlanter, breaks: bool) -> None:
    """To one of the same people, or to somebody else."""
    sender, _, at, people = reached(p)
    one_more(p, breaks, sender, at + 5 * HOUR, **({} if breaks else {"recipient": people[-1]}))


def answered_before(p: RunPlanter, breaks: bool) -> None:
    """To somebody who had written, which is free, or who had not."""
    sender, _, at, _ = reached(p)
    one_more(p, breaks, sender, at + 5 * HOUR, state="0" if breaks else "256")


def unlimited(p: RunPlanter, breaks: bool) -> None:
    """By a sender without a limit, or with one."""
    sender, limit, at, _ = reached(p)
    p.run.limits[sender] = limit if breaks else None
    one_more(p, breaks, sender, at + 5 * HOUR)


LIMITS = (
    RunLimit("quota", "hours", a_day),
    RunLimit("quota", "", a_number),
    RunLimit("quota", "", raised),
    RunLimit("quota", "", lowered),
)
OTHER_WAYS: tuple[Way, ...] = (of_a_portfolio, kept_by_another_message, known_already, answered_before, unlimited)
