"""What a report is made from: a run folder, or the same run played again. Both become content in the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from policies.errors import InputError, Problem
from policies.evidence import Showing
from policies.findings_json import results_as_dicts
from prelaunch import __version__
from prelaunch.policy_report.entries import checked, entries_of, recipients_of
from prelaunch.policy_report.inputs import INPUTS, kept_in
from prelaunch.policy_report.model import FORMAT, Content, Kept, Language, PackUsed, Subject
from prelaunch.policy_report.people import Names, hashes_of
from prelaunch.run_folder import MANIFEST, digest, read_json

if TYPE_CHECKING:
    from prelaunch.rehearsal import Rehearsal

READ = ("findings.json", "summary.json", INPUTS)
"""The files of a run folder that a report is made from; they must be as the run wrote them."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Manifest, summary and findings as plain values; what the run kept for a report; its people."""

    manifest: Mapping[str, Any]
    summary: Mapping[str, Any]
    findings: Sequence[Mapping[str, Any]]
    kept: Kept
    names: Names


def parts_of_run(folder: Path, show: Showing) -> Parts:
    """Return the parts of a run folder. Raises ``InputError`` if it is none, or was changed, or was not finished."""
    manifest = read_json(folder / MANIFEST)
    if not isinstance(manifest, dict) or not isinstance(manifest.get("outputs"), dict):
        raise InputError([Problem(str(folder), "is no run folder", "give the folder that prelaunch run printed")])
    _unchanged(folder, manifest)
    found = kept_in(read_json(folder / INPUTS), str(folder / INPUTS))
    problems = [problem for wrong, problem in (
        (manifest["interrupted"], "was interrupted"), (found.inputs.only_one, "was run for one recipient only"),
    ) if wrong]  # fmt: skip
    if problems:
        raise InputError([Problem(str(folder), what, "run it again as a whole") for what in problems])
    findings = checked(read_json(folder / "findings.json"), str(folder / "findings.json"))
    names = hashes_of(recipients_of(findings), show)
    return Parts(manifest, read_json(folder / "summary.json"), findings, found, names)


def _unchanged(folder: Path, manifest: Mapping[str, Any]) -> None:
    problems = []
    for name in READ:
        if name not in manifest["outputs"]:
            problems.append(Problem(str(folder), f"has no {name}", "run it again with a report"))
        elif not (folder / name).is_file():
            problems.append(Problem(str(folder / name), "is gone", "run it again"))
        elif digest(folder / name) != manifest["outputs"][name]:
            problems.append(Problem(str(folder / name), "was changed after the run", "run it again"))
    if problems:
        raise InputError(problems)


def parts_of_rehearsal(rehearsal: Rehearsal, manifest: Mapping[str, Any], kept: Kept) -> Parts:
    """Return the parts of a run that was just played; its recipients are in clear."""
    findings = results_as_dicts(rehearsal.findings)
    return Parts(manifest, rehearsal.summary.to_json(), findings, kept, Names())


def content_of(parts: Parts, language: Language) -> Content:
    """Return what a report says of a run."""
    versions = {name: str(parts.manifest[name]) for name in ("python", "tzdata")}
    return Content(
        format=FORMAT,
        prelaunch=__version__,
        language=language,
        subject=_subject(parts),
        rules=entries_of(parts.findings, parts.kept.witnesses, parts.names),
        disclosed=parts.kept.disclosed,
        inputs=msgspec.structs.replace(parts.kept.inputs, replications=parts.manifest["replications"]),
        versions={**versions, **parts.manifest["packages"]},
    )


def _subject(parts: Parts) -> Subject:
    manifest, summary = parts.manifest, parts.summary
    figures = summary["in_all"]
    packs = (PackUsed(name, pack["version"], pack["sha256"]) for name, pack in manifest["packs"].items())
    return Subject(
        kind="run", name=summary["scenario"], description=parts.kept.description,
        as_of=manifest["as_of"], zone=summary["zone"], gate=manifest["gate"], first_at=summary["first_at"],
        last_at=summary["last_at"], people=manifest["audience"]["people"],
        rejected=manifest["audience"]["rejected"], messages=figures["tally"]["submitted"],
        delivered=figures["tally"]["delivered"], log_hash=manifest["log_hash"], packs=tuple(packs),
    )  # fmt: skip
