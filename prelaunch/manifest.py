"""The manifest of a run: what went in, what came out, and with which versions."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from policies.calendars.iana import edition
from prelaunch import __version__
from prelaunch.run_folder import outputs
from scenarios.compile.model import Compiled
from scenarios.experiments.prepare import Prepared
from scenarios.experiments.simulate import Replications
from simulator.engine.keep import LogName

PACKAGES = ("simpy", "numpy", "numba", "pyarrow", "holidays", "phonenumberslite", "matplotlib", "cel-expr-python")


class ScenarioInput(msgspec.Struct, frozen=True):
    """The scenario file; ``sha256`` is of its bytes, before options of the command line."""

    name: str
    file: str
    sha256: str


class RangesInput(msgspec.Struct, frozen=True):
    """The list of number ranges by which zones were found; ``sha256`` is of the file."""

    file: str
    sha256: str


class AudienceInput(msgspec.Struct, frozen=True):
    """The audience: rows read, people taken, rows set aside; ``sha256`` is of the file or the specification."""

    source: str
    sha256: str
    rows: int
    people: int
    rejected: int
    number_ranges: RangesInput | None = None


class Chosen(msgspec.Struct, frozen=True):
    """What the command line chose in place of the scenario: the date of the rules, the fields of ``--set``."""

    as_of: str | None
    set: dict[str, Any]


class PackInput(msgspec.Struct, frozen=True):
    """One rule pack."""

    version: str
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a run was made of. It carries no clock time, so equal runs have equal manifests.

    ``log``: which rows ``log.parquet`` holds; with ``none`` there is no such file, nor ``recipients.csv``.
    ``log_hash``: 32 hex digits, the sum over all rows of the full log modulo 2**128, whatever their order or engine.
    ``replications_done``: numbers of those in the log; fewer than ``replications`` after an interrupt.
    ``outputs``: SHA-256 of every other file of the folder.
    """

    prelaunch: str
    scenario: ScenarioInput
    audience: AudienceInput
    seed: int
    as_of: str
    gate: str
    chosen: Chosen
    engine: str
    log: LogName
    replications: int
    replications_done: list[int]
    interrupted: bool
    packs: dict[str, PackInput]
    tzdata: str
    python: str
    packages: dict[str, str]
    log_hash: str
    outputs: dict[str, str]

    def to_json(self) -> dict[str, object]:
        """Return the manifest as plain JSON values."""
        plain: dict[str, object] = msgspec.to_builtins(self)
        return plain


def manifest(
    prepared: Prepared, compiled: Compiled, done: Replications, asked: int, log: LogName, log_hash: str, folder: Path
) -> Manifest:
    """Return the manifest of a run whose other files stand in ``folder``."""
    audience, loaded, day = prepared.audience, prepared.loaded, prepared.choices.as_of
    rejected = len(audience.rejects)
    return Manifest(
        prelaunch=__version__,
        scenario=ScenarioInput(compiled.scenario.name, loaded.path.name, loaded.sha256),
        audience=AudienceInput(
            Path(audience.source).name,
            audience.sha256,
            audience.rows_read,
            len(audience.people),
            rejected,
            _ranges(prepared),
        ),
        seed=compiled.model.seed,
        as_of=compiled.line.as_of.isoformat(),
        gate=compiled.scenario.gate,
        chosen=Chosen(day.isoformat() if day else None, dict(prepared.overrides)),
        engine=done.engine,
        log=log,
        replications=asked,
        replications_done=sorted(done.logs),
        interrupted=done.interrupted,
        packs={pack.name: PackInput(pack.version, pack.sha256) for pack in compiled.law.loaded},
        tzdata=edition(),
        python=platform.python_version(),
        packages={name: version(name) for name in PACKAGES},
        log_hash=log_hash,
        outputs=outputs(folder),
    )


def _ranges(prepared: Prepared) -> RangesInput | None:
    file = prepared.scenario.audience.file
    if file is None or file.number_ranges is None:
        return None
    return RangesInput(Path(file.number_ranges).name, prepared.audience.ranges_sha256)


def manifest_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of ``manifest.json``."""
    schema = msgspec.json.schema(Manifest)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Manifest of a run", **schema}
