"""Replications of W side by side in threads, against one after another; what is compiled runs without Python's lock."""

from __future__ import annotations

import os
from collections.abc import Callable

from benchmarks.engines import load
from benchmarks.measure import Result, Watch
from benchmarks.workload_w import workload
from simulator.engine.compiled.engine import Compiled
from simulator.engine.compiled.flatten import Flat, flatten
from simulator.engine.keep import LogName
from simulator.engine.parallel import Tell, run_all

REPLICATIONS = 2
TURNS = 3


def measure_threads(size: int, keep: LogName, turns: int = TURNS) -> Result:
    """Return the least seconds, of ``turns`` after one not counted, of two replications by one thread and by two.

    Both are run in the same process, in turn; ``wall_s`` and ``cpu_s`` are by the number of threads, as text.
    """
    load(f"compiled-{keep}")
    flat = flatten(workload(size).model)
    wall: dict[str, list[float]] = {"1": [], "2": []}
    cpu: dict[str, list[float]] = {"1": [], "2": []}
    for turn in range(turns + 1):
        for jobs, times in wall.items():
            watch = Watch()
            with watch("all"):
                _play(flat, keep, int(jobs))
            if turn:
                times.append(watch.stages["all"][0])
                cpu[jobs].append(watch.stages["all"][1])
    return {
        "wall_s": {jobs: min(times) for jobs, times in wall.items()},
        "cpu_s": {jobs: min(times) for jobs, times in cpu.items()},
        "load": os.getloadavg()[0],
    }


def _play(flat: Flat, keep: LogName, jobs: int) -> None:
    """Play the replications, ``jobs`` at a time, as the program does: their logs stay until all are done."""

    def work(number: int) -> Callable[[Tell], object]:
        return lambda tell: Compiled(flat, number, tell, keep=keep).run()

    logs: dict[int, object] = {}
    run_all(
        [work(number) for number in range(REPLICATIONS)], jobs, logs.__setitem__, lambda index, amount: None,
        threads=True,
    )  # fmt: skip
    assert len(logs) == REPLICATIONS
