"""Whether the engines wrote the same log of workload W."""

from __future__ import annotations

from benchmarks.markdown import SHOWN, equal, table
from benchmarks.results import Measured
from benchmarks.tasks import HASHED, NAMES

TEXT = """\
{table}

The hash of a log does not depend on the order of rows (`simulator.engine.log.log_hash`). Logs of several
engines are hashed up to {most:,} recipients, since hashing takes longer than the run; at larger sizes the same programs
write them.

Events of W may fall on the same microsecond. The naive scheduling has no order of its own for these, so people may
change places in a queue: {missing}. On W without
such ties, {tie_free} recipients, the logs of {names} are {free}."""


def equality(measured: Measured) -> str:
    """Return one row a size of W, and what ties change for the naive scheduling."""
    names = [name for name in HASHED if name != "naive"]
    rows, most = [], 0
    for size in measured.sizes():
        hashes = {name: hashes_of(measured, name, size) for name in names}
        engines = [name for name in names if hashes[name]]
        together = {found for name in engines for found in hashes[name]}
        if len(engines) > 1:
            most = size
            shown = min(together)[:16] if len(together) == 1 else "several"
            rows.append((f"{size:,}", "; ".join(SHOWN[name] for name in engines), equal(len(together) == 1), shown))
    free = {name: {result["log_hash"] for result in measured.of("tie-free", name)} for name in NAMES}
    free = {name: found for name, found in free.items() if found}
    size = next((int(record.words[2]) for record in measured.records if record.words[0] == "tie-free"), 0)
    return TEXT.format(
        table=table(("recipients", "engines", "logs", "hash, first half"), rows), most=most, missing=lacking(measured),
        tie_free=f"{size:,}", names="; ".join(SHOWN[name] for name in free) or "none",
        free=equal(len(set().union(*free.values())) <= 1),
    )  # fmt: skip


def hashes_of(measured: Measured, name: str, size: int) -> set[str]:
    """Return the hashes of all logs that an engine wrote at a size."""
    return {result["log_hash"] for result in measured.of("engine", name, str(size)) if "log_hash" in result}


def lacking(measured: Measured) -> str:
    """Return how many rows of the compiled engine's log that of the naive scheduling lacks."""
    found = [
        f"{result['missing']:,} of {result['rows']:,} rows at {size:,} recipients"
        for size in measured.sizes("naive")
        for result in measured.of("engine", "naive", str(size))
        if "missing" in result
    ]
    return f"it lacks {' and '.join(found)}" if found else "how many was not measured"
