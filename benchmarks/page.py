"""The page of results, as Markdown: the machine, the engines on workload W, the five-step offer, the audit."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from os import cpu_count
from pathlib import Path

from benchmarks.results import ENGINES, Measured, Result, spread

LIBRARIES = ("simpy", "numpy", "numba", "pyarrow")
SHOWN_FILES = 12
"""Rows of the profile table."""


INTRODUCTION = """\
# Performance

Written by `make bench`; run it to write it anew. The figures are of one machine and one day: compare ratios, not
seconds.

Measured at commit {commit}, on {processor}, {cores} cores, Python {python}, {libraries}.

CPU is user and system time and the figure to compare; wall time depends on what else the machine does. The load is the
mean number of processes that wanted to run in the last minute, our own included. A figure is the median of the runs,
with the least and the greatest in brackets. Memory is the peak of resident memory, with all that Python has loaded.
"""

ENGINES_TEXT = """\
## Engines on workload W

W is a cascade of push, e-mail, Viber, WhatsApp and SMS with consent, quiet hours in eleven zones, a daily cap, queues
and a messaging limit (`benchmarks/workload_w.py`); it writes {rows:.1f} rows of log a recipient. *naive* is SimPy as
one first writes it, a process for each recipient and one for each message (`benchmarks/naive.py`); *reference* is the
lean SimPy scheduler; both make the same decisions with the same functions. *compiled* is the compiled engine. All
three play the same model with the same draws. Imports and the compilation of the model are not counted.

{table}

The logs of *reference* and *compiled* are {same}, by their hashes, in every run above. Events of W may fall on the same
microsecond; the naive scheduling has no order of its own for these, so people may change places in a queue. It lacks
{differing}
of the reference. On W without such ties, {size:,} recipients, the hashes of the logs of all three are {free}.
"""

PROFILE_TEXT = """\
### Where the time goes

Share of a run of {size:,} recipients by source file, under a profiler, in per cent. What is not in `simpy`,
`benchmarks/naive.py`, `reference.py`, `loop.py` or `planned.py` is shared: no scheduler can save it.

{table}
"""

FIVE_STEP_TEXT = """\
## The five-step offer

What `make run` does: `prelaunch run scenarios/library/five-step-offer.yaml`. {people:,} recipients, {rows:,} rows
of log ({mib:.1f} MiB of Parquet), simulated twice side by side: with the gate as configured, and obeying. {runs} runs,
load {load}.

{table}

Peak memory: {own:.0f} MiB in the process itself, {child:.0f} MiB in the larger of its two workers.

The audit judges {speed:,.0f} messages a CPU second by {rules} rule rows each, {answers:.1f} million answers a second,
on the {messages:,} messages of this run, once compiled.
"""


def page(measured: Measured, root: Path) -> str:
    """Return the whole page; ``root`` is the checkout that was measured."""
    return "\n".join((introduction(root), engines(measured), profiles(measured), five_step(measured.five_step)))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; all columns but the first are set to the right."""
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, *rows)]
    rule = "|---|" + "---:|" * (len(head) - 1)
    return "\n".join([lines[0], rule, *lines[1:]])


def introduction(root: Path) -> str:
    """Return what was measured, and on what."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return INTRODUCTION.format(
        commit=commit(root), processor=processor(), cores=cpu_count(), python=platform.python_version(),
        libraries=libraries,
    )  # fmt: skip


def commit(root: Path) -> str:
    """Return the abbreviated commit and its date."""
    command = ["git", "log", "-1", "--format=%h of %cs"]
    said = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"


def processor() -> str:
    """Return the name of the processor as the system gives it."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def engines(measured: Measured) -> str:
    """Return the engines on workload W: what they need, and whether they wrote the same log."""
    largest = measured.sizes[-1]
    return ENGINES_TEXT.format(
        rows=measured.engines["reference", largest][0]["rows"] / largest,
        table=engine_table(measured),
        same=equal(all(len(measured.hashes(size)) == 1 for size in measured.sizes)),
        differing=" and ".join(
            f"{result['missing']:,} of {result['rows']:,} rows at {size:,} recipients"
            for size, result in measured.differing.items()
        ),
        size=measured.tie_free_size,
        free=equal(len(set(measured.tie_free.values())) == 1),
    )


def equal(same: bool) -> str:
    """Return the word for the equality of logs."""
    return "equal" if same else "**not equal**"


def engine_table(measured: Measured) -> str:
    """Return one row for each engine and size; ratios are of median CPU."""
    head = (
        "recipients", "engine", "CPU, s", "µs a recipient", "naive over it", "wall, s", "peak memory, MiB",
        "runs", "load",
    )  # fmt: skip
    rows = []
    for size in measured.sizes:
        base = measured.of("naive", size, "cpu_s").median
        for name in ENGINES:
            cpu, load = measured.of(name, size, "cpu_s"), measured.of(name, size, "load")
            rows.append((
                f"{size:,}", name, cpu.shown(2), f"{cpu.median / size * 1e6:.0f}", f"{base / cpu.median:.2f}",
                measured.of(name, size, "wall_s").shown(), f"{measured.of(name, size, 'peak_mib').median:.0f}",
                str(cpu.count), load.range(),
            ))  # fmt: skip
    return table(head, rows)


def profiles(measured: Measured) -> str:
    """Return the files in which the engines spend most of their time."""
    spent = measured.profiles
    most = {place: max(of.get(place, 0) for of in spent.values()) for of in spent.values() for place in of}
    places = sorted(most, key=lambda place: -most[place])
    shown, rest = places[:SHOWN_FILES], places[SHOWN_FILES:]
    rows = [(f"`{place}`" if "/" in place else place, *_shares(measured, [place])) for place in shown]
    made = table(("file", *ENGINES), [*rows, ("all others", *_shares(measured, rest))])
    return PROFILE_TEXT.format(size=measured.profile_size, table=made)


def _shares(measured: Measured, places: Sequence[str]) -> list[str]:
    """Return the share of these files in each engine's time, in per cent."""
    return [f"{sum(measured.profiles[name].get(place, 0) for place in places):.0f}" for name in ENGINES]


def five_step(results: list[Result]) -> str:
    """Return time by stage and memory of what ``make run`` does, and the speed of the audit."""
    first = results[0]
    rows = [
        (stage, *(spread(r["stages"][stage][which] for r in results).shown() for which in (0, 1)))
        for stage in first["stages"]
    ]
    load = spread(r["load"] for r in results)
    speed = spread(r["messages_per_cpu_s"] for r in results).median
    return FIVE_STEP_TEXT.format(
        people=first["people"], rows=first["rows"], mib=first["log_mib"], runs=len(results),
        load=load.range(), table=table(("stage", "wall, s", "CPU, s"), rows),
        own=spread(r["peak_mib"] for r in results).median, child=spread(r["child_mib"] for r in results).median,
        speed=speed, rules=first["rule_rows"], answers=speed * first["rule_rows"] / 1e6, messages=first["messages"],
    )  # fmt: skip
