"""XLSX for people: sheets with the summary, the rules, the findings and the evidence.

The first row stays in sight, every column has a filter and a width, sources are links. Texts are written as texts, so
nothing is computed when the file is opened.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from policies.errors import InputError, Problem
from prelaunch.findings.about import Judged
from prelaunch.outputs.sheet_words import Language, Words
from prelaunch.outputs.tables import Cell, Column, Table, tables

NAME = "xlsx"
TEXT = False

MOST_LETTERS = 32_767
"""Letters that a cell of Excel holds (Microsoft's page of Excel's limits, read on 2026-11-29)."""
MOST_ROWS = 1_048_576
MOST_LINKS, LONGEST_LINK = 65_530, 2_079
"""Links that a sheet of Excel holds and letters of one, by the documentation of XlsxWriter, read on 2026-11-29."""
CUT = " …"
LINE_POINTS, MOST_LINES = 15, 8
PAGE_LETTERS = 190
"""Letters across a page that can still be read when the sheet is made to fit."""


def render(runs: Sequence[Judged], language: Language = "ru") -> bytes:
    """Return the workbook. The day of its making is that of the findings."""
    import xlsxwriter

    words, stream = Words(language), io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    day = max((run.today for run in runs), default=datetime(1980, 1, 1, tzinfo=UTC).date())
    book.set_properties({"title": "prelaunch", "created": datetime.combine(day, time(), UTC).replace(tzinfo=None)})
    formats = _formats(book)
    for table in tables(runs, words):
        _sheet(book.add_worksheet(words.heading(table.name)), table, words, formats)
    book.close()
    return stream.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    wrapped = {"text_wrap": True, "valign": "top"}
    return {
        "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E7ECF3"}),
        "text": book.add_format(wrapped),
        "count": book.add_format({**wrapped, "num_format": "#,##0"}),
        "share": book.add_format({**wrapped, "num_format": "0.00%"}),
        "link": book.add_format({**wrapped, "font_color": "#0B57D0", "underline": 1}),
    }


def _sheet(sheet: Any, table: Table, words: Words, formats: dict[str, Any]) -> None:
    """Fill one sheet."""
    for number, column in enumerate(table.columns):
        sheet.write_string(0, number, words.heading(column.name), formats["heading"])
        sheet.set_column(number, number, column.width)
    sheet.set_row(0, 2 * LINE_POINTS)
    sheet.freeze_panes(1, 2 if len(table.columns) > 4 else 0)
    if len(table.rows) >= MOST_ROWS:
        raise InputError([Problem("--xlsx", f"{len(table.rows)} rows are more than a sheet holds", "use --csv")])
    for place, row in enumerate(table.rows, 1):
        sheet.set_row(place, LINE_POINTS * _lines(table.columns, row))
        for number, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            _write(sheet, place, number, column, cell, formats)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    _for_paper(sheet, table)


def _for_paper(sheet: Any, table: Table) -> None:
    """Lay the sheet out across: a narrow one on pages of A4, a wide one on two of A3 side by side."""
    narrow = sum(column.width for column in table.columns) <= PAGE_LETTERS
    sheet.set_landscape()
    sheet.set_paper(9 if narrow else 8)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1 if narrow else 2, 0)


def _lines(columns: Sequence[Column], row: Sequence[Cell]) -> int:
    """Return how many lines a row needs when its texts are folded; long ones are read in the bar above the sheet."""
    needed = (
        sum(-(-max(len(part), 1) // column.width) for part in cell.split("\n"))
        for column, cell in zip(columns, row, strict=True)
        if isinstance(cell, str) and column.kind == "text"
    )
    return min(max(needed, default=1), MOST_LINES)


def _write(sheet: Any, row: int, number: int, column: Column, cell: Cell, formats: dict[str, Any]) -> None:
    form = formats[column.kind]
    if cell is None or cell == "":
        sheet.write_blank(row, number, None, form)
    elif not isinstance(cell, str):
        sheet.write_number(row, number, cell, form)
    elif column.kind == "link" and _linkable(cell, row):
        sheet.write_url(row, number, cell, form, string=_cut(cell))
    else:
        sheet.write_string(row, number, _cut(cell), formats["text"])


def _linkable(address: str, row: int) -> bool:
    return address.startswith(("http://", "https://")) and len(address) <= LONGEST_LINK and row <= MOST_LINKS


def _cut(text: str) -> str:
    """Return a text that fits into a cell; one that was cut says so."""
    return text if _letters(text) <= MOST_LETTERS else _head(text, MOST_LETTERS - len(CUT)) + CUT


def _letters(text: str) -> int:
    """Return the length as Excel counts it, in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def _head(text: str, most: int) -> str:
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")
