"""Lines of plain text for a terminal: folded with a hanging indent; off a terminal each stays one line."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

INDENT = 4
INTERRUPTED = "interrupted: only the replications that were done are kept"
SEVERITY_STYLES: Mapping[str, str] = {"block": "bold red", "error": "red", "warn": "yellow", "info": "cyan"}


def fold(text: str, columns: int | None, indent: int = INDENT, first: int = 0) -> list[str]:
    """Return ``text`` as lines of at most ``columns``, all but the first indented; one line where that is None.

    The first line begins at ``first``. Words are never broken, and no-break spaces hold figures and units together.
    """
    if columns is None:
        return [" " * first + text]
    return textwrap.wrap(
        text, max(columns, indent + 20), initial_indent=" " * first, subsequent_indent=" " * indent,
        break_long_words=False, break_on_hyphens=False,
    ) or [""]  # fmt: skip


def width(console: Console) -> int | None:
    """Return the columns of a terminal, None for a pipe or a file."""
    return console.width if console.is_terminal else None


def say(console: Console, text: str, *, indent: int = INDENT, first: int = 0, style: str = "", word: str = "") -> None:
    """Print ``text`` folded; ``style`` is that of ``word`` where it first occurs, or of the whole text without one."""
    from rich.text import Text

    for number, line in enumerate(fold(text, width(console), indent, first)):
        shown = Text(line, style="" if word else style)
        at = line.find(word) if word and not number else -1
        if at >= 0:
            shown.stylize(style, at, at + len(word))
        console.print(shown, soft_wrap=True)
