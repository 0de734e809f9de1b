"""One measurement in a process of its own: ``python -m benchmarks.worker WHAT WORDS ...`` prints it as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import cast

from benchmarks.compiling import first_use, measure_compiling
from benchmarks.measure import Result
from simulator.engine.keep import LogName


def engine(name: str, size: str, warm: str, hashed: str) -> Result:
    """Measure an engine on W."""
    from benchmarks.first_and_warm import measure_w

    return measure_w(name, int(size), int(warm), hashed=hashed == "hashed")


def tie_free(name: str, size: str) -> Result:
    """Return the hash of the log of a W without ties."""
    from benchmarks.first_and_warm import measure_w

    return {"log_hash": measure_w(name, int(size), 0, hashed=True, ties=False)["log_hash"]}


def variant(name: str, log: str, size: str, warm: str) -> Result:
    """Measure the compiled engine on a variant of W."""
    from benchmarks.variants import measure_variant

    return measure_variant(name, log, int(size), int(warm))


def threads(log: str, size: str) -> Result:
    """Measure two replications by one thread and by two."""
    from benchmarks.threads import measure_threads

    return measure_threads(int(size), cast("LogName", log))


def five_step(size: str) -> Result:
    """Measure what ``make run`` does."""
    from benchmarks.five_step import measure_five_step

    return measure_five_step(int(size))


MEASUREMENTS: dict[str, Callable[..., Result]] = {
    "engine": engine,
    "tie-free": tie_free,
    "variant": variant,
    "threads": threads,
    "compiling": measure_compiling,
    "first-use": first_use,
    "five-step": five_step,
}


def main(what: str, *words: str) -> None:
    """Make the measurement that the words ask for and print it."""
    print(json.dumps(MEASUREMENTS[what](*words)))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
