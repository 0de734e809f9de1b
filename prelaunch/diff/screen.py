"""What ``prelaunch diff`` shows: what was changed, whose messages change how, which verdicts, one person for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from policies.findings import RuleResult
from policies.records import CHANNELS
from prelaunch.diff.diff import Alone, Diff, changed_verdicts
from prelaunch.layout import say
from prelaunch.reports.numbers import count, duration, money
from prelaunch.reports.verdicts import in_words
from prelaunch.rule_pages import show_difference

if TYPE_CHECKING:
    from rich.console import Console

    from policies.evidence import Showing
    from prelaunch.diff.counts import Counts
    from prelaunch.diff.examples import Example

MOST = 20


def show_diff(console: Console, found: Diff, told: Sequence[Example], show: Showing) -> None:
    """Print the whole difference."""
    counts = found.counts
    say(console, f"{found.a.name} → {found.b.name}, the first replication of seed {found.a.compiled.model.seed}, "
                 "exact for these draws", style="bold")  # fmt: skip
    for note in found.notes:
        say(console, f"note: {note}", style="yellow", word="note")
    _fields(console, found)
    _rules(console, found)
    if counts.nothing:
        logs = "the two logs are equal, row for row" if found.a.log_hash == found.b.log_hash else "names apart"
        say(console, f"no message, hour, price or outcome differs ({logs}: {count(counts.messages_a)} messages)")
        _idle_packs(console, found)
    else:
        _messages(console, counts, found.a.compiled.scenario.currency)
        _examples(console, told, show)
    _verdicts(console, found)


def _fields(console: Console, found: Diff) -> None:
    if not found.fields:
        say(console, "changed: no field of the scenario")
        return
    say(console, f"changed: {count(len(found.fields))} field{'s' * (len(found.fields) > 1)} of the scenario")
    for change in found.fields[:MOST]:
        say(console, change.words, first=2)
    _more(console, len(found.fields))


def _rules(console: Console, found: Diff) -> None:
    if found.rules:
        say(console, f"rules that judge: {count(len(found.rules))} added, removed or changed")
    for change in found.rules[:MOST]:
        show_difference(console, change)
    _more(console, len(found.rules))


def _more(console: Console, number: int) -> None:
    if number > MOST:
        say(console, f"… and {count(number - MOST)} more (--json has all)", first=2)


def _idle_packs(console: Console, found: Diff) -> None:
    watching = all(played.compiled.scenario.gate == "observe" for played in (found.a, found.b))
    if found.rules and watching:
        say(console, "the packs only watch (gate: observe), so no message can change: --gate enforce lets them act")


def _messages(console: Console, counts: Counts, currency: str) -> None:
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    for label, value, note in _lines(counts, currency):
        table.add_row(label, value, note)
    console.print(table)
    if counts.channels:
        console.print(_matrix(counts))


def _lines(counts: Counts, currency: str) -> list[tuple[str, str, str]]:
    """Return (label, number, note) of what differs; lines of nothing are left out."""
    changed = counts.changed
    lines = [
        ("messages", f"{count(counts.messages_a)} → {count(counts.messages_b)}", f"{count(counts.same)} the same"),
        ("people concerned", count(counts.people), ""),
        ("gained", count(counts.gained), f"for {money(counts.gained_micro, currency)}"),
        ("lost", count(counts.lost), f"for {money(counts.lost_micro, currency)}"),
        ("another channel", count(changed["channel"]), ""),
        ("sooner", count(counts.sooner), _spans(counts.sooner_us)),
        ("later", count(counts.later), _spans(counts.later_us)),
        ("by less than a second", count(counts.slightly), "counted as the same"),
        ("dearer, cheaper", f"{count(counts.dearer)}, {count(counts.cheaper)}",
         f"{_signed(counts.moved_micro, currency)} in sum"),
        ("another outcome", count(changed["outcome"]),
         "; ".join(f"{one} → {two} {count(n)}" for one, two, n in counts.outcomes)),
        ("other words", count(changed["text"]), ""),
        ("another sender", count(changed["sender"]), ""),
        ("stopped otherwise", count(counts.stopped), "not sent in both, for another reason"),
        ("fees", _signed(counts.fees_micro, currency), "" if counts.fees_micro else "0"),
        ("in one audience only", f"{count(counts.apart_a)}, {count(counts.apart_b)}",
         f"messages to people of whom the other knows nothing, {_signed(counts.apart_micro, currency)}"),
    ]  # fmt: skip
    kept = [line for line in lines if line[1].strip("0, ") and line[2] != "0"]
    total = _signed(counts.total_micro, currency)
    whole = f"{money(counts.total_a_micro, currency)} → {money(counts.total_b_micro, currency)}"
    return [*kept, ("cost", whole, total)]


def _spans(spans: tuple[int, int]) -> str:
    return f"median {duration(spans[0])}, most {duration(spans[1])}"


def _signed(micro: int, currency: str) -> str:
    return f"{'+' * (micro > 0)}{money(micro, currency)}"


def _matrix(counts: Counts) -> object:
    """Return channels before by channels after."""
    from rich.table import Table

    moved = {(one, two): number for one, two, number in counts.channels}
    before = [name for name in CHANNELS if any(one == name for one, _ in moved)]
    after = [name for name in CHANNELS if any(two == name for _, two in moved)]
    table = Table(box=None, pad_edge=False)
    table.add_column("channel before \\ after")
    for name in after:
        table.add_column(name, justify="right")
    for one in before:
        table.add_row(one, *(count(moved[one, two]) if (one, two) in moved else "–" for two in after))
    return table


def _examples(console: Console, told: Sequence[Example], show: Showing) -> None:
    for example in told:
        say(console, f"{example.change}, for example {show(example.recipient)} in {example.campaign}:", style="bold",
            word=example.change)  # fmt: skip
        say(console, f"A: {example.line_a}", first=2, indent=5)
        say(console, f"B: {example.line_b}", first=2, indent=5)


def _verdicts(console: Console, found: Diff) -> None:
    pairs = changed_verdicts(found.a.results, found.b.results)
    if not pairs:
        say(console, "verdicts: those of both are the same, rule by rule")
        return
    say(console, f"verdicts: {count(len(pairs))} rule{' stands' if len(pairs) == 1 else 's stand'} otherwise")
    for one, two in pairs[:MOST]:
        result = two or one
        assert result is not None
        say(console, f"{result.rule.id} ({result.severity}): {_verdict(one)} → {_verdict(two)}", first=2)
    _more(console, len(pairs))


def _verdict(result: RuleResult | None) -> str:
    return "not judged" if result is None else f"{result.verdict.value} ({in_words(result)})"


def show_alone(console: Console, effects: Sequence[Alone], currency: str) -> None:
    """Print the effect of each change alone, made in the first version."""
    say(console, "each change alone, made in the first version (effects need not add up):", style="bold")
    for effect in effects:
        say(console, f"{effect.change.words}", first=2, indent=4)
        say(console, alone_words(effect, currency), first=4, indent=6)


def alone_words(effect: Alone, currency: str) -> str:
    """Return the effect of one change in a line."""
    counts = effect.counts
    if counts is None:
        return f"cannot stand alone: {effect.problem}"
    named = {
        "gained": counts.gained, "lost": counts.lost, "another channel": counts.changed["channel"],
        "sooner": counts.sooner, "later": counts.later, "dearer": counts.dearer, "cheaper": counts.cheaper,
        "another outcome": counts.changed["outcome"], "other words": counts.changed["text"],
        "another sender": counts.changed["sender"], "stopped otherwise": counts.stopped,
    }  # fmt: skip
    words = [f"{name} {count(number)}" for name, number in named.items() if number]
    words += [f"cost {_signed(counts.total_micro, currency)}"] if counts.total_micro else []
    words += [f"verdicts: {', '.join(effect.verdicts)}"] if effect.verdicts else []
    return "; ".join(words) or "no effect: no message, price or verdict differs"
