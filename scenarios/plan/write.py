"""A witness as a scenario that anybody can play: one recipient in a CSV, every outcome forced."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import yaml

from policies.records import CHANNELS
from policies.verify.plan import Plan
from policies.verify.witness import Witness
from scenarios.compile.model import Compiled
from scenarios.experiments.prepare import Prepared
from scenarios.plan.people import Agreements
from scenarios.plan.row import WITNESS, as_csv, audience_row
from scenarios.plan.script import forced, linear_channel

STILL = {"activity": "flat", "engagement_sigma": 0, "fatigue_per_message": 0, "purchases_per_30_days": 0}


@dataclass(frozen=True, slots=True)
class Written:
    """The two files of a witness, and the row of its recipient."""

    scenario: Path
    audience: Path
    row: dict[str, str]


def write_witness(
    prepared: Prepared, compiled: Compiled, plan: Plan, agreements: Agreements, witness: Witness, name: str,
    folder: Path, kind: int,
) -> Written:  # fmt: skip
    """Write ``folder/name.yaml`` and ``folder/name.csv``; an older witness of that name is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    row = audience_row(compiled, plan, agreements, witness, kind)
    audience, scenario = folder / f"{name}.csv", folder / f"{name}.yaml"
    audience.write_text(as_csv(row), encoding="utf-8")
    raw = as_scenario(prepared, compiled, plan, agreements, witness, audience, kind)
    raw["name"] = f"Witness against {name}"
    text = yaml.dump(raw, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120)
    head = f"# Written by prelaunch verify: how one recipient gets a message that {name} forbids.\n"
    scenario.write_text(head + text, encoding="utf-8")
    return Written(scenario, audience, row)


class _Plain(yaml.SafeDumper):
    """Writes what occurs twice twice: people read these files."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_scenario(
    prepared: Prepared,
    compiled: Compiled,
    plan: Plan,
    agreements: Agreements,
    witness: Witness,
    audience: Path,
    kind: int,
) -> dict[str, Any]:
    """Return the scenario of the witness as plain values; what has its default is left out."""
    scenario = compiled.scenario
    raw: dict[str, Any] = brief(scenario)
    raw |= {"seed": 1, "replications": 1, "gate": "observe", "people": STILL}
    for field in ("calendar", "outages", "staff", "script", "feedback", "description"):
        raw.pop(field, None)
    if prepared.choices.as_of is not None:
        raw["as_of"] = prepared.choices.as_of.isoformat()
    raw["audience"] = _audience(compiled, plan, agreements, witness, audience, kind)
    raw["packs"] = [_moved(pack, prepared.loaded.base_dir, audience.parent) for pack in scenario.packs]
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


def _audience(
    compiled: Compiled, plan: Plan, agreements: Agreements, witness: Witness, audience: Path, kind: int
) -> dict[str, Any]:
    scenario = compiled.scenario
    given = scenario.audience.file or scenario.audience.synthetic
    file: dict[str, Any] = {"path": audience.name, "country": given.country if given else "RU"}
    consent = agreements.kinds[kind][0]
    if consent is not None and 0 <= consent[0] < len(compiled.people.brands):
        file["brand"] = compiled.people.brands[consent[0]]
    found: dict[str, Any] = {"file": file}
    if scenario.audience.consent_form:
        found["consent_form"] = list(scenario.audience.consent_form)
    return found


def _campaign(compiled: Compiled, number: int, at: int) -> dict[str, Any]:
    raw: dict[str, Any] = brief(compiled.scenario.campaigns[number])
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


def _moved(pack: str, base: Path, folder: Path) -> str:
    if "/" not in pack and not pack.endswith((".yaml", ".yml")):
        return pack
    path = os.path.relpath((base / pack).absolute(), folder.absolute())
    return path if "/" in path else f"./{path}"


def brief(value: Any) -> Any:
    """Return plain values of a struct without the fields that have their defaults."""
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(value)
        pairs = ((field, getattr(value, field.name)) for field in fields)
        return {field.encode_name: brief(held) for field, held in pairs if held != _default(field)}
    if isinstance(value, dict):
        return {key: brief(held) for key, held in value.items()}
    return [brief(held) for held in value] if isinstance(value, (list, tuple)) else value


def _default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
