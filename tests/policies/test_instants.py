"""Instants become datetimes and text and come back without loss."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from policies.instants import instant_text, moment, to_micros

TEXTS = {
    0: "1970-01-01T00:00:00Z",
    -1: "1969-12-31T23:59:59.999999Z",
    1_763_665_200_000_000: "2025-11-20T19:00:00Z",
    1_763_665_200_000_001: "2025-11-20T19:00:00.000001Z",
}


@pytest.mark.parametrize("at", TEXTS)
def test_an_instant_is_told_in_utc_with_the_microseconds_it_has(at: int) -> None:
    assert instant_text(at) == TEXTS[at]
    assert to_micros(datetime.fromisoformat(TEXTS[at])) == at


def test_a_wall_clock_is_that_of_the_zone_and_gives_the_instant_back() -> None:
    zone = ZoneInfo("Asia/Kolkata")
    wall = moment(1_763_665_200_000_000, zone)
    assert (wall.hour, wall.minute, wall.tzinfo) == (0, 30, zone)
    assert to_micros(wall) == 1_763_665_200_000_000
    assert moment(0) == datetime(1970, 1, 1, tzinfo=UTC)
