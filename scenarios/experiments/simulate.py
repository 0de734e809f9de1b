"""Replications of a compiled run, on several cores, and their logs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from policies.people import Int64s
from scenarios.compile.model import Compiled
from simulator.engine.log import log_hash
from simulator.engine.parallel import run_all
from simulator.engine.run import EngineName, run

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
    compiled: Compiled, replications: int, *, engine: EngineName = "auto", jobs: int = 1,
    progress: Progress | None = None,
) -> Replications:  # fmt: skip
    """Return the logs of replications 0, 1, ...; ``progress`` hears how many releases of all are done.

    An interrupt keeps the replications that are done, and says so.
    """
    result = Replications()
    each = sum(len(campaign.members) for campaign in compiled.model.campaigns)
    alone = jobs <= 1 or replications == 1

    def work(number: int) -> Callable[[], Int64s]:
        def advance(done: int) -> None:
            if progress is not None:
                progress(number * each + done)

        return lambda: run(compiled.model, number, engine, advance if alone else None).matrix()

    def done(number: int, matrix: Int64s) -> None:
        result.logs[number] = matrix
        if progress is not None:
            progress(len(result.logs) * each)

    try:
        run_all([work(number) for number in range(replications)], jobs, done)
    except KeyboardInterrupt:
        if not result.logs:
            raise
        result.interrupted = True
    return result
