"""``prelaunch mutate``: which small changes of guards and rules nobody would notice."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click

from prelaunch import exits
from prelaunch.console import err, json_option, progress, write_json

WHAT = ("all", "guards", "rules")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--audience", type=click.Path(path_type=Path), help="CSV or Parquet file in place of the scenario's.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Rules, provider mechanisms and prices of this date.")
@click.option("--seed", type=click.IntRange(0, 2**62 - 1), help="Seed of all draws; that of the scenario if not given.")
@click.option("--replications", type=click.IntRange(1, 1000), help="Runs of each mutant; as the scenario says.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Another value for a field.")
@click.option("--what", type=click.Choice(WHAT), default="all", show_default=True, help="Which mutants to try.")
@click.option(
    "--engine", type=click.Choice(["auto", "reference", "compiled"]), default="auto", help="The log is the same."
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Runs at a time; all cores if not given.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write every mutant to this CSV file.")
@click.option("--fail-on-survivors", is_flag=True, help="Exit code 1 if a mutant survived.")
@json_option
def command(
    file: Path, audience: Path | None, as_of: datetime | None, seed: int | None, replications: int | None,
    settings: tuple[str, ...], what: str, engine: str, jobs: int | None, out: Path | None, fail_on_survivors: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Say how far the checks of the scenario FILE can be trusted, by small changes that they should notice.

    Each own guard is removed, and each parameter of a guard or of a rule in force is changed a little: a limit by one,
    a window by a minute and by an hour, a word taken out of a list. A changed guard is noticed if some rule then fares
    worse; a changed rule if its result differs. What is not noticed survives: the table says what to add. The packs
    only watch here (gate: observe), so that the guards stand alone.
    """
    from prelaunch.mutants_json import mutation_as_dict, write_csv
    from prelaunch.rehearsal import compile_first
    from prelaunch.screen_mutants import show_mutants
    from prelaunch.whole_file import check_file
    from scenarios.experiments.mutate.mutate import Wanted, mutate
    from scenarios.experiments.prepare import Choices, prepare_file
    from scenarios.settings import overrides

    if out is not None:
        check_file(out, (file, audience))
    choices = Choices(as_of=as_of.date() if as_of else None, seed=seed, gate="observe")
    with progress("reading", 1):
        prepared = prepare_file(file, choices, audience, overrides(settings))
    compiled = prepared.compiled()
    compile_first([compiled], engine, progress)  # type: ignore[arg-type]
    wanted = Wanted(
        guards=what != "rules", rules=what != "guards", replications=replications or prepared.scenario.replications,
        engine=engine, jobs=jobs or os.cpu_count() or 1,  # type: ignore[arg-type]
    )  # fmt: skip
    console = err()
    found = mutate(compiled, wanted, progress, lambda words: console.print(words, markup=False, soft_wrap=True))
    if out is not None:
        write_csv(found, out)
    show_mutants(console, found, out)
    if as_json:
        write_json(mutation_as_dict(found, prepared.scenario.name, compiled.model.seed))
    if found.interrupted:
        return exits.INTERRUPTED
    return exits.FINDINGS if fail_on_survivors and found.of("survived") else exits.DONE
