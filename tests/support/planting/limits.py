"""Every limit of the planted rules about messages: just kept, or just broken, by the smallest unit of time or by one.

A limit is planted with the name of its rule, which is then just broken, or with "", and is then just kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.support.planting.planter import GOOD_TEXT, Planter
from tests.support.planting.words import DAY, HOUR, LEAST, MINUTE, MONDAY, SECOND, iso, micro

TEN = (8, 10)
"""A day and an hour at which nothing else goes on."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit: its rule, the parameter that sets it, its value (the smallest unit of time, or a number).

    ``of`` is "" where facts set the limit and no parameter. ``told_by_us`` says that only our own columns tell of it.
    """

    rule: str
    of: str
    value: int
    plant: Callable[[Planter, str], None]
    told_by_us: bool = False


def least(breaks: str) -> timedelta:
    """Return the smallest length of time where a limit is to be broken, else none."""
    return LEAST if breaks else 0 * LEAST


def window_opens(p: Planter, breaks: str) -> None:
    """At nine in the morning."""
    p.send(p.person(), p.clock(8, 9) - least(breaks), p.second, breaks)


def window_closes(p: Planter, breaks: str) -> None:
    """At nine in the evening, which is outside."""
    p.send(p.person(), p.clock(8, 21) - LEAST + least(breaks), p.second, breaks)


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


def consent_begins(p: Planter, breaks: str) -> None:
    """After the consent was given, not at that instant."""
    at = p.clock(*TEN)
    p.send(p.person(consent_at=iso(at)), at + LEAST - least(breaks), "sms", breaks)


def consent_ages(p: Planter, breaks: str) -> None:
    """Before the consent is 3,650 days old."""
    at = p.clock(*TEN)
    p.send(p.person(consent_at=iso(at - 3650 * DAY)), at - LEAST + least(breaks), "sms", breaks)


def grace_after_a_list(p: Planter, breaks: str) -> None:
    """Ten minutes after the opt-out that a list has, at the most."""
    at = p.clock(*TEN)
    p.send(p.person(), at + 10 * MINUTE + least(breaks), p.second, breaks, opted_out_at=iso(at))


def grace_after_an_answer(p: Planter, breaks: str) -> None:
    """Ten minutes after the opt-out that the log has, at the most."""
    person, at = p.person(), p.clock(*TEN)
    p.add(person, at, p.second, event="unsubscribed", received_at=iso(at))
    p.send(person, at + 10 * MINUTE + least(breaks), p.second, breaks)


def ban_begins(p: Planter, breaks: str) -> None:
    """Before midnight of the first banned day."""
    p.send(p.person(), MONDAY + 2 * DAY - LEAST + least(breaks), "telegram", breaks)


def ban_ends(p: Planter, breaks: str) -> None:
    """From midnight after the last banned day on."""
    p.send(p.person(), MONDAY + 9 * DAY - least(breaks), "telegram", breaks)


def registered(p: Planter, breaks: str) -> None:
    """After the registration of the template, not at that instant."""
    at = p.clock(*TEN)
    p.send(p.person(), at, p.second, breaks, template_registered_at=iso(at - LEAST + least(breaks)))


def one_part(p: Planter, breaks: str) -> None:
    """As many characters as one part of an SMS in Cyrillic has."""
    text = GOOD_TEXT.format(5)
    p.send(p.person(), p.clock(*TEN), "sms", breaks, text=f"{'А' * (70 - len(text) + bool(breaks))}{text}")


def silent(p: Planter, at: datetime, breaks: str, orders: int = 1) -> None:
    """Write to somebody who last ordered on the first of September, at nine."""
    p.send(p.person(orders=orders, last_order="2026-09-01T09:00:00Z"), at, p.second, breaks)


LAST_ORDER = datetime(2026, 9, 1, 9, tzinfo=MONDAY.tzinfo)


def pause_begins(p: Planter, breaks: str) -> None:
    """Before sixty days of silence."""
    silent(p, LAST_ORDER + 60 * DAY - LEAST + least(breaks), breaks)


def pause_ends(p: Planter, breaks: str) -> None:
    """From 75 days later on."""
    silent(p, LAST_ORDER + 135 * DAY - least(breaks), breaks)


def one_order(p: Planter, breaks: str) -> None:
    """To a buyer of two things."""
    silent(p, LAST_ORDER + 70 * DAY, breaks, orders=1 if breaks else 2)


def same_text(p: Planter, breaks: str) -> None:
    """The same text, a day later."""
    person, at = p.person(), p.clock(*TEN)
    for when, rule in ((at, ""), (at + DAY - least(breaks), breaks)):
        p.send(person, when, p.second, rule, text=GOOD_TEXT.format(5))


def entry_takes_effect(p: Planter, breaks: str) -> None:
    """Before the entry in the register is 31 days old."""
    at = p.clock(*TEN)
    person = p.person(registers=f"us-dnc@{iso(at - 31 * DAY)}")
    p.send(person, at - LEAST + least(breaks), p.second, breaks)


def free_text(p: Planter, breaks: str) -> None:
    """Free text, before a day has passed since the person wrote."""
    at = p.clock(*TEN)
    wrote = iso(at - DAY + LEAST - least(breaks))
    p.send(p.person(), at, "whatsapp", breaks, template_state="rejected", last_inbound_at=wrote)


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


def valid_long_enough(p: Planter, breaks: str) -> None:
    """Valid for a minute."""
    p.send(p.person(), p.clock(*TEN), p.second, breaks, validity_s="59.999999" if breaks else "60")


def valid_short_enough(p: Planter, breaks: str) -> None:
    """Valid for an hour."""
    p.send(p.person(), p.clock(*TEN), p.second, breaks, validity_s="3600.000001" if breaks else "3600")


def statement_begins(p: Planter, breaks: str) -> None:
    """From midnight of the day that was stated on."""
    p.send(p.person(), MONDAY + 2 * DAY - least(breaks), "push", breaks)


def statement_ages(p: Planter, breaks: str) -> None:
    """Until midnight after two more days."""
    p.send(p.person(), MONDAY + 5 * DAY - LEAST + least(breaks), "push", breaks)


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


DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


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


LIMITS: tuple[Limit, ...] = (
    Limit("HOUR", "workday", micro(9 * HOUR), window_opens),
    Limit("HOUR", "workday", micro(21 * HOUR), window_closes),
    Limit("CAP", "count", 2, two_a_day),
    Limit("CAP", "period", micro(DAY), a_day_for_two),
    Limit("CONS", "", 0, consent_begins),
    Limit("CONS", "max_age_days", micro(3650 * DAY), consent_ages),
    Limit("OUT", "grace_minutes", micro(10 * MINUTE), grace_after_a_list, told_by_us=True),
    Limit("OUT", "grace_minutes", micro(10 * MINUTE), grace_after_an_answer),
    Limit("BAN", "since", micro(MONDAY + 2 * DAY - datetime(1970, 1, 1, tzinfo=MONDAY.tzinfo)), ban_begins),
    Limit("BAN", "until", micro(MONDAY + 9 * DAY - datetime(1970, 1, 1, tzinfo=MONDAY.tzinfo)), ban_ends),
    Limit("TPL", "", 0, registered),
    Limit("PARTS", "limit", 1, one_part),
    Limit("COOL", "orders", 1, one_order),
    Limit("COOL", "inactive_days", micro(60 * DAY), pause_begins),
    Limit("COOL", "pause_days", micro(135 * DAY), pause_ends),
    Limit("DUP", "minutes", micro(DAY), same_text),
    Limit("REG", "effective_after_days", micro(31 * DAY), entry_takes_effect),
    Limit("WINDOW", "hours", micro(DAY), free_text),
    Limit("SESSION", "hours", micro(3 * DAY), session_ends),
    Limit("SESSION", "unanswered", 1, one_unanswered),
    Limit("SESSION", "per_session", 5, five_of_a_session),
    Limit("VALID", "min_s", micro(MINUTE), valid_long_enough),
    Limit("VALID", "max_s", micro(HOUR), valid_short_enough),
    Limit("STATED", "input", micro(MONDAY + 2 * DAY - datetime(1970, 1, 1, tzinfo=MONDAY.tzinfo)), statement_begins),
    Limit(
        "STATED", "max_age_days", micro(MONDAY + 5 * DAY - datetime(1970, 1, 1, tzinfo=MONDAY.tzinfo)), statement_ages
    ),
    Limit("PAUSE", "hours", micro(DAY), pause_after_a_failure),
    Limit("STOP", "after", 0, known_to_be_read),
    Limit("RATE", "count", 2, two_at_once),
    Limit("RATE", "seconds", micro(2 * SECOND), two_seconds_for_two),
    Limit("NAME", "shortest", 3, shortest_name),
    Limit("NAME", "longest", 11, longest_name),
    Limit("ANSWER", "answer_within_min", micro(HOUR), answered_by_staff),
    Limit("ANSWER", "auto_reply_within_s", micro(MINUTE), answered_by_machine),
)
"""All of them; a test compares them with the registry of kinds, their ``boundaries`` and the rules' parameters."""
