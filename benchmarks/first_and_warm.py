"""One measurement of one engine on workload W: its first run in a fresh process, and the least of some runs after it.

Making the population and compiling the model come before any clock starts, and so does loading compiled code. The
first run pays for memory that nobody has touched, which on some machines costs as much as the work; the runs after it
do not. So a first run is to be compared with a first run, and a warm one with a warm one.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from benchmarks.engines import ENGINES, Turn, load
from benchmarks.measure import Memory, Result, Watch
from benchmarks.workload_w import workload
from policies.people import Int64s
from simulator.engine.compiled.engine import Compiled
from simulator.engine.compiled.flatten import flatten
from simulator.engine.model import Model

COMPARED_UP_TO = 200_000
"""Recipients up to which the baseline's log is compared row by row: the comparison sorts rows of 144 bytes."""


def measure_w(name: str, size: int, warm: int, *, hashed: bool = False, ties: bool = True) -> Result:
    """Return what an engine needs for ``size`` recipients of W, ``warm`` times more after the first run.

    With ``hashed`` also the hash of the log, which takes far longer than the run.
    """
    return measure_model(name, workload(size, ties=ties).model, warm, hashed=hashed)


def measure_model(name: str, model: Model, warm: int, *, hashed: bool = False) -> Result:
    """Return what an engine needs for a model: ``first`` and, of the ``warm`` runs after it, the ``least``."""
    engine = ENGINES[name]
    load(name)
    watch, memory = Watch(), Memory()
    with watch("prepare"):
        prepared = engine.prepare(model)
    with watch("first"):
        turn = engine.turn(model, prepared)
    wall, cpu = watch.stages["first"]
    result: Result = {
        "wall_s": wall, "cpu_s": cpu, "prepare_s": watch.stages["prepare"][1], "load": os.getloadavg()[0],
        "rows": turn.rows, "log_bytes": turn.log_bytes, "state_bytes": turn.state_bytes,
        "people_bytes": model.people.nbytes, **memory.figures(),
    }  # fmt: skip
    if hashed:
        result |= _hashes(name, model, turn)
    del turn
    if warm:
        lay_out, play = min((_parts(engine.turn(model, prepared)) for _ in range(warm)), key=sum)
        result |= {"warm_cpu_s": lay_out + play, "warm_lay_out_s": lay_out, "warm_play_s": play}
    return result


def _parts(turn: Turn) -> tuple[float, float]:
    """Return the seconds of a run and let go of all else, so that the next run finds its memory free."""
    return turn.lay_out_s, turn.play_s


def _hashes(name: str, model: Model, turn: Turn) -> Result:
    """Return the hash of a log; of the baseline's also how many of the compiled engine's rows it lacks."""
    found: Result = {"log_hash": f"{turn.log_hash():032x}"}
    if name == "naive" and turn.matrix is not None and len(model.people) <= COMPARED_UP_TO:
        compiled = Compiled(flatten(model), 0).run()
        found |= {"missing": missing_rows(compiled.matrix(), turn.matrix())}
    return found


def missing_rows(one: Int64s, other: Int64s) -> int:
    """Return how many rows of ``one`` do not occur in ``other``."""
    return int((~np.isin(_whole_rows(one), _whole_rows(other))).sum())


def _whole_rows(matrix: Int64s) -> np.ndarray[Any, Any]:
    """Return each row as one value."""
    return np.ascontiguousarray(matrix).view(np.dtype((np.void, matrix.shape[1] * 8))).ravel()
