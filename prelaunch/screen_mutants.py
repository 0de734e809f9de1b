"""What ``prelaunch mutate`` says on the terminal: the survivors with what to add, and what else is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from prelaunch.layout import say
from prelaunch.reports.numbers import count, per_cent
from scenarios.experiments.mutate.outcomes import Mutation, Outcome

if TYPE_CHECKING:
    from rich.console import Console

MOST_ROWS = 24
MOST_BOUNDS = 5
STYLES = {"survived": "yellow", "stricter": "dim", "noticed": "green"}


def show_mutants(console: Console, mutation: Mutation, out: Path | None = None) -> None:
    """Print the counts, the table with the survivors first, and the rules that were not tested or never violated."""
    console.print()
    for sort, name in (("guard", "changed guards"), ("rule", "changed rules")):
        _counts(console, mutation, sort, name)
    if not mutation.guards:
        say(console, "the scenario has no guards of its own: nothing but luck keeps it within the rules")
    rows = mutation.sorted
    _table(console, rows[:MOST_ROWS])
    if len(rows) > MOST_ROWS:
        where = f"all are in {out}" if out else "--out FILE.csv has them all"
        say(console, f"… and {count(len(rows) - MOST_ROWS)} more; {where}")
    _not_tested(console, mutation)
    _bounds(console, mutation)
    if mutation.interrupted:
        done = f"{count(len(mutation.outcomes))} of {count(mutation.planned)} mutants"
        say(console, f"interrupted: {done} were tried", style="yellow")
    if out is not None:
        say(console, f"mutants: {out}")


def _counts(console: Console, mutation: Mutation, sort: str, name: str) -> None:
    mine = [each for each in mutation.outcomes if each.of == sort]
    if not mine:
        return
    words = {
        "survived": "survived: no check tells them from the original",
        "noticed": "noticed",
        "stricter": "only hold back more",
    }
    parts = [f"{count(n)} {words[fate]}" for fate in words if (n := sum(each.fate == fate for each in mine))]
    say(console, f"{name}: {count(len(mine))}; {'; '.join(parts)}")


def _table(console: Console, rows: Sequence[Outcome]) -> None:
    """Print a table on a terminal, two lines a mutant elsewhere."""
    if not console.is_terminal:
        for row in rows:
            say(console, f"{row.fate} {row.id}: {row.change}: {_sentence(row)}")
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False)
    for name in ("", "guard or rule", "change", "why; what to add"):
        table.add_column(name, overflow="fold")
    for row in rows:
        fate = Text(row.fate, style=STYLES[row.fate])
        table.add_row(fate, Text(row.id), Text(row.change), Text(_sentence(row)))
    console.print(table)


def _sentence(row: Outcome) -> str:
    if row.fate == "noticed" and row.of == "guard":
        more = f" and {len(row.noticed_by) - 3} more" if len(row.noticed_by) > 3 else ""
        return f"{row.sentence} ({', '.join(row.noticed_by[:3])}{more})"
    return f"{row.sentence}; {row.remedy}" if row.remedy else row.sentence


def _not_tested(console: Console, mutation: Mutation) -> None:
    if not mutation.not_tested:
        return
    untried = sum(mutation.untried.values())
    names = ", ".join(result.rule.id for result in mutation.not_tested)
    skipped = f" ({count(untried)} changes of theirs were not worth trying)" if untried else ""
    say(console, f"not tested, their trigger never occurred: {names}{skipped}")


def _bounds(console: Console, mutation: Mutation) -> None:
    """Say how many violations the rules without any still leave possible, those that are least sure first."""
    if not mutation.bounded:
        return
    say(console, "no violation seen, which does not mean none; at 95 % confidence at most:")
    for result in mutation.bounded[:MOST_BOUNDS]:
        bound = per_cent(result.upper_bound)
        say(console, f"{result.rule.id}: none in {count(result.tested)}, so at most {bound}", first=2)
    if len(mutation.bounded) > MOST_BOUNDS:
        console.print(f"  … and {count(len(mutation.bounded) - MOST_BOUNDS)} rules that are surer (--json)")
