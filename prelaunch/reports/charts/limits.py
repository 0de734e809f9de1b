"""Messaging limits over time, with the quality rating as a band below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from prelaunch.reports.charts.style import (
    GREEN,
    GREY,
    INK,
    RED,
    SERIES,
    YELLOW,
    clean,
    day_number,
    grid_chart,
    sentence,
    time_axis,
)
from prelaunch.reports.numbers import count
from prelaunch.summary.model import StateChange

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUALITY = {"green": GREEN, "high": GREEN, "yellow": YELLOW, "medium": YELLOW, "red": RED, "low": RED}
MOST = 8
"""The most lines or bands of one picture; further ones are told in the table."""
NAMED = 0.06
"""The part of the time axis from which a rating has room for its name; shorter ones are told in the table."""
Run = tuple[float, float, StateChange]


def runs(changes: Sequence[StateChange], end: int, zone: str) -> list[Run]:
    """Return each state with the day numbers from which and until which it held."""
    starts = [day_number(change.at, zone) for change in changes]
    return list(zip(starts, [*starts[1:], day_number(max(end, changes[-1].at), zone)], changes, strict=True))


def by_owner(states: Sequence[StateChange], event: str) -> dict[str, list[StateChange]]:
    """Return the changes of one event by sender (or template), in order of time."""
    found: dict[str, list[StateChange]] = {}
    for state in states:
        if state.event == event:
            found.setdefault(state.template or state.sender or state.channel or "?", []).append(state)
    return dict(sorted(found.items())[:MOST])


def _draw_limits(axes: Axes, owners: dict[str, list[Run]]) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    known = sorted({c.value for spans in owners.values() for _, _, c in spans if c.value})
    top = (max(known) if known else 1000) * 10
    for (owner, spans), colour in zip(owners.items(), SERIES * 2, strict=False):
        times = [start for start, _, _ in spans] + [spans[-1][1]]
        heights = [top if c.unlimited else max(c.value or 1, 1) for _, _, c in spans]
        axes.plot(
            times,
            [*heights, heights[-1]],
            color=colour,
            label=clean(owner),
            drawstyle="steps-post",
            marker="o",
            markersize=3,
        )
    axes.set_yscale("log")
    ticks = known + ([top] if any(c.unlimited for spans in owners.values() for _, _, c in spans) else [])
    axes.set_ylim(min(ticks, default=1) / 2, max(ticks, default=1) * 2)
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: "unlimited" if v == top else count(v)))
    axes.set_title("messaging limit, recipients in a moving 24 h")
    axes.legend(loc="lower left", bbox_to_anchor=(0.45, 1), ncols=3)


def _draw_quality(axes: Axes, owners: dict[str, list[Run]]) -> None:
    whole = max(end for spans in owners.values() for _, end, _ in spans) - min(s[0][0] for s in owners.values())
    for row, spans in enumerate(owners.values()):
        for start, end, change in spans:
            word = change.reason or "?"
            axes.plot([start, end], [row, row], color=QUALITY.get(word, GREY), linewidth=12, solid_capstyle="butt")
            if end - start >= NAMED * whole:
                axes.text(
                    start,
                    row,
                    f" {clean(word, 12)}",
                    va="center",
                    fontsize=7,
                    color=INK if word == "yellow" else "white",
                )
    axes.set_yticks(range(len(owners)), [clean(owner, 24) for owner in owners])
    axes.set_ylim(len(owners) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.set_title("quality rating")


def limits_chart(name: str, states: Sequence[StateChange], end: int | None, zone: str) -> str:
    """Return the SVG of limits and qualities up to ``end``, or a sentence when neither changed."""
    panels: list[tuple[float, Callable[[Axes, dict[str, list[Run]]], None], dict[str, list[Run]]]] = []
    for event, draw in (("limit_changed", _draw_limits), ("quality_changed", _draw_quality)):
        owners = {owner: runs(c, end or 0, zone) for owner, c in by_owner(states, event).items()}
        if owners:
            panels.append((2.0 if event == "limit_changed" else 0.6 + 0.3 * len(owners), draw, owners))
    if not panels:
        return sentence("No messaging limit and no quality rating changed.")

    def draw_all(axes: list[Axes]) -> None:
        for place, (_, draw, owners) in zip(axes, panels, strict=True):
            draw(place, owners)
            place.sharex(axes[0])
            place.tick_params(labelbottom=place is axes[-1])
        time_axis(axes[-1], zone)

    label = f"Messaging limits and quality ratings over time, {len(states)} changes"
    return grid_chart(name, label, [height for height, _, _ in panels], 1, draw_all)
