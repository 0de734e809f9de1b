"""The receipts of a log on the screen: what became of messages, and where receipts contradict themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prelaunch.layout import say
from prelaunch.reports.numbers import count

if TYPE_CHECKING:
    from rich.console import Console

    from scenarios.foreign.receipts.summary import Disagreement, Receipts

FEW_WORDS = 5


def show_receipts(console: Console, receipts: Receipts) -> None:
    """Print the fates of messages and the contradictions; they are of the data and change no verdict."""
    fates = ", ".join(f"{count(number)} {name}" for name, number in receipts.fates.items())
    say(console, f"Receipts: of {count(receipts.messages)} messages {fates}", style="bold")
    if not receipts.by_id:
        say(console, "no row has an id of its message, so receipts of several rows were not compared", first=2)
    for item in receipts.found:
        say(console, _line(item, receipts), style="yellow", word="receipts")
    if receipts.found:
        what = "these are faults of the data, not of a rule: no verdict and, without --fail-on-receipts, no exit code"
        say(console, what, first=2, style="dim")


def _line(item: Disagreement, receipts: Receipts) -> str:
    line = f"receipts {item.kind}: {count(item.count)}: {item.meaning}"
    if item.kind == "unknown_status":
        line += f": {', '.join(list(receipts.words)[:FEW_WORDS])}"
    first = item.examples[0]
    return f"{line}; first at {first.file}:{first.line} ({first.told})"
