"""``python -m benchmarks.lower_bound SIZE`` measures the C program on workload W and prints the figures as JSON.

CPU is user and system time. The first round of a process pays for memory that nobody has touched, several times the
rest on some machines; the least of the rounds after it is what the program itself needs. Both are given: an engine
measured by its first run is compared with ``cpu_s``, one measured warm with ``least_cpu_s``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from benchmarks.lower_bound import NO_COMPILER, available, hand_over, matrix, play
from benchmarks.lower_bound.program import library
from benchmarks.lower_bound.rows import ROW
from benchmarks.measure import Watch, peak_mib
from benchmarks.workload_w import workload
from simulator.engine.log import Matrix, log_hash

ROUNDS = 5
"""Rounds after the first."""


def measure(
    size: int, *, keep: bool = True, ties: bool = True, hashed: bool = False, rounds: int = ROUNDS
) -> dict[str, Any]:
    """Return what one replication of W needs: ``cpu_s`` and ``wall_s`` of the first round, the least of those after.

    ``release_s`` and ``play_s`` are the parts of the least. With ``hashed`` also the hash of the log, which takes far
    longer.
    """
    model = workload(size, ties=ties).model
    given = hand_over(model)
    library(keep=keep)
    watch = Watch()
    before = peak_mib()
    with watch("first"):
        played = play(given, keep=keep)
    wall, cpu = watch.stages["first"]
    result: dict[str, Any] = {
        "wall_s": wall, "cpu_s": cpu, "peak_mib": peak_mib(), "before_mib": before, "rows": played.rows,
        "bytes_a_row": ROW.itemsize if keep else 0, "load": os.getloadavg()[0],
    }  # fmt: skip
    if hashed and keep:
        result["log_hash"] = f"{log_hash(Matrix(matrix(played.log, model)), model, 0):032x}"
    del played
    parts = [(again.release_s, again.play_s) for again in (play(given, keep=keep) for _ in range(rounds))]
    release, played_for = min(parts, key=sum)
    least = release + played_for
    return result | {
        "least_cpu_s": least, "release_s": release, "play_s": played_for,
        "ns_a_recipient": {"first": cpu / size * 1e9, "least": least / size * 1e9},
    }  # fmt: skip


def main() -> int:
    """Measure as the command line asks; 3 where there is no compiler."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lower_bound", description="Measure the C lower bound.")
    parser.add_argument("size", type=int, help="recipients of workload W")
    parser.add_argument("--counts", action="store_true", help="count rows instead of keeping the log")
    parser.add_argument("--without-ties", action="store_true", help="waits that end between whole milliseconds")
    parser.add_argument("--hash", action="store_true", help="also the hash of the log, to compare with the engines'")
    asked = parser.parse_args()
    if not available():
        print(NO_COMPILER, file=sys.stderr)
        return 3
    print(json.dumps(measure(asked.size, keep=not asked.counts, ties=not asked.without_ties, hashed=asked.hash)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
