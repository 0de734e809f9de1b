"""Reads what ``prelaunch verify`` wrote, and refuses what it says of another scenario."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from policies.errors import InputError, Problem
from prelaunch.policy_report.inputs import SCENARIO
from prelaunch.policy_report.model import Beside, Content, Proof, Step, Verified, Witness

VERDICTS = ("proved", "violated", "not decided", "not observed", "review", "needs input", "not tested", "enforced")


class _Step(msgspec.Struct):
    at: str
    local: str
    what: str
    step: str | None = None
    channel: str | None = None
    text: str = ""


class _Witness(msgspec.Struct):
    steps: list[_Step]
    violates_at: str
    recipient: dict[str, Any] | str = ""
    release_at: str | None = None
    sentence: str = ""
    scenario: str | None = None
    replay: str | None = None


class _Proof(msgspec.Struct):
    rule: str
    verdict: str
    severity: str = ""
    sentence: str = ""
    bound: str | None = None
    states: int | None = None
    witness: _Witness | None = None


class _Beside(msgspec.Struct):
    about: str
    sentence: str
    fix: str | None = None
    witness: _Witness | None = None


class _File(msgspec.Struct):
    """The fields of verify.json that a report uses; it may have others."""

    prelaunch: str
    scenario_sha256: str
    as_of: str
    rules: list[_Proof]
    domain: dict[str, Any] = {}
    besides: list[_Beside] = []


def read_verified(path: Path, content: Content) -> Verified:
    """Return the proofs in ``path``. Raises ``InputError`` if they are none, or of another scenario than the report."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError([Problem(str(path), f"cannot be read: {error.strerror}", "check the path")]) from None
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        what = f"is no verify.json: {error}"
        raise InputError([Problem(str(path), what, "give the file that prelaunch verify --out FOLDER wrote")]) from None
    problems = [*_strangers(path, file), *_another(path, file, content)]
    if problems:
        raise InputError(problems)
    besides = tuple(Beside(b.about, b.sentence, b.fix or "", _witness(b.witness)) for b in file.besides)
    rules = tuple(
        Proof(p.rule, p.verdict, p.severity, p.sentence, p.bound or "", p.states, _witness(p.witness))
        for p in file.rules
    )
    return Verified(
        sha256(data).hexdigest(), file.prelaunch, file.scenario_sha256, file.as_of, file.domain, rules, besides
    )


def _strangers(path: Path, file: _File) -> Iterable[Problem]:
    for number, proof in enumerate(file.rules):
        if proof.verdict not in VERDICTS:
            where = f"{path}: rules.{number}.verdict"
            yield Problem(where, f"{proof.verdict!r} is no verdict", f"one of {', '.join(VERDICTS)}")


def _another(path: Path, file: _File, content: Content) -> Iterable[Problem]:
    """Yield why the proofs do not belong to the report: another scenario, another date of the rules."""
    ours = next((f.sha256 for f in content.inputs.files if f.field == SCENARIO), None)
    if file.scenario_sha256 != ours:
        yield Problem(str(path), "is about another scenario than the run", "verify the file of the run again")
    elif file.as_of != content.subject.as_of:
        what = f"has the rules of {file.as_of}, the run those of {content.subject.as_of}"
        yield Problem(str(path), what, "verify with the same --as-of")


def _witness(found: _Witness | None) -> Witness | None:
    if found is None:
        return None
    who = found.recipient
    recipient = who if isinstance(who, str) else ", ".join(f"{name} {value}" for name, value in who.items())
    steps = tuple(Step(s.at, s.local, s.what, s.step or "", s.channel or "", s.text) for s in found.steps)
    return Witness(
        recipient, steps, found.violates_at, found.release_at, found.sentence, found.scenario or "", found.replay or ""
    )
