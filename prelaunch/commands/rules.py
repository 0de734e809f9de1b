"""``prelaunch rules``: the catalogue of rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policies.errors import InputError, Problem
from policies.records import CATEGORIES, CHANNELS
from prelaunch.console import err, json_option, write_json

if TYPE_CHECKING:
    from policies.packs import Pack
    from policies.rules import Rule, Severity

SEVERITIES = ("block", "error", "warn", "info")
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("words", nargs=-1, metavar="[ID | diff DATE DATE [ID] | check FILE...]")
@click.option("--pack", "packs", multiple=True, help="Rules of this pack: a shipped name or a file of your own.")
@click.option("--channel", type=click.Choice(CHANNELS), help="Rules that speak of this channel.")
@click.option("--category", type=click.Choice(CATEGORIES), help="Rules that speak of this category.")
@click.option("--country", metavar="CODE", help="Rules that hold for people of this country, such as RU.")
@click.option("--severity", type=click.Choice(SEVERITIES), help="Rules of this severity and graver.")
@click.option("--as-of", type=DAY, help="Only rules in force on this date.")
@json_option
def command(
    words: tuple[str, ...], packs: tuple[str, ...], channel: str | None, category: str | None, country: str | None,
    severity: Severity | None, as_of: datetime | None, as_json: bool,
) -> None:  # fmt: skip
    """List the rules, or show the rule ID in all its versions: statement, source, dates, checks, examples.

    Without --as-of all versions are listed, announced ones too. diff DATE DATE tells what changes between two dates,
    of all rules or one: those that begin or end, and what differs in the others. check FILE... checks packs of your
    own (YAML files, globs, - for standard input): all faults at once, with place and remedy, and exit code 2.
    """
    from policies.catalogue import select
    from policies.packs import PACKS, all_rules, load_packs
    from prelaunch.rule_pages import show_changes, show_list, show_rules

    if words[:1] == ("check",):
        _check(words[1:], as_json)
        return
    rule, diff = _asked(words)
    loaded = load_packs(packs or PACKS)
    chosen = select(
        all_rules(loaded), channel=channel, category=category, country=country and country.upper(), severity=severity,
        as_of=as_of.date() if as_of and diff is None else None,
    )  # fmt: skip
    if rule is not None:
        chosen = _versions(rule, chosen, all_rules(loaded))
    if diff is not None:
        show_changes(chosen, diff[0].date(), diff[1].date(), as_json=as_json)
    elif rule is not None:
        show_rules(chosen, as_json=as_json)
    else:
        show_list(chosen, as_json=as_json)


def _path(file: Path) -> str:
    """Return the file as a name that a pack loader takes for a path."""
    return str(file) if file.is_absolute() else f"./{file}"


def _sound(pack: Pack) -> None:
    checks = sum(len(rule.checks) for rule in pack.rules)
    err().print(f"{pack.source}: pack {pack.name} is sound: {len(pack.rules)} rules, {checks} checks", markup=False)


def _asked(words: tuple[str, ...]) -> tuple[str | None, tuple[datetime, datetime] | None]:
    """Return the rule's id and the two dates, as far as they were asked for; raises a usage error for other words."""
    if words[:1] == ("diff",):
        if not 3 <= len(words) <= 4:
            raise click.UsageError("diff takes two dates: prelaunch rules diff 2025-08-31 2025-09-01")
        first, second = (DAY.convert(word, None, None) for word in words[1:3])
        return words[3] if len(words) > 3 else None, (first, second)
    if len(words) > 1:
        raise click.UsageError(f"one rule at a time, not {len(words)}; or diff DATE DATE, or check FILE...")
    return (words[0] if words else None), None


def _check(patterns: tuple[str, ...], as_json: bool) -> None:
    """Say that the packs in the files are sound; raises one InputError with the faults of all of them."""
    from policies.packs import load_packs
    from prelaunch.linting import expand

    if not patterns:
        raise click.UsageError("check takes files: prelaunch rules check house.yaml")
    packs = load_packs([str(file) if str(file) == "-" else _path(file) for file in expand(patterns)])
    if as_json:
        write_json([_summary(pack) for pack in packs])
    for pack in packs:
        _sound(pack)


def _summary(pack: Pack) -> dict[str, object]:
    checks = sum(len(rule.checks) for rule in pack.rules)
    return {"pack": pack.name, "version": pack.version, "rules": len(pack.rules), "checks": checks}


def _versions(name: str, chosen: Sequence[Rule], everything: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the versions of one rule; raises InputError for an id that is unknown, or not among the chosen."""
    from difflib import get_close_matches

    from policies.catalogue import versions

    found = versions(chosen, name)
    if found:
        return found
    if versions(everything, name):
        raise InputError([Problem("rules", f"{name} does not meet the filters", "leave out a filter, or --as-of")])
    near = get_close_matches(name.upper(), [rule.id for rule in everything], n=1)
    remedy = f"did you mean {near[0]}?" if near else "prelaunch rules lists them all"
    raise InputError([Problem("rules", f"there is no rule {name!r}", remedy)])
