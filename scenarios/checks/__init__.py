"""What no schema can say of a scenario: names that must exist, times that must agree, graphs without cycles.

One module a subject, each with ``check(facts) -> Iterator[Fault]``; ``CHECKS`` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from policies.errors import Problem
from policies.yaml_source import Source
from scenarios.checks import (
    calendars,
    campaigns,
    cascade,
    chances,
    evidence,
    files,
    guards,
    money,
    script,
    senders,
    templates,
    times,
)
from scenarios.checks.facts import Facts
from scenarios.model import Scenario
from scenarios.plain_errors import Fault
from scenarios.salvage import salvage
from scenarios.schema import scenario_schema

CHECKS: tuple[Callable[[Facts], Iterator[Fault]], ...] = (
    calendars.check,
    campaigns.check,
    cascade.check,
    chances.check,
    evidence.check,
    files.check,
    guards.check,
    money.check,
    script.check,
    senders.check,
    templates.check,
    times.check,
)


def check_scenario(source: Source, base_dir: Path) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario (``None`` when nothing of it is sound) and every problem, in the order of lines."""
    found = salvage(source.value, scenario_schema())
    all_faults = dict.fromkeys(found.faults)
    if found.scenario is not None:
        facts = Facts(found.scenario, source.value, base_dir, found)
        for check in CHECKS:
            for fault in check(facts):
                original = Fault(found.original(fault.path), fault.what, fault.remedy)
                if not found.hidden(original.path):
                    all_faults[original] = None
    ordered = sorted(all_faults, key=lambda fault: source.line(fault.path))
    return found.scenario, [Problem(source.where(fault.path), fault.what, fault.remedy) for fault in ordered]
