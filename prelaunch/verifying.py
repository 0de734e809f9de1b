"""What the verifier found, in words and as JSON: a sentence for each rule, a timeline for each witness."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from policies.describe import local_clock
from policies.findings import RuleResult
from policies.findings_json import results_as_dicts
from policies.instants import instant_text, moment
from policies.records import CHANNELS, SECOND
from policies.verdicts import Verdict
from policies.verify.nodes import Event
from policies.verify.plan import Plan
from policies.verify.witness import Witness
from prelaunch import __version__
from scenarios.compile.model import Compiled
from scenarios.experiments.prepare import Prepared
from scenarios.plan.besides import Remark
from scenarios.plan.prove import Proved

WORDS = {
    "released": "the campaign takes the person up",
    "skipped": "a condition of the step does not hold",
    "absent": "no address for this channel",
    "suppressed": "the number is on the company's list of dead ones",
    "denied": "own guards forbid it",
    "held": "own guards hold it",
    "queued": "it waits in a queue",
    "rejected": "the provider refuses it",
    "submitted": "handed over to the provider",
    "no report": "nothing was reported in time",
    "read": "read, and the company knows it",
    "delivered": "delivered, and the company knows it",
    "failed": "reported as not delivered",
    "stopped": "a report of an earlier step arrives",
}
SENTENCES = {
    Verdict.PROVED: "no recipient, instant or receipt of the domain breaks it",
    Verdict.NOT_TESTED: "the plan has no message of which it speaks",
}
UNCONFIRMED = "the engine did not show this when it played the witness: an error of prelaunch, please report it"


@dataclass(frozen=True, slots=True)
class Verified:
    """Everything about one scenario that is shown or written."""

    file: Path
    prepared: Prepared
    compiled: Compiled
    plan: Plan
    proved: tuple[Proved, ...]
    besides: tuple[Remark, ...]
    folder: Path | None


def as_json(found: Verified, results: Sequence[RuleResult]) -> dict[str, Any]:
    """Return the contents of verify.json; ``results`` are the verdicts as findings with their marks."""
    return {
        "prelaunch": __version__,
        "scenario": str(found.file),
        "scenario_sha256": found.prepared.loaded.sha256,
        "as_of": found.compiled.line.as_of.isoformat(),
        "domain": found.plan.domain,
        "rules": [_rule(found, one) for one in found.proved],
        "besides": [
            {
                "about": one.about,
                "sentence": one.sentence,
                "fix": one.fix,
                "witness": None if one.witness is None else _course(found, one.witness, one.sentence),
            }
            for one in found.besides
        ],
        "findings": results_as_dicts(results),
    }  # fmt: skip


def _rule(found: Verified, one: Proved) -> dict[str, Any]:
    proof = one.proof
    return {
        "rule": proof.rule.id,
        "severity": proof.severity,
        "verdict": proof.verdict.value,
        "sentence": sentence(one),
        "bound": proof.bound,
        "states": proof.states,
        "witness": None if one.witness is None else _witness(found, one, one.witness),
    }


def sentence(one: Proved) -> str:
    """Return why the verdict is what it is."""
    proof = one.proof
    if one.witness is None:
        return proof.note or SENTENCES[proof.verdict]
    return UNCONFIRMED if one.evidence is None else one.evidence.explanation


def _witness(found: Verified, one: Proved, witness: Witness) -> dict[str, Any]:
    files = one.files
    row = {name: value for name, value in files.row.items() if value} if files is not None else {}
    played = f"witnesses/{files.scenario.name}" if files is not None and found.folder is not None else None
    course = _course(found, witness, sentence(one))
    return course | {"recipient": row, "scenario": played, "replay": replay_line(found, one)}


def replay_line(found: Verified, one: Proved) -> str | None:
    """Return the command that plays the witness of a rule; None where it is not kept."""
    if one.files is None or found.folder is None:
        return None
    path = str(found.folder / "witnesses" / one.files.scenario.name)
    return shlex.join(["prelaunch", "run", path, "--alone", "--fail-on", "never", "--show-recipients"])


def _course(found: Verified, witness: Witness, said: str) -> dict[str, Any]:
    """Return a course of events that is not written as a scenario."""
    released = next(event for event in witness.events if event.what == "released")
    zones = found.plan.people.zone_sets[found.plan.people.zone_set[witness.who.person]]
    return {
        "recipient": {"time_zone": " or ".join(zones)},
        "release_at": instant_text(witness.at[released.at]),
        "steps": timeline(found, witness),
        "violates_at": instant_text(witness.violates_at),
        "scenario": None,
        "replay": None,
        "sentence": said,
    }


def timeline(found: Verified, witness: Witness) -> list[dict[str, str]]:
    """Return what happens to the recipient of a witness, in order of time."""
    rows = [(witness.at[event.at], _event(found, witness, event)) for event in witness.events]
    if "left" in witness.past:
        at = witness.past["left"]
        left = {"what": "opted out", "text": "the person opts out", "step": "", "channel": ""}
        rows.append((at, {**_clock(found, witness, at), **left}))
    return [row for _, row in sorted(rows, key=lambda item: item[0])]


def _event(found: Verified, witness: Witness, event: Event) -> dict[str, str]:
    step = found.plan.steps[event.step] if event.step >= 0 else None
    text = WORDS[event.what]
    if event.what == "held" and event.until:
        text += f" until {_clock(found, witness, witness.at[event.until])['local']}"
    if event.what == "queued":
        text += f" for {(witness.at[event.until] - witness.at[event.at]) // SECOND} s"
    campaign = found.plan.campaigns[event.campaign].id
    named = {"step": step.id if step else campaign, "channel": CHANNELS[step.channel] if step else ""}
    return {**_clock(found, witness, witness.at[event.at]), **named, "what": event.what, "text": text}


def _clock(found: Verified, witness: Witness, at: int) -> dict[str, str]:
    local = local_clock(found.plan.people, witness.who.person, at)
    if local is None:
        local = moment(at, ZoneInfo(found.compiled.scenario.clock.zone))
    seconds = ":%S" if local.second else ""
    return {"at": instant_text(at), "local": f"{local:%Y-%m-%d %H:%M{seconds}} {local.tzinfo}"}
