"""``make bench``: measures the engines on workload W and the rehearsal of the five-step offer, and writes the page.

Each measurement is a process of its own; the engines take turns, three rounds, and rows that differ by more than
``STABLE`` are measured up to ``MOST_ROUNDS`` times. ``--quick`` measures small sizes once and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.page import page
from benchmarks.results import ENGINES, Measured, Result, Spread

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "performance.md"
ONCE = 100_000
"""From this size on the naive scheduling is measured once only."""
STABLE = 0.3
"""Greatest difference between the slowest and the fastest of a row's measurements, as a share of the median."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: sizes of W, how often, the size for the equality of logs, people of the five-step offer."""

    sizes: tuple[int, ...] = (10_000, 100_000)
    rounds: int = 3
    most_rounds: int = 5
    tie_free: int = 10_000
    five_step: int = 0  # 0: as many as the scenario says
    five_step_rounds: int = 2


QUICK = Plan(sizes=(1000,), rounds=1, most_rounds=1, tie_free=500, five_step=500, five_step_rounds=1)


def measure(*words: object) -> Result:
    """Return one measurement, made in a process of its own. Raises CalledProcessError with its traceback shown."""
    print("measuring", *words[:3], file=sys.stderr)
    command = [sys.executable, "-m", "benchmarks.measure", *(str(word) for word in words)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    result: Result = json.loads(done.stdout)
    return result


def measure_all(plan: Plan, folder: Path) -> Measured:
    """Return everything that the page shows; logs and run folders go to ``folder``."""
    measured = Measured(tie_free_size=plan.tie_free, profile_size=plan.sizes[0])
    for number in range(plan.most_rounds):
        for size, name in wanted(plan, measured, number):
            keep = [folder / f"{name}-{size}.npy"] if number == 0 and name != "compiled" else []
            measured.engines.setdefault((name, size), []).append(measure("engine", name, size, *keep))
    for size in plan.sizes:
        logs = (folder / f"{name}-{size}.npy" for name in ("reference", "naive"))
        measured.differing[size] = measure("compare", *logs)
    measured.tie_free = {name: measure("tie-free", name, plan.tie_free)["log_hash"] for name in ENGINES}
    measured.profiles = {name: measure("profile", name, plan.sizes[0]) for name in ENGINES}
    for number in range(plan.five_step_rounds):
        measured.five_step.append(measure("run", plan.five_step, folder / f"run-{number}"))
    return measured


def wanted(plan: Plan, measured: Measured, number: int) -> Iterable[tuple[int, str]]:
    """Yield (size, engine) of a round: all of them, in the rounds after the planned ones those that still vary."""
    for size in plan.sizes:
        for name in ENGINES:
            if name == "naive" and size >= ONCE and number > 0:
                continue
            if number < plan.rounds or unstable(measured.of(name, size, "cpu_s")):
                yield size, name


def unstable(seconds: Spread) -> bool:
    """Return whether the measurements lie too far apart to speak of one figure."""
    return seconds.highest - seconds.lowest > STABLE * seconds.median


def main() -> int:
    """Measure, print the page, and write it unless the measurement was a quick one."""
    parser = argparse.ArgumentParser(description="Measure the engines and the five-step offer.")
    parser.add_argument("--quick", action="store_true", help="small sizes, once; writes nothing")
    plan = QUICK if parser.parse_args().quick else Plan()
    with tempfile.TemporaryDirectory() as folder:
        text = page(measure_all(plan, Path(folder)), ROOT)
    print(text)
    if plan is not QUICK:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
