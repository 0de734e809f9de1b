"""A limit of a planted rule about messages: what just keeps it, and what just breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.support.planting.planter import Planter
from tests.support.planting.words import LEAST, micro

TEN = (8, 10)
"""A day and an hour at which nothing else goes on."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit: its rule, the parameter that sets it, its value (the smallest unit of time, or a number).

    ``plant`` takes the name of the rule, which is then just broken, or "", and it is then just kept. ``of`` is "" where
    facts set the limit and no parameter. ``told_by_us`` says that only our own columns tell of it.
    """

    rule: str
    of: str
    value: int
    plant: Callable[[Planter, str], None]
    told_by_us: bool = False


def least(breaks: str) -> timedelta:
    """Return the smallest length of time where a limit is to be broken, else none."""
    return LEAST if breaks else 0 * LEAST


def instant(at: datetime) -> int:
    """Return an instant in the smallest unit."""
    return micro(at - datetime(1970, 1, 1, tzinfo=UTC))
