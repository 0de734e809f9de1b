"""``prelaunch numbers``: ranges of telephone numbers, their operators, regions and possible time zones."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from prelaunch.console import err, json_option, out, progress, write_json


@click.group()
def command() -> None:
    """Take in a register of number ranges, and tell what it knows of a number."""


@command.command(name="import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--out", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write it there (.parquet).")
@click.option("--date", "read_on", type=click.DateTime(["%Y-%m-%d"]), help="Day on which the register was downloaded.")
@json_option
def take_in(files: tuple[str, ...], file: Path | None, read_on: datetime | None, as_json: bool) -> None:
    """Take in the FILES (- for standard input) of a register of number ranges, such as DEF-9xx.csv of the Russian one.

    All faults are told at once: overlaps, reversed ranges, rows of the wrong length. A territory that is no region of
    ours is listed, and its ranges are kept without a time zone. Without --out the file goes to your data folder, where
    `numbers show` looks; a scenario uses only what it names in audience.file.number_ranges, and its manifest has the
    hash.
    """
    from prelaunch.linting import expand
    from prelaunch.number_pages import imported_as_dict, tell_imported
    from prelaunch.number_store import keep
    from scenarios.audience.number_register import read_register

    paths = expand(files)
    with progress("reading", 1):
        register = read_register(paths)
    written = keep(register, file, read_on.date() if read_on else None)
    tell_imported(err(), register, written)
    if as_json:
        write_json(imported_as_dict(register, written))


@command.command()
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...")
@click.option("--ranges", type=click.Path(dir_okay=False, path_type=Path), help="The ranges; yours if not given.")
@click.option("--country", default="RU", show_default=True, metavar="CODE", help="Of numbers without country code.")
@json_option
def show(numbers: tuple[str, ...], ranges: Path | None, country: str, as_json: bool) -> None:
    """Tell what is known of each NUMBER: range, operator, region, possible time zones."""
    from prelaunch.number_pages import known_as_dict, tell_known
    from prelaunch.number_store import known_ranges
    from scenarios.audience.number_facts import facts_of

    found = facts_of(numbers, known_ranges(ranges), country.upper())
    if as_json:
        write_json([known_as_dict(each) for each in found])
    else:
        tell_known(out(), found)
