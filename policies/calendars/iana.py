"""Which edition of the time zone database is used: the one of the ``tzdata`` package, the same on every machine."""

from __future__ import annotations

import zoneinfo


def use_packaged_zones() -> None:
    """Make every ``ZoneInfo`` of this process come from the ``tzdata`` package instead of the system's own files.

    A program calls it once, before it makes a zone; a library that lives in somebody else's program does not.
    """
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()


def edition() -> str:
    """Return the edition in use, such as ``2026f``, or ``system`` where the system's files come first."""
    import tzdata

    return "system" if zoneinfo.TZPATH else str(tzdata.IANA_VERSION)
