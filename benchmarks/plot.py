"""The picture of the page: CPU seconds of each engine by the number of recipients."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.markdown import SHOWN
from benchmarks.results import Measured

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINES = {
    "naive": ("0.0", "-", "o"), "reference": ("0.35", "--", "s"), "compiled-full": ("#00508c", "-", "D"),
    "compiled-none": ("#3f8fc8", "--", "D"), "c-full": ("#9a4a00", "-", "^"), "c-none": ("#d08a45", "--", "^"),
}  # fmt: skip
"""Colour, dashes and marker of each engine; dashes and markers tell them apart in grey."""
APART = 0.055
"""Least distance of two labels, as a share of the height."""
ROOM = 0.3
"""Width left to the right of the longest lines, as a share of theirs."""
BESIDE = 0.3
"""Ends of lines that lie so near to each other, as a share of the width, have labels that could touch."""


def draw(measured: Measured, path: Path) -> None:
    """Write the picture of the first runs; nothing where nothing was measured."""
    import matplotlib.pyplot as plt

    curves = {name: curve(measured, name) for name in LINES}
    curves = {name: points for name, points in curves.items() if points}
    if not curves:
        return
    figure, axes = plt.subplots(figsize=(8, 5.2), dpi=150, layout="constrained")
    for name, points in curves.items():
        colour, dashes, marker = LINES[name]
        axes.plot(*zip(*points, strict=True), color=colour, linestyle=dashes, marker=marker, markersize=5)
    _axes(axes, sorted({size for points in curves.values() for size, _ in points}))
    _labels(axes, curves)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})
    plt.close(figure)


def curve(measured: Measured, name: str) -> list[tuple[float, float]]:
    """Return (recipients, CPU seconds of the first run) of an engine, by size."""
    found = [(size, measured.engine(name, size, "cpu_s")) for size in measured.sizes(name)]
    return [(float(size), cpu.median) for size, cpu in found if cpu is not None]


def _axes(axes: Axes, sizes: list[float]) -> None:
    """Set scales and names; the axis of recipients has room for the labels of the longest lines."""
    from matplotlib.ticker import FixedLocator, FuncFormatter

    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("recipients of workload W")
    axes.set_ylabel("CPU time, seconds")
    axes.set_title("First run in a process; beside each line the time a recipient at its end", loc="left", fontsize=10)
    axes.xaxis.set_major_locator(FixedLocator(sizes))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: counted(value)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}"))
    axes.set_xlim(right=sizes[-1] * max(sizes[-1] / sizes[0], 10) ** ROOM)
    axes.set_ylim(top=axes.get_ylim()[1] * 1.5)
    axes.grid(which="major", color="0.9", linewidth=0.8)
    axes.minorticks_off()
    axes.spines[["top", "right"]].set_visible(False)


def _labels(axes: Axes, curves: dict[str, list[tuple[float, float]]]) -> None:
    """Name each line at its end; labels that would touch are moved apart, each as far as the other."""
    to_axes = axes.transData + axes.transAxes.inverted()
    ends = {name: to_axes.transform(points[-1]).tolist() for name, points in curves.items()}
    heights = apart([(x, y) for x, y in ends.values()])
    for (name, (x, _)), height in zip(ends.items(), heights, strict=True):
        size, cpu = curves[name][-1]
        axes.annotate(
            f"{SHOWN[name]}: {micros(cpu / size)}", (size, cpu), xytext=(x + 0.015, height), textcoords="axes fraction",
            color=LINES[name][0], va="center", fontsize=9, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip


def counted(size: float) -> str:
    """Return a number of recipients, millions as a word."""
    return f"{size / 1e6:,.0f} million" if size >= 1e6 else f"{size:,.0f}"


def micros(seconds: float) -> str:
    """Return a time in microseconds, with two or three figures."""
    found = seconds * 1e6
    return f"{found:.{0 if found >= 10 else 1 if found >= 1 else 2}f} µs"


def apart(ends: list[tuple[float, float]]) -> list[float]:
    """Return the heights of labels at these ends of lines (shares of the axes): neighbours stand ``APART`` or more."""
    heights = [y for _, y in ends]
    for _ in range(100):
        moved = False
        for one in range(len(ends)):
            for two in range(len(ends)):
                gap = heights[two] - heights[one]
                close = abs(ends[one][0] - ends[two][0]) < BESIDE and 0 <= gap < APART - 1e-6
                if one != two and close and (ends[one][1], one) < (ends[two][1], two):
                    heights[one] -= (APART - gap) / 2
                    heights[two] += (APART - gap) / 2
                    moved = True
        if not moved:
            break
    return heights
