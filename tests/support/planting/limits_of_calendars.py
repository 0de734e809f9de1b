"""Limits of clocks and calendars: days, weeks and months in Moscow, days off, and hours by the kind of day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from tests.support.planting.limit import TEN, Limit, least
from tests.support.planting.planter import MOSCOW, Planter
from tests.support.planting.words import DAY, HOUR, LEAST, MONDAY, iso, micro


def midnight(day: int) -> datetime:
    """Return when a day begins in Moscow, counted from Monday the ninth."""
    return MONDAY + day * DAY - MOSCOW


def one_a_period(p: Planter, breaks: str, *, category: str, begins: datetime, last: datetime, ends: datetime) -> None:
    """One in the last instant in which a message counts no longer than ``ends``, one at ``ends``; or both before it."""
    person = p.person()
    p.send(person, begins if breaks else last, "flash_call", category=category)
    p.send(person, ends - least(breaks), "flash_call", breaks, category=category)


def at_once(p: Planter, breaks: str, *, category: str) -> None:
    """One, or two at once."""
    person = p.person()
    for number in range(2 if breaks else 1):
        p.send(person, p.clock(*TEN) + number * LEAST, "flash_call", breaks if number else "", category=category)


def periods() -> Iterator[Limit]:
    """Yield the limits of the caps: of the 17th, of the week from the 9th, of November, of seven days from the 9th."""
    for rule, category, begins, last, ends in (
        ("DAILY", "poll", midnight(8), midnight(9) - LEAST, midnight(9)),
        ("WEEKLY", "service", midnight(0), midnight(7) - LEAST, midnight(7)),
        ("MONTHLY", "transactional", midnight(-8), midnight(22) - LEAST, midnight(22)),
        ("SEVEN", "authentication", midnight(0), midnight(1) - LEAST, midnight(7)),
    ):
        plant = partial(one_a_period, category=category, begins=begins, last=last, ends=ends)
        yield Limit(rule, "period", micro(ends - begins), plant)
        yield Limit(rule, "count", 1, partial(at_once, category=category))


def two_business_days(p: Planter, breaks: str) -> None:
    """Opted out on a Thursday: until midnight after Monday."""
    stop = {"category": "poll", "opted_out_at": iso(p.clock(3, 15))}
    p.send(p.person(), midnight(8) - LEAST + least(breaks), "voice", breaks, **stop)


def after_an_order(p: Planter, breaks: str) -> None:
    """Without a consent, thirty days after an order at the most."""
    at = p.clock(*TEN)
    person = p.person(consent="sms", last_order=iso(at - 30 * DAY))
    p.send(person, at + least(breaks), "voice", breaks, category="service")


def arrives_early(p: Planter, breaks: str) -> None:
    """Valid for an hour, from nine on."""
    p.send(p.person(), p.clock(8, 9) - least(breaks), "voice", breaks, category="transactional")


def arrives_late(p: Planter, breaks: str) -> None:
    """Valid for an hour, which ends before nine in the evening."""
    p.send(p.person(), p.clock(8, 20) - LEAST + least(breaks), "voice", breaks, category="transactional")


def opens(p: Planter, breaks: str, *, at: datetime) -> None:
    """At the instant at which calls are allowed."""
    p.send(p.person(), at - least(breaks), "voice", breaks, category="debt")


def closes(p: Planter, breaks: str, *, at: datetime) -> None:
    """At the last instant at which calls are allowed."""
    p.send(p.person(), at + least(breaks), "voice", breaks, category="debt")


def rests(p: Planter, breaks: str, *, at: datetime) -> None:
    """Just before a pause; whether its first instant belongs to it is disputed, so that it is broken just after it."""
    p.send(p.person(), at - LEAST + 2 * least(breaks), "voice", breaks, category="debt")


def hours() -> Iterator[Limit]:
    """Yield the limits of the hours of calls: of a Tuesday, its pause, a Saturday, a holiday and a Sunday."""
    for of, day, first, last in (
        ("workday", 8, 9, 20), ("dayoff", 5, 10, 18), ("holiday", -5, 11, 16), ("sun", 6, 12, 15)
    ):  # fmt: skip
        start, end = (midnight(day) + hour * HOUR for hour in (first, last))
        yield Limit("CALLS", of, micro(first * HOUR), partial(opens, at=start))
        yield Limit("CALLS", of, micro(last * HOUR) + 1, partial(closes, at=end))
    yield Limit("CALLS", "pause", micro(13 * HOUR), partial(rests, at=midnight(8) + 13 * HOUR))
    yield Limit("CALLS", "pause", micro(14 * HOUR), partial(opens, at=midnight(8) + 14 * HOUR))


LIMITS = (
    *periods(),
    *hours(),
    Limit("GRACE", "grace_business_days", 2, two_business_days),
    Limit("ORDER", "or_order_within_days", micro(30 * DAY), after_an_order),
    Limit("LATE", "workday", micro(9 * HOUR), arrives_early),
    Limit("LATE", "workday", micro(21 * HOUR), arrives_late),
)
