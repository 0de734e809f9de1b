"""Attempts of a log that does not tell everything: not known stays not known."""

from __future__ import annotations

import pytest

from policies.attempts import LogFacts, attempts_of_log
from policies.kinds import base as k
from policies.people import People
from policies.records import MISSING, NEVER
from tests.policies.log_rows import at, log
from tests.support.crowd import changed, crowd


def person(**changes: int) -> People:
    people = crowd(1)
    for name, value in changes.items():
        setattr(people, name, changed(getattr(people, name), slice(None), value))
    return people


def cell(people: People, index: int, *before: str) -> int:
    """The cell of a message at noon after events of the same person and channel at eleven."""
    who = people.ids[0].as_py()
    rows = [{"event": event, "at": "16T11:00", "received_at": at("16T11:00"), "recipient": who, "channel": "sms"}
            for event in before]  # fmt: skip
    table = log(*rows, {"event": "submitted", "at": "16T12:00", "recipient": who, "channel": "sms"})
    attempts, _ = attempts_of_log(table, people, LogFacts((), (), (), complete=False))
    return int(attempts.matrix[0, index])


@pytest.mark.parametrize(
    ("last", "events", "expected"),
    [
        (MISSING, (), MISSING),
        (MISSING, ("purchased",), at("16T11:00")),
        (-NEVER, (), -NEVER),
        (-NEVER, ("purchased",), at("16T11:00")),
        (at("16T11:30"), ("purchased",), at("16T11:30")),
    ],
)
def test_the_last_order_is_known_from_the_person_or_the_log(last: int, events: tuple[str, ...], expected: int) -> None:
    assert cell(person(last_order_at=last), k.A_LAST_ORDER_AT, *events) == expected


@pytest.mark.parametrize(
    ("opted_out", "events", "expected"),
    [
        (MISSING, (), MISSING),
        (MISSING, ("unsubscribed",), at("16T11:00")),
        (NEVER, (), NEVER),
        (NEVER, ("unsubscribed",), at("16T11:00")),
        (at("16T10:00"), ("unsubscribed",), at("16T10:00")),
    ],
)
@pytest.mark.parametrize("index", [k.A_OPT_OUT_AT, k.A_OPT_OUT_RECEIVED_AT])
def test_an_opt_out_in_the_log_is_known_whatever_is_known_of_the_person(
    index: int, opted_out: int, events: tuple[str, ...], expected: int
) -> None:
    assert cell(person(opt_out_at=opted_out), index, *events) == expected


def test_who_is_not_seen_to_write_may_have_written_before_the_log() -> None:
    assert cell(person(), k.A_LAST_INBOUND) == MISSING
    assert cell(person(), k.A_LAST_INBOUND, "replied") == at("16T11:00")
