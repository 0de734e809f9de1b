"""Several scenario files run on the same random numbers, and their metrics side by side."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from prelaunch.rehearsal import Stage, compile_first
from prelaunch.summary.columns import read_log
from prelaunch.summary.summarise import metrics
from scenarios.compile.model import Compiled
from scenarios.experiments.compare import Comparison, ScenarioRuns, compare_table
from scenarios.experiments.prepare import Choices, prepare_file
from scenarios.experiments.simulate import simulate
from simulator.engine.log import to_arrow
from simulator.engine.run import EngineName, release_count


def compare_files(
    files: Sequence[Path], *, audience: Path | None = None, as_of: date | None = None, seed: int | None = None,
    replications: int = 10, engine: str = "auto", jobs: int = 1, stage: Stage,
) -> tuple[Comparison, bool]:  # fmt: skip
    """Return the comparison of the files, the first being the baseline, and whether it was cut short.

    ``FILE@2021-10-01`` takes the rules, mechanisms and prices of that date for this file alone.
    """
    runs = []
    with stage("reading", len(files)) as progress:
        for number, (file, day) in enumerate(map(dated, files)):
            prepared = prepare_file(file, Choices(as_of=day or as_of, seed=seed), audience)
            seed = prepared.scenario.seed if seed is None else seed
            runs.append(prepared.compiled())
            progress(number + 1)
    return compare_runs(_names(files), runs, replications, engine, jobs, stage)


def dated(file: Path) -> tuple[Path, date | None]:
    """Return a file and its own date: ``FILE@YYYY-MM-DD``, unless a file of that very name exists."""
    stem, at, day = str(file).rpartition("@")
    if at and not file.exists():
        with suppress(ValueError):
            return Path(stem), date.fromisoformat(day)
    return file, None


def compare_runs(
    names: Sequence[str], runs: Sequence[Compiled], replications: int, engine: str, jobs: int, stage: Stage
) -> tuple[Comparison, bool]:
    """Return the comparison of compiled runs over the replications that all of them finished."""
    total = replications * sum(release_count(run.model) for run in runs)
    compile_first(runs, _engine(engine), stage)
    with stage("rehearsing", total) as progress:
        done = simulate(runs, replications, engine=_engine(engine), jobs=jobs, progress=progress)
    common = sorted(set.intersection(*(set(result.logs) for result in done)))
    measured = [
        ScenarioRuns(
            name=name,
            currency=run.scenario.currency,
            seed=run.model.seed,
            replications=tuple(
                metrics(read_log(to_arrow(result.logs[n], run.model, run=name, replication=n))) for n in common
            ),
        )
        for name, run, result in zip(names, runs, done, strict=True)
    ]
    return replace(compare_table(measured), notes=pairing_notes(names, runs)), done[0].interrupted


def pairing_notes(names: Sequence[str], runs: Sequence[Compiled]) -> tuple[str, ...]:
    """Return where scenarios do not share the luck of the first: draws depend on campaign ids and recipients."""
    notes = []
    first = runs[0]
    ids = {campaign.id for campaign in first.model.campaigns}
    for name, run in zip(names[1:], runs[1:], strict=True):
        own = {campaign.id for campaign in run.model.campaigns}
        if not own & ids:
            what = f"{_some(own)} against {_some(ids)}"
            notes.append(f"{name}: no campaign id in common with {names[0]} ({what}): luck is not shared")
        if not np.array_equal(np.sort(run.people.key), np.sort(first.people.key)):
            notes.append(f"{name}: another audience than {names[0]}: part of the difference is the people")
    return tuple(notes)


def _some(names: set[str]) -> str:
    return ", ".join(sorted(names)[:3])


def _engine(name: str) -> EngineName:
    return "reference" if name == "reference" else "compiled" if name == "compiled" else "auto"


def _names(files: Sequence[Path]) -> list[str]:
    """Return short names: the file's stem, its path where two stems are equal, numbered where that is given twice."""
    stems = [f"{name.stem}@{day}" if day else name.stem for name, day in map(dated, files)]
    names = [stem if stems.count(stem) == 1 else str(file) for stem, file in zip(stems, files, strict=True)]
    return [f"{name} ({names[:place].count(name) + 1})" if name in names[:place] else name
            for place, name in enumerate(names)]  # fmt: skip
