"""Times of a foreign log: what they mean, and which of them are refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from policies.records import MISSING
from scenarios.foreign.instants import (
    DIGITS,
    FAR,
    FAULTS,
    NO_NONE,
    NO_ZONE,
    NONE,
    NOT_A_TIME,
    ONLY_A_DAY,
    SKIPPED,
    InstantReader,
)


def read(
    text: str | None, *, zone: str | None = None, unit: str = "auto", exact: bool = True, none: bool = True
) -> object:
    """The instant of a text as UTC, what stands for none, or the fault."""
    values, faults = InstantReader(zone, unit)(pa.array([text], pa.string()), exact=exact, none=none)
    if faults[0] >= 0:
        return FAULTS[faults[0]]
    value = int(values[0])
    return value if value in (MISSING, NONE) else f"{datetime.fromtimestamp(value / 1e6, UTC):%Y-%m-%dT%H:%M:%S.%f}"


NOON = "2026-11-20T12:00:00.000000"
GOOD = [
    ("2026-11-20T12:00:00Z", {}, NOON),
    ("2026-11-20 12:00:00+00:00", {}, NOON),
    ("2026-11-20T15:00:00+03:00", {"zone": "Asia/Omsk"}, NOON),
    ("2026-11-20T15:00:00+0300", {}, NOON),
    (" 2026-11-20T12:00:00.250Z ", {}, "2026-11-20T12:00:00.250000"),
    ("2026-11-20T12:00Z", {}, NOON),
    ("2026-11-20T15:00:00", {"zone": "Europe/Moscow"}, NOON),
    ("20.11.2026 15:00", {"zone": "Europe/Moscow"}, NOON),
    ("2026-03-28T12:00:00", {"zone": "Europe/Berlin"}, "2026-03-28T11:00:00.000000"),
    ("2026-03-30T12:00:00", {"zone": "Europe/Berlin"}, "2026-03-30T10:00:00.000000"),
    ("2026-10-25T02:30:00", {"zone": "Europe/Berlin"}, "2026-10-25T00:30:00.000000"),
    ("1795176000", {}, NOON),
    ("1795176000.5", {}, "2026-11-20T12:00:00.500000"),
    ("1795176000000", {}, NOON),
    ("1795176000000000", {}, NOON),
    ("1", {"unit": "unix_s"}, "1970-01-01T00:00:01.000000"),
    ("1000", {"unit": "unix_ms"}, "1970-01-01T00:00:01.000000"),
    ("1000000", {"unit": "unix_us"}, "1970-01-01T00:00:01.000000"),
    ("2026-11-20", {"exact": False, "zone": "Europe/Moscow"}, "2026-11-19T21:00:00.000000"),
    ("none", {}, NONE),
    ("Никогда", {}, NONE),
    ("", {}, MISSING),
    (None, {}, MISSING),
    ("-", {}, MISSING),
    ("null", {}, MISSING),
]


@pytest.mark.parametrize(("text", "how", "expected"), GOOD)
def test_a_time_is_read_as(text: str | None, how: dict[str, object], expected: object) -> None:
    assert read(text, **how) == expected  # type: ignore[arg-type]


BAD = [
    ("2026-11-20T12:00:00", {}, NO_ZONE),
    ("20.11.2026 12:00", {}, NO_ZONE),
    ("2026-11-20", {"zone": "Europe/Moscow"}, ONLY_A_DAY),
    ("2026-02-30T12:00:00Z", {}, NOT_A_TIME),
    ("yesterday", {}, NOT_A_TIME),
    ("occurred_at", {}, NOT_A_TIME),
    ("12:00", {}, NOT_A_TIME),
    ("12345", {}, DIGITS),
    ("179517600000000000", {}, DIGITS),
    ("99999999999999999", {"unit": "unix_s"}, FAR),
    ("9999999999999999", {}, FAR),
    ("99999999999999999999999999", {}, NOT_A_TIME),
    ("1795176000", {"unit": "iso"}, NOT_A_TIME),
    ("2026-03-29T02:30:00", {"zone": "Europe/Berlin"}, SKIPPED),
    ("none", {"none": False}, NO_NONE),
]


@pytest.mark.parametrize(("text", "how", "fault"), BAD)
def test_a_time_is_refused(text: str, how: dict[str, object], fault: str) -> None:
    assert read(text, **how) == fault  # type: ignore[arg-type]


def test_one_impossible_day_does_not_spoil_the_others() -> None:
    texts = pa.array(["2026-11-20T12:00:00Z", "2026-02-30T12:00:00Z", "2026-11-20T12:00:01Z"])
    values, faults = InstantReader(None, "auto")(texts, exact=True, none=False)
    assert (faults >= 0).tolist() == [False, True, False]
    assert values[2] - values[0] == 1_000_000
    assert values[1] == MISSING
