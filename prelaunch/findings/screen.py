"""What commands say of marks: counts apart, entries that were not taken, have expired or match nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.findings import RuleResult
from prelaunch.console import fail
from prelaunch.layout import say
from prelaunch.reports.numbers import count
from prelaunch.reports.verdicts import headline, in_order, in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from prelaunch.findings.about import Judged

MOST_MISSING = 3


def show_verdicts(console: Console, results: Sequence[RuleResult]) -> None:
    """Print the verdict on every rule, what asks for action first."""
    say(console, headline(results), style="bold")
    for result in in_order(results):
        rule = result.rule
        word = result.verdict.value
        line = f"{word} {rule.id} ({result.severity}): {rule.title}: {in_words(result)}"
        if result.missing:
            more = f" and {len(result.missing) - MOST_MISSING} more" if len(result.missing) > MOST_MISSING else ""
            line += f"; missing: {', '.join(result.missing[:MOST_MISSING])}{more}"
        say(console, line + mark(result), style=_style(word), word=word)


def mark(result: RuleResult) -> str:
    """Return the marks of a result for the end of its line."""
    words = f"; {result.baseline}" if result.baseline else ""
    if one := result.suppressed:
        return f"{words}; suppressed until {one.expires} by {one.approver}"
    some = sum(site.suppressed is not None for site in result.sites)
    return f"{words}; {some} of {len(result.sites)} findings suppressed" if some else words


def _style(word: str) -> str:
    return {"violated": "red", "review": "yellow", "needs input": "yellow"}.get(word, "green")


def show_marks(console: Console, judged: Judged) -> None:
    """Print what came of suppressions and baseline; nothing where neither was given."""
    marked = judged.marked
    sites = [site for result in marked.results for site in result.sites]
    if marked.suppressing:
        say(console, f"suppressed on {judged.today}: {count(marked.suppressed)} of {count(len(sites))} findings")
    if marked.compared:
        new = sum(site.baseline == "new" for site in sites)
        gone = sum(len(result.gone) for result in marked.results)
        say(console, f"beside the baseline: {new} new, {len(sites) - new} unchanged, {gone} gone")
    for note in marked.notes:
        say(console, note, first=2, style="yellow")
    fail([f"suppression not taken: {problem}" for problem in marked.faults])
