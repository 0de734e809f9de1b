"""The options by which ``audit`` and ``judge`` read a log that is not ours, and what their words mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from policies.errors import InputError, Problem
from prelaunch.console import out
from prelaunch.findings.counting import FAIL_ON

if TYPE_CHECKING:
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
