"""Instants, int64 microseconds since 1970-01-01 UTC, as datetimes and as text, exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(at: int, zone: tzinfo = UTC) -> datetime:
    """Return an instant as a datetime of ``zone``."""
    return (EPOCH + timedelta(microseconds=at)).astimezone(zone)


def to_micros(when: datetime) -> int:
    """Return an aware datetime as an instant."""
    return (when.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


def instant_text(at: int) -> str:
    """Return an instant as ISO 8601 in UTC, microseconds where there are any: ``2026-11-20T19:00:00Z``."""
    return moment(at).isoformat().replace("+00:00", "Z")
