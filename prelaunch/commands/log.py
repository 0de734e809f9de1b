"""``prelaunch log``: what can be done with the log of a run folder."""

from __future__ import annotations

from pathlib import Path

import click

from policies.errors import InputError, Problem
from prelaunch.console import err, json_option, progress, write_json


@click.group()
def command() -> None:
    """Work on the log of a run folder."""


@command.command()
@click.argument("run", type=click.Path(exists=False, file_okay=False, path_type=Path))
@click.option("-o", "--out", "file", type=click.Path(path_type=Path), help="Write it there; the folder stays as it is.")
@click.option("--audience", type=click.Path(path_type=Path), help="The audience file of the run, if it read one.")
@json_option
def expand(run: Path, file: Path | None, audience: Path | None, as_json: bool) -> None:
    """Make the full log of RUN, a folder of `prelaunch run --log dispatch`, from what it has kept.

    It is the log that --log full would have written, to the last bit (log_hash tells). Without -o it takes the place
    of the dispatch log in the folder.
    """
    from prelaunch.expanding import expand as expand_log
    from prelaunch.expanding import read_dispatch
    from prelaunch.reports.numbers import count

    _check(file)
    with progress("reading", 1):
        dispatch = read_dispatch(run, audience)
    with progress("expanding", 1):
        written, rows = expand_log(dispatch, file)
    if as_json:
        write_json({"log": str(written), "rows": rows, "log_hash": dispatch.manifest["log_hash"]})
    err().print(f"written: {written}, {count(rows)} rows", markup=False, soft_wrap=True)


def _check(file: Path | None) -> None:
    if file is None:
        return
    if file.exists():
        raise InputError([Problem(str(file), "exists", "choose another -o, or remove it")])
    if not file.parent.is_dir():
        raise InputError([Problem(str(file.parent), "is no folder", "make it, or choose another -o")])
