"""``make bench``: measures the engines on workload W and the rehearsal of the five-step offer, and writes the page.

Each measurement is a process of its own and is kept in ``docs/performance.json`` as soon as it is made, so that a run
may be interrupted: ``--page`` writes the page from what is there, ``--resume`` goes on. ``--long`` measures beside
what takes long (``make bench-long``); ``--quick`` measures small sizes once and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import store
from benchmarks.lower_bound import NO_COMPILER, available
from benchmarks.machine import commit, machine
from benchmarks.measure import available_mib
from benchmarks.page import page
from benchmarks.plot import draw
from benchmarks.results import Measured, Record, Result
from benchmarks.tasks import BENCH, LONG, QUICK, Plan, Task, tasks

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "performance.md"
PLOT = ROOT / "docs" / "images" / "performance.png"
SAVED = ROOT / "docs" / "performance.json"
INTERRUPTED = 130
Keep = Callable[[Measured], None]


def measure(task: Task) -> Record:
    """Return one measurement, made in a process of its own; where it cannot be made, a record that says why."""
    record = Record(task.words, task.number, commit(ROOT), {})
    free = available_mib()
    if free is not None and free < task.needs_mib:
        return replace(record, left_out=f"needs {task.needs_mib:,.0f} MiB of memory, {free:,.0f} are free")
    command = [sys.executable, "-m", "benchmarks.worker", *task.words]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return replace(record, left_out=f"its process ended with code {done.returncode}")
    result: Result = json.loads(done.stdout)
    return replace(record, result=result)


def measure_all(wanted: Sequence[Task], before: Measured, keep: Keep) -> Measured:
    """Return what was there before and all that is wanted and was not; ``keep`` hears of each measurement."""
    done = {(record.words, record.number) for record in before.records if not record.left_out}
    left = [task for task in wanted if (task.words, task.number) not in done]
    again = {(task.words, task.number) for task in left}
    kept = [record for record in before.records if (record.words, record.number) not in again]
    measured = Measured(machine(), kept)
    began = time.monotonic()
    for number, task in enumerate(left, 1):
        print(f"[{number}/{len(left)}, {time.monotonic() - began:.0f} s] {task}", file=sys.stderr)
        record = measure(task)
        if record.left_out:
            print(f"left out: {record.left_out}", file=sys.stderr)
        measured = replace(measured, records=[*measured.records, record])
        keep(measured)
    return measured


def warm_up(size: int = 20_000) -> None:
    """Let everything that is compiled once a machine be compiled, so that no measurement pays for it."""
    print("compiling", file=sys.stderr)
    for words in (("first-use",), ("five-step", str(size))):
        command = [sys.executable, "-m", "benchmarks.worker", *words]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def kept_before(saved: Measured, asked: Sequence[Task], *, resume: bool) -> Measured:
    """Return what stays of an earlier measurement: all of it to resume it, else what is not ``asked`` for now.

    What no command measures any more goes.
    """
    known = {task.words for plan in (BENCH, LONG) for task in tasks(plan)} - {task.words for task in asked}
    return saved if resume else replace(saved, records=[r for r in saved.records if r.words in known])


def wanted_tasks(plan: Plan, up_to: int) -> list[Task]:
    """Return the tasks of a plan, of W up to so many recipients."""
    if not available():
        print(NO_COMPILER, file=sys.stderr)
    rounds = {size: rounds for size, rounds in plan.rounds.items() if size <= up_to}
    return tasks(replace(plan, rounds=rounds), compiler=available())


def write_page(measured: Measured) -> None:
    """Write the page and its picture."""
    draw(measured, PLOT)
    PAGE.write_text(page(measured), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}, {PLOT.relative_to(ROOT)}", file=sys.stderr)


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure the engines and the five-step offer.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--quick", action="store_true", help="small sizes, once; prints the page and writes nothing")
    what.add_argument("--long", action="store_true", help="beside what was measured, what takes long")
    what.add_argument("--page", action="store_true", help="measure nothing: the page from what was measured before")
    parser.add_argument("--resume", action="store_true", help="go on where an interrupted measurement stopped")
    parser.add_argument("--up-to", type=int, default=10**9, metavar="N", help="largest size of W")
    return parser.parse_args()


def main() -> int:
    """Measure what is asked for and write the page; 130 after an interruption, with what was measured kept."""
    asked = arguments()
    saved = store.load(SAVED)
    if asked.page:
        write_page(saved)
        return 0
    if asked.quick:
        measured = measure_all(wanted_tasks(QUICK, asked.up_to), Measured({}, ()), lambda measured: None)
        print(page(measured))
        return 1 if measured.left_out() else 0
    plan = LONG if asked.long else BENCH
    wanted = wanted_tasks(plan, asked.up_to)
    before = kept_before(saved, wanted, resume=asked.resume)
    try:
        warm_up()
        write_page(measure_all(wanted, before, lambda done: store.save(SAVED, done)))
    except KeyboardInterrupt:
        print(f"stopped; {SAVED.relative_to(ROOT)} has what was measured: --page shows it, --resume goes on",
              file=sys.stderr)  # fmt: skip
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
