"""The full log of a run folder that has kept a dispatch log: its hand-overs are played again.

The scenario is taken as it was run; rule packs have done their part, so that the files of packs are not needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from policies.errors import InputError, Problem
from prelaunch.run_folder import AS_RUN, LOG, MANIFEST, check_log, log_kind, outputs, read_json, write_json
from scenarios.experiments.prepare import Choices, prepare
from scenarios.load import Loaded
from scenarios.model import Audience, Scenario, decode
from simulator.engine.keep import STRETCH
from simulator.engine.log import Rows, to_arrow
from simulator.engine.log_file import LogFile
from simulator.engine.log_read import from_arrow
from simulator.engine.model import Model

DRAFT = ".log-expanded.parquet"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A dispatch log, and the model that it is a log of. ``run`` is the name in its first column."""

    folder: Path
    manifest: Mapping[str, Any]
    model: Model
    run: str


def read_dispatch(folder: Path, audience: Path | None = None) -> Dispatch:
    """Return the dispatch log of a run folder; ``audience`` is the file of the run, if it stands elsewhere.

    Raises InputError if the folder is no run, has another log, or the audience is not that of the run.
    """
    manifest, scenario = read_json(folder / MANIFEST), read_json(folder / AS_RUN)
    if not isinstance(manifest, dict) or scenario is None:
        raise InputError([Problem(str(folder), "is no run folder", "give the folder that prelaunch run printed")])
    check_log(folder, manifest, dispatch=True)
    if log_kind(manifest) == "full":
        raise InputError([Problem(str(folder), "has the full log already", f"read {folder / LOG}")])
    log = _opened(folder)
    rules = set(log.read(columns=["rule"])["rule"].unique().drop_null().to_pylist())
    model = _model(folder, manifest, _decoded(folder, scenario), audience)
    model = replace(model, rule_names=[*model.rule_names, *sorted(rules - set(model.rule_names))])
    check_expandable(model, folder)
    names = log.read_row_group(0, columns=["run"])["run"] if log.num_row_groups else []
    return Dispatch(folder, manifest, model, str(names[0]) if len(names) else model.name)


def check_expandable(model: Model, where: Path) -> None:
    """Raise InputError if a dispatch log of the model could not be expanded."""
    from simulator.engine.compiled.flatten import why_not

    if reason := why_not(replace(model, gate=None)):
        raise InputError([Problem(str(where), f"its dispatch log cannot be expanded: {reason}", "use --log full")])


def expanded(dispatch: Dispatch) -> Iterator[tuple[int, Rows]]:
    """Yield the full log in stretches, each with its replication, in order of birth."""
    from simulator.engine.compiled.flatten import flatten
    from simulator.engine.compiled.replay import PLAIN_UP_TO, Replay

    flat = flatten(dispatch.model)
    log = _opened(dispatch.folder)
    plain = log.metadata.num_rows <= PLAIN_UP_TO
    replay, playing = None, -1
    for batch in log.iter_batches(STRETCH):
        table = pa.Table.from_batches([batch])
        numbers = table["replication"].to_numpy()
        cuts = np.concatenate([[0], np.flatnonzero(np.diff(numbers)) + 1, [len(numbers)]]).tolist()
        for start, stop in pairwise(cuts):
            number = int(numbers[start])
            if replay is None or number != playing:
                replay, playing = Replay(flat, number, plain=plain), number
            try:
                yield number, replay.expand(from_arrow(table.slice(start, stop - start), dispatch.model))
            except ValueError as error:
                raise _another(dispatch, str(error)) from None


def expanded_tables(folder: Path, replication: int) -> Iterator[pa.Table]:
    """Yield the full log of one replication of a run folder as tables. Raises InputError as ``read_dispatch``."""
    dispatch = read_dispatch(folder)
    for number, rows in expanded(dispatch):
        if number == replication:
            yield to_arrow(rows, dispatch.model, run=dispatch.run, replication=number)


def expand(dispatch: Dispatch, target: Path | None = None) -> tuple[Path, int]:
    """Write the full log to ``target``, or in place of the dispatch log; return where it is and its number of rows.

    Raises InputError, and writes nothing, if its hash is not that of the run.
    """
    folder = dispatch.folder
    draft = folder / DRAFT if target is None else target.with_name(f".{target.name}")
    try:
        with _file(draft, dispatch) as file:
            for file.replication, rows in expanded(dispatch):
                file.take(rows)
        if f"{file.hash:032x}" != dispatch.manifest["log_hash"]:
            raise _another(dispatch, "the log hash is another")
        draft.replace(folder / LOG if target is None else target)
    finally:
        draft.unlink(missing_ok=True)
    if target is None:
        write_json(folder / MANIFEST, {**dispatch.manifest, "log": "full", "outputs": outputs(folder)})
    return target or folder / LOG, file.rows


def _file(draft: Path, dispatch: Dispatch) -> LogFile:
    try:
        return LogFile(draft, dispatch.model, run=dispatch.run)
    except OSError as error:
        why = f"cannot write there: {error.strerror}"
        raise InputError([Problem(str(draft.parent), why, "choose another place with -o")]) from None


def _another(dispatch: Dispatch, why: str) -> InputError:
    what = f"what comes of the scenario is not what was run: {why}"
    remedy = f"leave {AS_RUN} as it was, and take prelaunch {dispatch.manifest.get('prelaunch')}, which made it"
    return InputError([Problem(str(dispatch.folder), what, remedy)])


def _opened(folder: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(folder / LOG)
    except (FileNotFoundError, pa.ArrowInvalid) as error:
        raise _damaged(folder / LOG, str(error).partition(". ")[0]) from None


def _decoded(folder: Path, scenario: Any) -> Scenario:
    try:
        return decode(scenario)
    except msgspec.ValidationError as error:
        raise _damaged(folder / AS_RUN, str(error)) from None


def _damaged(path: Path, why: str) -> InputError:
    return InputError([Problem(str(path), f"is not as prelaunch wrote it: {why}", "run prelaunch run again")])


def _model(folder: Path, manifest: Mapping[str, Any], scenario: Scenario, audience: Path | None) -> Model:
    """Return the model of the run without its packs."""
    people = _audience(folder, scenario.audience, audience)
    scenario = msgspec.structs.replace(scenario, packs=[], gate="observe", audience=people)
    choices = Choices(as_of=date.fromisoformat(str(manifest["as_of"])), seed=int(manifest["seed"]))
    prepared = prepare(Loaded(scenario, folder / AS_RUN, "", ""), choices)
    if prepared.audience.sha256 != manifest["audience"]["sha256"]:
        remedy = f"give --audience {manifest['audience']['source']} as it was then"
        raise InputError([Problem(str(audience or folder), "the audience is not the one of the run", remedy)])
    return prepared.compiled().model


def _audience(folder: Path, spec: Audience, given: Path | None) -> Audience:
    """Return the audience with the file that was given; that of the run stands beside its log or must be given."""
    if spec.file is None:
        if given is not None:
            raise InputError([Problem("--audience", "the run made its people up", "leave the option out")])
        return spec
    path = given or folder / spec.file.path
    if not path.is_file():
        what = f"the audience of the run, {path.name}, is not there"
        remedy = f"prelaunch log expand {folder} --audience {spec.file.path}"
        raise InputError([Problem(str(path), what, remedy)])
    return msgspec.structs.replace(spec, file=msgspec.structs.replace(spec.file, path=str(path.absolute())))
