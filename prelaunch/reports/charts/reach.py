"""Cumulative reach over time, by fate (solid) and by report (dashed)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from prelaunch.reports.charts.style import BLUE, GREEN, GREY, chart, day_number, sentence, time_axis
from prelaunch.reports.numbers import share
from prelaunch.summary.model import ReachPoint

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CURVES = (
    ("released", "taken up", GREY, ":"),
    ("delivered_fate", "delivered", BLUE, "-"),
    ("delivered_report", "delivered, as reported", BLUE, "--"),
    ("read_fate", "read", GREEN, "-"),
    ("read_report", "read, as reported", GREEN, "--"),
)


def _draw(axes: Axes, points: Sequence[ReachPoint], released: int, zone: str) -> None:
    times = [day_number(point.at, zone) for point in points]
    for name, label, colour, line in CURVES:
        heights = [100 * getattr(point, name) / released for point in points]
        axes.plot(times, heights, line, color=colour, label=label, drawstyle="steps-post")
    time_axis(axes, zone)
    axes.set_ylim(0, 103)
    axes.set_ylabel("% of recipients")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)


def reach_chart(name: str, points: Sequence[ReachPoint], released: int, zone: str) -> str:
    """Return the SVG of the reach curves over ``released`` recipients, or a sentence when nobody was reached."""
    if not released or not points or not points[-1].delivered_fate:
        return sentence("No recipient was reached.")
    last = points[-1]
    label = f"Reach over time: {share(last.delivered_fate, released)} delivered, {share(last.read_fate, released)} read"
    return chart(name, label, 3.0, lambda axes: _draw(axes, points, released, zone))
