"""Scenarios side by side: means, 95 % intervals, and differences paired by common random numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from policies.errors import InputError, Problem
from policies.records import HOUR
from scenarios.experiments.statistics import Estimate, estimate


@dataclass(frozen=True, slots=True)
class Metrics:
    """What one replication came to. A *recipient* here is one recipient of one campaign.

    ``reached_*`` counts recipients with a message delivered, ``read_*`` with one read; ``_fate``: what truly happened,
    ``_report``: what the company was told. Times run from ``released`` to the first delivery, over those reached.
    """

    cost_micro: int
    released: int
    reached_fate: int
    reached_report: int
    read_fate: int
    read_report: int
    complaints: int
    time_to_reach_p50_us: int | None = None
    time_to_reach_p90_us: int | None = None
    time_to_reach_p95_us: int | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of comparison: how it is taken from the metrics, its unit, and which way is better.

    Money is in units of the currency (unit ``money``), reach in shares of the recipients, time in hours.
    """

    name: str
    label: str
    unit: Literal["money", "share", "hours", "count"]
    better: Literal["less", "more"]
    value: Callable[[Metrics], float | None]


def _ratio(top: float, bottom: int) -> float | None:
    return top / bottom if bottom else None


def _hours(micro: int | None) -> float | None:
    return None if micro is None else micro / HOUR


MEASURES = (
    Measure("cost", "cost", "money", "less", lambda m: m.cost_micro / 1e6),
    Measure("cost_per_reached", "cost per recipient reached", "money", "less",
            lambda m: _ratio(m.cost_micro / 1e6, m.reached_fate)),
    Measure("reach_fate", "delivered, in truth", "share", "more", lambda m: _ratio(m.reached_fate, m.released)),
    Measure("reach_report", "delivered, as reported", "share", "more", lambda m: _ratio(m.reached_report, m.released)),
    Measure("read_fate", "read, in truth", "share", "more", lambda m: _ratio(m.read_fate, m.released)),
    Measure("read_report", "read, as reported", "share", "more", lambda m: _ratio(m.read_report, m.released)),
    Measure("time_to_reach_p50", "time to reach, median", "hours", "less", lambda m: _hours(m.time_to_reach_p50_us)),
    Measure("time_to_reach_p90", "time to reach, 90 %", "hours", "less", lambda m: _hours(m.time_to_reach_p90_us)),
    Measure("time_to_reach_p95", "time to reach, 95 %", "hours", "less", lambda m: _hours(m.time_to_reach_p95_us)),
    Measure("complaints", "complaints", "count", "less", lambda m: m.complaints),
)  # fmt: skip
"""The figures compared, in the order they are shown."""


@dataclass(frozen=True, slots=True)
class ScenarioRuns:
    """A scenario and the metrics of its replications 0, 1, ... under ``seed``."""

    name: str
    currency: str
    seed: int
    replications: tuple[Metrics, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One scenario's figure and its paired difference from the first scenario (``None`` for the first itself).

    Differences of shares have the unit ``points``: one stands for 100 percentage points.
    """

    scenario: str
    figure: Estimate
    difference: Estimate | None

    @property
    def differs(self) -> bool:
        """Whether the 95 % interval of the difference leaves out zero; without an interval: no."""
        d = self.difference
        return d is not None and d.low is not None and d.high is not None and not d.low <= 0 <= d.high


@dataclass(frozen=True, slots=True)
class Line:
    """One measure over all scenarios; the first cell is the baseline."""

    measure: Measure
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All measures over all scenarios; ``replications`` pairs each. ``notes`` say where luck is not shared."""

    scenarios: tuple[str, ...]
    currency: str
    seed: int
    replications: int
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


def _problems(runs: Sequence[ScenarioRuns]) -> list[Problem]:
    """Return why these runs cannot be paired."""
    if len(runs) < 2:
        return [Problem("compare", f"{len(runs)} scenario(s) given", "give two or more")]
    first = runs[0]
    found = [Problem(r.name, "no replication was run", "run at least one") for r in runs if not r.replications]
    found += [Problem(r.name, "the name is used twice", "name the scenarios differently")
              for i, r in enumerate(runs) if r.name in [other.name for other in runs[:i]]]  # fmt: skip
    for run in runs[1:]:
        if len(run.replications) != len(first.replications):
            found.append(Problem(run.name, f"{len(run.replications)} replications, {first.name} has "
                                 f"{len(first.replications)}", "run both with the same --replications"))  # fmt: skip
        if run.seed != first.seed:
            found.append(Problem(run.name, f"seed {run.seed}, {first.name} has {first.seed}",
                                 "run both with the same --seed: else nothing is paired"))  # fmt: skip
        if run.currency != first.currency:
            found.append(Problem(run.name, f"costs are in {run.currency}, those of {first.name} in {first.currency}",
                                 "give both scenarios one currency"))  # fmt: skip
    return found


def measured(measure: Measure, values: Sequence[float | None]) -> Estimate:
    """Return mean and interval of a measure: none is below zero, and a share is one at most."""
    most = 1.0 if measure.unit == "share" else math.inf
    return estimate(measure.name, measure.unit, values, 0.0, most)


def _cell(measure: Measure, run: ScenarioRuns, base: ScenarioRuns) -> Cell:
    own = [measure.value(m) for m in run.replications]
    figure = measured(measure, own)
    if run is base:
        return Cell(run.name, figure, None)
    against = [measure.value(m) for m in base.replications]
    paired = [None if a is None or b is None else a - b for a, b in zip(own, against, strict=True)]
    unit = "points" if measure.unit == "share" else measure.unit
    return Cell(run.name, figure, estimate(measure.name, unit, paired))


def compare_table(runs: Sequence[ScenarioRuns], measures: Sequence[Measure] = MEASURES) -> Comparison:
    """Return every measure of every scenario with its 95 % interval and its paired difference from ``runs[0]``.

    Replication *i* of all scenarios shares its random numbers, so differences are taken replication by replication.
    Raises ``InputError`` with all reasons when counts, seeds or currencies differ.
    """
    problems = _problems(runs)
    if problems:
        raise InputError(problems)
    base = runs[0]
    lines = tuple(Line(m, tuple(_cell(m, run, base) for run in runs)) for m in measures)
    return Comparison(tuple(r.name for r in runs), base.currency, base.seed, len(base.replications), lines)
