"""What was measured, as the page shows it: several measurements become a median and its spread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

Result = dict[str, Any]
ENGINES = ("naive", "reference", "compiled")


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
            return f"{self.median:.{digits}f}"
        return f"{self.median:.{digits}f} ({self.lowest:.{digits}f}-{self.highest:.{digits}f})"

    def range(self) -> str:
        """Return ``least-greatest``, or the one figure where both look the same."""
        lowest, highest = f"{self.lowest:.1f}", f"{self.highest:.1f}"
        return lowest if lowest == highest else f"{lowest}-{highest}"


def spread(values: Iterable[float]) -> Spread:
    """Return the spread of at least one value."""
    found = sorted(values)
    return Spread(median(found), found[0], found[-1], len(found))


@dataclass(slots=True)
class Measured:
    """All measurements: of engines by (engine, size), of profiles and hashes by engine."""

    engines: dict[tuple[str, int], list[Result]] = field(default_factory=dict)
    differing: dict[int, Result] = field(default_factory=dict)
    tie_free: dict[str, str] = field(default_factory=dict)
    tie_free_size: int = 0
    profiles: dict[str, Result] = field(default_factory=dict)
    profile_size: int = 0
    five_step: list[Result] = field(default_factory=list)

    def of(self, name: str, size: int, what: str) -> Spread:
        """Return one figure of an engine at a size."""
        return spread(result[what] for result in self.engines[name, size])

    def hashes(self, size: int) -> set[str]:
        """Return the hashes of all logs that the schedulers with an order of their own wrote at a size."""
        return {result["log_hash"] for name in ENGINES[1:] for result in self.engines[name, size]}

    @property
    def sizes(self) -> list[int]:
        """Return the sizes of workload W, ascending."""
        return sorted({size for _, size in self.engines})
