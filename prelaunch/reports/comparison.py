"""A comparison for reading: a page, and the rows of a table for the terminal."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from markupsafe import Markup

from prelaunch.reports.charts.intervals import intervals_chart
from prelaunch.reports.numbers import with_interval
from prelaunch.reports.pages import environment
from scenarios.experiments.compare import Cell, Comparison


def render_compare(comparison: Comparison) -> str:
    """Return a self-contained page: bars with intervals, and each measure with its paired differences."""
    chart = Markup(intervals_chart("intervals", comparison))  # noqa: S704  # matplotlib escapes the names
    return environment().get_template("compare.html").render(c=comparison, chart=chart)


def comparison_as_dict(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as plain values, for ``--json``; figures are in the unit of their measure."""
    lines = [
        {
            "name": line.measure.name,
            "label": line.measure.label,
            "unit": line.measure.unit,
            "better": line.measure.better,
            "cells": [_cell(cell) for cell in line.cells],
        }
        for line in comparison.lines
    ]
    return {
        "scenarios": list(comparison.scenarios),
        "currency": comparison.currency,
        "seed": comparison.seed,
        "replications": comparison.replications,
        "notes": list(comparison.notes),
        "lines": lines,
    }


def _cell(cell: Cell) -> dict[str, Any]:
    difference = None if cell.difference is None else asdict(cell.difference)
    return {"scenario": cell.scenario, "figure": asdict(cell.figure), "difference": difference, "differs": cell.differs}


def _words(cell: Cell, currency: str) -> str:
    figure = with_interval(cell.figure, currency)
    if cell.difference is None:
        return figure
    mark = " *" if cell.differs else ""
    return f"{figure}\nΔ {with_interval(cell.difference, currency)}{mark}"


def compare_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """Return a header and one row a measure; ``*`` marks a difference whose 95 % interval leaves out zero."""
    header = ("", *comparison.scenarios)
    body = [(line.measure.label, *(_words(cell, comparison.currency) for cell in line.cells))
            for line in comparison.lines]  # fmt: skip
    return [header, *body]
