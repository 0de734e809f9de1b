"""Durations, whole microseconds, in words: ``28 d``, ``3 d 1 h``."""

from __future__ import annotations

from policies.records import DAY, HOUR, MINUTE, SECOND

UNITS = (("d", DAY), ("h", HOUR), ("min", MINUTE), ("s", SECOND))


def in_parts(duration: int, units: int = len(UNITS)) -> list[tuple[int, str]]:
    """Return a duration in so many units, from the largest that it fills: 90 minutes -> 1 h, 30 min.

    Parts of zero are left out, and so are less than a second and the sign.
    """
    parts: list[tuple[int, str]] = []
    rest = abs(duration)
    for unit, size in UNITS:
        whole, rest = divmod(rest, size)
        if whole or parts:
            parts.append((whole, unit))
    return [(whole, unit) for whole, unit in parts[:units] if whole]


def lasting(duration: int) -> str:
    """Return a duration of at least zero, exact, with the fewest units: ``28 d``, ``90 min``, ``0.5 s``."""
    for unit, size in UNITS:
        if duration and duration % size == 0:
            return f"{duration // size} {unit}"
    return f"{in_seconds(duration)} s"


def in_seconds(duration: int) -> str:
    """Return a duration as a number of seconds, exact: ``7200``, ``0.5``."""
    return f"{duration / SECOND:.6f}".rstrip("0").rstrip(".")


def roughly(duration: int) -> str:
    """Return a duration of at least zero in whole minutes, below a minute in whole seconds: ``3 d 1 h``, ``30 s``."""
    parts = in_parts(duration // MINUTE * MINUTE or duration)
    return " ".join(f"{whole} {unit}" for whole, unit in parts) or "0 s"
