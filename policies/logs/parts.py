"""A log in parts that fit the processor's caches: messages person by person, with what goes before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from policies.logs.codes import LogRows
from policies.logs.groups import group_of, groups_of
from policies.logs.records import Table
from policies.ordering import COUNTED_FROM, by_counting, by_recipient

EVENTS = ("left", "replies", "bought")
"""Events of recipients that go before messages."""


def parts(rows: LogRows, size: int) -> Iterator[LogRows]:
    """Yield the log in parts of about ``size`` messages, person by person and each in order of time.

    ``rows`` were read with ``part=size``. No recipient is parted, and a part holds its recipients' own events alone.
    Messages with one instant stay in the order of the log.
    """
    go = by_recipient if len(rows.messages) < COUNTED_FROM else by_counting
    for group in groups_of(rows.messages, rows.ends):
        order = go(group["recipient"], group["at"])
        yield from _pieces(group.take(order), rows, size)


def of_recipient(rows: LogRows, who: int) -> LogRows:
    """Return the messages and events of one recipient, in order of time."""
    own = group_of(rows.messages, rows.ends, who, rows.shift)
    own = own[own["recipient"] == who]
    return _with_own(own[np.argsort(own["at"], kind="stable")], who, who, rows)


def _pieces(group: Table, rows: LogRows, size: int) -> Iterator[LogRows]:
    """Yield a group of recipients, which may have more messages than thought, in pieces."""
    who = group["recipient"]
    start = 0
    while start < len(group):
        end = min(start + size, len(group))
        if end < len(group):
            end = int(np.searchsorted(who, who[end - 1], side="right"))
        yield _with_own(group[start:end], int(who[start]), int(who[end - 1]), rows)
        start = end


def _with_own(messages: Table, first: int, last: int, rows: LogRows) -> LogRows:
    """Return messages with the events of the recipients from ``first`` to ``last``."""
    own: dict[str, Any] = {}
    for name in EVENTS:
        found = getattr(rows, name)
        own[name] = found[slice(*np.searchsorted(found["recipient"], [first, last + 1]))] if len(found) else found
    mine = slice(*np.searchsorted(rows.left["recipient"], [first, last + 1]))
    return replace(rows, messages=messages, received=rows.received[mine], **own)
