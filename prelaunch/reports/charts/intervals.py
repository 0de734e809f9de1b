"""Scenarios side by side: a bar for each mean, a line for its 95 % interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prelaunch.reports.charts.style import INK, SERIES, clean, grid_chart, sentence
from prelaunch.reports.numbers import in_unit
from scenarios.experiments.compare import Comparison, Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = ("cost", "cost_per_reached", "reach_fate", "read_fate", "time_to_reach_p50", "complaints")


def _draw(axes: Axes, line: Line, currency: str) -> None:
    figures = [cell.figure for cell in line.cells]
    means = [figure.mean or 0.0 for figure in figures]
    ends = [max(mean, figure.high or 0.0) for mean, figure in zip(means, figures, strict=True)]
    longest = max(*ends, 1e-12)
    colours = [SERIES[i % len(SERIES)] for i in range(len(means))]
    axes.barh(range(len(means)), means, 0.6, color=colours)
    for row, figure in enumerate(figures):
        if figure.low is not None and figure.high is not None:
            axes.plot([figure.low, figure.high], [row, row], color=INK, linewidth=1.4, marker="|", markersize=7)
        text = in_unit(figure.mean, figure.unit, currency)
        axes.text(ends[row] + longest * 0.03, row, text, va="center", fontsize=7.5)
    axes.set_yticks(range(len(means)), [clean(cell.scenario, 22) for cell in line.cells])
    axes.set_xlim(0, longest * 1.45)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    axes.invert_yaxis()
    axes.set_title(line.measure.label)


def intervals_chart(name: str, comparison: Comparison) -> str:
    """Return the SVG of the main measures of a comparison, two in a row."""
    lines = [line for line in comparison.lines if line.measure.name in SHOWN
             and any(cell.figure.mean is not None for cell in line.cells)]  # fmt: skip
    if not lines:
        return sentence("No figure was observed in every replication.")
    rows = (len(lines) + 1) // 2

    def draw_all(axes: list[Axes]) -> None:
        for place, line in zip(axes, lines, strict=False):
            _draw(place, line, comparison.currency)
        for place in axes[len(lines) :]:
            place.set_axis_off()

    label = f"Means and 95 % intervals of {', '.join(comparison.scenarios)}"
    return grid_chart(name, label, [0.6 + 0.28 * len(comparison.scenarios)] * rows, 2, draw_all)
