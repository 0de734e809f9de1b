"""The day on which a person sits before the command line, for what ends on a day; nothing else reads a clock."""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    """Return the day, UTC. An option ``--today`` goes before it."""
    return datetime.now(UTC).date()
