"""What a log costs: ``python -m benchmarks.stream SIZE full|dispatch|none [--memory]`` plays workload W and prints it.

The log is written to a temporary file by a second thread while the run goes on, or held in memory (``--memory``).
CPU is that of all threads. Compilation, imports and the making of people come before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

from benchmarks.measure import cpu_s, peak_mib
from benchmarks.workload_w import workload
from simulator.engine.compiled.engine import Compiled
from simulator.engine.compiled.flatten import Flat, flatten
from simulator.engine.compiled.warm import compile_reading
from simulator.engine.keep import LOG_NAMES, LogName
from simulator.engine.log_file import LogFile

WARM = 1000
"""People of the run that compiles."""


def play(flat: Flat, keep: LogName, path: Path | None) -> tuple[int, str]:
    """Play one replication and return the rows written and their log hash; without a path they stay in memory."""
    if path is None or keep == "none":
        return len(Compiled(flat, 0, keep=keep).run()), ""
    with LogFile(path, flat.model, run="w") as file:
        Compiled(flat, 0, keep=keep, sink=file).run()
    return file.rows, f"{file.hash:032x}"


def measure(size: int, keep: LogName, *, memory: bool) -> dict[str, object]:
    """Return wall and CPU seconds, rows, megabytes of the file and the peak of memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        warm = flatten(workload(WARM).model)
        play(warm, keep, path)
        compile_reading(warm)  # which so few rows are not worth
        flat = flatten(workload(size).model)
        before = peak_mib()
        wall, cpu = time.perf_counter(), cpu_s()
        rows, log_hash = play(flat, keep, None if memory else path)
        wall, cpu = time.perf_counter() - wall, cpu_s() - cpu
        written = 0.0 if memory or keep == "none" else path.stat().st_size / 1e6
    return {
        "people": size, "log": keep, "where": "memory" if memory else "file", "wall_s": round(wall, 2),
        "cpu_s": round(cpu, 2), "rows": rows, "file_mb": round(written, 1), "peak_mib": round(peak_mib()),
        "before_mib": round(before), "log_hash": log_hash, "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def main() -> None:
    """Measure what the words ask for and print it as JSON."""
    words = argparse.ArgumentParser(description="What a log of workload W costs.")
    words.add_argument("size", type=int)
    words.add_argument("keep", choices=LOG_NAMES)
    words.add_argument("--memory", action="store_true", help="hold the log in memory, write no file")
    asked = words.parse_args()
    print(json.dumps(measure(asked.size, asked.keep, memory=asked.memory)))


if __name__ == "__main__":
    main()
