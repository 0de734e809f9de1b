"""One measurement, made in a process of its own: ``python -m benchmarks.measure WHAT ...`` prints it as JSON.

CPU is user and system time of the process and its children, the peak of memory is the kernel's own figure. Imports
and the compilation of the model come before the clock starts.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.naive import run_naive
from benchmarks.workload_w import workload
from policies.people import Int64s
from simulator.engine.log import Matrix, Rows, log_hash
from simulator.engine.model import Model
from simulator.engine.run import run

Result = dict[str, Any]
FIVE_STEP = Path("scenarios/library/five-step-offer.yaml")
ENGINES: dict[str, Callable[[Model], Rows]] = {
    "naive": run_naive,
    "reference": lambda model: run(model, 0, "reference"),
    "compiled": lambda model: run(model, 0, "compiled"),
}


def cpu_s() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    spent = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in spent)


def peak_mib(who: int = resource.RUSAGE_SELF) -> float:
    """Return the greatest resident memory so far, MiB; for children, that of the largest."""
    return resource.getrusage(who).ru_maxrss / 1024


@dataclass(slots=True)
class Watch:
    """Seconds of wall and CPU by name of a stage."""

    stages: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def __call__(self, name: str, total: int = 0) -> Iterator[Callable[[int], None]]:
        """Measure one stage; it has the form of the program's own progress."""
        wall, cpu = time.perf_counter(), cpu_s()
        yield lambda done: None
        self.stages[name] = time.perf_counter() - wall, cpu_s() - cpu


def engine(name: str, size: int, keep: Path | None = None, *, ties: bool = True) -> Result:
    """Return what one engine needs for workload W; its log is stored in ``keep`` if that is given."""
    model = workload(size, ties=ties).model
    watch = Watch()
    before = peak_mib()
    with watch("run"):
        matrix = ENGINES[name](model).matrix()
    wall, cpu = watch.stages["run"]
    result = {"wall_s": wall, "cpu_s": cpu, "peak_mib": peak_mib(), "before_mib": before, "rows": len(matrix)}
    if keep is not None:
        np.save(keep, matrix)
    return result | {"log_hash": f"{log_hash(Matrix(matrix), model, 0):032x}", "load": os.getloadavg()[0]}


def missing_rows(one: Int64s, other: Int64s) -> int:
    """Return how many rows of ``one`` do not occur in ``other``."""
    return int((~np.isin(_whole_rows(one), _whole_rows(other))).sum())


def _whole_rows(matrix: Int64s) -> np.ndarray[Any, Any]:
    """Return each row as one value."""
    return np.ascontiguousarray(matrix).view(np.dtype((np.void, matrix.shape[1] * 8))).ravel()


def profile(name: str, size: int) -> Result:
    """Return the share of an engine's time spent in each source file of this project and of SimPy, in per cent."""
    import cProfile
    import pstats

    model = workload(size).model
    recorder = cProfile.Profile()
    recorder.runcall(ENGINES[name], model)
    spent: dict[str, float] = {}
    for (file, _, _), (_, _, own, _, _) in pstats.Stats(recorder).stats.items():  # type: ignore[attr-defined]
        place = _place(file)
        spent[place] = spent.get(place, 0.0) + own
    total = sum(spent.values())
    return {place: 100 * own / total for place, own in sorted(spent.items(), key=lambda item: -item[1])}


def _place(file: str) -> str:
    path = Path(file)
    for package in ("policies", "simulator", "scenarios", "benchmarks", "simpy"):
        if package in path.parts:
            return "/".join(path.parts[len(path.parts) - 1 - path.parts[::-1].index(package) :])
    return "Python and numpy"


def five_step(size: int, folder: Path) -> Result:
    """Return what ``prelaunch run`` of the five-step offer needs, by stage, and the speed of the audit.

    It does what the command does, with its own functions; the run folder is written to ``folder``. ``size`` replaces
    that of the scenario's audience if it is not 0.
    """
    from policies.evidence import in_clear
    from prelaunch.rehearsal import Options, rehearse, write_run
    from scenarios.experiments.prepare import prepare_file

    watch = Watch()
    options = Options(jobs=os.cpu_count() or 1)
    changed = {"audience.synthetic.size": size} if size else {}
    with watch("whole"):
        with watch("reading the scenario, making the audience"):
            prepared = prepare_file(FIVE_STEP, overrides=changed)
        with watch("rehearse"):
            rehearsal = rehearse(prepared, options, in_clear, watch)
        with watch("writing log, lists and report"):
            write_run(prepared, rehearsal, options, in_clear, folder)
    memory = {"peak_mib": peak_mib(), "child_mib": peak_mib(resource.RUSAGE_CHILDREN)}
    return {
        "stages": _by_stage(watch.stages), **memory, "people": len(prepared.people), "rows": len(rehearsal.log),
        "log_mib": (folder / "log.parquet").stat().st_size / 2**20, "load": os.getloadavg()[0], **_audit(rehearsal),
    }  # fmt: skip


def _by_stage(stages: dict[str, tuple[float, float]]) -> Result:
    """Return wall and CPU seconds by stage; what no inner stage measured is compiling, tables and the summary."""
    whole, outer = stages.pop("whole"), stages.pop("rehearse")
    inner = ("rehearsing", "judging")
    rest = tuple(outer[which] - sum(stages[name][which] for name in inner) for which in (0, 1))
    return {
        "reading the scenario, making the audience": stages["reading the scenario, making the audience"],
        "simulating, with either gate": stages["rehearsing"],
        "judging": stages["judging"],
        "compiling, log tables, summaries": rest,
        "writing log, lists and report": stages["writing log, lists and report"],
        "all": whole,
    }


def _audit(rehearsal: Any) -> Result:
    """Return the messages of the run and how many a second the audit judges by all rules, once it is compiled."""
    from policies.attempts import attempts_of_log
    from policies.audit import audit
    from scenarios.experiments.verdicts import log_facts

    compiled = rehearsal.compiled
    attempts, _ = attempts_of_log(rehearsal.log, compiled.people, log_facts(compiled))
    table = compiled.law.packs
    watch = Watch()
    for turn in ("warm up", "first", "second", "third"):
        with watch(turn):
            audit(attempts, table, compiled.law.tables, compiled.people, untils=False)
    cpu = sorted(watch.stages[turn][1] for turn in ("first", "second", "third"))[1]
    return {"messages": len(attempts), "rule_rows": len(table), "messages_per_cpu_s": len(attempts) / max(cpu, 1e-6)}


def main(what: str, *words: str) -> None:
    """Make the measurement that the words ask for and print it."""
    if what == "engine":
        keep = Path(words[2]) if len(words) > 2 else None
        result = engine(words[0], int(words[1]), keep)
    elif what == "tie-free":
        result = engine(words[0], int(words[1]), ties=False)
    elif what == "compare":
        one, other = (np.load(word) for word in words)
        result = {"missing": missing_rows(one, other), "rows": len(one)}
    elif what == "profile":
        result = profile(words[0], int(words[1]))
    else:
        result = five_step(int(words[0]), Path(words[1]))
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
