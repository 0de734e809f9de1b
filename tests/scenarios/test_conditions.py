"""Conditions on what stays as it is are answered by columns, as they would be person by person."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pyarrow as pa
import pytest

from policies.coded import coded
from policies.errors import Problem
from policies.people import People
from policies.records import DAY, MISSING, NEVER
from scenarios.compile.conditions import compile_conditions
from scenarios.compile.members import members_of
from scenarios.model import Campaign, Condition
from simulator.engine.conditions import STATIC, at_release, holds
from tests.support.crowd import crowd

RELEASE = 100 * DAY


class Nobody:
    """A view of people to whom nothing has happened."""

    purchased_at: ClassVar[dict[int, int]] = {}

    def recent_messages(self, recipient: int, at: int) -> int:
        return 0


@pytest.fixture(scope="module")
def people() -> People:
    some = crowd(6)
    some.orders = coded([0, 1, 2, MISSING, 5, 1])
    some.last_order_at = coded([-NEVER, 99 * DAY, 10 * DAY, MISSING, 95 * DAY, -NEVER])
    some.overdue_since = coded([NEVER, 5, MISSING, NEVER, 7, NEVER])
    some.country[5] = -1
    some.feature_phone[2] = True
    some.present[3] = 0
    some.attributes["tier"] = pa.array(["a", None, "b", "a", "1", "1.0"])
    some.attributes["age"] = pa.array([20, 30, None, 40, 50, 60])
    return some


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"attribute": "orders", "at_least": 2}, [2, 4]),
        ({"attribute": "orders", "below": 1, "negate": True}, [1, 2, 4, 5]),
        ({"attribute": "orders", "known": False}, [3]),
        ({"attribute": "overdue", "equals": True}, [1, 4]),
        ({"attribute": "overdue", "equals": True, "negate": True}, [0, 3, 5]),
        ({"attribute": "country", "equals": "RU"}, [0, 1, 2, 3, 4]),
        ({"attribute": "country", "known": True, "negate": True}, [5]),
        ({"attribute": "feature_phone", "equals": True}, [2]),
        ({"attribute": "has_sms", "equals": False}, [3]),
        ({"attribute": "tier", "one_of": ["a", "b"]}, [0, 2, 3]),
        ({"attribute": "tier", "equals": 1}, [4, 5]),
        ({"attribute": "age", "at_least": 30, "below": 60}, [1, 3, 4]),
    ],
)
def test_who_meets_a_condition(people: People, condition: dict[str, object], expected: list[int]) -> None:
    (test,) = compile_conditions([Condition(**condition)], people, "x", [])  # type: ignore[arg-type]
    assert test.about == STATIC
    assert [who for who in range(6) if test.passes[who]] == expected
    assert np.flatnonzero(at_release(test, 6, RELEASE)).tolist() == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"attribute": "days_since_purchase", "below": 6}, [1, 4]),
        ({"attribute": "days_since_purchase", "known": False}, [0, 3, 5]),
        ({"attribute": "purchased", "equals": False}, [0, 1, 2, 3, 4, 5]),
        ({"attribute": "messages_last_7_days", "at_least": 1}, []),
    ],
)
def test_members_are_those_to_whom_nothing_has_happened_yet(
    people: People, condition: dict[str, object], expected: list[int]
) -> None:
    (test,) = compile_conditions([Condition(**condition)], people, "x", [])  # type: ignore[arg-type]
    assert test.about != STATIC
    assert np.flatnonzero(at_release(test, 6, RELEASE)).tolist() == expected
    assert [who for who in range(6) if holds(test, Nobody(), who, RELEASE, RELEASE)] == expected


def test_an_attribute_that_nobody_knows_is_a_problem(people: People) -> None:
    problems: list[Problem] = []
    one = Condition(attribute="shoe_size", equals=1)
    compile_conditions([one], people, "campaigns[0].only", problems)
    assert [problem.where for problem in problems] == ["campaigns[0].only[0].attribute"]
    assert "tier" in problems[0].remedy


def test_a_sample_is_the_smallest_draws_in_any_order_of_rows() -> None:
    spec = Campaign(id="c", category="promo", release_at="2026-01-01T09:00", cascade=[], sample=30)
    some = crowd(200)
    taken = members_of(0, spec, some, RELEASE, 5, 1, [])
    assert len(taken) == 30
    assert (np.diff(taken.astype(np.int64)) > 0).all()
    keys = set(some.key[taken].tolist())
    some.key = some.key[::-1].copy()
    assert set(some.key[members_of(0, spec, some, RELEASE, 5, 1, [])].tolist()) == keys
