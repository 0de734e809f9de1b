"""Replications of compiled runs, on several cores, and their logs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from policies.people import Int64s
from scenarios.compile.model import Compiled
from scenarios.experiments.memory import check_run
from simulator.engine.log import log_hash
from simulator.engine.parallel import Tell, run_all
from simulator.engine.run import EngineName, release_count, run

Progress = Callable[[int], None]


@dataclass(slots=True)
class Replications:
    """The logs that are done, by number of the replication; ``interrupted`` when somebody stopped the rest."""

    logs: dict[int, Int64s] = field(default_factory=dict)
    interrupted: bool = False

    def hash(self, compiled: Compiled) -> str:
        """Return the log hash of all replications together, 32 hex digits."""
        total = sum(log_hash(matrix, compiled.model, number) for number, matrix in self.logs.items())
        return f"{total % 2**128:032x}"


def simulate(
    runs: Sequence[Compiled], replications: int, *, engine: EngineName = "auto", jobs: int = 1,
    progress: Progress | None = None,
) -> list[Replications]:  # fmt: skip
    """Return, for each run, the logs of replications 0, 1, ...; ``progress`` hears how many cascades have ended.

    Replication ``n`` of every run comes before ``n + 1`` of any. An interrupt keeps the replications that are done,
    and says so; before the first run has one, it goes on to the caller. Raises MachineLimit if memory is short.
    """
    check_run(max(len(run.people) for run in runs), sum(release_count(run.model) for run in runs), replications)
    results = [Replications() for _ in runs]
    pieces = [(place, number) for number in range(replications) for place in range(len(runs))]
    ended = [0] * len(pieces)

    def work(place: int, number: int) -> Callable[[Tell], Int64s]:
        return lambda tell: run(runs[place].model, number, engine, tell).matrix()

    def advance(index: int, amount: int) -> None:
        ended[index] = amount
        if progress is not None:
            progress(sum(ended))

    def done(index: int, matrix: Int64s) -> None:
        place, number = pieces[index]
        results[place].logs[number] = matrix
        advance(index, release_count(runs[place].model))

    try:
        run_all([work(*piece) for piece in pieces], jobs, done, advance)
    except KeyboardInterrupt:
        if not results[0].logs:
            raise
        for result in results:
            result.interrupted = True
    return results
