"""Cost by channel, each bar split by charge event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from prelaunch.reports.charts.style import SERIES, chart, clean, sentence
from prelaunch.reports.numbers import money
from prelaunch.summary.model import Charge

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNKNOWN = "not said"


def totals(charges: Sequence[Charge]) -> dict[str, dict[str, int]]:
    """Return micro-units by channel, dearest first, and charge event."""
    found: dict[str, dict[str, int]] = {}
    for charge in charges:
        parts = found.setdefault(charge.channel or UNKNOWN, {})
        parts[charge.charge or UNKNOWN] = parts.get(charge.charge or UNKNOWN, 0) + charge.cost_micro
    paid = {channel: parts for channel, parts in found.items() if sum(parts.values())}
    return dict(sorted(paid.items(), key=lambda item: (-sum(item[1].values()), item[0])))


def _draw(axes: Axes, by_channel: dict[str, dict[str, int]], currency: str) -> None:
    events = sorted({event for parts in by_channel.values() for event in parts})
    starts = dict.fromkeys(by_channel, 0.0)
    for event, colour in zip(events, SERIES * 2, strict=False):
        widths = [by_channel[channel].get(event, 0) / 1e6 for channel in by_channel]
        axes.barh(range(len(by_channel)), widths, 0.55, list(starts.values()), color=colour, label=event)
        starts = {channel: start + width for (channel, start), width in zip(starts.items(), widths, strict=True)}
    longest = max(starts.values())
    for row, (channel, end) in enumerate(starts.items()):
        text = money(sum(by_channel[channel].values()), currency)
        axes.text(end + longest * 0.01, row, text, va="center", fontsize=8)
    axes.set_yticks(range(len(by_channel)), [clean(channel) for channel in by_channel])
    axes.set_xlim(0, longest * 1.2)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    axes.invert_yaxis()
    axes.legend(title="billed at", loc="lower right")


def cost_chart(name: str, charges: Sequence[Charge], currency: str) -> str:
    """Return the SVG of the cost by channel and charge event, or a sentence when nothing was billed."""
    by_channel = totals(charges)
    if not by_channel:
        return sentence("Nothing was billed.")
    parts = "; ".join(f"{channel} {money(sum(p.values()), currency)}" for channel, p in by_channel.items())
    return chart(name, f"Cost by channel: {parts}", 0.7 + 0.42 * len(by_channel),
                 lambda axes: _draw(axes, by_channel, currency))  # fmt: skip
