"""One case of an attack: recipients, forced outcomes, releases and outages; playing it and measuring the goal."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from policies.packs import Pack, load_packs
from policies.people import People
from policies.records import MINUTE
from scenarios.attack.goals import Goal, Seen
from scenarios.attack.options import Property, Row, person_row, properties
from scenarios.audience import load_audience
from scenarios.compile.clock import timeline
from scenarios.compile.model import Compiled, compile_scenario
from scenarios.compile.plans import outage_models
from scenarios.compile.script import forced_draws
from scenarios.compile.senders import compile_senders
from scenarios.experiments.prepare import Prepared, wanted_columns
from scenarios.model import Forced, Outage, Scenario
from scenarios.witness import Witness, audience_values, rows_as_csv, witness_of
from simulator.engine.run import play_reference

KEPT = 512
"""Compiled models that are kept: of cases that differ in forced outcomes and outages alone."""


@dataclass(frozen=True, slots=True)
class Person:
    """A recipient: its number, and by property which of the values it has."""

    number: int
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """``releases`` are minutes after the earliest release, by campaign; ``outages`` come on top of the scenario's."""

    people: tuple[Person, ...]
    script: tuple[Forced, ...] = ()
    releases: tuple[int, ...] = ()
    outages: tuple[Outage, ...] = ()

    @property
    def size(self) -> tuple[int, ...]:
        """Return how large the case is: recipients, forced outcomes, outages, properties out of the common, delays."""
        uncommon = sum(value > 0 for person in self.people for value in person.values)
        return len(self.people), len(self.script), len(self.outages), uncommon, sum(self.releases)


@dataclass(slots=True)
class Arena:
    """Where cases of one scenario are played. ``played`` counts the plays, ``best`` is the worst case seen."""

    goal: Goal
    scenario: Scenario
    packs: tuple[Pack, ...]
    properties: tuple[Property, ...]
    played: int = 0
    best: tuple[Case, Seen] | None = None
    _seen: dict[Case, Seen] = field(default_factory=dict)
    _models: dict[object, tuple[Scenario, Compiled]] = field(default_factory=dict)

    def measure(self, case: Case) -> Seen:
        """Return what the goal sees of a case; each case is played once."""
        known = self._seen.get(case)
        if known is None:
            known = self._seen[case] = self._play(case)
            self.played += 1
        if self.best is None or _worse(case, known, *self.best):
            self.best = case, known
        return known

    def witness(self, case: Case) -> Witness:
        """Return the case as a scenario of its own."""
        return witness_of(self.scenario, self.rows(case), case.script, self._changes(case))

    def rows(self, case: Case) -> tuple[Row, ...]:
        """Return the recipients of a case as rows of an audience file."""
        return tuple(
            person_row(
                person.number, (own.values[value] for own, value in zip(self.properties, person.values, strict=True))
            )
            for person in case.people
        )

    def _changes(self, case: Case) -> Mapping[str, object]:
        changes: dict[str, object] = {}
        for index, minutes in enumerate(case.releases):
            campaign = self.scenario.campaigns[index]
            changes[f"campaigns.{index}.spread_h"] = 0
            if minutes:
                changes[f"campaigns.{index}.release_at"] = self._later(campaign.release_at, minutes)
        if case.outages:
            outages = [msgspec.to_builtins(outage) for outage in (*self.scenario.outages, *case.outages)]
            changes["outages"] = [{k: v for k, v in outage.items() if v is not None} for outage in outages]
        return changes

    def _later(self, text: str, minutes: int) -> str:
        line = timeline(self.scenario)
        return f"{line.local(line.instant(text) + minutes * MINUTE):%Y-%m-%dT%H:%M:%S}"

    def _play(self, case: Case) -> Seen:
        scenario, compiled = self._compiled(case)
        if case.script or case.outages:
            scenario = msgspec.structs.replace(
                scenario, script=list(case.script), outages=[*scenario.outages, *case.outages]
            )
            model = dataclasses.replace(
                compiled.model,
                script=forced_draws(scenario, compiled.people, []),
                outages=outage_models(scenario, compile_senders(scenario, compiled.line), compiled.line),
            )
            compiled = replace(compiled, model=model, scenario=scenario)
        return self.goal(compiled, play_reference(compiled.model, 0))

    def _compiled(self, case: Case) -> tuple[Scenario, Compiled]:
        """Return the scenario with the case's people and releases, and its model."""
        key = case.people, case.releases
        if key not in self._models:
            if len(self._models) >= KEPT:
                del self._models[next(iter(self._models))]
            plain = Case(case.people, releases=case.releases)
            scenario = self.witness(plain).scenario
            people = load_people(scenario, self.rows(case), timeline(scenario).start)
            self._models[key] = scenario, compile_scenario(scenario, people, packs=self.packs)
        return self._models[key]


def arena_of(prepared: Prepared, goal: Goal) -> Arena:
    """Return where the cases of a scenario are played: its calendar written out, its packs loaded, the gate off."""
    scenario = msgspec.structs.replace(prepared.scenario, calendar=None)
    tests = (
        test
        for campaign in scenario.campaigns
        for test in (*campaign.only, *(t for s in campaign.cascade for t in s.when))
    )
    found = properties(prepared.people, wanted_columns(scenario), {test.attribute for test in tests})
    return Arena(goal, scenario, load_packs(scenario.packs, prepared.loaded.base_dir), found)


def load_people(scenario: Scenario, rows: tuple[Row, ...], now: int) -> People:
    """Return the recipients as an audience file of these rows gives them."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "people.csv").write_text(rows_as_csv(rows), encoding="utf-8")
        values = audience_values(scenario, "people.csv")
        audience = msgspec.convert(values, type(scenario.audience))
        return load_audience(
            audience, base_dir=Path(folder), now=now, seed=scenario.seed, currency=scenario.currency,
            wanted=wanted_columns(scenario),
        ).people  # fmt: skip


def _worse(case: Case, seen: Seen, best: Case, best_seen: Seen) -> bool:
    """Say whether a case is worse than the best so far, or as bad and smaller."""
    if seen.value != best_seen.value:
        return seen.value > best_seen.value
    return case.size < best.size
