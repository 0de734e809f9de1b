"""``prelaunch audit``: judge an event log, simulated or real, by rule packs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policies.errors import InputError, Problem, all_faults
from prelaunch import exits
from prelaunch.console import err, json_option, out, progress, write_json
from prelaunch.findings.options import Managing, managing_options, output_options
from prelaunch.findings.output_files import Outputs
from prelaunch.log_options import checked, list_mappings, log_options, mappings_of, pack_names

if TYPE_CHECKING:
    from rich.console import Console

    from prelaunch.auditing import Audited
    from prelaunch.findings.about import About, Judged
    from scenarios.foreign.mapping import LogMapping
    from scenarios.foreign.read import Foreign


@click.command()
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@log_options
@click.option(
    "--list-mappings",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=list_mappings,
    help="Say which exports --mapping knows by name.",
)
@click.option("--fail-on-receipts", is_flag=True, help="Exit 1 also if receipts contradict each other.")
@click.option("--out", "file", type=click.Path(path_type=Path), help="Also write FILE.html or FILE.json.")
@click.option("--show-recipients", is_flag=True, help="Show external ids as evidence instead of keyed hashes.")
@managing_options
@output_options
@json_option
def command(
    logs: tuple[str, ...], packs: str | None, scenario: Path | None, audience: Path | None, mappings: tuple[str, ...],
    input_format: str, as_of: datetime | None, organisation: str | None, country: str | None, zone: str | None,
    skip_bad_rows: bool, fail_on: str, fail_on_receipts: bool, file: Path | None, show_recipients: bool, as_json: bool,
    managing: Managing, outputs: Outputs,
) -> int:  # fmt: skip
    """Judge the messages of LOG by rule packs: files (Parquet, CSV, JSON lines), patterns, - or one run folder.

    What the log and the files beside it do not tell is not taken for kept: the rule says which input it needs.
    """
    from policies.packs import load_packs
    from prelaunch.auditing import audit_foreign, audit_run, given_by
    from prelaunch.policy_report.audits import for_report
    from prelaunch.recipient_key import showing
    from prelaunch.run_folder import is_run
    from scenarios.foreign.sources import find_inputs

    names = pack_names(packs)
    runs = [name for name in logs if is_run(Path(name))]
    reads = (*logs, *mappings, audience, scenario, *names, *managing.files)
    managed, land, (mapping, others), *_ = all_faults(
        partial(managing.read, fail_on, (*logs, *mappings, audience, scenario)),
        partial(checked, country),
        partial(mappings_of, mappings, zone),
        partial(outputs.check, "--json" if as_json else "", reads, {"--out": file}),
        partial(_check_out, file),
        partial(find_inputs, logs),
        partial(load_packs, [] if runs else [name for name in names if name != "-"]),
    )
    day = as_of.date() if as_of else None
    place = Path(runs[0]).absolute().parent if runs else file.absolute().parent if file else Path("runs")
    if runs and len(logs) > 1:
        raise InputError([Problem(runs[0], "is a run folder and not alone", "audit one run at a time")])
    _make(place)
    show = showing(place, show_recipients)
    besides: dict[str, Any] = {"report": "was the audit of a run folder: give that folder"}
    log: Foreign | None = None
    if runs:
        given = {"scenario": scenario, "audience": audience, "as_of": day, "packs": names}
        with progress("judging", 1):
            audited = audit_run(Path(runs[0]), given, show)
    else:
        given_besides = given_by(
            names, scenario, audience, as_of=day, zone=zone, organisation=organisation, country=land
        )
        how: dict[str, Any] = {"form": input_format, "keep_going": skip_bad_rows, "country": land}
        read = partial(_read, logs, mapping, others, **how)
        if file is not None and file.suffix == ".json":
            log = read()
            audited = audit_foreign(log, given_besides, show)
        else:  # the log has no name here, so that its columns can be let go
            audited = audit_foreign(read(), given_besides, show)
    judged = managed.judge(_about(audited, logs, runs, scenario, day), audited.results)
    audited = replace(audited, results=judged.results)
    if log is not None:
        keyed = showing(place, clear=False)
        besides["report"] = for_report(click.get_current_context(), log, audited, keyed, managed)
    _tell(audited, judged, logs, file, as_json, besides, err() if as_json or outputs.to_stdout else out())
    outputs.write([judged])
    contradicted = fail_on_receipts and audited.receipts is not None and bool(audited.receipts.found)
    return exits.FINDINGS if contradicted else judged.code


def _about(
    audited: Audited, logs: tuple[str, ...], runs: list[str], scenario: Path | None, day: date | None
) -> About:  # fmt: skip
    """Return what was audited: a run as its manifest tells, or a log with the scenario beside it."""
    from prelaunch.findings.about import About, called
    from prelaunch.findings.read import about_run

    if runs:
        found = about_run(Path(runs[0]))
        found = replace(found, file=called(scenario)) if scenario else found
        return replace(found, as_of=day.isoformat()) if day else found
    text = scenario.read_text(encoding="utf-8-sig") if scenario else ""
    return About(
        name=", ".join("<stdin>" if name == "-" else name for name in logs),
        file=called(scenario or logs[0]),
        text=text,
        as_of=day.isoformat() if day else "",
        packs=dict.fromkeys(audited.packs, ""),
    )


def _read(logs: tuple[str, ...], mapping: LogMapping, others: list[tuple[str, LogMapping]], **how: Any) -> Foreign:
    from scenarios.foreign.read import read_log
    from scenarios.foreign.sources import bytes_of, find_inputs

    with progress("reading", bytes_of(find_inputs(logs))) as advance:
        return read_log(logs, mapping=mapping, others=others, advance=advance, **how)


def _check_out(file: Path | None) -> None:
    if file is not None and file.suffix not in (".html", ".json"):
        raise InputError([Problem("--out", f"{file.name!r} is neither .html nor .json", "choose one of the two")])


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError([Problem(str(folder), f"cannot be made: {error.strerror}", "use another folder")]) from None


def _tell(
    audited: Audited,
    judged: Judged,
    logs: tuple[str, ...],
    file: Path | None,
    as_json: bool,
    besides: dict[str, Any],
    console: Console,
) -> None:
    from prelaunch.findings.screen import show_marks

    result = as_plain(audited, logs)
    if file is not None:
        _write(audited, {**result, **besides} if file.suffix == ".json" else result, file)
    if as_json:
        write_json(result)
        show_marks(console, judged)
        return
    _show(audited, console)
    show_marks(console, judged)
    if file is not None:
        console.print(f"written: {file}", markup=False, soft_wrap=True)


def as_plain(audited: Audited, logs: tuple[str, ...]) -> dict[str, Any]:
    """Return the audit as JSON values; the findings have the form of findings.json in a run folder."""
    from policies.findings_json import counts_by_verdict, results_as_dicts
    from scenarios.foreign.receipts.summary import as_plain as receipts_as_plain

    return {
        "log": list(logs), "rows": audited.rows, "messages": audited.messages, "people": audited.people,
        "packs": list(audited.packs), "verdicts": counts_by_verdict(audited.results),
        "notices": list(audited.notices), "findings": results_as_dicts(audited.results),
        "receipts": receipts_as_plain(audited.receipts) if audited.receipts is not None else None,
    }  # fmt: skip


def _write(audited: Audited, result: dict[str, Any], file: Path) -> None:
    from prelaunch.reports.audit import render_audit
    from prelaunch.run_folder import json_text
    from prelaunch.whole_file import write_whole

    text = json_text(result) if file.suffix == ".json" else render_audit(audited.results, result)
    write_whole(file, text.encode(), "--out")


def _show(audited: Audited, console: Console) -> None:
    """Print the verdicts, what asks for action first."""
    from prelaunch.findings.screen import show_verdicts
    from prelaunch.layout import say
    from prelaunch.reports.numbers import count
    from prelaunch.screen_receipts import show_receipts

    say(console, f"{count(audited.rows)} rows, {count(audited.messages)} messages, {count(audited.people)} people")
    for notice in audited.notices:
        say(console, notice, first=2, style="dim")
    show_verdicts(console, audited.results)
    if audited.receipts is not None:
        show_receipts(console, audited.receipts)
