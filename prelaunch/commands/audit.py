"""``prelaunch audit``: judge an event log, simulated or real, by rule packs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from policies.errors import InputError, Problem
from prelaunch import exits
from prelaunch.console import json_option, out, progress, write_json

if TYPE_CHECKING:
    from policies.findings import RuleResult
    from prelaunch.auditing import Audited
    from scenarios.foreign.mapping import LogMapping
    from scenarios.foreign.read import Foreign

FAIL_ON = ("block", "error", "warn", "never")
KINDS = (
    "retailer", "bank", "microfinance", "insurer", "collector", "telecom", "marketplace", "state", "utility", "other",
)  # fmt: skip
"""As ``organisation.kind`` of a scenario; a test compares."""
MOST_MISSING = 3

Function = TypeVar("Function", bound=Callable[..., Any])


def log_options(function: Function) -> Function:
    """Add the options that ``audit`` and ``judge`` share."""
    options = (
        click.option("--packs", "packs", metavar="A,B", help="Packs of rules: names, or paths of YAML files."),
        click.option("--scenario", type=click.Path(path_type=Path), help="Take senders, templates, evidence from it."),
        click.option("--audience", type=click.Path(path_type=Path), help="CSV or Parquet file of the recipients."),
        click.option("--mapping", "mappings", multiple=True, metavar="NAME[=PATTERN]",
                     help="Whose column and word is which: twilio, infobip, smsc, whatsapp, csv or a YAML file; with a "
                          "PATTERN for the files that fit it. May be repeated."),
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


def list_mappings(context: click.Context, _: click.Parameter, asked: bool) -> None:
    """Print what ``--mapping`` knows by name, with sources and what is assumed, and end."""
    from prelaunch.layout import say
    from scenarios.foreign.mapping import shipped_mappings

    if not asked or context.resilient_parsing:
        return
    for name, mapping in shipped_mappings().items():
        say(out(), f"{name}: {mapping.about.title}", style="bold")
        for source in mapping.about.sources:
            say(out(), f"read: {source}", first=2)
        for guess in mapping.about.assumed:
            say(out(), f"assumed: {guess}", first=2)
    context.exit()


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
@json_option
def command(
    logs: tuple[str, ...], packs: str | None, scenario: Path | None, audience: Path | None, mappings: tuple[str, ...],
    input_format: str, as_of: datetime | None, organisation: str | None, country: str | None, zone: str | None,
    skip_bad_rows: bool, fail_on: str, fail_on_receipts: bool, file: Path | None, show_recipients: bool, as_json: bool,
) -> int:  # fmt: skip
    """Judge the messages of LOG by rule packs: files (Parquet, CSV, JSON lines), patterns, - or one run folder.

    What the log and the files beside it do not tell is not taken for kept: the rule says which input it needs.
    """
    from prelaunch.auditing import audit_foreign, audit_run, given_by
    from prelaunch.recipient_key import showing
    from prelaunch.run_folder import is_run

    names = pack_names(packs)
    day = as_of.date() if as_of else None
    _check_out(file)
    runs = [name for name in logs if is_run(Path(name))]
    place = Path(runs[0]).absolute().parent if runs else file.absolute().parent if file else Path("runs")
    if runs and len(logs) > 1:
        raise InputError([Problem(runs[0], "is a run folder and not alone", "audit one run at a time")])
    _make(place)
    show = showing(place, show_recipients)
    if runs:
        given = {"scenario": scenario, "audience": audience, "as_of": day, "packs": names}
        with progress("judging", 1):
            audited = audit_run(Path(runs[0]), given, show)
    else:
        given_besides = given_by(
            names, scenario, audience, as_of=day, zone=zone, organisation=organisation, country=checked(country)
        )
        how: dict[str, Any] = {"form": input_format, "keep_going": skip_bad_rows, "country": checked(country)}
        # the log has no name here, so that its columns can be let go
        audited = audit_foreign(_read(logs, *mappings_of(mappings, zone), **how), given_besides, show)
    _tell(audited, logs, file, as_json)
    contradicted = fail_on_receipts and audited.receipts is not None and bool(audited.receipts.found)
    return exits.FINDINGS if contradicted or found(audited.results, fail_on) else exits.DONE


def _read(logs: tuple[str, ...], mapping: LogMapping, others: list[tuple[str, LogMapping]], **how: Any) -> Foreign:
    from scenarios.foreign.read import read_log
    from scenarios.foreign.sources import bytes_of, find_inputs

    with progress("reading", bytes_of(find_inputs(logs))) as advance:
        return read_log(logs, mapping=mapping, others=others, advance=advance, **how)


def pack_names(text: str | None) -> list[str]:
    """Return the packs of a list with commas."""
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def checked(country: str | None) -> str | None:
    """Return the country in capitals; raises ``InputError`` for what is none."""
    from phonenumbers import SUPPORTED_REGIONS

    if country is None or country.upper() in SUPPORTED_REGIONS:
        return country and country.upper()
    raise InputError([Problem("--country", f"{country!r} is no country", "two letters, such as RU")])


def mappings_of(names: tuple[str, ...], zone: str | None) -> tuple[LogMapping, list[tuple[str, LogMapping]]]:
    """Return the mapping of all files and those of files that fit a pattern; ``zone`` serves where one names none."""
    from dataclasses import replace

    from scenarios.audience.zones import known_zones
    from scenarios.foreign.mapping import LogMapping, find_mapping

    if zone is not None and zone not in known_zones():
        raise InputError([Problem("--zone", f"{zone!r} is no IANA time zone", "write e.g. Europe/Moscow")])
    whole, others = [LogMapping()], []
    for name in names:
        mapping, _, pattern = (name, "", "") if Path(name).is_file() else name.partition("=")
        if pattern:
            others.append((pattern, find_mapping(mapping)))
        else:
            whole.append(find_mapping(mapping))
    if len(whole) > 2:
        raise InputError([Problem("--mapping", "is given twice for all files", "write NAME=PATTERN for some of them")])
    zoned = [replace(mapping, zone=mapping.zone or zone) for mapping in (whole[-1], *(own for _, own in others))]
    return zoned[0], [(pattern, own) for (pattern, _), own in zip(others, zoned[1:], strict=True)]


def found(results: tuple[RuleResult, ...], fail_on: str) -> bool:
    """Say whether a rule is violated whose severity is ``fail_on`` or graver."""
    from policies.findings import Verdict

    if fail_on == "never":
        return False
    grave = FAIL_ON[: FAIL_ON.index(fail_on) + 1]
    return any(result.verdict == Verdict.VIOLATED and result.severity in grave for result in results)


def _check_out(file: Path | None) -> None:
    if file is not None and file.suffix not in (".html", ".json"):
        raise InputError([Problem("--out", f"{file.name!r} is neither .html nor .json", "choose one of the two")])


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError([Problem(str(folder), f"cannot be made: {error.strerror}", "use another folder")]) from None


def _tell(audited: Audited, logs: tuple[str, ...], file: Path | None, as_json: bool) -> None:
    result = as_plain(audited, logs)
    if file is not None:
        _write(audited, result, file)
    if as_json:
        write_json(result)
        return
    _show(audited)
    if file is not None:
        out().print(f"written: {file}", markup=False, soft_wrap=True)


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
    from prelaunch.run_folder import write_json as write_file

    try:
        if file.suffix == ".json":
            write_file(file, result)
        else:
            file.write_text(render_audit(audited.results, result), encoding="utf-8")
    except OSError as error:
        raise InputError([Problem(str(file), f"cannot be written: {error.strerror}", "choose another --out")]) from None


def _show(audited: Audited) -> None:
    """Print the verdicts, what asks for action first."""
    from prelaunch.layout import say
    from prelaunch.reports.numbers import count
    from prelaunch.reports.verdicts import headline, in_order, in_words
    from prelaunch.screen_receipts import show_receipts

    console = out()
    say(console, f"{count(audited.rows)} rows, {count(audited.messages)} messages, {count(audited.people)} people")
    for notice in audited.notices:
        say(console, notice, first=2, style="dim")
    say(console, headline(audited.results), style="bold")
    for result in in_order(audited.results):
        rule = result.rule
        word = result.verdict.value
        line = f"{word} {rule.id} ({result.severity}): {rule.title}: {in_words(result)}"
        if result.missing:
            more = f" and {len(result.missing) - MOST_MISSING} more" if len(result.missing) > MOST_MISSING else ""
            line += f"; missing: {', '.join(result.missing[:MOST_MISSING])}{more}"
        say(console, line, style=_style(word), word=word)
    if audited.receipts is not None:
        show_receipts(console, audited.receipts)


def _style(word: str) -> str:
    return {"violated": "red", "review": "yellow", "needs input": "yellow"}.get(word, "green")
