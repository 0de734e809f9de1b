"""Breaches of the planted rules about messages, one function a rule, well beyond its limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from tests.support.planting.planter import BAD_TEXT, GOOD_TEXT, Planter
from tests.support.planting.words import DAY, HOUR, MINUTE, SECOND, iso


def hour(p: Planter) -> None:
    """By night."""
    person = p.person()
    p.clean(person)
    p.send(person, p.clock(8, 0) + p.random.randrange(9 * 3600) * SECOND, p.second, "HOUR")


def cap(p: Planter) -> None:
    """A third message within a day."""
    person, first = p.person(), p.clock(8, 10)
    p.send(person, first, p.second)
    p.send(person, first + p.random.randrange(1, 5) * HOUR, "sms")
    p.send(person, first + p.random.randrange(5, 10) * HOUR, p.second, "CAP")


def consent(p: Planter) -> None:
    """An SMS to somebody who agreed to the second channel alone."""
    person = p.person(consent=p.second)
    p.send(person, p.at(1), p.second)
    p.send(person, p.at(3), "sms", "CONS")


def opt_out(p: Planter) -> None:
    """After the person asked to stop: by the list, or by an answer that the log has."""
    person, at = p.person(), p.at(13)
    p.clean(person)
    if p.second == "email" and p.random.random() < 0.5:
        p.send(person, at, p.second, "OUT", opted_out_at=iso(at - HOUR))
    else:
        p.add(person, at - DAY, p.second, event="unsubscribed", received_at=iso(at - DAY))
        p.send(person, at, p.second, "OUT")


def ban(p: Planter) -> None:
    """By a channel that is banned."""
    person = p.person()
    p.clean(person)
    p.send(person, p.at(p.random.randrange(6, 9)), "telegram", "BAN")


def template(p: Planter) -> None:
    """By a template that was never registered, or a minute later."""
    person, at = p.person(), p.at(8)
    p.clean(person)
    since = p.random.choice(["none", iso(at + MINUTE)])
    p.send(person, at, p.second, "TPL", template_registered_at=since)


def text(p: Planter) -> None:
    """Without a word on how to stop."""
    person = p.person()
    p.clean(person)
    p.send(person, p.at(8), "sms", "TEXT", text=BAD_TEXT.format(p.random.randrange(30)))


def parts(p: Planter) -> None:
    """An SMS of two parts."""
    person = p.person()
    p.clean(person)
    p.send(person, p.at(8), "sms", "PARTS", text=f"{GOOD_TEXT.format(5)} {GOOD_TEXT.format(7)}")


def cool_down(p: Planter) -> None:
    """To a buyer of one thing who has been silent for sixty days or more."""
    person = p.person(orders=1, last_order="2026-09-01T09:00:00Z")
    p.send(person, datetime(2026, 9, 1, 9, tzinfo=UTC) + p.random.randrange(60, 135) * DAY, p.second, "COOL")


def duplicate(p: Planter) -> None:
    """The same text again within a day, by whatever sender."""
    person, at = p.person(), p.clock(8, 10)
    name = p.send(person, at, p.second, text=GOOD_TEXT.format(5)).cells["sender"]
    again = at + p.random.randrange(1, 600) * MINUTE
    same = {"sender": name} if p.random.random() < 0.5 else {}
    p.send(person, again, p.second, "DUP", text=GOOD_TEXT.format(5), **same)


def first_contact(p: Planter) -> None:
    """The first message on a channel that allows no first message."""
    person = p.person()
    p.clean(person)
    p.send(person, p.at(8), "viber", "FIRST")


def zone(p: Planter) -> None:
    """To somebody of whom nobody knows where he lives."""
    p.send(p.person(known=False), p.at(3), p.second, "ZONE")


def registry(p: Planter) -> None:
    """To somebody who stands in a register."""
    person = p.person(registers="us-dnc@2026-01-05")
    p.send(person, p.at(3), p.second, "REG")


def service_window(p: Planter) -> None:
    """Free text, more than a day after the person wrote, or though he never did."""
    person, at = p.person(), p.at(8)
    p.clean(person)
    wrote = p.random.choice(["never", iso(at - 30 * HOUR)])
    p.send(person, at, "whatsapp", "WINDOW", template_state="rejected", last_inbound_at=wrote)


def session_cap(p: Planter) -> None:
    """A second message without an answer to the first."""
    person, at = p.person(), p.clock(8, 10)
    wrote = iso(at - 10 * MINUTE)
    p.send(person, at, "vk", last_inbound_at=wrote)
    p.send(person, at + p.random.randrange(1, 6) * HOUR, "vk", "SESSION", last_inbound_at=wrote)


def validity(p: Planter) -> None:
    """Valid for a second too long, or for a moment."""
    person = p.person()
    p.clean(person)
    p.send(person, p.at(8), p.second, "VALID", validity_s=p.random.choice(["3601", "86400", "1"]))


def attestation(p: Planter) -> None:
    """By the channel whose list was checked too long ago."""
    person = p.person()
    p.clean(person)
    p.send(person, p.at(8), "push", "STATED")


def retry_pause(p: Planter) -> None:
    """Again within a day of a failure that means: enough."""
    person, at = p.person(), p.clock(8, 10)
    p.send(person, at, p.second)
    p.add(person, at + MINUTE, p.second, event="failed", reason="limit")
    p.send(person, at + p.random.randrange(1, 10) * HOUR, p.second, "PAUSE")


def cascade_stop(p: Planter) -> None:
    """Again in the same campaign, though the company knew that it was read."""
    person, at = p.person(), p.clock(8, 10)
    name = p.send(person, at, p.second).cells["campaign"]
    p.add(person, at + MINUTE, p.second, event="read", received_at=iso(at + HOUR), campaign=name)
    p.send(person, at + p.random.randrange(6, 9) * HOUR, "sms", "STOP", campaign=name)


def send_rate(p: Planter) -> None:
    """Three messages of one sender within two seconds."""
    name, at = f"T{p.made:09}", p.at(8)
    for when, rule in ((at, ""), (at + SECOND, ""), (at + SECOND, "RATE")):
        p.send(p.person(), when, p.second, rule, sender=name)


def sender_name(p: Planter) -> None:
    """By a sender whose name is too long."""
    person = p.person()
    p.send(person, p.at(8), p.second, "NAME", sender=f"SENDERNAME{p.made}")


def response_time(p: Planter) -> None:
    """A question that nobody answered within the hour."""
    person, at = p.person(), p.at(4)
    p.clean(person)
    p.add(person, at, "sms", "ANSWER", event="replied", text="Где мой заказ?")


PLANTS: dict[str, Callable[[Planter], None]] = {
    "HOUR": hour, "CAP": cap, "CONS": consent, "OUT": opt_out, "BAN": ban, "TPL": template, "TEXT": text,
    "PARTS": parts, "COOL": cool_down, "DUP": duplicate, "FIRST": first_contact, "ZONE": zone, "REG": registry,
    "WINDOW": service_window, "SESSION": session_cap, "VALID": validity, "STATED": attestation, "PAUSE": retry_pause,
    "STOP": cascade_stop, "RATE": send_rate, "NAME": sender_name, "ANSWER": response_time,
}  # fmt: skip
