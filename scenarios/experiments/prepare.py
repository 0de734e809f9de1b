"""From a scenario file to a compiled run: the audience is read, a calendar becomes campaigns, the model is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import msgspec

from policies.content.text import PLACEHOLDER
from policies.expressions.guard import asked_columns
from policies.packs import asked_of_audience
from policies.people import People
from scenarios import load
from scenarios.audience import Loaded as LoadedAudience
from scenarios.audience import load_audience
from scenarios.calendar_csv import read_calendar
from scenarios.compile.clock import timeline
from scenarios.compile.conditions import is_built_in
from scenarios.compile.model import Compiled, compile_scenario
from scenarios.experiments.memory import check_audience
from scenarios.guards import guard_rules
from scenarios.model import Forced, Scenario


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chooses on the command line; None and empty mean: as the scenario says."""

    as_of: date | None = None
    seed: int | None = None
    gate: str | None = None
    only: str | None = None
    script: tuple[Forced, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scenario with its audience, ready to be compiled with the gate as it is or otherwise.

    ``overrides`` are the fields given in place of the file's, but for the audience; ``other_audience`` tells whether
    another audience file was given.
    """

    loaded: load.Loaded
    scenario: Scenario
    audience: LoadedAudience
    choices: Choices
    notices: tuple[str, ...]
    overrides: Mapping[str, object] = field(default_factory=dict)
    other_audience: bool = False

    @property
    def people(self) -> People:
        """Return the audience."""
        return self.audience.people

    def compiled(self, gate: str | None = None) -> Compiled:
        """Return the compiled run, with another gate if one is named. Raises InputError with all problems."""
        scenario = self.scenario
        if gate is not None:
            scenario = msgspec.structs.replace(scenario, gate=gate)
        return compile_scenario(
            scenario, self.people, as_of=self.choices.as_of, seed=self.choices.seed, only=self.choices.only,
            base_dir=self.loaded.base_dir,
        )  # fmt: skip


def prepare(loaded: load.Loaded, choices: Choices = Choices()) -> Prepared:
    """Return the scenario with its audience and campaigns. Raises InputError for what the files lack."""
    scenario = loaded.scenario
    if choices.gate is not None:
        scenario = msgspec.structs.replace(scenario, gate=choices.gate)
    if choices.script:
        scenario = msgspec.structs.replace(scenario, script=[*scenario.script, *choices.script])
    line = timeline(scenario, choices.as_of)
    check_audience(scenario)
    audience = load_audience(
        scenario.audience, base_dir=loaded.base_dir, now=line.start, seed=scenario.seed, currency=scenario.currency,
        wanted=wanted_columns(scenario) | _asked_by_guards(scenario, loaded.base_dir),
    )  # fmt: skip
    notices: tuple[str, ...] = ()
    if scenario.calendar is not None:
        calendar = read_calendar(
            scenario.calendar, base_dir=loaded.base_dir, audience_size=len(audience.people),
            clock_zone=scenario.clock.zone,
        )  # fmt: skip
        scenario = msgspec.structs.replace(scenario, campaigns=[*scenario.campaigns, *calendar.campaigns])
        notices = calendar.notices
    return Prepared(loaded, scenario, audience, choices, notices)


def wanted_columns(scenario: Scenario) -> set[str]:
    """Return the audience columns that templates, steps and campaigns ask for; what every audience has is no column."""
    wanted = {
        condition.attribute
        for campaign in scenario.campaigns
        for condition in (*campaign.only, *(c for step in campaign.cascade for c in step.when))
    }
    for template in scenario.templates.values():
        texts = [template.body, template.subject, template.header, template.footer]
        texts += [part for button in template.buttons for part in (button.label, button.target)]
        names = {found for text in texts if text for found in PLACEHOLDER.findall(text)}
        wanted |= {template.variables.get(name, name) for name in names}
    return {name for name in wanted if not is_built_in(name)}


def _asked_by_guards(scenario: Scenario, base_dir: Path) -> set[str]:
    """Return the audience columns that ``when`` and ``unless`` of packs and of own guards ask for."""
    return asked_of_audience(scenario.packs, base_dir) | asked_columns(guard_rules(scenario.guards))


def prepare_file(
    path: Path | str, choices: Choices = Choices(), audience: Path | None = None,
    overrides: Mapping[str, object] = {},
) -> Prepared:  # fmt: skip
    """Return :func:`prepare` of a scenario file, with another audience file and other fields if they are given."""
    given = overrides
    if audience is not None:
        overrides = {"audience": {"file": {"path": str(audience.absolute())}}, **overrides}
    prepared = prepare(load.load_scenario(path, overrides=overrides), choices)
    return replace(prepared, overrides=given, other_audience=audience is not None)
