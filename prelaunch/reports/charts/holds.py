"""Attempts held by hour of the day: when they were held, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from prelaunch.reports.charts.style import BLUE, ORANGE, chart, sentence
from prelaunch.reports.numbers import count
from prelaunch.summary.model import HoldHour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _draw(axes: Axes, hours: Sequence[HoldHour], zone: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    places = [hour.hour for hour in hours]
    axes.bar([p - 0.2 for p in places], [hour.held for hour in hours], 0.38, color=ORANGE, label="held in this hour")
    axes.bar([p + 0.2 for p in places], [hour.until for hour in hours], 0.38, color=BLUE, label="let go in this hour")
    axes.set_xticks(range(0, 24, 2), [f"{hour:02d}" for hour in range(0, 24, 2)])
    axes.set_xlim(-0.7, 23.7)
    axes.grid(visible=False, axis="x")
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: count(value)))
    axes.set_xlabel(f"hour of the day, {zone}")
    axes.set_ylabel("attempts")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)


def holds_chart(name: str, hours: Sequence[HoldHour], zone: str) -> str:
    """Return the SVG of holds by hour, or a sentence when nothing was held."""
    held = sum(hour.held for hour in hours)
    if not held:
        return sentence("No attempt was held.")
    return chart(name, f"Holds by hour of the day: {count(held)} in all", 2.3, lambda axes: _draw(axes, hours, zone))
