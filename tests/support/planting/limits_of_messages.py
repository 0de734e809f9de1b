"""Limits that one message meets by itself: its hour, its text, what is known of the person and the template."""

from __future__ import annotations

from datetime import datetime

from tests.support.planting.limit import TEN, Limit, instant, least
from tests.support.planting.planter import GOOD_TEXT, Planter
from tests.support.planting.words import DAY, HOUR, LEAST, MINUTE, MONDAY, iso, micro


def window_opens(p: Planter, breaks: str) -> None:
    """At nine in the morning."""
    p.send(p.person(), p.clock(8, 9) - least(breaks), p.second, breaks)


def window_closes(p: Planter, breaks: str) -> None:
    """At nine in the evening, which is outside."""
    p.send(p.person(), p.clock(8, 21) - LEAST + least(breaks), p.second, breaks)


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


LIMITS = (
    Limit("HOUR", "workday", micro(9 * HOUR), window_opens),
    Limit("HOUR", "workday", micro(21 * HOUR), window_closes),
    Limit("CONS", "", 0, consent_begins),
    Limit("CONS", "max_age_days", micro(3650 * DAY), consent_ages),
    Limit("OUT", "grace_minutes", micro(10 * MINUTE), grace_after_a_list, told_by_us=True),
    Limit("OUT", "grace_minutes", micro(10 * MINUTE), grace_after_an_answer),
    Limit("BAN", "since", instant(MONDAY + 2 * DAY), ban_begins),
    Limit("BAN", "until", instant(MONDAY + 9 * DAY), ban_ends),
    Limit("TPL", "", 0, registered),
    Limit("PARTS", "limit", 1, one_part),
    Limit("COOL", "orders", 1, one_order),
    Limit("COOL", "inactive_days", micro(60 * DAY), pause_begins),
    Limit("COOL", "pause_days", micro(135 * DAY), pause_ends),
    Limit("REG", "effective_after_days", micro(31 * DAY), entry_takes_effect),
    Limit("WINDOW", "hours", micro(DAY), free_text),
    Limit("VALID", "min_s", micro(MINUTE), valid_long_enough),
    Limit("VALID", "max_s", micro(HOUR), valid_short_enough),
    Limit("STATED", "input", instant(MONDAY + 2 * DAY), statement_begins),
    Limit("STATED", "max_age_days", instant(MONDAY + 5 * DAY), statement_ages),
)
