"""Amounts of money as exports write them: decimals with a point or a comma, a sign, a power of ten."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal

from scenarios.audience.cells import BAD, parse_amount

_DECIMAL = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,30})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
MOST = Decimal(10**12)


def amount(text: str) -> int:
    """Return an amount in micro-units, half-even where it has more than six decimals; BAD if it is none."""
    exact = parse_amount(text)
    if exact != BAD:
        return exact
    plain = text.strip()
    if not _DECIMAL.fullmatch(plain):
        return BAD
    value = Decimal(plain.replace(",", "."))
    if abs(value) >= MOST:
        return BAD
    return int((value * 1_000_000).to_integral_value(rounding=ROUND_HALF_EVEN))
