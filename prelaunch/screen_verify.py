"""The verifier on the terminal: a table of rules, then each violation as a short timeline."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from policies.verdicts import Verdict
from prelaunch.layout import SEVERITY_STYLES, say
from prelaunch.reports.numbers import count
from prelaunch.verifying import Verified, sentence, timeline

if TYPE_CHECKING:
    from rich.console import Console

ORDER = (
    Verdict.VIOLATED, Verdict.REVIEW, Verdict.NEEDS_INPUT, Verdict.NOT_DECIDED, Verdict.PROVED, Verdict.NOT_TESTED,
)  # fmt: skip
STYLE = {Verdict.VIOLATED: "red", Verdict.REVIEW: "yellow", Verdict.NEEDS_INPUT: "yellow", Verdict.PROVED: "green"}
MOST_TIMELINES = 8


def show_verified(console: Console, found: Verified) -> None:
    """Print the domain, the table and the witnesses."""
    say(console, f"{found.prepared.scenario.name}, rules as of {found.compiled.line.as_of}", style="bold")
    for name in ("zones", "releases", "queueing", "not enumerated"):
        say(console, f"{name}: {found.plan.domain[name]}", first=2, style="dim")
    console.print(_table(found))
    counts = Counter(one.proof.verdict for one in found.proved)
    say(console, ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in ORDER if counts[verdict]) or "no packs")
    _timelines(console, found)
    for remark in found.besides:
        say(console, f"{remark.about}: {remark.sentence}; {remark.fix}", first=2, style="yellow", word=remark.about)
    if found.folder is not None:
        say(console, f"written: {found.folder / 'verify.json'}")


def _table(found: Verified) -> object:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name in ("rule", "severity", "verdict", "states", "bound"):
        table.add_column(name, justify="right" if name == "states" else "left", overflow="fold")
    for one in sorted(found.proved, key=lambda one: ORDER.index(one.proof.verdict)):
        proof = one.proof
        verdict = Text(proof.verdict.value, style=STYLE.get(proof.verdict, ""))
        severity = Text(proof.severity, style=SEVERITY_STYLES[proof.severity])
        table.add_row(proof.rule.id, severity, verdict, count(proof.states), proof.bound)
    return table


def _timelines(console: Console, found: Verified) -> None:
    broken = [one for one in found.proved if one.proof.verdict == Verdict.VIOLATED and one.witness is not None]
    for one in broken[:MOST_TIMELINES]:
        assert one.witness is not None
        say(
            console,
            f"{one.proof.rule.id}: {one.proof.rule.title}: {sentence(one)}",
            style="red",
            word=one.proof.rule.id,
        )
        for row in timeline(found, one.witness):
            where = " ".join(word for word in (row["step"], row["channel"]) if word)
            say(console, f"{row['local']}  {where}: {row['text']}", first=2)
    if len(broken) > MOST_TIMELINES:
        say(console, f"… and {len(broken) - MOST_TIMELINES} more; --out FOLDER writes all of them")
