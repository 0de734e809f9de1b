"""The witness of a proof as a scenario that anybody can play: one recipient, every outcome forced."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.records import CHANNELS
from policies.verify.plan import Plan
from policies.verify.witness import Witness
from scenarios.compile.model import Compiled
from scenarios.experiments.prepare import Prepared
from scenarios.model import decode
from scenarios.plain_values import plain_values
from scenarios.plan.people import Agreements
from scenarios.plan.row import WITNESS, audience_row
from scenarios.plan.script import forced, linear_channel
from scenarios.witness import Witness as Files
from scenarios.witness import audience_values, write_witness

STILL = {"activity": "flat", "engagement_sigma": 0, "fatigue_per_message": 0, "purchases_per_30_days": 0}


@dataclass(frozen=True, slots=True)
class Written:
    """The two files of a witness, and the row of its recipient."""

    scenario: Path
    audience: Path
    row: dict[str, str]


def write_proof(
    prepared: Prepared, compiled: Compiled, plan: Plan, agreements: Agreements, witness: Witness, name: str,
    folder: Path, kind: int,
) -> Written:  # fmt: skip
    """Write ``folder/name.yaml`` and ``folder/name.csv``; an older witness of that name is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    row = audience_row(compiled, plan, agreements, witness, kind)
    raw = as_scenario(prepared, compiled, plan, agreements, witness, kind)
    raw["name"] = f"Witness against {name}"
    heading = [f"Written by prelaunch verify: how one recipient gets a message that {name} forbids."]
    file = folder / f"{name}.yaml"
    return Written(file, write_witness(Files(decode(raw), (row,)), file, prepared.loaded.base_dir, heading), row)


def as_scenario(
    prepared: Prepared,
    compiled: Compiled,
    plan: Plan,
    agreements: Agreements,
    witness: Witness,
    kind: int,
) -> dict[str, Any]:
    """Return the scenario of the witness as plain values; what has its default is left out."""
    scenario = compiled.scenario
    raw: dict[str, Any] = plain_values(scenario)
    raw |= {"seed": 1, "replications": 1, "gate": "observe", "people": STILL}
    for field in ("calendar", "outages", "staff", "script", "feedback", "description"):
        raw.pop(field, None)
    if prepared.choices.as_of is not None:
        raw["as_of"] = prepared.choices.as_of.isoformat()
    raw["audience"] = _audience(compiled, agreements, kind)
    released = {event.campaign: witness.at[event.at] for event in witness.events if event.what == "released"}
    raw["campaigns"] = [_campaign(compiled, number, at) for number, at in sorted(released.items())]
    models = compiled.model.channels
    used = {CHANNELS[plan.steps[event.step].channel] for event in witness.events if event.step >= 0}
    channels = raw.get("channels", {})
    raw["channels"] = {
        **channels,
        **{
            name: linear_channel(bool(models[CHANNELS.index(name)].rates.read), channels.get(name, {}))
            for name in sorted(used)
        },
    }
    if outages := _queues(compiled, plan, witness):
        raw["outages"] = outages
    raw["script"] = forced(plan, witness, WITNESS)
    return raw


def _audience(compiled: Compiled, agreements: Agreements, kind: int) -> dict[str, Any]:
    """Return the field ``audience``: that of the scenario, with the brand to which the witness has agreed."""
    found = audience_values(compiled.scenario, "witness.csv")
    consent, brands = agreements.kinds[kind][0], compiled.people.brands
    if consent is not None:
        found["file"].pop("brand", None)
        found["file"] |= {"brand": brands[consent[0]]} if 0 <= consent[0] < len(brands) else {}
    return found


def _campaign(compiled: Compiled, number: int, at: int) -> dict[str, Any]:
    raw: dict[str, Any] = plain_values(compiled.scenario.campaigns[number])
    for field in ("spread_h", "sample", "hold_out", "hold_jitter_s", "budget"):
        raw.pop(field, None)
    local = compiled.line.local(at)
    return {**raw, "release_at": f"{local:%Y-%m-%dT%H:%M:%S}"}


def _queues(compiled: Compiled, plan: Plan, witness: Witness) -> list[dict[str, Any]]:
    """Return the outages that keep messages waiting where the witness needs a queue: one recipient alone has none."""
    found = []
    for event in witness.events:
        if event.what == "queued":
            start, end = (compiled.line.local(witness.at[place]) for place in (event.at, event.until))
            channel = CHANNELS[plan.steps[event.step].channel]
            when = {"start": f"{start:%Y-%m-%dT%H:%M:%S}", "end": f"{end:%Y-%m-%dT%H:%M:%S}"}
            found.append({"channel": channel, **when, "then": "hold"})
    return found
