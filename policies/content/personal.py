"""Personal data in a text: patterns as data, with the proofs that tell a number from any other row of digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of personal data; ``sure`` says whether the form alone decides, ``proof`` asks the digits."""

    name: str
    find: re.Pattern[str]
    sure: bool
    proof: Literal["luhn", "snils", "date", ""] = ""


def personal_data(text: str) -> Iterator[tuple[Pattern, tuple[int, int]]]:
    """Yield what is found in ``text`` with its place; of two at one place the first of the list."""
    taken: list[tuple[int, int]] = []
    for pattern in patterns()[0]:
        for found in pattern.find.finditer(text):
            span = found.span()
            free = all(span[1] <= first or span[0] >= last for first, last in taken)
            if free and (not pattern.proof or PROOFS[pattern.proof](found["number"])):
                taken.append(span)
                yield pattern, span


@cache
def patterns() -> tuple[tuple[Pattern, ...], frozenset[str]]:
    """Return the patterns, and the names of columns that hold personal data, from ``personal.yaml``."""
    raw = yaml.safe_load((files("policies.content") / "personal.yaml").read_text(encoding="utf-8"))
    known = tuple(
        Pattern(one["name"], re.compile(one["find"], re.IGNORECASE), one["answer"] == "fail", one.get("proof", ""))
        for one in raw["patterns"]
    )
    return known, frozenset(name for names in raw["columns"].values() for name in names)


def luhn(number: str) -> bool:
    """Say whether the check digit of a payment card is right (ISO/IEC 7812-1); a row of noughts is none."""
    digits = [int(char) for char in number if char.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return any(digits) and sum(doubled) % 10 == 0


def snils(number: str) -> bool:
    """Say whether the last two digits of a Russian insurance number are right: weights 9 to 1, modulo 101."""
    digits = [int(char) for char in number if char.isdigit()]
    total = sum(weight * digit for weight, digit in zip(range(9, 0, -1), digits, strict=False))
    return total % 101 % 100 == digits[9] * 10 + digits[10]


def calendar_day(written: str) -> bool:
    """Say whether day, month and year are those of a day of the calendar."""
    day, month, year = (int(part) for part in re.split(r"\D", written))
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


PROOFS: dict[str, Callable[[str], bool]] = {"luhn": luhn, "snils": snils, "date": calendar_day}
