"""One look for all charts: size, colours, type; and how a figure becomes SVG text that can stand inside a page."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC
from html import escape
from typing import TYPE_CHECKING, Any

from policies.instants import to_micros
from policies.records import DAY
from prelaunch.reports.numbers import local

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, ORANGE, GREEN, RED, YELLOW, PURPLE, GREY = (
    "#2563a8", "#d97a1f", "#2f8f6b", "#c23b3b", "#e0b43a", "#7a4fa3", "#8a919c",
)  # fmt: skip
INK, FAINT = "#1d2530", "#d9dee5"
SERIES = (BLUE, ORANGE, GREEN, PURPLE, YELLOW, RED, GREY)
WIDTH_IN = 9.4
SETTINGS: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "lines.linewidth": 1.8,
    "svg.fonttype": "none",  # text stays text: small, selectable, found by a search
    "figure.facecolor": "none",
    "axes.facecolor": "none",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str, longest: int = 40) -> str:
    """Return a name fit for a picture: no control characters, not longer than ``longest``."""
    text = _CONTROL.sub("?", text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def sentence(text: str) -> str:
    """Return what stands in place of a chart that has nothing to show."""
    return f'<p class="empty">{escape(text)}</p>'


def day_number(at: int, zone: str) -> float:
    """Return an instant as the days since 1970 on the wall clock of the zone, as matplotlib counts dates."""
    return to_micros(local(at, zone).replace(tzinfo=UTC)) / DAY


def time_axis(axes: Axes, zone: str) -> None:
    """Label the horizontal axis, given in day numbers, with dates and hours."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=4, maxticks=9)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.set_xlabel(f"time in {zone}")


def _inline(svg: str, name: str, label: str) -> str:
    """Return the SVG without prolog and metadata, its ids prefixed with ``name``, with a label for screen readers."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'\b(id="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    return svg.replace("<svg", f'<svg class="chart" role="img" aria-label="{escape(label)}"', 1).strip()


def chart(name: str, label: str, height_in: float, draw: Callable[[Axes], None]) -> str:
    """Return the SVG of what ``draw`` puts on a pair of axes, the same bytes for the same data.

    ``name`` must differ between the charts of one page; ``label`` says in words what is seen.
    """
    return grid_chart(name, label, [height_in], 1, lambda axes: draw(axes[0]))


def grid_chart(
    name: str, label: str, heights_in: Sequence[float], columns: int, draw: Callable[[list[Axes]], None]
) -> str:
    """Return the SVG of what ``draw`` puts on a grid of axes, given row by row; one height a row."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    out = io.StringIO()
    with mpl.rc_context(SETTINGS | {"svg.hashsalt": name}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # the reader's fonts draw the text
        figure = Figure(figsize=(WIDTH_IN, sum(heights_in)), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.subplots(len(heights_in), columns, squeeze=False, height_ratios=list(heights_in))
        draw(list(axes.flat))
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return _inline(out.getvalue(), name, label)
