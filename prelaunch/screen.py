"""What a run says on the terminal: the figures with units, the verdicts, where the report is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from policies.findings import Verdict
from prelaunch.rehearsal import notices
from prelaunch.reports.figures import key_figures, obeying_rows

if TYPE_CHECKING:
    from rich.console import Console

    from policies.findings import RuleResult
    from prelaunch.rehearsal import Rehearsal
    from scenarios.experiments.prepare import Prepared

STYLE = {Verdict.VIOLATED: "red", Verdict.REVIEW: "yellow"}
"""The verdicts that are shown rule by rule, the worst first."""
MOST_RULES = 12


def show_run(console: Console, prepared: Prepared, rehearsal: Rehearsal, folder: Path) -> None:
    """Print the summary of a run."""
    from rich.table import Table

    console.print()
    console.print(
        f"[bold]{_safe(prepared.scenario.name)}[/bold], rules and prices as of {rehearsal.compiled.line.as_of}"
    )
    _audience(console, prepared)
    table = Table(box=None, show_header=False, pad_edge=False)
    for figure in key_figures(rehearsal.summary):
        table.add_row(figure.label, f"[bold]{_safe(figure.value)}[/bold]", _safe(figure.note))
    console.print(table)
    _verdicts(console, rehearsal)
    _obeying(console, rehearsal)
    if rehearsal.replications.interrupted:
        console.print("[yellow]interrupted: only the replications that were done are kept[/yellow]")
    console.print(f"report: [link=file://{(folder / 'report.html').absolute()}]{folder / 'report.html'}[/link]")


def _safe(text: object) -> str:
    from rich.markup import escape

    return escape(str(text))


def _audience(console: Console, prepared: Prepared) -> None:
    audience = prepared.audience
    rejected = f", [yellow]{len(audience.rejects)} rows set aside (rejects.csv)[/yellow]" if audience.rejects else ""
    console.print(f"audience: {len(audience.people)} people of {audience.rows_read} rows{rejected}")
    for line in notices(prepared)[:6]:
        console.print(f"  {_safe(line)}", style="dim")


def _verdicts(console: Console, rehearsal: Rehearsal) -> None:
    counts = Counter(result.verdict for result in rehearsal.findings)
    words = ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict])
    console.print(f"rules: {words or 'no packs chosen'}")
    shown = [result for verdict in STYLE for result in rehearsal.findings if result.verdict == verdict]
    for result in shown[:MOST_RULES]:
        console.print(_line(result))
    if len(shown) > MOST_RULES:
        console.print(f"  … and {len(shown) - MOST_RULES} more in the report")


def _line(result: RuleResult) -> str:
    style, many = STYLE[result.verdict], result.failed or result.review
    count = f"{many} of {result.tested}" if result.tested else "this run"
    what = f"{result.rule.id} ({result.severity}): {_safe(result.rule.title)}: {count}"
    return f"  [{style}]{result.verdict.value}[/{style}] {what}"


def _obeying(console: Console, rehearsal: Rehearsal) -> None:
    if rehearsal.other is None:
        return
    observing = rehearsal.compiled.scenario.gate == "observe"
    first, second = (rehearsal.summary, rehearsal.other) if observing else (rehearsal.other, rehearsal.summary)
    rows = obeying_rows(first, second)
    console.print(
        "obeying the packs: " + "; ".join(f"{_safe(what)} {_safe(a)} → {_safe(b)}" for what, a, b in rows[:4])
    )
