"""The engines by name, each as the same two functions: what is done once a model, and one replication."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any, get_args

from benchmarks import lower_bound
from benchmarks.lower_bound.figures import HandOver
from benchmarks.naive import run_naive
from benchmarks.workload_w import workload
from policies.people import Int64s
from simulator.engine.compiled.engine import Compiled
from simulator.engine.compiled.flatten import Flat, flatten
from simulator.engine.compiled.packed import Packed
from simulator.engine.compiled.state import nbytes
from simulator.engine.compiled.warm import compile_reading
from simulator.engine.keep import LogName
from simulator.engine.log import WIDTH, Log, Matrix, log_hash
from simulator.engine.log_file import LogFile
from simulator.engine.model import Model
from simulator.engine.run import play_reference

TINY = 10
"""Recipients of the run that loads compiled code."""


@dataclass(slots=True)
class Turn:
    """One run: CPU seconds until the state is laid out and of the events, what it left behind.

    ``log_bytes`` are those in memory, or in the file if the log went there; ``state_bytes`` is -1 where an engine does
    not say. ``matrix`` gives the rows where somebody may compare them.
    """

    lay_out_s: float
    play_s: float
    rows: int
    log_bytes: int
    state_bytes: int
    log_hash: Callable[[], int]
    matrix: Callable[[], Int64s] | None = None


@dataclass(frozen=True, slots=True)
class Engine:
    """How an engine is run: ``prepare`` once a model, before replications; ``turn`` is one replication."""

    prepare: Callable[[Model], Any]
    turn: Callable[[Model, Any], Turn]


def _python(play: Callable[[Model], Log]) -> Engine:
    def turn(model: Model, _: object) -> Turn:
        began = process_time()
        log = play(model)
        spent = process_time() - began
        return Turn(0.0, spent, len(log), len(log) * WIDTH * 8, -1, lambda: log_hash(log, model, 0), log.matrix)

    return Engine(lambda model: None, turn)


def _compiled(keep: LogName) -> Engine:
    def turn(model: Model, flat: Flat) -> Turn:
        began = process_time()
        run = Compiled(flat, 0, keep=keep)
        laid_out = process_time()
        log = run.run()
        ended = process_time()
        return Turn(laid_out - began, ended - laid_out, len(log), log_bytes(log), nbytes(run.state),
                    lambda: log_hash(log, model, 0))  # fmt: skip

    return Engine(flatten, turn)


def _to_file(keep: LogName) -> Engine:
    def turn(model: Model, flat: Flat) -> Turn:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "log.parquet"
            began = process_time()
            with LogFile(path, model, run="w") as file:
                run = Compiled(flat, 0, keep=keep, sink=file)
                laid_out = process_time()
                run.run()
            ended = process_time()
            size = path.stat().st_size
        return Turn(laid_out - began, ended - laid_out, file.rows, size, nbytes(run.state), lambda: file.hash)

    return Engine(flatten, turn)


def _c(*, keep: bool) -> Engine:
    def turn(model: Model, given: HandOver) -> Turn:
        played = lower_bound.play(given, keep=keep)
        rows = len(played.log)
        return Turn(played.release_s, played.play_s, rows, played.log.nbytes, -1,
                    lambda: log_hash(Matrix(lower_bound.matrix(played.log, model)), model, 0))  # fmt: skip

    return Engine(lower_bound.hand_over, turn)


ENGINES: dict[str, Engine] = {
    "naive": _python(run_naive),
    "reference": _python(lambda model: play_reference(model, 0)),
    **{f"compiled-{keep}": _compiled(keep) for keep in get_args(LogName)},
    "compiled-file": _to_file("full"),
    "compiled-dispatch-file": _to_file("dispatch"),
    "c-full": _c(keep=True),
    "c-none": _c(keep=False),
}
"""The engines by name; after the hyphen stands what is kept of the log, and whether it goes to a file."""


def load(name: str) -> None:
    """Load what an engine compiles, or compile it, by playing a very small W."""
    tiny = workload(TINY).model
    prepared = ENGINES[name].prepare(tiny)
    ENGINES[name].turn(tiny, prepared)
    if isinstance(prepared, Flat):
        compile_reading(prepared)  # which so few rows are not worth


def log_bytes(log: Packed) -> int:
    """Return the bytes that a packed log takes."""
    return int(sum(part.rows.nbytes + part.costs.nbytes for part in log.parts)) + log.wide.nbytes
