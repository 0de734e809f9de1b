"""Wall clocks and kinds of day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.calendars.workdays import (
    DAY_CLASSES,
    UNKNOWN_DAY,
    add_working_days,
    day_class,
    day_classes,
    regional_holidays,
)
from policies.calendars.zones import clock_reaches, local_time, to_instant, zone_tables
from policies.errors import InputError
from policies.records import DAY, HOUR, MINUTE, MISSING, SECOND
from tests.support.judging import instant

NAMES = ("America/New_York", "Europe/Moscow", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu")
START, END = instant("2026-01-01"), instant("2026-12-31")
TABLES = tuple(array.tolist() for array in zone_tables(NAMES, START, END))


def wall(at: int, name: str) -> int:
    moment = datetime.fromtimestamp(at // SECOND, UTC).astimezone(ZoneInfo(name))
    return int(moment.replace(tzinfo=UTC).timestamp()) * SECOND + at % SECOND


@given(st.integers(START, END), st.sampled_from(range(len(NAMES))))
def test_the_wall_clock_is_that_of_the_time_zone_database(at: int, zone: int) -> None:
    assert local_time(at, zone, *TABLES) == wall(at, NAMES[zone])


@given(st.integers(START, END), st.sampled_from(range(len(NAMES))), st.integers(0, 3 * DAY))
def test_the_instant_of_a_wall_clock_is_the_first_that_shows_it(after: int, zone: int, later: int) -> None:
    local = local_time(after, zone, *TABLES) + later
    found = to_instant(local, after, zone, *TABLES)
    assert found >= after
    assert local_time(found, zone, *TABLES) >= local
    assert found == after or local_time(found - 1, zone, *TABLES) < local


@pytest.mark.parametrize(
    ("local", "after", "expected"),
    [
        ("2026-03-08T02:30", "2026-03-08T06:00", "2026-03-08T07:00"),  # skipped: the jump
        ("2026-11-01T01:30", "2026-11-01T00:00", "2026-11-01T05:30"),  # repeated: the first pass
        ("2026-11-01T01:30", "2026-11-01T05:31", "2026-11-01T06:30"),  # the first pass is over
        ("2026-11-01T01:30", "2026-11-01T06:30", "2026-11-01T06:30"),
        ("2026-10-14T00:00", "2026-10-14T04:00", "2026-10-14T04:00"),
    ],
)
def test_the_clock_reaches_skipped_and_repeated_hours(local: str, after: str, expected: str) -> None:
    assert clock_reaches(instant(local), instant(after), 0, *TABLES) == instant(expected)


def test_a_later_change_of_the_offset_does_not_bring_a_past_time_back() -> None:
    assert clock_reaches(instant("2026-10-14T00:00"), instant("2026-10-14T04:00:01"), 0, *TABLES) == MISSING
    assert clock_reaches(instant("2026-02-14T00:00"), instant("2026-03-01"), 0, *TABLES) == MISSING


def test_a_clock_that_is_past_the_time_gives_the_instant_itself() -> None:
    at = instant("2026-11-01T05:31")
    assert to_instant(instant("2026-11-01T01:30"), at, 0, *TABLES) == at


def test_the_tables_reach_thirty_five_days_beyond_the_horizon_and_no_further() -> None:
    first, last = START - 35 * DAY, END + 35 * DAY
    assert local_time(first, 1, *TABLES) == first + 3 * HOUR
    assert local_time(last - 1, 1, *TABLES) == last - 1 + 3 * HOUR
    assert local_time(first - 1, 1, *TABLES) == MISSING
    assert local_time(last, 1, *TABLES) == MISSING
    assert to_instant(last + 3 * HOUR, START, 1, *TABLES) == MISSING
    assert clock_reaches(last + 3 * HOUR, START, 1, *TABLES) == MISSING


def test_an_unknown_zone_has_no_clock() -> None:
    assert local_time(START, -1, *TABLES) == MISSING
    assert to_instant(START, START, -1, *TABLES) == MISSING
    assert clock_reaches(START, START, -1, *TABLES) == MISSING


def test_every_wrong_zone_is_named() -> None:
    with pytest.raises(InputError) as caught:
        zone_tables(("Europe/Moskva", "Europe/Moscow", "../etc", ""), START, END)
    assert len(caught.value.problems) == 3


def test_a_shift_of_half_an_hour_is_found_to_the_second() -> None:
    at = instant("2026-04-04T15:00")
    assert local_time(at - 1, 2, *TABLES) - (at - 1) == 11 * HOUR
    assert local_time(at, 2, *TABLES) - at == 10 * HOUR + 30 * MINUTE


@pytest.mark.parametrize(
    ("calendar", "day", "expected"),
    [
        ("RU", "2026-11-20", "workday"),
        ("RU", "2026-11-21", "dayoff"),
        ("RU", "2025-11-01", "shifted_workday"),
        ("RU", "2025-11-03", "dayoff"),
        ("RU", "2026-01-09", "dayoff"),
        ("RU", "2026-03-09", "holiday"),
        ("RU", "2026-11-04", "holiday"),
        ("RU", "2026-12-31", "dayoff"),
        ("RU", "2027-02-20", "shifted_workday"),
        ("RU", "2027-11-05", "dayoff"),
        ("RU", "2021-11-05", "dayoff"),
        ("FR", "2026-05-14", "holiday"),
        ("US", "2026-11-26", "holiday"),
        ("RU-BA", "2026-10-12", "regional_holiday"),
        ("RU-BA", "2026-11-04", "holiday"),
        ("RU-BA", "2026-10-13", "workday"),
    ],
)
def test_a_day_is_of_its_class(calendar: str, day: str, expected: str) -> None:
    found = day_class(calendar, date.fromisoformat(day), regional_holidays().get(calendar, frozenset()))
    assert DAY_CLASSES[found] == expected


@pytest.mark.parametrize(("calendar", "day"), [("RU", "2028-03-14"), ("KZ", "2030-05-02"), ("ZZ", "2026-11-20")])
def test_a_day_is_unknown_where_no_decree_or_calendar_is(calendar: str, day: str) -> None:
    assert day_class(calendar, date.fromisoformat(day)) == UNKNOWN_DAY


def test_the_table_of_days_begins_where_it_is_told() -> None:
    first = date(2026, 11, 20).toordinal() - date(1970, 1, 1).toordinal()
    table = day_classes(("RU", "ZZ", "RU-XX"), first, 3, {"RU-XX": [date(2026, 11, 20)]})
    assert table.tolist() == [[0, 1, 1], [255, 255, 255], [4, 1, 1]]


@pytest.mark.parametrize(
    ("start", "n", "calendar", "expected"),
    [
        ("2026-11-20", 10, "US", date(2026, 12, 7)),  # Thanksgiving does not count
        ("2026-11-20", 1, "RU", date(2026, 11, 23)),
        ("2025-10-31", 1, "RU", date(2025, 11, 1)),  # a Saturday made working counts
        ("2025-10-31", 2, "RU", date(2025, 11, 5)),
        ("2026-11-21", 0, "RU", date(2026, 11, 21)),
        ("2027-12-30", 5, "RU", None),
    ],
)
def test_working_days_are_counted(start: str, n: int, calendar: str, expected: date | None) -> None:
    assert add_working_days(date.fromisoformat(start), n, calendar) == expected


def test_regional_holidays_come_from_any_file(tmp_path: Path) -> None:
    file = tmp_path / "regional.yaml"
    file.write_text("RU-TA: {source: x, days: [2026-08-30]}\n", encoding="utf-8")
    assert regional_holidays(file) == {"RU-TA": frozenset({date(2026, 8, 30)})}
