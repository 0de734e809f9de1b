"""What had to be decided where the rows of a calendar leave something open."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

NOTICE = "{file}: {count} x {what}"
"""How a decision on rows of a calendar is told."""


class Decided(StrEnum):
    """Every decision, with what the scenario fills in between braces."""

    NO_START = "no start, so it cannot be placed: left out"
    TWICE = "an earlier row word for word: left out"
    NO_END = "no end: released all at once"
    TOO_LARGE = "larger than the base: sent to all of it"
    TOO_SMALL = "too small to reach one person of this base"
    NO_SIZE = "no size: taken as {share} of the base"


def told(file: str, counts: Counter[Decided], share: float) -> tuple[str, ...]:
    """Return a sentence for each decision of a calendar ``file``, with how many rows it was about.

    ``share`` is the share of the base that a row without a size takes.
    """
    return tuple(
        NOTICE.format(file=file, count=count, what=what.format(share=f"{share:g}"))
        for what, count in sorted(counts.items())
    )
