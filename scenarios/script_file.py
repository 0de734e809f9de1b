"""Forced outcomes from a file: the list that stands under ``script`` in a scenario, alone in a YAML file."""

from __future__ import annotations

from pathlib import Path

import msgspec

from policies.errors import InputError, Problem
from policies.yaml_source import read_source
from scenarios.model import Forced


def read_script(path: Path) -> tuple[Forced, ...]:
    """Return the forced outcomes of ``path``. Raises InputError for what is not such a list."""
    value = read_source(path).value
    if isinstance(value, dict) and set(value) == {"script"}:
        value = value["script"]
    try:
        return tuple(msgspec.convert(value, list[Forced]))
    except msgspec.ValidationError as error:
        remedy = "write a list of recipient, campaign, channel, attempt, purpose, value"
        raise InputError([Problem(str(path), str(error), remedy)]) from None
