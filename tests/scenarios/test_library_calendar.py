"""A month of campaigns on one base: caps hold across campaigns, and nothing of the calendar is lost without a word."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from policies.records import DAY, WEEK
from scenarios.experiments.prepare import prepare
from scenarios.load import load_scenario
from simulator.engine.lists import local_offsets
from simulator.engine.log import FIELDS
from tests.support.library import LIBRARY, Played, play, real_calendar, small

WHO, AT, CAMPAIGN, CHANNEL = (FIELDS.index(name) for name in ("recipient", "occurred_at", "campaign", "channel"))


def sendings(run_of: Played) -> dict[int, list[tuple[int, int, int]]]:
    """Return for each recipient (instant, campaign, channel) of every message handed over, in order of time."""
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for row in run_of.rows("submitted").tolist():
        found[row[WHO]].append((row[AT], row[CAMPAIGN], row[CHANNEL]))
    return {who: sorted(times) for who, times in found.items()}


def most_in(times: Iterable[int], length: int) -> int:
    """Return the largest number of instants in any moving window of ``length``, its start included."""
    known = sorted(times)
    return max(sum(start <= at < start + length for at in known) for start in known)


def most_in_a_day(run_of: Played, who: int, times: Iterable[int]) -> int:
    offset = int(local_offsets(run_of.compiled.model)[who])
    days = [(at + offset) // DAY for at in times]
    return max(days.count(day) for day in days)


def test_nobody_gets_two_messages_on_a_day_or_four_in_seven_whoever_planned_them() -> None:
    month = small("calendar-month")
    got = sendings(month)
    assert max(len({campaign for _, campaign, _ in rows}) for rows in got.values()) > 5
    assert max(len({channel for _, _, channel in rows}) for rows in got.values()) > 2
    for who, rows in got.items():
        times = [at for at, _, _ in rows]
        assert most_in_a_day(month, who, times) == 1
        assert most_in(times, WEEK) <= 3


def test_without_the_guard_the_same_calendar_breaks_both_caps() -> None:
    loose = play("calendar-month", {"guards.rules": []}, size=300)
    got = sendings(loose)
    assert max(most_in_a_day(loose, who, [at for at, _, _ in rows]) for who, rows in got.items()) > 1
    assert max(most_in([at for at, _, _ in rows], WEEK) for rows in got.values()) > 3
    assert loose.findings()["BP-CAP-01"].failed > small("calendar-month").findings()["BP-CAP-01"].failed


def test_a_message_that_comes_too_soon_waits_and_does_not_vanish() -> None:
    month = small("calendar-month")
    rule = month.compiled.model.rule_names.index("own:across-campaigns")
    held = month.rows("held")
    assert (held[:, FIELDS.index("rule")] == rule).sum() > 50
    ended = {(row[WHO], row[CAMPAIGN]) for row in month.rows("ended").tolist()}
    assert {(row[WHO], row[CAMPAIGN]) for row in held.tolist()} <= ended


def test_each_bulk_row_of_the_calendar_becomes_a_campaign_of_its_scaled_size() -> None:
    month = small("calendar-month")
    with (LIBRARY / "calendar-october.csv").open(encoding="utf-8", newline="") as stream:
        rows = {f"bulk-{row['id']}": row["size"] for row in csv.DictReader(stream) if row["type"] == "bulk"}
    members = {campaign.id: len(campaign.members) for campaign in month.compiled.model.campaigns}
    assert 20 <= len(members) <= 30
    assert members == {name: round(int(size) * 300 / 1_000_000) if size else 90 for name, size in rows.items()}


def test_rows_without_a_size_are_counted_and_said() -> None:
    prepared = prepare(load_scenario(LIBRARY / "calendar-month.yaml", overrides={"audience.synthetic.size": 100}))
    assert any("3 x no size: taken as 0.3 of the base" in notice for notice in prepared.notices)


@pytest.mark.data
def test_march_2023_of_the_real_calendar_keeps_its_proportions_on_a_small_base(data_folder: Path) -> None:
    """134 bulk campaigns with 43 million sends to a base of 5.4 million."""
    march = play("calendar-month", real_calendar(data_folder / "campaigns_2021_2023.csv", 1000), engine="compiled")
    assert len(march.compiled.model.campaigns) == 134
    assert len(march.rows("released")) * 5_400_000 / 1000 == pytest.approx(43.15e6, rel=0.01)
    for who, rows in sendings(march).items():
        assert most_in_a_day(march, who, [at for at, _, _ in rows]) == 1
        assert most_in([at for at, _, _ in rows], WEEK) <= 3
