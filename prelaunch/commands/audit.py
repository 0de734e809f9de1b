"""``prelaunch audit``: judge an event log, simulated or real, by rule packs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from policies.errors import InputError, Problem
from prelaunch.console import err, json_option, out, progress, write_json
from prelaunch.findings.counting import FAIL_ON
from prelaunch.findings.options import Managing, managing_options, output_options
from prelaunch.findings.output_files import Outputs

if TYPE_CHECKING:
    from rich.console import Console

    from prelaunch.auditing import Audited
    from prelaunch.findings.about import About, Judged
    from scenarios.foreign.mapping import LogMapping

KINDS = (
    "retailer", "bank", "microfinance", "insurer", "collector", "telecom", "marketplace", "state", "utility", "other",
)  # fmt: skip
"""As ``organisation.kind`` of a scenario; a test compares."""

Function = TypeVar("Function", bound=Callable[..., Any])


def log_options(function: Function) -> Function:
    """Add the options that ``audit`` and ``judge`` share."""
    options = (
        click.option("--packs", "packs", metavar="A,B", help="Packs of rules: names, or paths of YAML files."),
        click.option("--scenario", type=click.Path(path_type=Path), help="Take senders, templates, evidence from it."),
        click.option("--audience", type=click.Path(path_type=Path), help="CSV or Parquet file of the recipients."),
        click.option("--mapping", type=click.Path(path_type=Path), help="YAML: whose column and word is which."),
        click.option("--input-format", type=click.Choice(["auto", "parquet", "csv", "jsonl"]), default="auto",
                     show_default=True, help="How the log is written; auto looks at its content."),
        click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Rules of this date, whatever the times."),
        click.option("--organisation", type=click.Choice(KINDS), help="Kind of the organisation that sends."),
        click.option("--country", metavar="RU", help="Country of the sender, and of recipients who tell none."),
        click.option("--zone", metavar="ZONE", help="IANA zone of times that carry none."),
        click.option("--skip-bad-rows", is_flag=True, help="Go on without the rows that cannot be read."),
        click.option("--fail-on", type=click.Choice(FAIL_ON), default="error", show_default=True,
                     help="Exit 1 from here up."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


@click.command()
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@log_options
@click.option("--out", "file", type=click.Path(path_type=Path), help="Also write FILE.html or FILE.json.")
@click.option("--show-recipients", is_flag=True, help="Show external ids as evidence instead of keyed hashes.")
@managing_options
@output_options
@json_option
def command(
    logs: tuple[str, ...], packs: str | None, scenario: Path | None, audience: Path | None, mapping: Path | None,
    input_format: str, as_of: datetime | None, organisation: str | None, country: str | None, zone: str | None,
    skip_bad_rows: bool, fail_on: str, file: Path | None, show_recipients: bool, as_json: bool,
    managing: Managing, outputs: Outputs,
) -> int:  # fmt: skip
    """Judge the messages of LOG by rule packs: files (Parquet, CSV, JSON lines), patterns, - or one run folder.

    What the log and the files beside it do not tell is not taken for kept: the rule says which input it needs.
    """
    from prelaunch.auditing import audit_foreign, audit_run, given_by
    from prelaunch.policy_report.audits import for_report
    from prelaunch.recipient_key import showing
    from prelaunch.run_folder import is_run
    from scenarios.foreign.read import read_log

    managed = managing.read(fail_on, (*logs, mapping, audience, scenario))
    outputs.check("--json" if as_json else "")
    names = pack_names(packs)
    day = as_of.date() if as_of else None
    _check_out(file)
    runs = [name for name in logs if is_run(Path(name))]
    place = Path(runs[0]).absolute().parent if runs else file.absolute().parent if file else Path("runs")
    if runs and len(logs) > 1:
        raise InputError([Problem(runs[0], "is a run folder and not alone", "audit one run at a time")])
    _make(place)
    show = showing(place, show_recipients)
    besides: dict[str, Any] = {"report": "was the audit of a run folder: give that folder"}
    if runs:
        given = {"scenario": scenario, "audience": audience, "as_of": day, "packs": names}
        with progress("judging", 1):
            audited = audit_run(Path(runs[0]), given, show)
    else:
        given_besides = given_by(
            names, scenario, audience, as_of=day, zone=zone, organisation=organisation, country=checked(country)
        )
        log = read_log(logs, form=input_format, mapping=mapping_of(mapping, zone), keep_going=skip_bad_rows)
        audited = audit_foreign(log, given_besides, show)
        if file is not None and file.suffix == ".json":
            besides["report"] = for_report(click.get_current_context(), log, audited, showing(place, clear=False))
    judged = managed.judge(_about(audited, logs, runs, scenario, day), audited.results)
    audited = replace(audited, results=judged.results)
    _tell(audited, judged, logs, file, as_json, besides, err() if as_json or outputs.to_stdout else out())
    outputs.write([judged])
    return judged.code


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


def pack_names(text: str | None) -> list[str]:
    """Return the packs of a list with commas."""
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def checked(country: str | None) -> str | None:
    """Return the country in capitals; raises ``InputError`` for what is none."""
    from phonenumbers import SUPPORTED_REGIONS

    if country is None or country.upper() in SUPPORTED_REGIONS:
        return country and country.upper()
    raise InputError([Problem("--country", f"{country!r} is no country", "two letters, such as RU")])


def mapping_of(file: Path | None, zone: str | None) -> LogMapping:
    """Return the mapping file, or the plain mapping; ``zone`` serves where the file names none."""
    from scenarios.audience.zones import known_zones
    from scenarios.foreign.mapping import LogMapping, read_mapping

    if zone is not None and zone not in known_zones():
        raise InputError([Problem("--zone", f"{zone!r} is no IANA time zone", "write e.g. Europe/Moscow")])
    mapping = read_mapping(file) if file is not None else LogMapping()
    return replace(mapping, zone=mapping.zone or zone)


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

    return {
        "log": list(logs), "rows": audited.rows, "messages": audited.messages, "people": audited.people,
        "packs": list(audited.packs), "verdicts": counts_by_verdict(audited.results),
        "notices": list(audited.notices), "findings": results_as_dicts(audited.results),
    }  # fmt: skip


def _write(audited: Audited, result: dict[str, Any], file: Path) -> None:
    from prelaunch.reports.audit import render_audit
    from prelaunch.run_folder import write_json as write_file

    try:
        if file.suffix == ".json":
            write_file(file, result)
        else:
            file.write_text(render_audit(audited.results, result), encoding="utf-8")
    except OSError as error:
        raise InputError([Problem(str(file), f"cannot be written: {error.strerror}", "choose another --out")]) from None


def _show(audited: Audited, console: Console) -> None:
    """Print the verdicts, what asks for action first."""
    from prelaunch.findings.screen import show_verdicts
    from prelaunch.layout import say
    from prelaunch.reports.numbers import count

    say(console, f"{count(audited.rows)} rows, {count(audited.messages)} messages, {count(audited.people)} people")
    for notice in audited.notices:
        say(console, notice, first=2, style="dim")
    show_verdicts(console, audited.results)
