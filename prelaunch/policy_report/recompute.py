"""The result of a report made again from the inputs that it embeds, by the engine and the audit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import msgspec

from policies.errors import InputError, Problem
from policies.evidence import in_clear
from policies.findings_json import results_as_dicts
from prelaunch.manifest import manifest
from prelaunch.policy_report.answers import SUPPRESSIONS, answered_again
from prelaunch.policy_report.audit_again import audited_again
from prelaunch.policy_report.audits import LOG
from prelaunch.policy_report.entries import witnesses_of
from prelaunch.policy_report.inputs import AUDIENCE, SCENARIO, content_of, kept_of
from prelaunch.policy_report.model import Content, InputFile, Inputs
from prelaunch.policy_report.parts import content_of as report_content
from prelaunch.policy_report.parts import parts_of_rehearsal
from prelaunch.rehearsal import Options, Stage, rehearse
from prelaunch.run_folder import digest
from scenarios.experiments.prepare import Choices, Prepared, prepare_file
from scenarios.model import Forced

OPTION = {AUDIENCE: "--audience", "audience.0": "--audience"}
"""The option that gives a file of which a report holds only the hash; ``--file FIELD=PATH`` gives the others."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an input of a report is now: embedded, or a file that somebody gave."""

    file: InputFile
    given: Path | None


def sources(inputs: Inputs, given: Mapping[str, Path]) -> list[Source]:
    """Return where each input is. Raises ``InputError`` for those that are missing, or are another file."""
    found = [Source(file, given.get(file.field)) for file in inputs.files]
    problems = [problem for source in found for problem in _faults(source)]
    fields = {file.field for file in inputs.files}
    problems += [Problem(f"--file {field}", "is no input of this report", f"one of {', '.join(sorted(fields))}")
                 for field in given if field not in fields]  # fmt: skip
    if problems:
        raise InputError(problems)
    return found


def _option(field: str) -> str:
    return "--log" if field.startswith(f"{LOG}.") else OPTION.get(field, f"--file {field}=FILE")


def _faults(source: Source) -> Iterator[Problem]:
    file, option = source.file, _option(source.file.field)
    if source.given is None:
        if file.content is None:
            yield Problem(option, f"{file.name} is not in the report, only its hash", f"give it by {option}")
        return
    if not source.given.is_file():
        yield Problem(str(source.given), "is no file", "check the path")
    elif (found := digest(source.given)) != file.sha256:
        what = f"is not the file of the report: its SHA-256 is {found[:16]}…, not {file.sha256[:16]}…"
        yield Problem(str(source.given), what, f"give {file.name} as it was then")


def recomputed(content: Content, given: Mapping[str, Path], stage: Stage) -> Content:
    """Return the content made again; it shows recipients in clear and must not be written anywhere."""
    found = sources(content.inputs, given)
    with tempfile.TemporaryDirectory(prefix="prelaunch-check-") as folder:
        placed = {source.file.field: _place(source, Path(folder), number) for number, source in enumerate(found)}
        if content.subject.kind == "audit":
            with stage("judging", 1):
                return audited_again(content, placed, Path(folder))
        with stage("reading", 1):
            prepared = prepared_again(content.inputs, placed)
        return _played(content, prepared, placed, Path(folder), stage)


def _played(content: Content, prepared: Prepared, placed: Mapping[str, Path], folder: Path, stage: Stage) -> Content:
    inputs = content.inputs
    options = Options(replications=inputs.replications, both=False)
    rehearsal = rehearse(prepared, options, in_clear, stage)
    rehearsal = replace(rehearsal, findings=answered_again(rehearsal.findings, inputs, placed))
    outputs = folder / "outputs"
    outputs.mkdir()
    kept = kept_of(
        prepared, rehearsal.compiled, witnesses_of(results_as_dicts(rehearsal.findings), rehearsal.log, in_clear)
    )
    contents = manifest(
        prepared, rehearsal.compiled, rehearsal.replications, options.replications, "full", rehearsal.log_hash, outputs
    ).to_json()
    parts = parts_of_rehearsal(rehearsal, contents, msgspec.structs.replace(kept, inputs=inputs))
    return report_content(parts, content.language)


def prepared_again(inputs: Inputs, placed: Mapping[str, Path]) -> Prepared:
    """Return the scenario prepared from the inputs, which stand at ``placed`` by their fields."""
    settings: dict[str, object] = dict(inputs.settings)
    other = placed.get(AUDIENCE) if inputs.other_audience else None
    for field, path in placed.items():
        if field not in (SCENARIO, SUPPRESSIONS) and not (field == AUDIENCE and other):
            settings[field] = str(path.absolute())
    choices = Choices(
        as_of=date.fromisoformat(inputs.as_of) if inputs.as_of else None, seed=inputs.seed, gate=inputs.gate,
        script=tuple(msgspec.convert(list(inputs.script), list[Forced])),
    )  # fmt: skip
    return prepare_file(placed[SCENARIO], choices, other, settings)


def _place(source: Source, folder: Path, number: int) -> Path:
    """Return the input as a file: the one given, or its content written under a name of ours."""
    if source.given is not None:
        return source.given
    suffix = Path(source.file.name).suffix
    path = folder / f"{number}{suffix if suffix.isascii() and suffix[1:].isalnum() else ''}"
    path.write_bytes(content_of(source.file))
    return path
