"""Countries and parts of them: what a rule for one says of people of the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.context import Context
from policies.places import covers, markets, may_cover, nation, touches
from policies.rules import Check, scope
from tests.support.judging import make_rule


@pytest.mark.parametrize(
    ("names", "place", "surely", "perhaps"),
    [
        (("US",), "US", True, False),
        (("US",), "US-FL", True, False),
        (("US-FL",), "US-FL", True, False),
        (("US-FL",), "US", False, True),
        (("US-FL", "US"), "US", True, False),
        (("US-FL",), "US-TX", False, False),
        (("US-FL",), "CA", False, False),
        ((), "US", False, False),
    ],
)
def test_a_country_covers_its_parts_and_a_part_may_cover_its_country(
    names: tuple[str, ...], place: str, surely: bool, perhaps: bool
) -> None:
    assert (covers(names, place), may_cover(names, place)) == (surely, perhaps)
    assert touches(names, place) == (surely or perhaps)
    context = Context(0, 1, countries=("DE", place))
    assert (context.country_mask(names), context.part_mask(names)) == (2 * surely, 2 * perhaps)


def test_a_rule_for_everybody_names_no_part() -> None:
    context = Context(0, 1, countries=("US",))
    assert (context.country_mask(None), context.part_mask(None)) == (-1, 0)


def test_the_nation_of_a_part_is_its_country() -> None:
    assert [nation(place) for place in ("US", "US-FL", "RU-BA")] == ["US", "US", "RU"]


def test_parts_of_a_country_are_one_market() -> None:
    assert markets(["US-FL", "RU", "US", "US-TX", "RU-BA"]) == [0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("wide", "narrow", "found"),
    [
        (("US",), ("US-FL",), ("US-FL",)),
        (("US-FL",), ("US",), ("US-FL",)),
        (("US", "CA"), ("CA",), ("CA",)),
        ((), ("CA",), ("CA",)),
        (("US",), (), ("US",)),
        (("US",), ("CA",), ()),
        (("US", "CA-ON"), ("US-FL", "CA"), ("US-FL", "CA-ON")),
    ],
)
def test_a_check_holds_where_both_it_and_its_rule_do(
    wide: tuple[str, ...], narrow: tuple[str, ...], found: tuple[str, ...]
) -> None:
    rule = make_rule("opt_out", {}, countries=wide)
    assert scope(rule, replace(Check("opt_out"), countries=narrow)).countries == found
