"""What no schema can say of a scenario: names that must exist, times that must agree, graphs without cycles."""

from __future__ import annotations

from policies.errors import Problem
from scenarios.model import Scenario, decode
from scenarios.plain_errors import faults
from scenarios.schema import scenario_schema
from scenarios.yaml_source import Source


def check(source: Source) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario, or ``None`` and every problem."""
    found = faults(scenario_schema(), source.value)
    problems = [Problem(source.where(fault.path), fault.what, fault.remedy) for fault in found]
    return (None if problems else decode(source.value)), problems
