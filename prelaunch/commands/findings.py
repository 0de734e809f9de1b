"""``prelaunch findings``: the findings of runs that are done, in the formats of other tools."""

from __future__ import annotations

from dataclasses import replace

import click

from policies.errors import InputError, Problem
from prelaunch import exits
from prelaunch.console import err, json_option, out, write_json
from prelaunch.findings.counting import FAIL_ON
from prelaunch.findings.options import Managing, managing_options, output_options
from prelaunch.findings.output_files import Outputs


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="RUN...")
@click.option(
    "--scenario", metavar="PATH", help="How the scenario is called in SARIF; its name in the run if not given."
)
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="error", show_default=True, help="Exit 1 from here up.")
@managing_options
@output_options
@json_option
def command(
    sources: tuple[str, ...], scenario: str | None, fail_on: str, as_json: bool, managing: Managing, outputs: Outputs
) -> int:
    """Show the findings of RUN, and write them as JUnit, SARIF, OSCAL, CSV or XLSX, without running again.

    RUN is a run folder, its findings.json, or what `prelaunch audit --json` wrote (- for standard input); several are
    put into one file, and patterns are understood.
    """
    from policies.findings_json import results_as_dicts
    from prelaunch.findings.about import called
    from prelaunch.findings.read import read_findings
    from prelaunch.findings.screen import show_marks, show_verdicts
    from prelaunch.linting import expand

    managed = managing.read(fail_on, sources)
    outputs.check("--json" if as_json else "", reads=(*sources, *managing.files))
    read = [read_findings(path) for path in expand(sources)]
    if managing.baseline is not None and len(read) > 1:
        raise InputError([Problem("--baseline", f"is compared with one run, not {len(read)}", "name one RUN")])
    runs = [
        managed.judge(replace(about, file=called(scenario) if scenario else about.file), results)
        for about, results in read
    ]
    console = err() if as_json or outputs.to_stdout else out()
    for judged in runs:
        if len(runs) > 1:
            console.print(f"{judged.about.name}:", markup=False)
        show_verdicts(console, judged.results)
        show_marks(console, judged)
    if as_json:
        write_json([item for judged in runs for item in results_as_dicts(judged.results)])
    outputs.write(runs)
    return max((judged.code for judged in runs), default=exits.DONE)
