"""What content rules learn of a scenario besides its texts: the name a template is sent under, the longest values."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from scenarios.compile.law import longest_value
from scenarios.compile.texts import sender_of
from scenarios.model import Scenario, decode

AD, OTHER = {"AD-LUMEN": {"channel": "sms"}}, {"OTHER": {"channel": "sms"}}


def scenario(senders: dict[str, Any], *used: str | None) -> Scenario:
    steps = [{"channel": "sms", "template": "t", **({"sender": name} if name else {})} for name in used]
    campaign = {"id": "c", "category": "promo", "release_at": "2026-11-18T12:00", "cascade": steps}
    raw = {
        "name": "x", "clock": {"start": "2026-11-18T09:00", "horizon_days": 1}, "audience": {}, "senders": senders,
        "templates": {"t": {"channel": "sms", "body": "Hello", "category": "promo"}},
        "campaigns": [campaign] if steps else [],
    }  # fmt: skip
    return decode(raw)


@pytest.mark.parametrize(
    ("senders", "used", "expected"),
    [
        (AD, ["AD-LUMEN"], "AD-LUMEN"),
        (AD, [None, "AD-LUMEN"], "AD-LUMEN"),
        (AD, [], "AD-LUMEN"),
        (AD | OTHER, ["AD-LUMEN", "OTHER"], None),
        (AD | OTHER, [None], None),
        (AD | OTHER, [], None),
        ({"mail": {"channel": "email"}}, [None], None),
    ],
)
def test_a_template_has_a_sender_where_all_its_steps_agree(
    senders: dict[str, Any], used: list[str | None], expected: str | None
) -> None:
    assert sender_of(scenario(senders, *used), "t") == expected


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array(["a", "bcd", None]), 3),
        (pa.array(["a", "bcd"]).dictionary_encode(), 3),
        (pa.array([-15, 7, None]), 3),
        (pa.array([1.25]), 4),
        (pa.array([], pa.int64()), 0),
        (pa.array([None], pa.string()), 0),
    ],
)
def test_the_longest_value_of_a_column_is_counted_in_characters(column: pa.Array, expected: int) -> None:
    assert longest_value(column) == expected
