"""Findings read again: from a run folder, from its findings.json, or from what ``audit --json`` wrote."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from policies.errors import InputError, Problem
from policies.findings import RuleResult
from policies.findings_json import results_from_dicts
from policies.findings_schema import findings_schema
from prelaunch.findings.about import About
from prelaunch.outputs.texts import whole_letters
from prelaunch.run_folder import FINDINGS, MANIFEST, read_json

MOST_FAULTS = 5
REMEDY = "give a run folder, its findings.json, or what prelaunch audit --json wrote"


def read_findings(path: Path) -> tuple[About, tuple[RuleResult, ...]]:
    """Return what the findings are about, and the findings. ``-`` is standard input.

    Raises ``InputError`` for what holds no findings. A findings.json beside its manifest is that of the run.
    """
    if str(path) == "-":
        return _of_json(_parsed(sys.stdin.buffer.read(), "<stdin>"), "<stdin>")
    folder = path if path.is_dir() else path.parent
    file = path / FINDINGS if path.is_dir() else path
    try:
        about, results = _of_json(_parsed(file.read_bytes(), str(file)), str(file))
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise InputError([Problem(str(file), f"cannot be read: {reason}", REMEDY)]) from None
    if file.name == FINDINGS and (folder / MANIFEST).is_file():
        about = about_run(folder)
    return about, results


def about_run(folder: Path) -> About:
    """Return what a run folder says of itself."""
    manifest = read_json(folder / MANIFEST)
    if not isinstance(manifest, dict) or not isinstance(manifest.get("scenario"), dict):
        raise InputError([Problem(str(folder / MANIFEST), "is no manifest of a run", "run prelaunch run again")])
    scenario = folder / "scenario.yaml"
    return replace(
        about_manifest(manifest, scenario.read_text(encoding="utf-8") if scenario.is_file() else ""),
        name=str(manifest["scenario"].get("name") or folder.name),
    )


def about_manifest(manifest: Mapping[str, Any], text: str) -> About:
    """Return what a manifest tells; ``text`` is that of the scenario."""
    scenario = manifest["scenario"]
    return About(
        name=str(scenario.get("name", "")),
        file=str(scenario.get("file", "")),
        text=text,
        seed=manifest.get("seed"),
        as_of=str(manifest.get("as_of", "")),
        gate=str(manifest.get("gate", "")),
        log_hash=str(manifest.get("log_hash", "")),
        packs={name: str(pack.get("version", "")) for name, pack in manifest.get("packs", {}).items()},
        version=str(manifest.get("prelaunch", "")),
    )


def _parsed(data: bytes, label: str) -> Any:
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError([Problem(label, f"is no JSON: {error}", REMEDY)]) from None
    return json.loads(whole_letters(json.dumps(value, ensure_ascii=False))) if b"\\ud" in data.lower() else value


def _of_json(value: Any, label: str) -> tuple[About, tuple[RuleResult, ...]]:
    """Return the findings of a parsed file; those of ``audit --json`` and ``run --json`` stand under ``findings``."""
    about = About(name=Path(label).stem if label != "<stdin>" else label)
    listed = value
    if isinstance(value, dict):
        listed = value.get("findings")
        logs = [str(name) for name in value.get("log", ()) if isinstance(value.get("log"), list)]
        about = replace(about, name=", ".join(logs) or about.name, file=logs[0] if logs else "")
    _check(listed, label, "findings" if isinstance(value, dict) else "")
    return about, results_from_dicts(listed)


def _check(listed: Any, label: str, prefix: str) -> None:
    """Raise ``InputError`` with the first faults against the published schema."""
    from jsonschema import Draft202012Validator

    if not isinstance(listed, list):
        raise InputError([Problem(label, "holds no findings", REMEDY)])
    problems = []
    for error in Draft202012Validator(findings_schema()).iter_errors(listed):
        path = ".".join(str(part) for part in ([prefix] if prefix else []) + list(error.absolute_path))
        problems.append(
            Problem(f"{label}: {path}", error.message[:200], "docs/findings.schema.json says what it holds")
        )
        if len(problems) == MOST_FAULTS:
            break
    if problems:
        raise InputError(problems)
