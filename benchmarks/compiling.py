"""What compiling the engine takes on a machine that has never run it, and loading it on one that has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Result, Watch, cpu_s, peak_mib

ROOT = Path(__file__).parent.parent


def measure_compiling() -> Result:
    """Return what ``first_use`` takes in a process with an empty folder for compiled code, and in one after it."""
    with tempfile.TemporaryDirectory() as folder:
        return {"cold": _in_a_process(folder), "warm": _in_a_process(folder), "load": os.getloadavg()[0]}


def _in_a_process(cache: str) -> Result:
    command = [sys.executable, "-m", "benchmarks.worker", "first-use"]
    environment = {**os.environ, "XDG_CACHE_HOME": cache}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    result: Result = json.loads(done.stdout)
    return result


def first_use() -> Result:
    """Return the seconds of the first run of a very small W in this process, and of what was imported before it."""
    from benchmarks.engines import TINY
    from benchmarks.workload_w import workload
    from simulator.engine.compiled.engine import Compiled, machine
    from simulator.engine.compiled.flatten import flatten

    flat = flatten(workload(TINY).model)
    imported = cpu_s()
    watch = Watch()
    with watch("first"):
        machine()
        Compiled(flat, 0).run()
    wall, cpu = watch.stages["first"]
    return {"wall_s": wall, "cpu_s": cpu, "before_cpu_s": imported, "peak_mib": peak_mib()}
