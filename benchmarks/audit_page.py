"""The page of results on the audit, as Markdown."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count
from pathlib import Path
from typing import Any

from benchmarks.audit_results import Found
from benchmarks.machine import commit, processor
from benchmarks.markdown import table
from benchmarks.results import spread

Result = dict[str, Any]
LIBRARIES = ("numpy", "numba", "pyarrow", "polars", "duckdb", "regopy")

TEXT = """\
# Performance of the audit

Written by `make bench` (`python benchmarks/audit.py`); run it to write it anew. The figures are of one machine and one
day: compare ratios, not seconds.

Measured at commit {commit}, on {processor}, {cores} cores, Python {python}, {libraries}.

CPU is user and system time of all threads. A figure is the median of the runs, with the least and the greatest in
brackets. The log is made up (`benchmarks/audit_world.py`): messages of four weeks, about ten a person, eleven zones.

## Judging alone

The answers of all rules to attempts that stand person by person in order of time, once compiled, by one thread. The ten
rules are of the kinds that packs use: consent, two time windows, two frequency caps, opt-out, ban of a channel,
template, attestation, cool-down, each about every message; forty are these ten four times.

{kernel}

The first audit on a machine also compiles: {compiling} s of CPU, kept for later runs.

## From a Parquet file to the answers

Reading, coding texts as numbers, sorting by person, what lies before each message, judging (`policies.audit.log`). The
file is written as `prelaunch run` writes a log: zstd, a dictionary for each column of words but the recipients. Where a
file holds a dictionary of all recipients in each row group (as pyarrow writes a coded column unasked), reading takes
three times as long.

{whole}

Of the log with ten rules, reading takes {read}, coding {code} and sorting {sort} s of CPU.

## Beside other tools

Three rules: consent by channel, 09:00 to 21:00 by the recipient's clock, at most two messages in any 24 hours. Every
message counts towards the cap, as the audit of a log has it, so that the cap is a function of the last message but
one. The texts are in `benchmarks/audit_rivals.py`; polars and DuckDB use all cores and read the same file.

{rivals}
"""


def page(found: Found, root: Path) -> str:
    """Return the whole page; ``root`` is the checkout that was measured."""
    ten = found.whole["ten"]
    stages = {name: spread(run["stages"][name] for run in ten).shown(2) for name in ("read", "code", "sort")}
    return TEXT.format(
        commit=commit(root), processor=processor(), cores=cpu_count(), python=platform.python_version(),
        libraries=", ".join(_versions()), kernel=_kernel(found), whole=_whole(found), rivals=_rivals(found),
        compiling=spread(run["cpu_s"] for run in found.compiling).shown(), **stages,
    )  # fmt: skip


def _versions() -> list[str]:
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return found


def _rates(runs: list[Result]) -> str:
    """Return millions of messages a CPU second."""
    return spread(run["messages"] / run["cpu_s"] / 1e6 for run in runs).shown(2)


def _load(runs: list[Result]) -> str:
    return spread(run["load"] for run in runs).range()


def _kernel(found: Found) -> str:
    head = ("rules", "messages", "million messages a CPU s", "million answers a CPU s", "runs", "load")
    rows = []
    for rules, runs in found.kernel.items():
        answers = spread(rules * run["messages"] / run["cpu_s"] / 1e6 for run in runs).median
        rows.append(
            (str(rules), f"{runs[0]['messages']:,}", _rates(runs), f"{answers:.0f}", str(len(runs)), _load(runs))
        )
    return table(head, rows)


def _whole(found: Found) -> str:
    head = ("rules", "messages", "CPU, s", "million messages a CPU s", "peak memory, MiB", "runs", "load")
    rules = {"three": "3", "ten": "10", "large": "10"}
    return table(head, (
        (rules[name], f"{runs[0]['messages']:,}", spread(run["cpu_s"] for run in runs).shown(2), _rates(runs),
         f"{spread(run['peak_mib'] for run in runs).median:.0f}", str(len(runs)), _load(runs))
        for name, runs in found.whole.items()
    ))  # fmt: skip


def _rivals(found: Found) -> str:
    base = spread(run["cpu_s"] / run["messages"] for run in found.whole["three"]).median
    head = ("tool", "messages", "µs of CPU a message", "over ours", "wall, s", "peak memory, MiB", "answers")
    rows = []
    for name, runs in (("prelaunch", found.whole["three"]), *found.rivals.items()):
        each = spread(run["cpu_s"] / run["messages"] * 1e6 for run in runs)
        equal = "ours" if name == "prelaunch" else "equal" if all(run["equal"] for run in runs) else "**not equal**"
        rows.append((
            name, f"{runs[0]['messages']:,}", each.shown(2), f"{each.median / base / 1e6:.1f}",
            spread(run["wall_s"] for run in runs).shown(2), f"{spread(run['peak_mib'] for run in runs).median:.0f}",
            equal,
        ))  # fmt: skip
    lacking = f"\n\nNot measured, because not installed: {', '.join(found.missing)}." if found.missing else ""
    return table(head, rows) + lacking
