"""A witness: a scenario of few people and forced outcomes that shows one thing again whenever it is run.

It is a scenario file with its audience file beside it. Searches and proofs write it; ``prelaunch run`` plays it.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import yaml

from policies.whole import put_whole
from policies.yaml_source import Source
from scenarios.model import Forced, Scenario, decode
from scenarios.overrides import override
from scenarios.plain_values import plain_values

Row = Mapping[str, str]


class _Dumper(yaml.SafeDumper):
    """Writes YAML in which every text stays one under the words of YAML 1.2, which are those of our reader."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Return a text, in quotes where it begins like a number: for the writer 1e3 is a word."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, "'" if text[:1] in _NUMBERS else None)


_NUMBERS = frozenset("0123456789+-.")
_Dumper.add_representer(str, _text)


@dataclass(frozen=True, slots=True)
class Witness:
    """A whole scenario with its script, and the rows of its audience by column."""

    scenario: Scenario
    people: tuple[Row, ...]


def witness_of(
    scenario: Scenario, people: Sequence[Row], script: Sequence[Forced], changes: Mapping[str, object]
) -> Witness:
    """Return the scenario with other people, these forced outcomes, and some fields changed (dotted, as in ``--set``).

    The packs only watch, everybody is taken up, and the run is done once; a calendar must have been written out.
    """
    assert scenario.calendar is None, "a witness holds its campaigns themselves"
    campaigns = [msgspec.structs.replace(campaign, sample=None, hold_out=0) for campaign in scenario.campaigns]
    alone = msgspec.structs.replace(
        scenario, campaigns=campaigns, script=list(script), gate="observe", replications=1
    )  # fmt: skip
    values = override(Source("witness", "", "", plain_values(alone), {}), changes).value
    return Witness(decode(values), tuple(people))


def write_witness(witness: Witness, file: Path, base_dir: Path, heading: Sequence[str]) -> Path:
    """Write the scenario to ``file`` and its audience beside it, each whole, and return the path of the audience.

    ``base_dir`` is where the paths in the scenario start from; they are rewritten to start from the new file.
    ``heading`` becomes comments at its head.
    """
    audience = file.with_suffix(".csv")
    put_whole(audience, rows_as_csv(witness.people).encode())
    values = plain_values(witness.scenario)
    values["audience"] = audience_values(witness.scenario, audience.name)
    if "packs" in values:
        values["packs"] = [_from(file.parent, base_dir, name) for name in values["packs"]]
    text = yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    comments = "".join(f"# {line}\n" for line in heading)
    put_whole(file, (comments + text).encode())
    return audience


def rows_as_csv(people: Sequence[Row]) -> str:
    """Return an audience file of these rows, with the columns that any of them has."""
    names = list(dict.fromkeys(name for row in people for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(people)
    return out.getvalue()


def audience_values(scenario: Scenario, path: str) -> dict[str, Any]:
    """Return the field ``audience`` for a file of a witness: what was stated of the form of consents stays stated."""
    return {"file": {"path": path, **_of_file(scenario)}, **_stated(scenario)}


def _stated(scenario: Scenario) -> dict[str, Any]:
    form = scenario.audience.consent_form
    return {"consent_form": list(form)} if form else {}


def _of_file(scenario: Scenario) -> dict[str, Any]:
    """Return the country of numbers written without one, and the brand of consents, as the scenario has them."""
    own, synthetic = scenario.audience.file, scenario.audience.synthetic
    country = own.country if own is not None else synthetic.country if synthetic is not None else "RU"
    brand = own.brand if own is not None else None
    return {"country": country, **({"brand": brand} if brand is not None else {})}


def _from(folder: Path, base_dir: Path, name: str) -> str:
    """Return the name of a pack as seen from another folder; shipped packs have no path."""
    if "/" not in name and not name.endswith((".yaml", ".yml")):
        return name
    return os.path.relpath((base_dir / name).resolve(), folder.resolve())
