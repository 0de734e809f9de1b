"""The page of results, as Markdown, wholly from what was measured."""

from __future__ import annotations

from benchmarks.machine import commit, processor
from benchmarks.markdown import table
from benchmarks.page_engines import engines
from benchmarks.page_five_step import five_step
from benchmarks.page_parts import compiling, gap, threads, variants
from benchmarks.results import Measured

__all__ = ["commit", "page", "processor", "table"]

INTRODUCTION = """\
# Performance

Written by `make bench` (and `make bench-long`); run it to write it anew. The figures are of one machine and one day:
compare ratios, not seconds.

Measured at commit {commits}, on {processor}, {cores} cores, {memory}, Python {python}, {libraries}{compiler}.

CPU is user and system time and the figure to compare; wall time depends on what else the machine does. The load is the
mean number of processes that wanted to run in the last minute, our own included. A figure is the median of the runs,
with the least and the greatest in brackets. Each measurement is a process of its own, and engines take turns.
"""

LEFT_OUT = """\
## Left out

These measurements were wanted and could not be made.

{table}
"""


def page(measured: Measured) -> str:
    """Return the whole page; what was not measured is left out."""
    sections = (introduction, engines, gap, variants, threads, compiling, five_step, left_out)
    return "\n".join(text for text in (section(measured) for section in sections) if text)


def introduction(measured: Measured) -> str:
    """Return what was measured, and on what."""
    known = {"processor": "?", "cores": "?", "memory": "?", "python": "?", "libraries": "?"} | measured.machine
    compiler = ", ".join(("", known.pop("compiler"))) if known.get("compiler") else ""
    return INTRODUCTION.format(commits=" and ".join(measured.commits()) or "unknown", **known, compiler=compiler)


def left_out(measured: Measured) -> str:
    """Return what could not be measured, and why."""
    found = measured.left_out()
    return LEFT_OUT.format(table=table(("measurement", "why"), found)) if found else ""
