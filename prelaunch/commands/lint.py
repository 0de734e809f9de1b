"""``prelaunch lint``: check texts before a provider, a regulator or a customer does."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policies.errors import InputError, Problem
from policies.records import CATEGORIES, CHANNELS
from prelaunch import exits
from prelaunch.console import err, json_option, out, write_json

if TYPE_CHECKING:
    from policies.content.text import TemplateText
    from prelaunch.remarks import Remark

FAIL_ON = ("block", "error", "warn", "never")
SHOWN = ("block", "error", "warn", "info")


@click.command()
@click.argument("scenarios", nargs=-1)
@click.option("--text", "texts", multiple=True, help="Check this text; needs --channel. Several may be given.")
@click.option("--channel", type=click.Choice(CHANNELS), help="Channel of single texts; SCENARIOS may then only be -.")
@click.option("--category", type=click.Choice(CATEGORIES), default="promo", show_default=True, help="Of single texts.")
@click.option("--language", default="ru", show_default=True, help="Of single texts.")
@click.option("--country", metavar="CODE", help="Of the people who get single texts; without --pack RU if not given.")
@click.option("--pack", "packs", multiple=True, help="Packs to judge by, instead of the scenario's; texts take all.")
@click.option("--audience", type=click.Path(path_type=Path), help="File to use instead of the scenario's.")
@click.option("--dictionary", type=click.Path(path_type=Path), help="Words that are spelt right, one a line.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge by the rules of this date.")
@click.option("--ignore", multiple=True, metavar="CODE", help="Leave out remarks of this code or rule.")
@click.option("--least", type=click.Choice(SHOWN), default="info", show_default=True, help="Show from here up.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="error", show_default=True, help="Exit 1 from here up.")
@json_option
def command(
    scenarios: tuple[str, ...], texts: tuple[str, ...], channel: str | None, category: str, language: str,
    country: str | None, packs: tuple[str, ...], audience: Path | None, dictionary: Path | None, as_of: datetime | None,
    ignore: tuple[str, ...], least: str, fail_on: str, as_json: bool,
) -> int:  # fmt: skip
    """Check the templates of SCENARIOS (files, globs, - for standard input) for what a provider would refuse.

    Or check single texts: --channel sms --text "...", or --channel sms - with one text a line. The checks of the
    packs' content rules are made too: what only a person can decide is softened to a warning, what lacks an input is
    info.
    """
    from policies.packs import PACKS
    from prelaunch.linting import expand, lint_files, lint_texts, read_dictionary

    _refuse_mixture(scenarios, texts, channel, audience)
    day = as_of.date() if as_of else None
    words = read_dictionary(dictionary) if dictionary else None
    if channel is None:
        remarks, checked = lint_files(expand(scenarios), packs=packs, as_of=day, audience=audience, dictionary=words)
    else:
        given = list(_texts(scenarios, texts, channel, category, language))
        country = country or (None if packs else "RU")
        places = (country.upper(),) if country else ()
        remarks, checked = lint_texts(given, packs or PACKS, places, as_of=day, dictionary=words), len(given)
    shown = [remark for remark in remarks if remark.code not in ignore and remark.at_least(least)]
    _tell(shown, checked, "text" if channel else "template", as_json)
    failed = fail_on != "never" and any(remark.at_least(fail_on) for remark in remarks if remark.code not in ignore)
    return exits.FINDINGS if failed else exits.DONE


def _refuse_mixture(scenarios: Sequence[str], texts: Sequence[str], channel: str | None, audience: Path | None) -> None:
    """Raise InputError for options that do not belong together."""
    problems = []
    if channel is None and texts:
        problems.append(Problem("--text", "the channel of the text is not known", f"add --channel {CHANNELS[5]}"))
    elif not scenarios and not texts:
        problems.append(Problem("lint", "nothing to check", "give scenario files, or --channel and --text"))
    if channel is not None and any(name != "-" for name in scenarios):
        problems.append(Problem("--channel", "is for single texts, and scenarios are given", "leave one of them out"))
    if channel is not None and audience is not None:
        problems.append(Problem("--audience", "is for scenarios, not for single texts", "leave it out"))
    if problems:
        raise InputError(problems)


def _texts(
    scenarios: Sequence[str], texts: Sequence[str], channel: str, category: str, language: str
) -> Iterator[tuple[int, TemplateText]]:
    """Yield the texts of the command line, then those of standard input, with their numbers or lines from 1."""
    from policies.content.text import TemplateText

    lines = _standard_input() if scenarios else []
    given = [*enumerate(texts, 1), *((number, line) for number, line in enumerate(lines, 1) if line.strip())]
    for number, body in given:
        yield number, TemplateText(channel=channel, category=category, body=body, language=language)


def _standard_input() -> list[str]:
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([Problem("<stdin>", f"byte {error.start} is not UTF-8", "save the texts as UTF-8")]) from None
    return [line.rstrip("\r") for line in text.split("\n")]


def _tell(remarks: Sequence[Remark], checked: int, what: str, as_json: bool) -> None:
    counts = {severity: sum(remark.severity == severity for remark in remarks) for severity in SHOWN}
    if as_json:
        write_json({"checked": checked, "counts": counts, "remarks": [asdict(remark) for remark in remarks]})
    else:
        _print(remarks)
    words = ", ".join(f"{count} {severity}" for severity, count in counts.items() if count)
    err().print(f"{checked} {what}{'' if checked == 1 else 's'} checked: {words or 'nothing found'}", markup=False)


def _print(remarks: Sequence[Remark]) -> None:
    from prelaunch.layout import SEVERITY_STYLES, say
    from prelaunch.remarks import said

    console = out()
    for remark in remarks:
        say(console, said(remark), style=SEVERITY_STYLES[remark.severity], word=f" {remark.severity} ")
