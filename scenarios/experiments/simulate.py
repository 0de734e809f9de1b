"""Replications of compiled runs, on several cores, and their logs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scenarios.compile.model import Compiled
from scenarios.experiments.memory import check_run
from simulator.engine.log import Rows, log_hash
from simulator.engine.parallel import Tell, run_all
from simulator.engine.run import EngineName, engine_for, release_count

Progress = Callable[[int], None]


@dataclass(slots=True)
class Replications:
    """The logs that are done, by number of the replication; ``interrupted`` when somebody stopped the rest."""

    logs: dict[int, Rows] = field(default_factory=dict)
    interrupted: bool = False
    engine: str = ""
    notice: str = ""

    def hash(self, compiled: Compiled) -> str:
        """Return the log hash of all replications together, 32 hex digits."""
        total = sum(log_hash(log, compiled.model, number) for number, log in self.logs.items())
        return f"{total % 2**128:032x}"


def estimate(runs: Sequence[Compiled], replications: int, *, compiled: bool) -> str:
    """Return what the runs take of the machine, in words. Raises MachineLimit if memory is short."""
    people, releases = max(len(run.people) for run in runs), sum(release_count(run.model) for run in runs)
    return check_run(people, releases, replications, compiled=compiled)


def simulate(
    runs: Sequence[Compiled], replications: int, *, engine: EngineName = "auto", jobs: int = 1,
    progress: Progress | None = None,
) -> list[Replications]:  # fmt: skip
    """Return, for each run, the logs of replications 0, 1, ...; ``progress`` hears how many cascades have ended.

    Replication ``n`` of every run comes before ``n + 1`` of any. An interrupt keeps the replications that are done,
    and says so; before the first run has one, it goes on to the caller. Raises MachineLimit if memory is short.
    """
    engines = [engine_for(run.model, engine) for run in runs]
    threads = all(engine.threaded for engine in engines)
    estimate(runs, replications, compiled=threads)
    results = [Replications(engine=engine.name, notice=engine.notice) for engine in engines]
    pieces = [(place, number) for number in range(replications) for place in range(len(runs))]
    ended = [0] * len(pieces)

    def work(place: int, number: int) -> Callable[[Tell], Rows]:
        return lambda tell: engines[place].play(number, tell)

    def advance(index: int, amount: int) -> None:
        ended[index] = amount
        if progress is not None:
            progress(sum(ended))

    def done(index: int, log: Rows) -> None:
        place, number = pieces[index]
        results[place].logs[number] = log
        advance(index, release_count(runs[place].model))

    try:
        run_all([work(*piece) for piece in pieces], jobs, done, advance, threads=threads)
    except KeyboardInterrupt:
        if not results[0].logs:
            raise
        for result in results:
            result.interrupted = True
    return results
