"""What ``prelaunch numbers`` says, to people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prelaunch.layout import say
from prelaunch.reports.numbers import count
from scenarios.audience.number_facts import NumberFacts
from scenarios.audience.number_register import Register

if TYPE_CHECKING:
    from rich.console import Console

MOST_TERRITORIES = 8
WORDS = {
    "number_range": "by the range",
    "country": "by the country alone",
    "unknown": "nothing tells",
}


def tell_imported(console: Console, register: Register, written: Path) -> None:
    """Say what was taken in, which territories have no zone, and how to use it."""
    numbers = sum(each.end - each.start + 1 for each in register.ranges)
    say(console, f"{count(len(register.ranges))} ranges of {count(numbers)} numbers")
    if register.unknown:
        total = count(register.unknown.total())
        say(console, f"kept without a time zone, their territory being no known region: {total} of the ranges")
        for territory, times in register.unknown.most_common(MOST_TERRITORIES):
            say(console, f"{count(times)} × {territory}", first=2)
        if len(register.unknown) > MOST_TERRITORIES:
            console.print(f"  … and {len(register.unknown) - MOST_TERRITORIES} more (--json)")
    say(console, f"written: {written}; name it in a scenario as audience.file.number_ranges")


def imported_as_dict(register: Register, written: Path) -> dict[str, Any]:
    """Return the same as plain values."""
    return {
        "file": str(written),
        "ranges": len(register.ranges),
        "numbers": sum(each.end - each.start + 1 for each in register.ranges),
        "sources": [asdict(source) for source in register.sources],
        "without_zone": dict(register.unknown.most_common()),
    }


def tell_known(console: Console, found: Sequence[NumberFacts]) -> None:
    """Say what is known of each number."""
    for each in found:
        say(console, f"+{each.number}: {each.country}, {'mobile' if each.mobile else 'not a mobile'}")
        for line in _lines(each):
            say(console, line, first=2)


def _lines(facts: NumberFacts) -> list[str]:
    zones = ", ".join(facts.zones) or "none"
    several = "; a message must be allowed in all of them" if len(facts.zones) > 1 else ""
    last = f"possible time zones, {WORDS[facts.by]}: {zones}{several}"
    if facts.start is None:
        return ["in no range that was imported", last]
    operator, region = facts.operator or "nobody that is named", facts.region or "not named"
    return [
        f"range: +{facts.start} to +{facts.end}",
        f"allotted to: {operator}; numbers may have moved since",
        f"region: {region}; where it was allotted, not where its owner lives",
        last,
    ]


def known_as_dict(facts: NumberFacts) -> dict[str, Any]:
    """Return what is known of a number as plain values."""
    return {**asdict(facts), "number": f"+{facts.number}", "zones": list(facts.zones)}
