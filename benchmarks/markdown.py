"""Tables and small words of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.results import Spread

ABSENT = "–"
SHOWN = {
    "naive": "naive SimPy", "reference": "reference", "compiled-full": "compiled",
    "compiled-file": "compiled, to a file",
    "compiled-dispatch": "compiled, dispatch log", "compiled-dispatch-file": "compiled, dispatch log to a file",
    "compiled-none": "compiled, no log", "c-full": "C",
    "c-none": "C, no log",
}  # fmt: skip
"""The engines as the page calls them."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; all columns but the first are set to the right."""
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, *rows)]
    rule = "|---|" + "---:|" * (len(head) - 1)
    return "\n".join([lines[0], rule, *lines[1:]])


def figure(value: float | None, digits: int = 2) -> str:
    """Return a figure with a comma at thousands; a dash where there is none."""
    return ABSENT if value is None else f"{value:,.{digits}f}"


def seconds(found: Spread | None) -> str:
    """Return seconds with three figures or so, with least and greatest."""
    if found is None:
        return ABSENT
    return found.shown(1 if found.median >= 10 else 2 if found.median >= 1 else 4 if found.median < 0.1 else 3)


def median_of(found: Spread | None) -> float | None:
    """Return the median, None where nothing was measured."""
    return None if found is None else found.median


def ratio(one: float | None, other: float | None) -> float | None:
    """Return one over the other, None where one of them is missing or nothing."""
    return None if one is None or not other else one / other


def equal(same: bool) -> str:
    """Return the word for the equality of logs."""
    return "equal" if same else "**not equal**"
