"""CSV for people: one row a finding, UTF-8 with a mark by which Excel knows it, no cell that Excel would compute."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from prelaunch.findings.about import Judged
from prelaunch.outputs.sheet_words import Language, Words
from prelaunch.outputs.tables import Cell, findings_table
from prelaunch.reports.recipients import harmless

NAME = "csv"
TEXT = True

DELIMITERS = {"ru": ";", "en": ","}
"""What Excel takes for the end of a cell: the list separator of the reader's country."""


def render(runs: Sequence[Judged], language: Language = "ru") -> bytes:
    """Return the table, UTF-8 with a byte order mark."""
    words = Words(language)
    table = findings_table(runs, words)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=DELIMITERS[language])
    writer.writerow([words.heading(column.name) for column in table.columns])
    writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: Cell) -> Cell:
    return harmless(cell) if isinstance(cell, str) else cell
