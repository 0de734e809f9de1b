"""What a run without a report says: the main events by campaign and step, what it cost, where the folder is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from prelaunch.layout import INTERRUPTED, say
from prelaunch.reports.numbers import count, decimal

if TYPE_CHECKING:
    from rich.console import Console

    from prelaunch.counting import Counted
    from scenarios.experiments.prepare import Prepared

SHOWN = {"submitted": "handed over", "delivered": "delivered", "read": "read"}
"""Events that have a column on the screen; counts.csv has all."""


def tell_counted(console: Console, prepared: Prepared, counted: Counted) -> None:
    """Print the counts and where they are."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("campaign, step", overflow="fold")
    for name in (*SHOWN.values(), f"cost, {counted.compiled.scenario.currency}"):
        table.add_column(name, justify="right", no_wrap=True)
    for (campaign, step), cells in _by_step(counted).items():
        sums = [count(cells.get(event, 0)) for event in SHOWN]
        table.add_row(escape(f"{campaign}, {step}"), *sums, decimal(cells["cost"], 2))
    console.print()
    done = len(counted.replications.logs)
    together = f", {done} replications together" if done > 1 else ""
    console.print(f"[bold]{escape(prepared.scenario.name)}[/bold]{together}")
    console.print(table)
    if counted.replications.interrupted:
        console.print(INTERRUPTED, style="yellow")
    if counted.replications.notice:
        console.print(counted.replications.notice)
    rows = count(counted.rows)
    say(console, f"{rows} rows of log, hash {counted.log_hash}; nothing was judged (--no-report)", style="dim")
    console.print(f"folder: {escape(str(counted.folder))}", soft_wrap=True)


def _by_step(counted: Counted) -> dict[tuple[str, str], dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for line in counted.counts.to_pylist():
        if not line["step"]:
            continue
        cells = found.setdefault((line["campaign"], line["step"]), {})
        cells[line["event"]] = cells.get(line["event"], 0) + line["rows"]
        cells["cost"] = cells.get("cost", Decimal()) + line["cost"]
    return found


def counted_as_json(counted: Counted) -> dict[str, Any]:
    """Return the counts as plain JSON values; costs are texts, which lose nothing."""
    lines = [{**line, "cost": str(line["cost"])} for line in counted.counts.to_pylist()]
    return {"run": str(counted.folder), "log_hash": counted.log_hash, "rows": counted.rows, "counts": lines}
