"""What the compiled engine's time goes into, threads, and what compiling takes."""

from __future__ import annotations

from benchmarks.markdown import figure, table
from benchmarks.results import Measured, Result, spread
from benchmarks.variants import VARIANTS

GAP_TEXT = """\
## Where the time goes

Warm CPU time of {size:,} recipients, ns a recipient. *Before the first event* is drawing and sorting the releases and
laying the state out; *events* is the run without a log; *log* is what keeping the whole log adds to it.

{table}
"""
VARIANTS_TEXT = """\
What the rules and the feedback of the limited sender cost, by leaving them out of W: {size:,} recipients, warm. Without
a part W is another campaign (without rules nobody is held or denied, and more is sent), hence the rows.

{table}
"""
THREADS_TEXT = """\
## Two threads

Two replications of W, {size:,} recipients each, one after another and in two threads of one process
(`simulator.engine.parallel`); the least of three turns each, after one that is not counted. On two cores that are free
the goal is at least 1.8 times; the load was {load}.

{table}
"""
COMPILING_TEXT = """\
## Compiling

The first run of the compiled engine on a machine compiles it (the goal is less than 25 s of CPU) and keeps the machine
code; later processes load it. A run of ten recipients, with an empty folder for compiled code and again. Apart from it
a process spends {imports} s of CPU on imports and on making the model.

{table}
"""


def gap(measured: Measured) -> str:
    """Return the parts of the compiled engine's time beside those of the C program."""
    sizes = [size for size in measured.sizes("compiled-full") if _part(measured, "compiled-none", size, "warm_cpu_s")]
    if not sizes:
        return ""
    size = min(sizes, key=lambda known: abs(known - 1_000_000))
    columns = [_parts(measured, kind, size) for kind in ("compiled", "c")]
    names = ("before the first event", "events", "log", "all")
    rows = [
        (name, figure(ours, 0), figure(theirs, 0), figure(ours / theirs if ours and theirs else None, 1))
        for name, ours, theirs in zip(names, *columns, strict=True)
    ]
    return GAP_TEXT.format(size=size, table=table(("part", "compiled", "C", "times C"), rows))


def _parts(measured: Measured, kind: str, size: int) -> list[float | None]:
    """Return ns a recipient: before the first event, events, log, all; None where something is missing."""
    begin = _part(measured, f"{kind}-none", size, "warm_lay_out_s")
    play = _part(measured, f"{kind}-none", size, "warm_play_s")
    whole = _part(measured, f"{kind}-full", size, "warm_cpu_s")
    if begin is None or play is None or whole is None:
        return [None] * 4
    return [1e9 * part / size for part in (begin, play, whole - begin - play, whole)]


def _part(measured: Measured, name: str, size: int, what: str) -> float | None:
    found = measured.engine(name, size, what)
    return None if found is None else found.lowest


def variants(measured: Measured) -> str:
    """Return what W without some of its parts takes."""
    rows, size = [], 0
    for name in VARIANTS:
        full, none = measured.of("variant", name, "full"), measured.of("variant", name, "none")
        if not (full and none):
            continue
        size = next(int(record.words[3]) for record in measured.records if record.words[:2] == ("variant", name))
        spent = [1e9 * spread(r["warm_cpu_s"] for r in found).lowest / size for found in (full, none)]
        rows.append((name, f"{full[0]['rows'] / size:.2f}", *(f"{ns:,.0f}" for ns in spent)))
    head = ("campaign", "rows a recipient", "whole log, ns a recipient", "no log, ns a recipient")
    return VARIANTS_TEXT.format(size=size, table=table(head, rows)) if rows else ""


def threads(measured: Measured) -> str:
    """Return the gain of a second thread."""
    records = [record for record in measured.records if record.words[0] == "threads" and record.result]
    if not records:
        return ""
    rows = [(_kept(r.words[1]), *_gain(r.result)) for r in records]
    load = spread(record.result["load"] for record in records).range()
    head = ("log", "one thread: wall, s", "CPU, s", "two threads: wall, s", "CPU, s", "times faster")
    return THREADS_TEXT.format(size=int(records[0].words[2]), load=load, table=table(head, rows))


def _kept(log: str) -> str:
    return {"full": "whole", "none": "none"}[log]


def _gain(result: Result) -> list[str]:
    wall, cpu = result["wall_s"], result["cpu_s"]
    spent = [f"{of[jobs]:.2f}" for jobs in ("1", "2") for of in (wall, cpu)]
    return [*spent, f"{wall['1'] / wall['2']:.2f}"]


def compiling(measured: Measured) -> str:
    """Return what compiling and loading take."""
    found = measured.of("compiling")
    if not found:
        return ""
    rows = [
        (name, *(spread(r[kind][what] for r in found).shown(digits) for what, digits in
                 (("cpu_s", 2), ("wall_s", 2), ("peak_mib", 0))), spread(r["load"] for r in found).range())
        for name, kind in (("compiling", "cold"), ("loading", "warm"))
    ]  # fmt: skip
    imports = spread(r["warm"]["before_cpu_s"] for r in found).shown()
    head = ("", "CPU, s", "wall, s", "peak memory, MiB", "load")
    return COMPILING_TEXT.format(imports=imports, table=table(head, rows)) + _preparing(measured)


def _preparing(measured: Measured) -> str:
    """Return what laying a model out as flat tables takes, once for all replications."""
    spent = {size: measured.engine("compiled-full", size, "prepare_s") for size in measured.sizes("compiled-full")}
    known = [f"{found.median:.3f} s at {size:,}" for size, found in spent.items() if found is not None]
    return f"\nLaying a model out as flat tables, once for all replications, takes {', '.join(known)} recipients.\n"
