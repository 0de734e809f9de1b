"""Calendars: a country's own, or one of its regions whose days off are known."""

from __future__ import annotations

from collections.abc import Iterator

from policies.calendars.workdays import regional_holidays
from policies.words import suggestion
from scenarios.checks.facts import Facts
from scenarios.plain_errors import Fault


def check(facts: Facts) -> Iterator[Fault]:
    """Yield a fault for each calendar that is neither the country's own nor one of its known regions."""
    for country, calendar in facts.scenario.calendars.items():
        known = [country, *(name for name in regional_holidays() if name.startswith(f"{country}-"))]
        if calendar not in known:
            what = f"{calendar!r} is no calendar of {country}"
            yield Fault(("calendars", country), what, suggestion(calendar, known))
