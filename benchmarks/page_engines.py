"""The engines on workload W: what they take, how it grows, whether their logs are equal."""

from __future__ import annotations

from itertools import pairwise

from benchmarks.markdown import ABSENT, SHOWN, figure, median_of, ratio, seconds, table
from benchmarks.page_equality import equality
from benchmarks.results import Measured, Spread, exponent
from benchmarks.tasks import HASHED, LOWER_BOUND, NAMES

MEMORY = ("peak_mib", "over_mib", "log_bytes", "rows")
TEXT = """\
## Engines on workload W

W is a cascade of push, e-mail, Viber, WhatsApp and SMS with consent, quiet hours in eleven zones, a daily cap, queues
and a messaging limit that complaints lower (`benchmarks/workload_w.py`); it writes {rows:.1f} rows of log a recipient.

- *naive SimPy*: a process for each recipient and one for each message, as one first writes it (`benchmarks/naive.py`),
  with Python's cycle collector off, which is in its favour;
- *reference*: the lean SimPy scheduler of `--engine reference`, which serves as the oracle;
- *compiled*: `--engine compiled`, with the whole log in memory; written to a Parquet file by a second thread while the
  run goes on, and hashed by it; with the dispatch log alone (the rows that the others can be derived from); and without
  a log;
- *C*: the same campaign with its rules built into a C program (`benchmarks/lower_bound/`), the whole log in memory or
  rows only counted: about the least that this work can take on this machine.

All play the same model with the same draws. Imports, making the population, compiling the model and compiling code are
not counted; the last two have sections of their own. The *first run* is the first in a fresh process and pays for
memory that nobody has touched; *warm* is the least of {warm} runs after it in the same process. Ratios compare a first
run with first runs, a warm one with warm ones, a whole log with a whole log, none with none; the schedulers in Python
and the run to a file, whose time is not that of touching memory, are run once a process.{stand_in}

![CPU seconds of each engine by the number of recipients](images/performance.png)

{times}

### Memory

The peak of resident memory of the process, and how much of it came on top of what was there when the population (its
columns take {people:.0f} bytes a recipient) and the model were made: tables, state, log. The state is what the engine's
arrays take at the end of the run; the log is that in memory, or the file. The goal for ten million recipients is less
than 2.5 GB beside a log on disk.

{memory}

### How the time grows

The exponent of growth of warm CPU time: 1 means that ten times the recipients take ten times the time. Between
neighbouring sizes, and over all sizes by least squares; the engines in Python by their only runs.

{growth}

### Equality of the logs

{equality}
"""

STAND_IN = """
At sizes where the naive scheduling was not run, a ratio marked ≥ takes its time a recipient at {size:,}: too little,
since that time grows with the size."""


def engines(measured: Measured) -> str:
    """Return the section on the engines; empty where none was measured."""
    if not measured.sizes():
        return ""
    warm = max((int(r.words[3]) for r in measured.records if r.words[0] == "engine"), default=0)
    naive = measured.sizes("naive")
    return TEXT.format(
        rows=_rows(measured), warm=warm,
        stand_in=STAND_IN.format(size=naive[-1]) if naive and naive[-1] < measured.sizes()[-1] else "",
        people=_people_bytes(measured), times=times(measured), memory=memory(measured), growth=growth(measured),
        equality=equality(measured),
    )  # fmt: skip


def _rows(measured: Measured) -> float:
    """Return the rows of log a recipient, at the largest size whose log was kept."""
    known = {size: measured.engine(name, size, "rows") for name in HASHED for size in measured.sizes(name)}
    size = max(known, default=1)
    return ratio(median_of(known.get(size)), size) or 0.0


def _people_bytes(measured: Measured) -> float:
    """Return the bytes a recipient that the population takes, at the largest size."""
    size = measured.sizes()[-1]
    found = (median_of(measured.engine(name, size, "people_bytes")) for name in NAMES)
    return next(value for value in found if value is not None) / size


def measured_engines(measured: Measured) -> list[tuple[str, int]]:
    """Return (engine, size) of all that was measured on W, size by size."""
    return [(name, size) for size in measured.sizes() for name in NAMES if size in measured.sizes(name)]


def times(measured: Measured) -> str:
    """Return one row for each size and engine: first run and warm, with the ratios."""
    head = (
        "recipients", "engine", "first run: CPU, s", "ns a recipient", "naive over it", "times C", "wall, s",
        "warm: CPU, s", "ns a recipient", "times C", "runs", "load",
    )  # fmt: skip
    rows = [_times(measured, name, size) for name, size in measured_engines(measured)]
    return table(head, rows)


def _times(measured: Measured, name: str, size: int) -> list[str]:
    cpu, warm = measured.engine(name, size, "cpu_s"), measured.engine(name, size, "warm_cpu_s")
    load = measured.engine(name, size, "load")
    assert cpu is not None
    assert load is not None
    bound = f"c-{name.partition('-')[2] or 'full'}"
    over_c = ratio(cpu.median, median_of(measured.engine(bound, size, "cpu_s")))
    over_warm = ratio(median_of(warm), median_of(measured.engine(bound, size, "warm_cpu_s")))
    return [
        f"{size:,}", SHOWN[name], seconds(cpu), f"{cpu.median / size * 1e9:,.0f}", _naive_over(measured, size, cpu),
        _times_c(name, over_c), seconds(measured.engine(name, size, "wall_s")),
        seconds(warm), figure(warm.median / size * 1e9, 0) if warm else ABSENT, _times_c(name, over_warm),
        str(cpu.count), load.range(),
    ]  # fmt: skip


def _times_c(name: str, found: float | None) -> str:
    return ABSENT if name in LOWER_BOUND else figure(found, 1)


def _naive_over(measured: Measured, size: int, cpu: Spread) -> str:
    """Return the naive scheduling's time over this one; from its largest size where it was not measured at this."""
    sizes = measured.sizes("naive")
    if not sizes:
        return ABSENT
    own = size if size in sizes else max((known for known in sizes if known < size), default=sizes[0])
    naive = measured.engine("naive", own, "cpu_s")
    assert naive is not None
    found = naive.median / own * size / cpu.median
    return ("" if own == size else "≥ ") + figure(found, 1 if found < 100 else 0)


def memory(measured: Measured) -> str:
    """Return one row for each size and engine: peak, state and log."""
    head = (
        "recipients", "engine", "peak, MiB", "over the population, MiB", "state, bytes a recipient",
        "log, bytes a recipient", "rows of log a recipient",
    )  # fmt: skip
    rows = [_memory(measured, name, size) for name, size in measured_engines(measured)]
    return table(head, rows)


def _memory(measured: Measured, name: str, size: int) -> list[str]:
    peak, over, log, rows = (median_of(measured.engine(name, size, what)) for what in MEMORY)
    state = median_of(measured.engine(name, size, "state_bytes"))
    state = None if state is None or state < 0 else state
    return [
        f"{size:,}", SHOWN[name], figure(peak, 0), figure(over, 0), figure(ratio(state, size), 0),
        figure(ratio(log, size), 0), figure(ratio(rows, size)),
    ]  # fmt: skip


def growth(measured: Measured) -> str:
    """Return the exponents of growth by engine."""
    sizes = measured.sizes()
    steps = list(pairwise(sizes))
    head = ("engine", *(f"{one:,} to {two:,}" for one, two in steps), "all")
    rows = []
    for name in NAMES:
        of = {size: measured.engine(name, size, "warm_cpu_s") or measured.engine(name, size, "cpu_s") for size in sizes}
        points = {size: found.median for size, found in of.items() if found is not None}
        if len(points) > 1:
            each = [_exponent(points, pair) for pair in steps]
            rows.append((SHOWN[name], *each, _exponent(points, tuple(points))))
    return table(head, rows)


def _exponent(points: dict[int, float], sizes: tuple[int, ...]) -> str:
    known = [(size, points[size]) for size in sizes if size in points]
    return figure(exponent(known)) if len(known) == len(sizes) > 1 else ABSENT
