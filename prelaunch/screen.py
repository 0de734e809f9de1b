"""What a run says on the terminal: the figures with units, the verdicts, where the report is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from policies.findings import Verdict
from policies.rules import SEVERITY_ORDER
from prelaunch.disclosure import notices
from prelaunch.findings.screen import mark
from prelaunch.layout import INTERRUPTED, say
from prelaunch.rehearsal import log_notice
from prelaunch.reports.figures import key_figures, obeying_rows
from prelaunch.reports.numbers import count

if TYPE_CHECKING:
    from rich.console import Console

    from policies.findings import RuleResult
    from prelaunch.rehearsal import Rehearsal
    from prelaunch.summary.model import Summary
    from scenarios.experiments.prepare import Prepared

STYLE = {Verdict.VIOLATED: "red", Verdict.REVIEW: "yellow"}
"""The verdicts that are shown rule by rule, the worst first; within one the gravest rules first."""
MOST_RULES = 12
MOST_NOTICES = 6


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
        notes = "; ".join(filter(None, (figure.note, figure.interval)))
        table.add_row(figure.label, f"[bold]{_safe(figure.value)}[/bold]", _safe(notes))
    console.print(table)
    _verdicts(console, rehearsal, len(rehearsal.replications.logs))
    _obeying(console, rehearsal)
    if rehearsal.replications.notice:
        console.print(rehearsal.replications.notice)
    if rehearsal.replications.interrupted:
        console.print(INTERRUPTED, style="yellow")
    if rehearsal.kept != "full":
        say(console, log_notice(rehearsal.kept), style="dim")
    report = folder / "report.html"
    console.print(f"report: [link=file://{report.absolute()}]{_safe(report)}[/link]", soft_wrap=True)


def _safe(text: object) -> str:
    from rich.markup import escape

    return escape(str(text))


def _audience(console: Console, prepared: Prepared) -> None:
    audience = prepared.audience
    rejected = f", [yellow]{len(audience.rejects)} rows set aside (rejects.csv)[/yellow]" if audience.rejects else ""
    people, rows = count(len(audience.people)), count(audience.rows_read)
    console.print(f"audience: {people} people of {rows} rows{rejected}")
    lines = notices(prepared)
    for line in lines[:MOST_NOTICES]:
        say(console, line, first=2, style="dim")
    if len(lines) > MOST_NOTICES:
        console.print(f"  … and {len(lines) - MOST_NOTICES} more in the report", style="dim")


def _verdicts(console: Console, rehearsal: Rehearsal, done: int = 1) -> None:
    counts = Counter(result.verdict for result in rehearsal.findings)
    words = ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict])
    over = f" (counts over {done} replications)" if words and done > 1 else ""
    say(console, f"rules: {words or 'no packs chosen'}{over}")
    shown = sorted((result for result in rehearsal.findings if result.verdict in STYLE), key=_gravity)
    for result in shown[:MOST_RULES]:
        say(console, _line(result), first=2, style=STYLE[result.verdict], word=result.verdict.value)
    if len(shown) > MOST_RULES:
        console.print(f"  … and {len(shown) - MOST_RULES} more in the report")


def _gravity(result: RuleResult) -> tuple[int, int]:
    return list(STYLE).index(result.verdict), SEVERITY_ORDER.index(result.severity)


def _line(result: RuleResult) -> str:
    many = result.failed or result.review
    found = f"{count(many)} of {count(result.tested)}" if result.tested else "this run"
    return f"{result.verdict.value} {result.rule.id} ({result.severity}): {result.rule.title}: {found}{mark(result)}"


def _obeying(console: Console, rehearsal: Rehearsal) -> None:
    if rehearsal.other is None:
        return
    observing = rehearsal.compiled.scenario.gate == "observe"
    first, second = (rehearsal.summary, rehearsal.other) if observing else (rehearsal.other, rehearsal.summary)
    changes = "; ".join(f"{what} {a} → {b}" for what, a, b in obeying_rows(first, second)[:4])
    say(console, f"obeying the packs: {changes}")
    for line in _denied_by(second, rehearsal.findings):
        say(console, line, first=2)


def _denied_by(obeying: Summary, findings: Sequence[RuleResult]) -> list[str]:
    """Return which rules deny most, and what input some of them lack: it may be a statement that nobody made."""
    stopped, lacking = Counter[str](), Counter[str]()
    for stop in obeying.stops:
        if stop.event == "denied" and stop.rule and not stop.rule.startswith("own:"):
            stopped[stop.rule] += stop.attempts
            lacking[stop.rule] += stop.attempts if stop.reason == "unknown_input" else 0
    if not stopped:
        return []
    lines = ["most denied by: " + ", ".join(f"{rule} ({count(number)})" for rule, number in stopped.most_common(3))]
    missing = {result.rule.id: result.missing for result in findings}
    for rule, number in lacking.most_common(2):
        if number and missing.get(rule):
            lines.append(f"{rule} lacks an input for {count(number)} of them: {missing[rule][0]}")
    return lines
