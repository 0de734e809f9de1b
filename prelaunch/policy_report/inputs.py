"""The inputs of a run as a report embeds them: every file but personal data, and what the command line chose."""

from __future__ import annotations

import base64
import codecs
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from policies.errors import InputError, Problem
from policies.packs import PACKS
from prelaunch import disclosure
from prelaunch.policy_report.model import Assumed, Disclosed, InputFile, Inputs, Kept, Witness
from prelaunch.run_folder import digest
from scenarios.compile.model import Compiled
from scenarios.experiments.prepare import Prepared

INPUTS = "inputs.json"
"""The file of a run folder that keeps them until a report is written."""
LARGEST = 400_000
"""Bytes of a file up to which it is embedded; of a larger one, such as a national list of numbers, only the hash."""
SCENARIO, AUDIENCE, RANGES, CALENDAR = "scenario", "audience.file.path", "audience.file.number_ranges", "calendar.path"


def inputs_of(prepared: Prepared) -> Inputs:
    """Return the inputs of a prepared run. Raises ``InputError`` for a file that is gone."""
    choices, loaded = prepared.choices, prepared.loaded
    return Inputs(
        files=(embedded(SCENARIO, loaded.path.name, bytes_of(loaded.text, loaded.sha256)), *_named(prepared)),
        seed=prepared.scenario.seed if choices.seed is None else choices.seed,
        as_of=choices.as_of.isoformat() if choices.as_of else None,
        gate=prepared.scenario.gate,
        replications=prepared.scenario.replications,
        settings=json.loads(json.dumps(dict(prepared.overrides), default=str)),
        script=tuple(msgspec.to_builtins(list(choices.script))),
        other_audience=prepared.other_audience,
        only_one=choices.only is not None,
    )


def kept_of(prepared: Prepared, compiled: Compiled, witnesses: dict[str, Witness]) -> Kept:
    """Return what a run folder keeps for a report: the inputs, what was assumed and left out, how rules were broken."""
    assumed = tuple(Assumed(row.what, row.value, row.source) for row in disclosure.assumed(compiled))
    left_out = tuple(disclosure.not_modelled(compiled))
    disclosed = Disclosed(assumed, left_out, tuple(disclosure.notices(prepared)))
    return Kept(inputs_of(prepared), disclosed, prepared.scenario.description, witnesses)


def bytes_of(text: str, digest: str) -> bytes:
    """Return the bytes of a file of which text and SHA-256 are kept: it may have begun with a mark of UTF-8."""
    data = text.encode()
    return data if sha256(data).hexdigest() == digest else codecs.BOM_UTF8 + data


def _named(prepared: Prepared) -> Iterator[InputFile]:
    scenario, base = prepared.scenario, prepared.loaded.base_dir
    if scenario.audience.file is not None:
        file = scenario.audience.file
        yield InputFile(AUDIENCE, Path(file.path).name, prepared.audience.sha256, (base / file.path).stat().st_size)
        if file.number_ranges is not None:
            yield from_file(RANGES, base / file.number_ranges)
    if scenario.calendar is not None:
        yield from_file(CALENDAR, base / scenario.calendar.path)
    for number, pack in enumerate(scenario.packs):
        if pack not in PACKS:
            yield from_file(f"packs.{number}", base / pack)


def from_file(field: str, path: Path) -> InputFile:
    """Return a file as it is embedded: with its content if that is not too large."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            return InputFile(field, path.name, digest(path), size)
        return embedded(field, path.name, path.read_bytes())
    except OSError as error:
        raise InputError([Problem(str(path), f"cannot be read: {error.strerror}", "run it again")]) from None


def embedded(field: str, name: str, data: bytes) -> InputFile:
    """Return a file with its content, as text where it is text."""
    try:
        text, coded = data.decode(), False
    except UnicodeDecodeError:
        text, coded = base64.b64encode(data).decode("ascii"), True
    return InputFile(field, name, sha256(data).hexdigest(), len(data), text, coded)


def content_of(file: InputFile) -> bytes:
    """Return the bytes of an embedded file; ValueError for what is no base64."""
    assert file.content is not None
    return base64.b64decode(file.content, validate=True) if file.base64 else file.content.encode()


def kept_in(raw: Any, where: str) -> Kept:
    """Return what a run folder keeps for a report. Raises ``InputError`` for another form."""
    try:
        return msgspec.convert(raw, Kept)
    except msgspec.ValidationError as error:
        raise InputError([Problem(where, f"is not as prelaunch wrote it: {error}", "run it again")]) from None
