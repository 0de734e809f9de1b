"""Runs of the shipped scenarios for tests: load, prepare, simulate, log; nothing is computed beside the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from policies.findings import RuleResult
from policies.people import Int64s
from policies.records import CHANNELS
from prelaunch.rehearsal import facts
from prelaunch.summary.model import Figures, Summary
from prelaunch.summary.summarise import summarise
from scenarios.compile.model import Compiled
from scenarios.experiments.prepare import Choices, prepare
from scenarios.experiments.verdicts import judge_run
from scenarios.load import load_scenario
from simulator.engine.log import EVENT, FIELDS, REASON, Matrix, log_hash, to_arrow
from simulator.engine.run import EngineName, run

LIBRARY = Path(__file__).resolve().parents[2] / "scenarios" / "library"
NAMES = tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml")))
GOLDEN = LIBRARY.parents[1] / "tests" / "scenarios" / "golden"
OWN_DAY, TODAY = date(2021, 10, 1), date(2026, 11, 22)
SIZE = "audience.synthetic.size"
SMALL = 300
RUB = 1_000_000


@dataclass(frozen=True, slots=True)
class Played:
    """One replication of a scenario, and what can be asked of it."""

    compiled: Compiled
    matrix: Int64s

    @property
    def log_hash(self) -> str:
        return f"{log_hash(Matrix(self.matrix), self.compiled.model, 0):032x}"

    @property
    def table(self) -> pa.Table:
        return to_arrow(Matrix(self.matrix), self.compiled.model, run=self.compiled.model.name, replication=0)

    @property
    def summary(self) -> Summary:
        return summarise(self.table, facts(self.compiled))

    @property
    def figures(self) -> Figures:
        return self.summary.in_all

    def findings(self) -> dict[str, RuleResult]:
        return {result.rule.id: result for result in judge_run(self.compiled, {0: self.table})}

    def column(self, name: str) -> Int64s:
        return self.matrix[:, FIELDS.index(name)]

    def rows(self, event: str, channel: str = "", reason: str = "", step: str = "") -> Int64s:
        """Return the rows of an event, int64[n, fields], of one channel, reason or step if they are named."""
        keep = self.column("event") == EVENT[event]
        if channel:
            keep &= self.column("channel") == CHANNELS.index(channel)
        if reason:
            keep &= self.column("reason") == REASON[reason]
        if step:
            keep &= np.isin(self.column("step"), [s.index for s in self.compiled.model.steps if s.id == step])
        found: Int64s = self.matrix[keep]
        return found

    def who(self, event: str, channel: str = "", reason: str = "", step: str = "") -> set[int]:
        """Return the recipients of those rows."""
        return set(self.rows(event, channel, reason, step)[:, FIELDS.index("recipient")].tolist())

    def cost(self, channel: str = "") -> int:
        """Return what was charged, micro-roubles, on one channel or all."""
        keep = self.column("charge") >= 0
        if channel:
            keep &= self.column("channel") == CHANNELS.index(channel)
        return int(self.column("cost")[keep].sum())

    def cost_by_recipient(self) -> dict[int, int]:
        """Return what each recipient cost, micro-roubles."""
        paid = self.matrix[self.column("charge") >= 0]
        costs: dict[int, int] = {}
        for who, cost in paid[:, [FIELDS.index("recipient"), FIELDS.index("cost")]].tolist():
            costs[who] = costs.get(who, 0) + cost
        return costs


def play(
    name: str, overrides: Mapping[str, object] | None = None, *, size: int | None = None, as_of: date | None = None,
    gate: str | None = None, engine: EngineName = "auto",
) -> Played:  # fmt: skip
    """Return a run of a library scenario with some fields replaced."""
    fields = dict(overrides or {}) | ({SIZE: size} if size else {})
    prepared = prepare(load_scenario(LIBRARY / f"{name}.yaml", overrides=fields), Choices(as_of=as_of, gate=gate))
    compiled = prepared.compiled()
    return Played(compiled, run(compiled.model, 0, engine).matrix())


@cache
def small(name: str, as_of: date | None = None, engine: EngineName = "reference") -> Played:
    """Return the run of a scenario on a base of ``SMALL`` people, under its own date or another; played once."""
    return play(name, size=SMALL, as_of=as_of, engine=engine)


def golden(name: str) -> dict[str, dict[str, object]]:
    """Return what a scenario comes to on a small base, by date of rules and prices."""
    found: dict[str, dict[str, object]] = {}
    for as_of in (OWN_DAY, TODAY):
        run_of = small(name, as_of)
        figures = run_of.figures
        found[as_of.isoformat()] = {
            "reached": figures.reach.delivered_fate,
            "cost": f"{figures.cost_micro / RUB:.6f}",
            "complaints": figures.tally.complained,
            "log_hash": run_of.log_hash,
        }
    return found


def real_calendar(path: Path, size: int) -> dict[str, object]:
    """Return the overrides that put March 2023 of the real calendar on ``calendar-month``'s base."""
    return {
        SIZE: size,
        "as_of": "2023-03-01",
        "clock.start": "2023-03-01T00:00",
        "calendar.path": str(path),
        "calendar.month": "2023-03",
        "calendar.scale": 5_400_000,
        "calendar.zone": "UTC",
    }
