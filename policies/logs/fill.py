"""From records of a log to the columns of attempts that a message tells of itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.attempt_table import Attempts
from policies.kinds.base import (
    A_AT,
    A_BRAND,
    A_CAMPAIGN,
    A_CATEGORY,
    A_CHANNEL,
    A_RECIPIENT,
    A_SENDER,
    A_SENT_BEFORE,
    A_TEMPLATE,
    A_VALIDITY,
)
from policies.logs.records import Table
from policies.records import MISSING

Int64s = npt.NDArray[np.int64]

COMPILE_FROM = 20_000
"""Messages from which compiled code is used: below, plain Python is done before numba is loaded (measured)."""


def fill_own(
    attempts: Attempts, messages: Table, order: Int64s, brands: Int64s, validities: Int64s, *, compile_from: int
) -> None:
    """Fill in what stands in the message itself, and how many the same sender sent to the same recipient before.

    ``order`` goes by recipient, then by time. ``brands`` (of each sender) and ``validities`` (of each channel) end with
    what holds of an unknown one.
    """
    senders = len(brands)
    room = np.full(senders, -2), np.zeros(senders, np.int64)
    go = _machine() if len(messages) >= compile_from else fill_messages
    go(messages, order, brands, validities, *room, attempts.matrix.T, attempts.observed)


@cache
def _machine() -> Callable[..., None]:
    """Return ``fill_messages`` compiled."""
    from policies.jit import compiled

    return compiled(fill_messages)


def fill_messages(
    messages: Any, order: Any, brands: Any, validities: Any, owner: Any, count: Any, a: Any, observed: Any
) -> None:
    """Fill ``a``, shape (A_WIDTH, messages), and ``observed``.

    ``owner`` (-2) and ``count`` (0) have a place for each sender and one for the unknown: whom it wrote to last, and
    how often.
    """
    for index in range(len(order)):
        number = order[index]
        record = messages[number]
        who, sender, channel = record["recipient"], record["sender"], record["channel"]
        a[A_AT, number] = record["at"]
        a[A_RECIPIENT, number] = who
        a[A_CHANNEL, number] = channel
        a[A_CATEGORY, number] = record["category"] if record["category"] >= 0 else MISSING
        a[A_CAMPAIGN, number] = record["campaign"] if record["campaign"] >= 0 else MISSING
        a[A_TEMPLATE, number] = record["template"] if record["template"] >= 0 else MISSING
        a[A_SENDER, number] = sender if sender >= 0 else MISSING
        a[A_BRAND, number] = brands[sender]
        a[A_VALIDITY, number] = validities[channel]
        observed[number] = record["submitted"]
        if owner[sender] != who:
            owner[sender] = who
            count[sender] = 0
        a[A_SENT_BEFORE, number] = count[sender]
        count[sender] += record["submitted"]
