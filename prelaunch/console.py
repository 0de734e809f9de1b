"""How commands speak: errors and progress on standard error, results on standard output.

rich is imported where it is used. ``NO_COLOR`` and ``TERM=dumb`` are obeyed, a pipe gets plain lines.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich import progress as rich_progress
    from rich.console import Console

SCREEN_ROWS = 20
"""Rows of errors shown at once: a screen of 24 less the prompt and the lines around."""

json_option = click.option("--json", "as_json", is_flag=True, help="Write the result as JSON to standard output.")
"""The same ``--json`` for every command; the parameter is called ``as_json``."""


def out() -> Console:
    """Return a console for results that people read (standard output)."""
    from rich.console import Console

    return Console(highlight=False)


def err() -> Console:
    """Return a console for everything that is not a result (standard error)."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def write_json(result: Any) -> None:
    """Write ``result`` as JSON to standard output, names in their given order."""
    click.echo(json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False))


def fail(lines: Sequence[str]) -> None:
    """Write error lines to standard error, at most one screen of them."""
    for line in fit(lines, columns=shutil.get_terminal_size().columns):
        click.echo(line, err=True)


def fit(lines: Sequence[str], *, columns: int, rows: int = SCREEN_ROWS) -> list[str]:
    """Return as many ``lines``, each marked as an error, as fill ``rows`` of ``columns``, then how many are left."""
    shown: list[str] = []
    used = 0
    for line in lines:
        text = _plain(f"error: {line}", limit=4 * columns)
        used += -(-len(text) // columns)
        if shown and used > rows:
            return [*shown, f"… and {len(lines) - len(shown)} more"]
        shown.append(text)
    return shown


def _plain(text: str, limit: int) -> str:
    """Return ``text`` without control characters and not longer than ``limit``."""
    cut = text if len(text) <= limit else f"{text[: limit // 2]} … {text[-limit // 4 :]}"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)


Advance = Callable[[int], None]
"""Tells how much is done so far, in the units of ``total``."""


@contextmanager
def progress(label: str, total: int) -> Iterator[Advance]:
    """Show how far a piece of work is and how long it will still take; yields a function that takes what is done.

    On a terminal it is a bar; elsewhere a line at each tenth, and none for work that takes less than a second.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield _lines(label, total)
        return
    with _bar() as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.update(task, completed=done)


def _bar() -> rich_progress.Progress:
    from rich import progress as rich

    columns = (
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.TaskProgressColumn(),
        rich.TimeElapsedColumn(),
        rich.TimeRemainingColumn(),
    )
    return rich.Progress(*columns, console=err(), transient=True)


def _lines(label: str, total: int) -> Advance:
    begun = time.monotonic()
    tenth = 0

    def advance(done: int) -> None:
        nonlocal tenth
        spent = time.monotonic() - begun
        reached = 10 * done // max(total, 1)
        if reached <= tenth or spent < 1:
            return
        tenth = reached
        left = spent * (total - done) / max(done, 1)
        click.echo(f"{label}: {10 * tenth} %, about {left:.0f} s left", err=True)

    return advance
