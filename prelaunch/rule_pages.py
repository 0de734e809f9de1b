"""Rules on the terminal: the list, one rule in full, what changes between two dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from policies.catalogue import Difference, as_dict, difference
from policies.rule_words import boundaries, dates, narrower, parameters, reach, source
from policies.rules import Rule
from prelaunch.console import err, out, write_json
from prelaunch.layout import SEVERITY_STYLES, say

if TYPE_CHECKING:
    from rich.console import Console

NO_CHECK = "-"
"""Severity of a rule that nothing here can judge."""
COMPARED = ("title", "statement", "status", "confidence", "channels", "categories", "countries", "fix", "note")


def severity(rule: Rule) -> str:
    """Return the severity of a rule as lists show it."""
    return rule.severity if rule.checks else NO_CHECK


def show_list(rules: Sequence[Rule], *, as_json: bool) -> None:
    """Write one line a rule: id, severity, title, dates where it has some."""
    if as_json:
        write_json([as_dict(rule) for rule in rules])
        return
    console = out()
    wide = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        when = "" if dates(rule) == "always" else f"; {dates(rule)}"
        standing = "" if rule.status == "in_force" else f"; {rule.status}"
        line = f"{rule.id:<{wide}}  {severity(rule):<5}  {rule.title}{when}{standing}"
        say(console, line, indent=wide + 9, style=SEVERITY_STYLES.get(severity(rule), ""), word=f" {severity(rule)} ")
    packs = len({rule.pack for rule in rules})
    say(err(), f"{len(rules)} rules of {packs} packs; prelaunch rules ID shows one", style="dim")


def show_rules(rules: Sequence[Rule], *, as_json: bool) -> None:
    """Write the rules in full."""
    if as_json:
        write_json([as_dict(rule) for rule in rules])
        return
    console = out()
    for rule in rules:
        _full(console, rule)


def _full(console: Console, rule: Rule) -> None:
    say(console, f"{rule.id}, version {rule.version}: {rule.title}", style="bold")
    say(console, rule.statement, indent=0)
    for name, text in _fields(rule):
        say(console, f"{name + ':':<10} {text}", first=2, indent=13)
    console.print()


def _fields(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "why", rule.rationale
    yield "source", f"{source(rule)}; {rule.confidence}"
    yield "in force", dates(rule) + ("" if rule.status == "in_force" else f"; {rule.status}")
    yield "concerns", reach(rule)
    yield "pack", rule.pack
    for check in rule.checks:
        yield "check", f"{check.kind} {check.severity} {parameters(check)}{narrower(check)}"
        edge = "" if check.run_scoped else boundaries(rule, check)
        if edge:
            yield "changes", edge
    if not rule.checks:
        yield "check", "none; nothing here can judge it"
    if rule.note:
        yield "note", rule.note
    yield "kept", rule.examples.passes
    yield "broken", rule.examples.fails
    yield "to mend", rule.fix


def show_changes(rules: Sequence[Rule], before: date, after: date, *, as_json: bool) -> None:
    """Write what differs between the rules in force on two dates."""
    found = difference(rules, before, after)
    if as_json:
        write_json([difference_as_dict(change) for change in found])
        return
    console = out()
    for change in found:
        show_difference(console, change)
    counts = {word: sum(change.change == word for change in found) for word in ("added", "removed", "changed")}
    words = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    say(err(), f"from {before} to {after}: {words or 'nothing changes'}", style="dim")


def show_difference(console: Console, change: Difference) -> None:
    """Write one rule that is not the same on both sides: added, removed, or what differs in it."""
    rule = change.after or change.before
    assert rule is not None
    say(console, f"{change.change:<8} {rule.id}: {rule.title}", indent=9, style="bold", word=f"{change.change}")
    if change.change == "added":
        say(console, f"{rule.statement} ({severity(rule)}; {dates(rule)})", first=9, indent=9)
    for name, old, new in differing(change):
        say(console, f"{name}: {old or 'none'} → {new or 'none'}", first=9, indent=11)


def differing(change: Difference) -> list[tuple[str, str, str]]:
    """Return (field, before, after) of what differs between two versions of a rule; nothing unless it is changed."""
    old, new = change.before, change.after
    if old is None or new is None:
        return []
    texts = [(name, _text(getattr(old, name)), _text(getattr(new, name))) for name in COMPARED]
    texts.append(("source", source(old), source(new)))
    texts.append(("checks", _checks(old), _checks(new)))
    return [(name, one, other) for name, one, other in texts if one != other]


def _text(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _checks(rule: Rule) -> str:
    return "; ".join(f"{check.kind} {check.severity} {parameters(check)}{narrower(check)}" for check in rule.checks)


def difference_as_dict(change: Difference) -> dict[str, object]:
    """Return the same as JSON values."""
    return {
        "id": change.id,
        "change": change.change,
        "fields": [name for name, _, _ in differing(change)],
        "before": change.before and as_dict(change.before),
        "after": change.after and as_dict(change.after),
    }
