"""Windows as people write them: what is wrong with the parameters of a time window before any rule is made of them."""

from __future__ import annotations

from typing import Any

FORWARDS = 'name the hours in which messages may go, within one day, such as ["09:00", "21:00"]'


def backwards(params: dict[str, Any]) -> list[tuple[tuple[str, ...], str]]:
    """Return (path, what is wrong) of each window that ends before it begins: a day's window does not pass midnight."""
    kinds_of_day = ("workday", "dayoff", "holiday", "shifted_workday", "pause")
    named: dict[tuple[str, ...], Any] = {(name,): params.get(name) for name in kinds_of_day}
    named |= {("weekdays", day): value for day, value in params.get("weekdays", {}).items()}
    return [
        (path, f"the window ends at {value[1]}, before it begins at {value[0]}")
        for path, value in named.items()
        if value is not None and value[1] < value[0]
    ]
