"""The templates of the pages and the words they use for numbers; everything is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from prelaunch.reports import numbers, verdicts
from prelaunch.summary.figures import divided

TEMPLATES = Path(__file__).parent / "templates"


def is_web(url: str) -> bool:
    """Say whether an address may become a link: http and https only."""
    return urlsplit(url).scheme in ("http", "https") if url else False


def file_link(name: str) -> str:
    """Return a file beside the page as a relative link."""
    return f"./{quote(Path(name).name)}"


def in_force(dates: tuple[date | None, date | None]) -> str:
    """Return a period in words; the second date is the first day on which it no longer holds."""
    start, end = dates
    since = f"since {start}" if start else "without a known beginning"
    return f"{since}, until {end} (exclusive)" if end else since


def each(micro: int, units: int, currency: str) -> str:
    """Return the mean price of a unit."""
    return numbers.money(divided(micro, units), currency)


def flat(manifest: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    """Return a nested manifest as (dotted name, text), in its order."""
    found: list[tuple[str, str]] = []
    for key, value in manifest.items():
        if isinstance(value, Mapping):
            found += flat(value, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", ", ".join(map(str, value)) if isinstance(value, list) else str(value)))
    return found


def environment() -> Environment:
    """Return the template environment: escapes everything, and a name that is not given is an error."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    words = (
        numbers.count, numbers.money, numbers.share, numbers.per_cent, numbers.points, numbers.duration,
        numbers.instant, numbers.with_interval, verdicts.slug, verdicts.anchor, verdicts.in_words, is_web, file_link,
        in_force, each,
    )  # fmt: skip
    env.filters.update({word.__name__: word for word in words})
    return env
