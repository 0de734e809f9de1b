"""A scenario names the calendar of a region: its days off count there, and an unknown one is a plain fault."""

from __future__ import annotations

from typing import Any

import pytest

from policies.errors import InputError
from scenarios.load import load_scenario
from tests.support.crowd import crowd
from tests.support.small import campaign, rehearse, scenario, step

HOURS = {"id": "hours", "kind": "time_window", "params": {"workday": ["09:00", "22:00"], "dayoff": None}}
CLOCK = {"start": "2026-10-12T10:00", "zone": "Asia/Yekaterinburg", "horizon_days": 2}
"""A Monday, and a regional day off in Bashkortostan."""


def handed_over(**changes: Any) -> int:
    raw = scenario(
        campaign(step("sms"), release_at="2026-10-12T10:00"), clock=CLOCK, guards={"rules": [HOURS]}, **changes
    )
    return rehearse(raw, crowd(3, zones=(("Asia/Yekaterinburg",),))).seconds("submitted").count(0)


def test_a_regional_day_off_needs_a_look_where_its_calendar_is_chosen() -> None:
    assert handed_over() == 3
    assert handed_over(calendars={"RU": "RU-BA"}) == 0


def test_an_unknown_calendar_is_a_fault_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="'RU-XX' is no calendar of RU"):
        load_scenario("scenarios/starter.yaml", overrides={"calendars": {"RU": "RU-XX"}})
