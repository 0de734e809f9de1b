"""Money: halves go to the even side, tiers are marginal, months begin anew; compared with exact fractions."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.model import Rate, Tariff
from simulator.engine.money import Accounts, billable, half_even, marginal

numerators, denominators = st.integers(-(10**15), 10**15), st.integers(1, 10**6)
TIERS = ((0, 3_000_000, 1), (100, 2_000_000, 1), (1000, 1_000_001, 2))


@given(numerators, denominators)
def test_halves_are_rounded_to_even(numerator: int, denominator: int) -> None:
    assert half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@given(st.integers(-10000, 10000))
def test_rounding_agrees_with_decimal(tenths: int) -> None:
    assert half_even(tenths, 10) == int((Decimal(tenths) / 10).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def by_single_units(before: int, units: int) -> Fraction:
    """The exact price of each unit by the tier it falls in, added up."""
    total = Fraction(0)
    for unit in range(before, before + units):
        _, numerator, denominator = max(tier for tier in TIERS if tier[0] <= unit)
        total += Fraction(numerator, denominator)
    return total


@given(st.integers(0, 1500), st.integers(0, 300))
def test_each_unit_costs_what_its_tier_says(before: int, units: int) -> None:
    assert abs(marginal(TIERS, before, units) - by_single_units(before, units)) <= Fraction(1, 2)


@given(st.integers(0, 1500), st.lists(st.integers(0, 20), max_size=8))
def test_tiers_do_not_care_how_units_are_cut(before: int, parts: list[int]) -> None:
    """But for one rounding a part."""
    done, total = before, 0
    for part in parts:
        total += marginal(TIERS, done, part)
        done += part
    assert abs(total - marginal(TIERS, before, done - before)) <= len(parts)


def tariff(per: str = "message", minimum: int = 0) -> tuple[Tariff, Rate]:
    rate = Rate(per, minimum, free_in_window=False, tiers=((0, 10, 1), (2, 1, 1)))
    return Tariff(1, 0, (rate,)), rate


def test_the_tiers_begin_anew_each_month() -> None:
    account, (what, rate) = Accounts([0, 1000]), tariff()
    assert [account.charge(what, rate, 0, 1, at) for at in (1, 2, 3, 999, 1000, 1001, 1002)] == [
        10,
        10,
        1,
        1,
        10,
        10,
        1,
    ]


def test_countries_and_tariffs_have_accounts_of_their_own() -> None:
    account, (what, rate) = Accounts([0]), tariff()
    other = Tariff(2, 0, what.by_country)
    assert [account.charge(one, rate, place, 2, 5) for one, place in ((what, 0), (what, 1), (other, 0), (what, 0))] == [
        20,
        20,
        20,
        2,
    ]


@pytest.mark.parametrize(("per", "minimum", "units", "billed"), [
    ("message", 0, 3, 1), ("segment", 0, 3, 3), ("second", 5, 3, 5), ("second", 5, 8, 8), ("message", 2, 1, 2),
])  # fmt: skip
def test_what_is_billed(per: str, minimum: int, units: int, billed: int) -> None:
    assert billable(tariff(per, minimum)[1], units) == billed
