"""Limits that a message meets together with others: of the person, the session, the campaign or the sender."""

from __future__ import annotations

from datetime import timedelta

from tests.support.planting.limit import TEN, Limit, least
from tests.support.planting.planter import GOOD_TEXT, Planter
from tests.support.planting.words import DAY, HOUR, LEAST, MINUTE, SECOND, iso, micro


def two_a_day(p: Planter, breaks: str) -> None:
    """Two at once, or three."""
    person, at = p.person(), p.clock(*TEN)
    for number in range(3 if breaks else 2):
        p.send(person, at + number * LEAST, p.second, breaks if number == 2 else "")


def a_day_for_two(p: Planter, breaks: str) -> None:
    """A third one when the first no longer counts."""
    person, at = p.person(), p.clock(*TEN)
    p.send(person, at, p.second)
    p.send(person, at + HOUR, "sms")
    p.send(person, at + DAY - least(breaks), p.second, breaks)


def same_text(p: Planter, breaks: str) -> None:
    """The same text, a day later."""
    person, at = p.person(), p.clock(*TEN)
    for when, rule in ((at, ""), (at + DAY - least(breaks), breaks)):
        p.send(person, when, p.second, rule, text=GOOD_TEXT.format(5))


def one_unanswered(p: Planter, breaks: str) -> None:
    """One message in a session, or another one without an answer."""
    person, at = p.person(), p.clock(*TEN)
    wrote = iso(at - LEAST)
    p.send(person, at, "vk", last_inbound_at=wrote)
    if breaks:
        p.send(person, at + LEAST, "vk", breaks, last_inbound_at=wrote)


def session_ends(p: Planter, breaks: str) -> None:
    """Another message without an answer, when the session is over."""
    person, at = p.person(), p.clock(*TEN)
    wrote = at - 10 * MINUTE
    p.send(person, at, "vk", last_inbound_at=iso(wrote))
    p.send(person, wrote + 3 * DAY - least(breaks), "vk", breaks, last_inbound_at=iso(wrote))


def five_of_a_session(p: Planter, breaks: str) -> None:
    """Five messages in three days, each after an answer; or a sixth one."""
    person, at = p.person(), p.clock(*TEN)
    for number in range(6 if breaks else 5):
        when = at + number // 2 * DAY + number % 2 * HOUR
        p.send(person, when, "vk", breaks if number == 5 else "", last_inbound_at=iso(when - MINUTE))


def pause_after_a_failure(p: Planter, breaks: str) -> None:
    """A day after a failure that means: enough."""
    person, at = p.person(), p.clock(*TEN)
    p.send(person, at, "sms")
    p.add(person, at + MINUTE, "sms", event="failed", reason="limit")
    p.send(person, at + MINUTE + DAY - least(breaks), "sms", breaks)


def known_to_be_read(p: Planter, breaks: str) -> None:
    """Again in the same campaign, at the instant at which the company learns that it was read."""
    person, at = p.person(), p.clock(*TEN)
    name = p.send(person, at, p.second).cells["campaign"]
    p.add(person, at + MINUTE, p.second, event="read", received_at=iso(at + HOUR), campaign=name)
    p.send(person, at + HOUR + least(breaks), "sms", breaks, campaign=name)


def two_at_once(p: Planter, breaks: str) -> None:
    """Two messages of one sender at one instant; or a third one."""
    name, at = f"R{p.made:09}", p.clock(*TEN)
    for number in range(3 if breaks else 2):
        p.send(p.person(), at + number * LEAST, p.second, breaks if number == 2 else "", sender=name)


def two_seconds_for_two(p: Planter, breaks: str) -> None:
    """A third message of one sender, two seconds after the first."""
    name, at = f"Q{p.made:09}", p.clock(*TEN)
    for when, rule in ((at, ""), (at + SECOND, ""), (at + 2 * SECOND - least(breaks), breaks)):
        p.send(p.person(), when, p.second, rule, sender=name)


DIGITS = "0123456789BCDEFGHJKLMNOPQRSTUVWXYZbcdefghjklmnopqrstuvwxyz"
"""Without A and I: a log says by *NA* or *nil* that it has nothing."""


def shortest_name(p: Planter, breaks: str) -> None:
    """By a sender whose name is as short as may be; no two senders have one name."""
    p.names += 1
    high, low = divmod(p.names, len(DIGITS))
    p.send(p.person(), p.clock(*TEN), p.second, breaks, sender=f"{'' if breaks else 'N'}{DIGITS[high]}{DIGITS[low]}")


def longest_name(p: Planter, breaks: str) -> None:
    """By a sender whose name is as long as may be."""
    p.send(p.person(), p.clock(*TEN), p.second, breaks, sender=f"{'LO' if breaks else 'L'}{p.made:010}")


def answered(p: Planter, breaks: str, event: str, after: timedelta) -> None:
    """Ask, and be answered so long after, or just later."""
    person, at = p.person(), p.clock(4, 10)
    name = p.add(person, at, "sms", breaks, event="replied", text="Где мой заказ?").cells["campaign"]
    p.add(person, at + after + least(breaks), "sms", event=event, until=iso(at), campaign=name)


def answered_by_staff(p: Planter, breaks: str) -> None:
    """Within the hour."""
    answered(p, breaks, "answered", HOUR)


def answered_by_machine(p: Planter, breaks: str) -> None:
    """Within the minute."""
    answered(p, breaks, "auto_replied", MINUTE)


def one_a_minute(p: Planter, breaks: str) -> None:
    """Two to one person, a minute apart."""
    person, at = p.person(), p.clock(*TEN)
    p.send(person, at, "email", category="poll")
    p.send(person, at + MINUTE - least(breaks), "email", breaks, category="poll")


LIMITS = (
    Limit("CAP", "count", 2, two_a_day),
    Limit("CAP", "period", micro(DAY), a_day_for_two),
    Limit("DUP", "minutes", micro(DAY), same_text),
    Limit("SESSION", "hours", micro(3 * DAY), session_ends),
    Limit("SESSION", "unanswered", 1, one_unanswered),
    Limit("SESSION", "per_session", 5, five_of_a_session),
    Limit("PAUSE", "hours", micro(DAY), pause_after_a_failure),
    Limit("STOP", "after", 0, known_to_be_read),
    Limit("RATE", "count", 2, two_at_once),
    Limit("RATE", "seconds", micro(2 * SECOND), two_seconds_for_two),
    Limit("NAME", "shortest", 3, shortest_name),
    Limit("NAME", "longest", 11, longest_name),
    Limit("ANSWER", "answer_within_min", micro(HOUR), answered_by_staff),
    Limit("ANSWER", "auto_reply_within_s", micro(MINUTE), answered_by_machine),
    Limit("EACH", "count", 1, one_a_minute),
    Limit("EACH", "seconds", micro(MINUTE), one_a_minute),
)
