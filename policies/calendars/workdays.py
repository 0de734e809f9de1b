"""Which kind of day a local day is: working, off, holiday, a Saturday made working; and counting of working days.

Public holidays, days off moved by decree and working Saturdays come from the ``holidays`` package. Where a government
moves days off by a yearly decree (``DECREES``), a year without any moved day in the data is not known yet: *unknown*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

WORKDAY, DAYOFF, HOLIDAY, SHIFTED_WORKDAY, REGIONAL_HOLIDAY, UNKNOWN_DAY = 0, 1, 2, 3, 4, 255
DAY_CLASSES = ("workday", "dayoff", "holiday", "shifted_workday", "regional_holiday")

DECREES = ("AM", "AZ", "BG", "BY", "CN", "HU", "KG", "KZ", "LV", "MM", "RU", "TW", "UA", "UZ", "VN")
"""Countries that move days off by a yearly act (those for which ``holidays`` records moved days)."""
MOVED = "substituted"
"""The word by which the ``holidays`` package marks a day off that was moved."""
EPOCH = date(1970, 1, 1)


def day_classes(
    calendars: Sequence[str],
    first_day: int,
    days: int,
    regional: Mapping[str, Iterable[date]] | None = None,
) -> npt.NDArray[np.uint8]:
    """Return the class of each local day, shape ``(len(calendars), days)``; day 0 is ``first_day`` after 1970-01-01.

    A calendar is an ISO country code (``RU``) or a region's name that begins with one (``RU-BA``); ``regional`` gives
    the holidays of such regions. An unknown country has unknown days.
    """
    classes = np.full((len(calendars), days), UNKNOWN_DAY, np.uint8)
    for row, calendar in enumerate(calendars):
        extra = frozenset((regional or {}).get(calendar, ()))
        for column in range(days):
            classes[row, column] = day_class(calendar, EPOCH + timedelta(days=first_day + column), extra)
    return classes


def day_class(calendar: str, day: date, regional: frozenset[date] = frozenset()) -> int:
    """Return the class of one day; a working day that is a holiday of the region only is REGIONAL_HOLIDAY."""
    found = _country_years(calendar.partition("-")[0], day.year)
    if found is None:
        return UNKNOWN_DAY
    holidays, moved, working, weekend = found
    if day in moved:
        return DAYOFF
    if day in holidays:
        return HOLIDAY
    if day in working:
        return SHIFTED_WORKDAY
    if day.weekday() in weekend:
        return DAYOFF
    return REGIONAL_HOLIDAY if day in regional else WORKDAY


def add_working_days(day: date, n: int, calendar: str) -> date | None:
    """Return the ``n``-th working day after ``day`` (``day`` itself does not count); None where days are unknown."""
    while n > 0:
        day += timedelta(days=1)
        kind = day_class(calendar, day)
        if kind == UNKNOWN_DAY:
            return None
        n -= kind in (WORKDAY, SHIFTED_WORKDAY)
    return day


@lru_cache(maxsize=256)
def _country_years(
    country: str, year: int
) -> tuple[frozenset[date], frozenset[date], frozenset[date], frozenset[int]] | None:
    """Return (holidays, days off moved here, working weekends, weekend weekdays) of a year; None: not known."""
    import holidays

    try:
        found = holidays.country_holidays(country, years=year, language="en_US")
    except (NotImplementedError, AttributeError):
        return None
    moved = frozenset(day for day, name in found.items() if MOVED in name)
    working = frozenset(day for day in found.weekend_workdays if day.year == year)
    if country in DECREES and not (moved or working):
        return None
    return frozenset(found) - moved, moved, working, frozenset(found.weekend)


def regional_holidays(path: Path | None = None) -> dict[str, frozenset[date]]:
    """Return the holidays of each regional calendar of a YAML file; ours when none is named."""
    import yaml

    path = path or Path(__file__).with_name("regional.yaml")
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: frozenset(region["days"]) for name, region in raw.items()}
