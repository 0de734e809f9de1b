"""``prelaunch diff``: who gains a message, loses one, or gets another, from one version to the next."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policies.errors import InputError, Problem
from prelaunch import exits
from prelaunch.console import err, json_option, out, progress, write_json

if TYPE_CHECKING:
    from policies.evidence import Showing
    from prelaunch.diff.diff import Alone, Diff

CHANGES_FILE, WHOLE_FILE = "changes.csv", "diff.json"


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="A [B]")
@click.option("--packs-b", metavar="PACK,...", help="The second version is the first with these packs.")
@click.option(
    "--set-b", "settings_b", multiple=True, metavar="FIELD=VALUE", help="Another value in the second version."
)
@click.option(
    "--scenario", type=click.Path(path_type=Path), help="Where A and B are packs: the scenario to try them on."
)
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Another value in both versions.")
@click.option("--audience", type=click.Path(path_type=Path), help="One CSV or Parquet file for both versions.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Rules, mechanisms and prices of this date, in both.")
@click.option("--seed", type=click.IntRange(0, 2**62 - 1), help="One seed for both.")
@click.option("--gate", type=click.Choice(["observe", "enforce"]), help="Let the packs watch, or act, in both.")
@click.option("--one-by-one", is_flag=True, help="Also make each changed field alone, and tell its own effect.")
@click.option(
    "--engine", type=click.Choice(["auto", "reference", "compiled"]), default="auto", help="The log is the same."
)
@click.option(
    "--out",
    "wanted",
    type=click.Path(path_type=Path),
    help=f"One row a message that changes: a .csv file, or a folder for {CHANGES_FILE} and {WHOLE_FILE}.",
)
@click.option("--show-recipients", is_flag=True, help="Show external ids instead of keyed hashes.")
@json_option
def command(
    files: tuple[Path, ...], packs_b: str | None, settings_b: tuple[str, ...], scenario: Path | None,
    settings: tuple[str, ...], audience: Path | None, as_of: datetime | None, seed: int | None, gate: str | None,
    one_by_one: bool, engine: str, wanted: Path | None, show_recipients: bool, as_json: bool,
) -> int:  # fmt: skip
    """Tell message by message how version B differs from version A, on the same draws.

    A and B are scenarios; or one scenario at two dates (FILE@2021-10-01 FILE@2026-11-22), with --packs-b or with
    --set-b; or two packs of rules, tried on --scenario. Who gains a message or loses one, who gets it by another
    channel, at another hour, for another price, with another outcome, and which rules stand otherwise. The first
    replication is compared, exactly.
    """
    from prelaunch.comparing import dated
    from prelaunch.diff.diff import diff
    from prelaunch.diff.diff import one_by_one as each_alone
    from prelaunch.diff.inputs import Asked, versions
    from prelaunch.recipient_key import showing
    from prelaunch.run_folder import make_parent
    from scenarios.settings import overrides

    given: dict[str, object] = {**overrides(settings)}
    given |= {"audience": {"file": {"path": str(audience.absolute())}}} if audience else {}
    given |= {"as_of": f"{as_of:%Y-%m-%d}"} if as_of else {}
    given |= {"seed": seed} if seed is not None else {}
    given |= {"gate": gate} if gate else {}
    only_b = dict(overrides(settings_b))
    if packs_b is not None:
        only_b["packs"] = [name.strip() for name in packs_b.split(",") if name.strip()]
    _check_out(wanted, (*(dated(file)[0] for file in files), scenario, audience))
    with progress("reading", 1):
        names, both = versions(Asked(files, scenario, given, only_b))
    found = diff(names, both, _engine(engine), os.cpu_count() or 1, progress)
    alone, interrupted = _collected(each_alone(found, _engine(engine), progress) if one_by_one else iter(()))
    show = showing(make_parent(wanted or Path("runs/diff")), show_recipients)
    _tell(found, alone, show, wanted, as_json)
    if interrupted:
        err().print("interrupted: the effects of the other changes are not told")
        return exits.INTERRUPTED
    return exits.DONE


def _check_out(wanted: Path | None, inputs: Sequence[object]) -> None:
    """Raise InputError if nothing can be written there, before anything is played."""
    from prelaunch.whole_file import check_file

    if wanted is not None and wanted.suffix.lower() == ".csv":
        check_file(wanted, inputs)
    elif wanted is not None and wanted.is_file():
        raise InputError([Problem("--out", f"{str(wanted)!r} is a file", "name a folder, or a file ending in .csv")])


def _collected(effects: Iterator[Alone]) -> tuple[list[Alone], bool]:
    """Return the effects that were worked out before somebody stopped it, and whether somebody did."""
    found: list[Alone] = []
    try:
        found.extend(effects)
    except KeyboardInterrupt:
        return found, True
    return found, False


def _engine(name: str) -> Any:
    return name


def _tell(found: Diff, alone: list[Alone], show: Showing, wanted: Path | None, as_json: bool) -> None:
    from prelaunch.diff.as_json import diff_as_dict
    from prelaunch.diff.examples import examples
    from prelaunch.diff.screen import show_alone, show_diff

    told = list(examples(found))
    whole = diff_as_dict(found, told, alone, show)
    if as_json:
        write_json(whole)
    else:
        show_diff(out(), found, told, show)
        if alone:
            show_alone(out(), alone, found.a.compiled.scenario.currency)
    if wanted is not None:
        _write(found, whole, show, wanted)


def _write(found: Diff, whole: dict[str, Any], show: Showing, wanted: Path) -> None:
    from prelaunch.diff.rows import change_table
    from prelaunch.reports.recipients import recipients_csv
    from prelaunch.run_folder import json_text
    from prelaunch.whole_file import unwritable, write_whole

    table = change_table(found.side_a, found.side_b, found.pairs, found.names, found.a.compiled.people, show)
    one_file = wanted.suffix.lower() == ".csv"
    file = wanted if one_file else wanted / CHANGES_FILE
    if not one_file:
        try:
            wanted.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError([unwritable(wanted, error, "--out")]) from None
        write_whole(wanted / WHOLE_FILE, json_text(whole).encode(), "--out")
    write_whole(file, recipients_csv(table), "--out")
    rows = "1 row" if len(table) == 1 else f"{len(table)} rows"
    err().print(f"written: {file}, {rows}", markup=False, soft_wrap=True)
