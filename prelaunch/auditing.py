"""Audits: a run folder by the scenario it was made from, or anybody's log by packs and what is known besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from policies.errors import InputError, Problem
from policies.evidence import Showing
from policies.findings import RuleResult
from prelaunch.console import progress
from prelaunch.run_folder import LOG, MANIFEST, check_log, read_json
from scenarios.experiments.prepare import Choices, Prepared, prepare_file
from scenarios.experiments.verdicts import judge_run
from scenarios.foreign.case import Given, prepare_case
from scenarios.foreign.judge import messages_of, verdicts_of
from scenarios.foreign.read import Foreign
from scenarios.foreign.receipts.summary import Receipts, receipts_of
from scenarios.foreign.room import give_back

OF_RECEIPTS = ("message", "status", "status_at", "currency")
"""Columns that no rule asks for."""
ELSEWHERE = "the audience is not the one of the run"


@dataclass(frozen=True, slots=True)
class Audited:
    """The verdicts on a log, and what the log is: rows, messages, people; what its receipts say, if it has any."""

    results: tuple[RuleResult, ...]
    rows: int
    messages: int
    people: int
    packs: tuple[str, ...]
    notices: tuple[str, ...] = ()
    receipts: Receipts | None = None


def audit_run(folder: Path, given: Mapping[str, Any], showing: Showing) -> Audited:
    """Return what ``prelaunch run`` says of its own log.

    ``given`` may name another ``scenario`` file (the original, where the copy misses files beside it), ``audience``,
    ``as_of`` and ``packs``. Raises ``InputError`` if the folder is no run or its audience is not found again.
    """
    manifest = read_json(folder / MANIFEST)
    if not isinstance(manifest, dict):
        raise InputError([Problem(str(folder), f"has no {MANIFEST}", "give the folder that prelaunch run printed")])
    check_log(folder, manifest)
    prepared = _prepared_again(folder, manifest, given)
    table = pq.read_table(folder / LOG)
    number = np.asarray(table["replication"].to_numpy())
    logs = {int(n): table.filter(pa.array(number == n)) for n in np.unique(number)}
    if not logs:
        raise InputError([Problem(str(folder / LOG), "holds no row", "run it again")])
    results = judge_run(prepared.compiled(), logs, showing=showing)
    messages = sum(map(_messages, logs.values()))
    return Audited(results, len(table), messages, len(prepared.people), tuple(prepared.scenario.packs))


def _messages(log: pa.Table) -> int:
    """Return how many messages of a log were handed over."""
    return int(pc.sum(pc.equal(log["event"].cast("string"), "submitted")).as_py() or 0)


def _prepared_again(folder: Path, manifest: Mapping[str, Any], given: Mapping[str, Any]) -> Prepared:
    chosen = manifest.get("chosen", {})
    day = given.get("as_of") or (date.fromisoformat(chosen["as_of"]) if chosen.get("as_of") else None)
    choices = Choices(as_of=day, seed=int(manifest["seed"]), gate=str(manifest["gate"]))
    overrides = dict(chosen.get("set", {}))
    if given.get("packs"):
        overrides["packs"] = list(given["packs"])
    file = given.get("scenario") or folder / "scenario.yaml"
    prepared = prepare_file(file, choices, given.get("audience"), overrides)
    if prepared.audience.sha256 != manifest["audience"]["sha256"]:
        remedy = f"give --audience {manifest['audience']['source']}, the file of the run"
        raise InputError([Problem(str(folder), ELSEWHERE, remedy)])
    return prepared


def audit_foreign(log: Foreign, given: Given, showing: Showing) -> Audited:
    """Return the verdicts on a log that we did not make, and what its receipts say.

    The receipts are looked at first: what only they ask for is let go before the rules need room.
    """
    receipts = receipts_of(log, showing)
    log = replace(log, table=log.table.drop_columns(list(OF_RECEIPTS)))
    give_back()
    with progress("judging", 1):
        case = prepare_case(log, given)
        messages = messages_of(case)
        give_back()
        results = verdicts_of(case, messages, showing)
    rows, count = len(log.table), len(messages.answers)
    return Audited(results, rows, count, len(case.people), case.packs, case.notices, receipts)


def given_by(
    packs: Sequence[str], scenario: Path | None, audience: Path | None, *, as_of: date | None, zone: str | None,
    organisation: str | None, country: str | None,
) -> Given:  # fmt: skip
    """Return what the options of a command say besides the log; the scenario is compiled with its audience."""
    compiled = base = None
    if scenario is not None:
        prepared = prepare_file(scenario, Choices(as_of=as_of), audience)
        compiled, base = prepared.compiled(), prepared.loaded.base_dir
    return Given(
        packs=tuple(packs), as_of=as_of, zone=zone, organisation=organisation, country=country,
        audience=audience if compiled is None else None, scenario=compiled, base_dir=None if packs else base,
    )  # fmt: skip
