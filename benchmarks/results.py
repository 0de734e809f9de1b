"""What was measured, as the page shows it: several measurements become a median and its spread."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import linear_regression, median
from typing import Any

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and greatest of some measurements, and how many there are."""

    median: float
    lowest: float
    highest: float
    count: int

    def shown(self, digits: int = 1) -> str:
        """Return ``median (least-greatest)``; a single measurement stands alone."""
        if self.count == 1:
            return f"{self.median:,.{digits}f}"
        return f"{self.median:,.{digits}f} ({self.lowest:,.{digits}f}-{self.highest:,.{digits}f})"

    def range(self) -> str:
        """Return ``least-greatest``, or the one figure where both look the same."""
        lowest, highest = f"{self.lowest:.1f}", f"{self.highest:.1f}"
        return lowest if lowest == highest else f"{lowest}-{highest}"


def spread(values: Iterable[float]) -> Spread:
    """Return the spread of at least one value."""
    found = sorted(values)
    return Spread(median(found), found[0], found[-1], len(found))


@dataclass(frozen=True, slots=True)
class Record:
    """One measurement that was asked for. Where it could not be made, ``left_out`` says why and ``result`` is empty."""

    words: tuple[str, ...]
    number: int
    commit: str
    result: Result
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """All measurements, and the machine they were made on."""

    machine: dict[str, str]
    records: Sequence[Record]

    def of(self, *words: str) -> list[Result]:
        """Return the results of all measurements whose words begin with these."""
        return [r.result for r in self.records if r.words[: len(words)] == words and not r.left_out]

    def engine(self, name: str, size: int, what: str) -> Spread | None:
        """Return one figure of an engine at a size of W; None where it was not measured."""
        values = [result[what] for result in self.of("engine", name, str(size)) if what in result]
        return spread(values) if values else None

    def sizes(self, name: str | None = None) -> list[int]:
        """Return the sizes of W at which an engine, or any, was measured, ascending."""
        asked = [r.words for r in self.records if r.words[0] == "engine" and not r.left_out]
        return sorted({int(words[2]) for words in asked if name in (None, words[1])})

    def left_out(self) -> list[tuple[str, str]]:
        """Return, for each measurement that could not be made, its words and why."""
        return [(" ".join(r.words), r.left_out) for r in self.records if r.left_out]

    def commits(self) -> list[str]:
        """Return the commits that were measured, in order of first measurement."""
        return list(dict.fromkeys(r.commit for r in self.records))


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return the exponent of growth: the slope through (size, seconds) on logarithmic axes, by least squares."""
    sizes, seconds = zip(*((math.log(size), math.log(cost)) for size, cost in points), strict=True)
    return linear_regression(sizes, seconds).slope
