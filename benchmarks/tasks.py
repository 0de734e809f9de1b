"""What is to be measured: a list of tasks, each a process of its own, in the order in which engines take turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.variants import VARIANTS

PYTHON = ("naive", "reference")
COMPILED = ("compiled-full", "compiled-file", "compiled-dispatch", "compiled-dispatch-file", "compiled-none")
LOWER_BOUND = ("c-full", "c-none")
ONCE = (*PYTHON, "compiled-file", "compiled-dispatch-file")
"""Engines that are run once a process: memory that nobody has touched makes no difference to them."""
NAMES = (*PYTHON, *COMPILED, *LOWER_BOUND)
WARM_UP_TO = 1_000_000
"""Recipients up to which the dispatch log is measured warm too; there is nothing in C to compare it with."""
HASHED = ("naive", "reference", "compiled-full", "compiled-file", "c-full")
"""Engines that keep the whole log, which can be compared."""
HASHED_UP_TO = 1_000_000
"""Recipients up to which logs are hashed: a hash takes about a microsecond a row."""
NEEDS_BYTES = {
    "naive": 5800, "reference": 8500, "compiled-full": 500, "compiled-file": 190, "compiled-dispatch": 400,
    "compiled-dispatch-file": 160, "compiled-none": 150, "c-full": 420, "c-none": 180,
}  # fmt: skip
"""Bytes a recipient for which room is wanted before an engine starts, the population included (measured)."""
BASE_MIB = 500


@dataclass(frozen=True, slots=True)
class Task:
    """One measurement: the words for ``benchmarks.worker``, which time it is, memory that must be free."""

    words: tuple[str, ...]
    number: int = 0
    needs_mib: float = BASE_MIB

    def __str__(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure. ``rounds`` are by size, as are ``warm``, runs after the first one of a process.

    ``slow`` are the sizes at which the schedulers in Python are measured, with their rounds. Empty or zero: left out.
    """

    rounds: dict[int, int]
    slow: dict[int, int]
    warm: int = 3
    tie_free: int = 10_000
    variants: int = 1_000_000
    variant_rounds: int = 1
    variant_warm: int = 5
    threads: int = 1_000_000
    compiling: int = 1
    five_step: int = 0  # 0: as many as the scenario says
    five_step_rounds: int = 2
    logs: Sequence[str] = ("full", "file", "dispatch", "dispatch-file", "none")
    """What compiled and C keep of the log, by the part of their names after the first hyphen."""


BENCH = Plan(
    rounds={10_000: 3, 100_000: 3, 1_000_000: 2, 10_000_000: 1}, slow={10_000: 3, 100_000: 2},
)  # fmt: skip
QUICK = Plan(
    rounds={300: 1, 1000: 1}, slow={300: 1, 1000: 1}, warm=1, tie_free=300, variants=1000, variant_warm=1,
    threads=1000, compiling=0, five_step=300, five_step_rounds=1,
)  # fmt: skip
LONG = Plan(
    rounds={1_000_000: 0, 100_000_000: 1}, slow={1_000_000: 1}, warm=0, tie_free=0, variants=0, threads=0, compiling=0,
    five_step_rounds=0, logs=("dispatch-file",),
)  # fmt: skip
"""What ``bench-long`` measures beside: a million recipients in Python, a hundred million with a dispatch log."""


def tasks(plan: Plan, *, compiler: bool = True) -> list[Task]:
    """Return the tasks of a plan, those of the C program only where there is a compiler."""
    found = [*_engines(plan, compiler=compiler)]
    if plan.tie_free:
        names = [name for name in HASHED if compiler or name not in LOWER_BOUND]
        found += [Task(("tie-free", name, str(plan.tie_free))) for name in names]
    if plan.variants:
        found += [
            Task(("variant", name, log, str(plan.variants), str(plan.variant_warm)), number)
            for number in range(plan.variant_rounds)
            for name in VARIANTS
            for log in ("full", "none")
        ]
    if plan.threads:
        found += [Task(("threads", log, str(plan.threads)), needs_mib=4096) for log in ("full", "none")]
    found += [Task(("compiling",), number) for number in range(plan.compiling)]
    found += [Task(("five-step", str(plan.five_step)), number, 4096) for number in range(plan.five_step_rounds)]
    return found


def _engines(plan: Plan, *, compiler: bool) -> Iterator[Task]:
    """Yield the measurements of engines on W, round by round; the first of a size is hashed where that is quick."""
    most = max((*plan.rounds.values(), *plan.slow.values()))
    for number in range(most):
        for size, rounds in plan.rounds.items():
            for name in NAMES:
                times = plan.slow.get(size, 0) if name in PYTHON else rounds
                kept = name in PYTHON or name.partition("-")[2] in plan.logs
                if number < times and kept and (compiler or name not in LOWER_BOUND):
                    hashed = number == 0 and name in HASHED and (size <= HASHED_UP_TO or name == "compiled-file")
                    once = name in ONCE or (name == "compiled-dispatch" and size > WARM_UP_TO)
                    yield _engine(name, size, 0 if once else plan.warm, number, hashed=hashed)


def _engine(name: str, size: int, warm: int, number: int, *, hashed: bool) -> Task:
    words = ("engine", name, str(size), str(warm), "hashed" if hashed else "timed")
    needs = BASE_MIB + size * (NEEDS_BYTES[name] + (1500 if hashed and name != "compiled-file" else 0)) / 2**20
    return Task(words, number, needs)
