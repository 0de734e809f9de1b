"""The funnel of a cascade: how many recipients came to each step, and what became of the message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from prelaunch.reports.charts.style import BLUE, FAINT, GREEN, GREY, ORANGE, chart, clean, sentence
from prelaunch.reports.numbers import count
from prelaunch.summary.model import StepFigures

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BARS = (("came to the step", GREY), ("handed over", ORANGE), ("delivered", BLUE), ("read", GREEN))


def values(step: StepFigures) -> tuple[int, int, int, int]:
    """Return the lengths of the four bars of a step."""
    return step.arrived, step.tally.submitted, step.tally.delivered, step.tally.read


def _draw(axes: Axes, steps: Sequence[StepFigures]) -> None:
    longest = max(max(values(step)) for step in steps)
    for place, (label, colour) in enumerate(BARS):
        lengths = [values(step)[place] for step in steps]
        rows = [index + (place - 1.5) * 0.2 for index in range(len(steps))]
        axes.barh(rows, lengths, 0.18, color=colour, label=label)
        for row, length in zip(rows, lengths, strict=True):
            axes.text(length + longest * 0.008, row, count(length), va="center", fontsize=7.5)
    axes.set_yticks(range(len(steps)), [clean(step.step) for step in steps])
    axes.set_xlim(0, longest * 1.12)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.invert_yaxis()
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_color(FAINT)
    axes.legend(ncols=4, loc="lower left", bbox_to_anchor=(0, 1))


def funnel_chart(name: str, steps: Sequence[StepFigures]) -> str:
    """Return the SVG of a campaign's funnel, or a sentence when nobody came to any step."""
    if not any(any(values(step)) for step in steps):
        return sentence("No recipient came to any step.")
    label = "Funnel by step: " + "; ".join(
        f"{s.step} {count(s.arrived)} came, {count(s.reached)} reached" for s in steps
    )
    return chart(name, label, 0.5 + 0.75 * len(steps), lambda axes: _draw(axes, steps))
