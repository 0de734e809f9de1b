"""Numbers as people read them: narrow spaces between thousands, a unit with each, nothing where nothing is known."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from policies.durations import in_parts
from policies.instants import moment
from policies.records import HOUR, SECOND
from scenarios.experiments.statistics import Estimate

THIN = "\u202f"  # narrow no-break space
NOTHING = "–"


def count(value: float | None) -> str:
    """Return a whole number: 1234567 -> ``1 234 567``."""
    return NOTHING if value is None else f"{round(value):,}".replace(",", THIN).replace("-", "−")


def decimal(value: Decimal | float, places: int) -> str:
    """Return a number with ``places`` decimals, halves to even, a true minus sign, and never "−0"."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    text = f"{abs(rounded):,}".replace(",", THIN)
    return f"−{text}" if rounded < 0 else text


def money(micro: int | None, currency: str) -> str:
    """Return money in two decimals, four below one unit: 1234500000 -> ``1 234.50 RUB``."""
    if micro is None:
        return NOTHING
    amount = Decimal(micro).scaleb(-6)
    places = 4 if 0 < abs(amount) < 1 else 2
    return f"{decimal(amount, places)}{THIN}{currency}"


def money_short(micro: int | None, currency: str) -> str:
    """Return money for a headline: without decimals from 10,000 on."""
    if micro is None or abs(micro) < 10_000_000_000:
        return money(micro, currency)
    return f"{decimal(Decimal(micro).scaleb(-6), 0)}{THIN}{currency}"


def share(part: int | None, whole: int | None) -> str:
    """Return a part of a whole in per cent; nothing of nobody."""
    return NOTHING if part is None or not whole else per_cent(part / whole)


def per_cent(value: float | None) -> str:
    """Return a share of one in per cent: one decimal, or two figures below 1 %."""
    if value is None:
        return NOTHING
    return f"{_hundredths(value)}{THIN}%"


def points(value: float | None) -> str:
    """Return a difference of two shares in percentage points."""
    return NOTHING if value is None else f"{_hundredths(value)}{THIN}pp"


def _hundredths(value: float) -> str:
    """Return 100 times the value: one decimal, or two figures below 1."""
    percent = Decimal(repr(value)) * 100
    if percent == 0:
        return "0"
    return decimal(percent, 1 if abs(percent) >= 1 else min(1 - percent.adjusted(), 6))


def duration(micro: int | None) -> str:
    """Return a duration by its two largest parts: ``3 h 20 min``."""
    if micro is None:
        return NOTHING
    if abs(micro) < SECOND:
        return f"{'−' if micro <= -1000 else ''}{abs(micro) // 1000}{THIN}ms"
    return ("−" if micro < 0 else "") + " ".join(f"{whole}{THIN}{unit}" for whole, unit in in_parts(micro, 2))


def local(at: int, zone: str) -> datetime:
    """Return an instant (microseconds UTC) as a datetime of the zone."""
    return moment(at, ZoneInfo(zone))


def instant(at: int | None, zone: str) -> str:
    """Return an instant on the wall clock of the zone, to the minute."""
    return NOTHING if at is None else f"{local(at, zone):%Y-%m-%d %H:%M}"


def in_unit(value: float | None, unit: str, currency: str) -> str:
    """Return a figure of a comparison in its unit: money, share, points (of a share), hours or count."""
    if value is None:
        return NOTHING
    if unit == "share":
        return per_cent(value)
    if unit == "points":
        return points(value)
    if unit == "money":
        return money_short(round(value * 1_000_000), currency)
    if unit == "hours":
        return duration(round(value * HOUR)) if abs(value) * HOUR >= 1000 else f"0{THIN}s"
    return count(value) if value == int(value) else decimal(value, 1)


def with_interval(figure: Estimate, currency: str) -> str:
    """Return a mean, with its 95 % interval where there is one."""
    mean = in_unit(figure.mean, figure.unit, currency)
    if figure.low is None or figure.high is None:
        return mean
    low, high = (in_unit(end, figure.unit, currency) for end in (figure.low, figure.high))
    if figure.unit in ("money", "share", "points"):  # the unit once is enough
        low, high = (end[: end.rfind(THIN)] for end in (low, high))
    return f"{mean} ({low} … {high})"
