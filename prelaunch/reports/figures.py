"""The key figures of a run in words and units: the page, the terminal and the notebook show the same ones."""

from __future__ import annotations

from dataclasses import dataclass

from prelaunch.reports.numbers import NOTHING, count, duration, money, money_short, points, share, with_interval
from prelaunch.summary.model import Figures, Summary


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A labelled figure with its unit; ``note`` qualifies it, ``interval`` is over the replications."""

    label: str
    value: str
    note: str = ""
    interval: str = ""


def _interval(summary: Summary, name: str) -> str:
    found = next((e for e in summary.estimates if e.name == name), None)
    if found is None or found.low is None:
        return ""
    return f"mean of {found.n}: {with_interval(found, summary.currency)}"


def _reach(summary: Summary) -> list[KeyFigure]:
    f = summary.in_all
    people = "" if f.people == f.released else f"{count(f.people)} persons"
    held_out = f"{count(f.held_out)} held out" if f.held_out else ""
    told = f"{share(f.reach.delivered_report, f.released)} as reported"
    read = f"{share(f.reach.read_report, f.released)} as reported"
    return [
        KeyFigure("recipients", count(f.released), ", ".join(filter(None, (people, held_out)))),
        KeyFigure("reached", share(f.reach.delivered_fate, f.released), told, _interval(summary, "reach_fate")),
        KeyFigure("read", share(f.reach.read_fate, f.released), read, _interval(summary, "read_fate")),
    ]


def _money(summary: Summary) -> list[KeyFigure]:
    f, currency = summary.in_all, summary.currency
    fees = f"fees {money(f.fees_micro, currency)} included" if f.fees_micro else ""
    reader = f"{money(f.cost_per_read_micro, currency)} per reader"
    each = money(f.cost_per_delivered_micro, currency)
    return [
        KeyFigure("cost", money_short(f.cost_micro, currency), fees, _interval(summary, "cost")),
        KeyFigure("cost per reached", each, reader, _interval(summary, "cost_per_reached")),
    ]


def _annoyance(summary: Summary) -> list[KeyFigure]:
    f = summary.in_all
    complained = f"{share(f.tally.complained, f.tally.delivered)} of delivered"
    unsubscribed = f"{share(f.tally.unsubscribed, f.tally.delivered)} of delivered"
    extra = f"{count(f.duplicates.extra_messages)} messages beyond the first"
    return [
        KeyFigure("complaints", count(f.tally.complained), complained, _interval(summary, "complaints")),
        KeyFigure("unsubscribed", count(f.tally.unsubscribed), unsubscribed),
        KeyFigure("got it more than once", count(f.duplicates.recipients), extra if f.duplicates.recipients else ""),
    ]


def key_figures(summary: Summary) -> tuple[KeyFigure, ...]:
    """Return the figures of the first screen."""
    took, bought = summary.in_all.time_to_reach.delivered_fate, summary.in_all.purchases
    late = f"95 % of those reached within {duration(took.p95_us)}" if took.n else ""
    return (
        *_reach(summary),
        KeyFigure("time to reach, median", duration(took.p50_us), late, _interval(summary, "time_to_reach_p50")),
        *_money(summary),
        *_annoyance(summary),
        KeyFigure("purchases", count(bought.by_message + bought.without_message), purchases_note(summary.in_all)),
    )


def purchases_note(figures: Figures) -> str:
    """Return how many purchases a message caused, and what the hold-out group says."""
    p = figures.purchases
    if not p.by_message and not p.without_message:
        return ""
    note = f"{count(p.by_message)} after a message"
    if p.difference is None:
        return note
    ends = f"{points(p.difference_low)} … {points(p.difference_high)}"
    return f"{note}; share of buyers against the hold-out group: {points(p.difference)} ({ends})"


COMPARED = ("cost", "reached", "read", "time to reach, median", "complaints", "cost per reached")


def obeying_rows(observing: Summary, obeying: Summary) -> list[tuple[str, str, str]]:
    """Return (figure, as configured, with the gate on): what it costs to obey."""
    before = {figure.label: figure.value for figure in key_figures(observing)}
    after = {figure.label: figure.value for figure in key_figures(obeying)}
    rows = [(label, before[label], after.get(label, NOTHING)) for label in COMPARED]
    for name in ("held", "denied", "expired"):
        numbers = (getattr(observing.in_all.tally, name), getattr(obeying.in_all.tally, name))
        rows.append((f"attempts {name}", count(numbers[0]), count(numbers[1])))
    return rows
