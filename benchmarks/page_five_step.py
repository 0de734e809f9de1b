"""The five-step offer: what ``make run`` takes, and how fast its audit judges."""

from __future__ import annotations

from benchmarks.markdown import table
from benchmarks.results import Measured, spread

TEXT = """\
## The five-step offer

What `make run` does: `prelaunch run scenarios/library/five-step-offer.yaml`. {people:,} recipients, {rows:,} rows
of log ({mib:.1f} MiB of Parquet), simulated twice side by side: with the gate as configured, and obeying. {runs} runs,
load {load}; compiled code was there to be loaded.

{table}

Peak memory: {peak:.0f} MiB.

The audit judges {speed:,.0f} messages a CPU second by {rules} rule rows each, {answers:.1f} million answers a second,
on the {messages:,} messages of this run, once compiled.
"""


def five_step(measured: Measured) -> str:
    """Return time by stage and memory of what ``make run`` does, and the speed of the audit."""
    results = measured.of("five-step")
    if not results:
        return ""
    first = results[0]
    rows = [
        (stage, *(spread(r["stages"][stage][which] for r in results).shown() for which in (0, 1)))
        for stage in first["stages"]
    ]
    speed = spread(r["messages_per_cpu_s"] for r in results).median
    return TEXT.format(
        people=first["people"], rows=first["rows"], mib=first["log_mib"], runs=len(results),
        load=spread(r["load"] for r in results).range(), table=table(("stage", "wall, s", "CPU, s"), rows),
        peak=spread(r["peak_mib"] for r in results).median, speed=speed, rules=first["rule_rows"],
        answers=speed * first["rule_rows"] / 1e6, messages=first["messages"],
    )  # fmt: skip
