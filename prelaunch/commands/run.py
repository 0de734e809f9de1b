"""``prelaunch run``: rehearse a scenario."""

from __future__ import annotations

import os
import shlex
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policies.errors import InputError, Problem
from prelaunch import exits
from prelaunch.console import err, json_option, progress, write_json
from prelaunch.findings.counting import FAIL_ON
from prelaunch.findings.options import Managing, managing_options, output_options
from prelaunch.findings.output_files import Outputs

if TYPE_CHECKING:
    from policies.evidence import Showing
    from prelaunch.findings.about import Judged
    from prelaunch.rehearsal import Options, Rehearsal
from scenarios.experiments.prepare import Choices, Prepared


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--audience", type=click.Path(path_type=Path), help="CSV or Parquet file to use instead of the scenario's."
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Rules, provider mechanisms and prices of this date.")
@click.option("--seed", type=click.IntRange(0, 2**62 - 1), help="Seed of the draws; the scenario's if not given.")
@click.option("--replications", type=click.IntRange(1, 100_000), help="Repeat with further draws; intervals need 2.")
@click.option("--gate", type=click.Choice(["observe", "enforce"]), help="Record what packs say, or let them act.")
@click.option("--both/--alone", default=True, help="Also run the other gate, to show what obeying costs.")
@click.option(
    "--engine", type=click.Choice(["auto", "reference", "compiled"]), default="auto", help="The log is the same."
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Replications at a time; all cores if not given.")
@click.option("--only", metavar="RECIPIENT", help="Replay one recipient, by external id.")
@click.option("--script", type=click.Path(path_type=Path), help="Forced outcomes, YAML list like the field script.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Another value for a field of the file.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the run; runs/<scenario> if not given.")
@click.option(
    "--log",
    "kept",
    type=click.Choice(["full", "dispatch", "none"]),
    default="full",
    show_default=True,
    help="Rows of the log that are kept: all; what was decided, for prelaunch log expand; none. Figures stay the same.",
)
@click.option(
    "--report/--no-report",
    default=True,
    help="Without: for millions of people; nothing is judged, the log is written as it comes, counts.csv tells it.",
)
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="error", show_default=True, help="Exit 1 from here up.")
@click.option("--show-recipients", is_flag=True, help="Show external ids in reports instead of keyed hashes.")
@managing_options
@output_options
@json_option
def command(
    file: Path, audience: Path | None, as_of: datetime | None, seed: int | None, replications: int | None,
    gate: str | None, both: bool, engine: str, jobs: int | None, only: str | None, script: Path | None,
    settings: tuple[str, ...], out: Path | None, kept: str, report: bool, fail_on: str,
    show_recipients: bool, as_json: bool, managing: Managing, outputs: Outputs,
) -> int:  # fmt: skip
    """Rehearse the scenario FILE (- for standard input) and write a run folder with a report.

    The packs judge every message; violations at or above --fail-on give exit code 1. With --no-report they do not.
    """
    from prelaunch.counting import count_run
    from prelaunch.recipient_key import showing
    from prelaunch.rehearsal import about, rehearse, write_run
    from prelaunch.run_folder import make_parent
    from prelaunch.screen_counts import counted_as_json, tell_counted
    from scenarios.experiments.prepare import prepare_file
    from scenarios.settings import overrides

    managed = managing.read(fail_on, (file, script))
    outputs.check("--json" if as_json else "", reads=(file, audience, script, *managing.files))
    _check_judged(report, managing, outputs)
    choices = _choices(as_of, seed, gate, only, script)
    with progress("reading", 1):
        prepared = prepare_file(file, choices, audience, overrides(settings))
    wanted = out or Path("runs") / _run_name(file, prepared)
    show = showing(make_parent(wanted), show_recipients)
    options = _options(
        prepared,
        replications,
        jobs,
        both and only is None,
        engine,
        _replay(file, audience, as_of, seed, gate, settings),
    )
    options = replace(options, log=kept)  # type: ignore[arg-type]
    if not report:
        counted = count_run(_alone(prepared, show), options, progress, wanted)
        tell_counted(err(), prepared, counted)
        if as_json:
            write_json(counted_as_json(counted))
        return exits.INTERRUPTED if counted.replications.interrupted else exits.DONE
    rehearsal = rehearse(_alone(prepared, show), options, show, progress)
    judged = managed.judge(about(prepared, rehearsal), rehearsal.findings)
    rehearsal = replace(rehearsal, findings=judged.results)
    folder = write_run(prepared, rehearsal, options, show, wanted, managed)
    _tell(prepared, rehearsal, folder, judged, as_json)
    outputs.write([judged])
    return exits.INTERRUPTED if rehearsal.replications.interrupted else judged.code


def _check_judged(report: bool, managing: Managing, outputs: Outputs) -> None:
    """Raise ``InputError`` where nothing is judged and findings are asked for."""
    asked = [f"--{name}" for name in outputs.files]
    asked += [f"--{name}" for name in ("suppressions", "baseline") if getattr(managing, name) is not None]
    if not report and asked:
        what = "judges nothing, so there are no findings for it"
        raise InputError([Problem("--no-report", f"{what}: {', '.join(asked)}", "leave one of them out")])


def _alone(prepared: Prepared, show: Showing) -> Prepared:
    """Return the scenario for ``--only`` with the external id behind a hash of a report."""
    only = prepared.choices.only
    if only is None:
        return prepared
    import pyarrow as pa

    from prelaunch.recipient_key import resolve

    people = prepared.people
    if people.places_of(pa.array([only]))[0] >= 0:
        return prepared
    name = resolve(only, people.ids.to_pylist(), show)
    return replace(prepared, choices=replace(prepared.choices, only=name))


def _choices(
    as_of: datetime | None, seed: int | None, gate: str | None, only: str | None, script: Path | None
) -> Choices:
    from scenarios.experiments.prepare import Choices
    from scenarios.script_file import read_script

    day: date | None = as_of.date() if as_of else None
    return Choices(as_of=day, seed=seed, gate=gate, only=only, script=read_script(script) if script else ())


def _run_name(file: Path, prepared: Prepared) -> str:
    stem = "stdin" if str(file) == "-" else file.stem
    day = f"-{prepared.choices.as_of}" if prepared.choices.as_of else ""
    return f"{stem}{day}"


def _options(
    prepared: Prepared, replications: int | None, jobs: int | None, both: bool, engine: str, replay: str
) -> Options:
    from prelaunch.rehearsal import Options

    return Options(
        engine=engine,  # type: ignore[arg-type]
        replications=replications or prepared.scenario.replications,
        jobs=jobs or os.cpu_count() or 1,
        both=both,
        replay=replay,
    )


def _replay(
    file: Path,
    audience: Path | None,
    as_of: datetime | None,
    seed: int | None,
    gate: str | None,
    settings: tuple[str, ...],
) -> str:
    """Return the command that makes this run again."""
    words = ["prelaunch", "run", str(file)]
    words += ["--audience", str(audience)] if audience else []
    words += ["--as-of", f"{as_of:%Y-%m-%d}"] if as_of else []
    words += ["--seed", str(seed)] if seed is not None else []
    words += ["--gate", gate] if gate else []
    words += [word for setting in settings for word in ("--set", setting)]
    return shlex.join(words)


def _tell(prepared: Prepared, rehearsal: Rehearsal, folder: Path, judged: Judged, as_json: bool) -> None:
    from policies.findings_json import results_as_dicts
    from prelaunch.findings.screen import show_marks
    from prelaunch.screen import show_run

    show_run(err(), prepared, rehearsal, folder)
    show_marks(err(), judged)
    if as_json:
        result = {
            "run": str(folder), "log_hash": rehearsal.log_hash, "summary": rehearsal.summary.to_json(),
            "findings": results_as_dicts(rehearsal.findings),
        }  # fmt: skip
        write_json(result)
