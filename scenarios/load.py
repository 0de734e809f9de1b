"""Reads a scenario file: YAML, then the schema, then what no schema can say; every problem is reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from policies.errors import InputError
from policies.yaml_source import Source, read_source
from scenarios.model import Scenario
from scenarios.overrides import override


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario and where it came from; ``sha256`` is of the file's bytes, before ``overrides``."""

    scenario: Scenario
    path: Path
    sha256: str
    text: str

    @property
    def base_dir(self) -> Path:
        """Return the folder that relative paths in the scenario start from."""
        return base_dir(self.path)


NO_OVERRIDES: Mapping[str, object] = {}


def load_scenario(path: Path | str, *, overrides: Mapping[str, object] = NO_OVERRIDES) -> Loaded:
    """Return the scenario of a YAML file (``-``: standard input).

    ``overrides`` maps dotted fields (``seed``, ``audience``, ``campaigns.0.sample``) to plain values that replace the
    file's. Raises ``InputError`` with every problem found.
    """
    source = override(read_source(path), overrides)
    from scenarios.checks import check_scenario

    scenario, problems = check_scenario(source, base_dir(path))
    if problems or scenario is None:
        raise InputError(problems)
    return Loaded(scenario, Path(path), source.sha256, source.text)


def load_values(values: object, beside: Loaded, label: str) -> Loaded:
    """Return the scenario of plain values, checked like a file that stands where ``beside`` does.

    Raises ``InputError`` with every problem found, which ``label`` names.
    """
    from scenarios.checks import check_scenario

    scenario, problems = check_scenario(Source(label, "", "", values, {}), beside.base_dir)
    if problems or scenario is None:
        raise InputError(problems)
    return replace(beside, scenario=scenario)


def base_dir(path: Path | str) -> Path:
    """Return the folder that relative paths in the scenario start from; the working folder for standard input."""
    return Path() if str(path) == "-" else Path(path).parent
