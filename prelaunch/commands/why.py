"""``prelaunch why``: what happened to one person of a run, and from what it followed."""

from __future__ import annotations

from pathlib import Path

import click

from prelaunch.console import json_option, out, write_json


@click.command()
@click.argument("run", type=click.Path(exists=False, file_okay=False, path_type=Path))
@click.argument("recipient")
@click.option("--replication", type=click.IntRange(0), default=0, show_default=True, help="0 is the first.")
@json_option
def command(run: Path, recipient: str, replication: int, as_json: bool) -> None:
    """Show each decision, rule, draw and receipt of RECIPIENT in the run folder RUN.

    RECIPIENT is an external id, or the hash that stands in the run's reports."""
    from policies.instants import instant_text
    from prelaunch.layout import say
    from prelaunch.recipient_key import showing
    from prelaunch.reports.numbers import instant
    from prelaunch.timeline import read_person

    moments, zone = read_person(run, recipient, replication, showing(run.parent, clear=False))
    if as_json:
        write_json([{"at": instant_text(m.at), "what": m.what, "because": m.because} for m in moments])
        return
    console = out()
    say(console, f"{recipient}, replication {replication}; times in {zone}")
    for moment in moments:
        say(console, f"{instant(moment.at, zone)}  {moment.what}", indent=18)
        if moment.because:
            say(console, moment.because, first=22, indent=22, style="dim")
