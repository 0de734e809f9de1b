"""Write docs/columns.md: the columns and the event types of the event log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from policies.records import CATEGORIES, CHANNELS, CHARGE_EVENTS, COLUMNS, EVENTS, Column, Origin

TARGET = Path(__file__).parent.parent / "docs" / "columns.md"

INTRODUCTION = """\
# The event log

Written by `make docs` from `policies/records.py`; change that module, not this page.

A run folder holds the log as `log.parquet`, one row an event. `prelaunch audit` reads the same columns from a log
that was made elsewhere; a mapping says how they are named there. What the log of others lacks is not known, and a rule
that needs it comes out as *needs input*.

A message is one campaign, recipient, channel and attempt; the rows that share these four are its life. Rows stand in
the order in which the run wrote them, which is not that of `occurred_at`: the fate of a message is written when it is
handed over. `log_hash` in the manifest sums up all columns but `run` and does not depend on the order of rows.
"""

TYPES = {
    "text": "text, dictionary-coded",
    "int": "int64",
    "instant": "int64, microseconds since 1970-01-01 UTC",
    "money": "int64, millionths of the currency of the scenario",
}

GROUPS: tuple[tuple[Origin, str, str], ...] = (
    (
        "decided",
        "Decided: what a dispatch log keeps",
        "What the company's own system does, or what it is told at once. Such rows begin, stop or end a message.",
    ),
    (
        "derived",
        "Derived: what follows from a message",
        """\
Each is a function of one decided row, the scenario and the seed, and bears the message of that row: its `submitted`
row comes first. A purchase `without_message` belongs to a person alone: it names neither campaign nor channel.

What a session or a tier of prices costs depends on the messages before it too: `prelaunch log expand` makes these rows
from a dispatch log in the order in which its messages were handed over.""",
    ),
    (
        "scenario",
        "Scenario: what happens around the messages",
        "About senders, templates, staff and money. Only the answers of staff name a recipient.",
    ),
)


def page() -> str:
    """Return the page."""
    return "\n".join([INTRODUCTION, *_columns(), *_events()]) + "\n"


def _columns() -> Iterator[str]:
    yield "## Columns\n"
    yield from _table(("column", "type", "empty", "meaning"), (_column(column) for column in COLUMNS))
    yield ""
    for name, words in (("channel", CHANNELS), ("category", CATEGORIES), ("charge", CHARGE_EVENTS)):
        yield f"- `{name}` is one of {', '.join(f'`{word}`' for word in words)}."
    yield ""


def _column(column: Column) -> tuple[str, ...]:
    return f"`{column.name}`", TYPES[column.type], "may be" if column.nullable else "never", column.meaning


def _events() -> Iterator[str]:
    yield "## Event types\n"
    for origin, title, text in GROUPS:
        yield f"### {title}\n\n{text}\n"
        rows = ((f"`{event.name}`", event.meaning) for event in EVENTS if event.origin == origin)
        yield from _table(("event", "meaning"), rows)
        yield ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for cells in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(cells)} |"


def main() -> None:
    """Replace the page."""
    TARGET.write_text(page().rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
