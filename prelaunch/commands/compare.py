"""``prelaunch compare``: two or more scenarios, paired by common random numbers."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click

from policies.errors import InputError, Problem
from prelaunch import exits
from prelaunch.console import err, json_option, progress, write_json
from scenarios.experiments.compare import Comparison


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--audience", type=click.Path(path_type=Path), help="One CSV or Parquet file for all scenarios.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Rules, provider mechanisms and prices of this date.")
@click.option("--seed", type=click.IntRange(0, 2**62 - 1), help="One seed for all; that of the first if not given.")
@click.option("--replications", type=click.IntRange(1, 100_000), default=10, show_default=True, help="Pairs.")
@click.option(
    "--engine", type=click.Choice(["auto", "reference", "compiled"]), default="auto", help="The log is the same."
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Replications at a time; all cores if not given.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the comparison as a page (HTML) to this file.")
@json_option
def command(
    files: tuple[Path, ...], audience: Path | None, as_of: datetime | None, seed: int | None, replications: int,
    engine: str, jobs: int | None, out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Compare the scenarios FILES: cost, reach, time to reach, complaints, each with a 95 % interval.

    FILE@2021-10-01 takes rules, provider mechanisms and prices of that date for this file alone.
    Replication n of all of them shares its random numbers, so the differences from the first are paired and narrow.
    """
    from prelaunch.comparing import compare_files, dated
    from prelaunch.whole_file import check_file

    if len(files) < 2:
        raise InputError([Problem("compare", "one scenario given", "give two or more")])
    if out is not None:
        check_file(out, (*(dated(file)[0] for file in files), audience))
    comparison, interrupted = compare_files(
        files, audience=audience, as_of=as_of.date() if as_of else None, seed=seed, replications=replications,
        engine=engine, jobs=jobs or os.cpu_count() or 1, stage=progress,
    )  # fmt: skip
    _tell(comparison, interrupted)
    if out is not None:
        _write(comparison, out)
    if as_json:
        from prelaunch.reports.comparison import comparison_as_dict

        write_json(comparison_as_dict(comparison))
    return exits.INTERRUPTED if interrupted else exits.DONE


def _tell(comparison: Comparison, interrupted: bool) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from prelaunch.reports.comparison import compare_rows

    console = err()
    header, *rows = compare_rows(comparison)
    room = (console.width - max(len(row[0]) for row in rows)) // (len(header) - 1) - 3
    table = Table(
        title=f"{comparison.replications} paired replications, seed {comparison.seed}", title_justify="left",
        box=SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False,
    )  # fmt: skip
    for name in header:
        table.add_column(name)
    for row in rows:
        table.add_row(row[0], *(_narrow(cell, room) for cell in row[1:]))
    console.print(table)
    console.print("Δ: difference from the first, paired; *: its 95 % interval leaves out zero")
    for note in comparison.notes:
        console.print(f"note: {note}", markup=False)
    if comparison.replications == 1:
        console.print("one replication gives no interval: use --replications 10")
    if interrupted:
        console.print("interrupted: only the replications that all scenarios had finished are compared")


def _narrow(cell: str, room: int) -> str:
    """Return a cell with its intervals on lines of their own where a line is wider than ``room``."""
    return "\n".join(line if len(line) <= room else line.replace(" (", "\n  (") for line in cell.splitlines())


def _write(comparison: Comparison, out: Path) -> None:
    from prelaunch.reports.comparison import render_compare
    from prelaunch.whole_file import write_whole

    write_whole(out, render_compare(comparison).encode(), "--out")
    err().print(f"page: {out}", markup=False, soft_wrap=True)
