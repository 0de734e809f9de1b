"""The calendar of campaigns read from a CSV."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policies.errors import InputError
from scenarios.calendar_csv import Calendar, read_calendar
from scenarios.model import CalendarFile

HEADER = "id,type,channel,started_at,finished_at,size,hour_limit\n"
REAL = Path(os.environ.get("PRELAUNCH_DATA", Path(__file__).parents[2].parent / "shared/data"))


def read(folder: Path, text: str, **spec: object) -> Calendar:
    (folder / "calendar.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    fields = {"path": "calendar.csv", "templates": {"push": "p", "email": "e"}, **spec}
    return read_calendar(CalendarFile(**fields), base_dir=folder, audience_size=1000, clock_zone="Europe/Moscow")


def test_a_row_becomes_a_campaign_of_one_step_in_the_clocks_zone(tmp_path: Path) -> None:
    row = "7,bulk,mobile_push,2023-03-01 07:55:01.392360,2023-03-01 08:25:01.392360,500,\n"
    (campaign,) = read(tmp_path, HEADER + row, scale=5000).campaigns
    assert (campaign.id, campaign.release_at, campaign.spread_h) == ("bulk-7", "2023-03-01T10:55:01", 0.5)
    assert (campaign.sample, campaign.cascade[0].channel, campaign.cascade[0].template) == (100, "push", "p")


def test_types_and_month_choose_rows_by_the_clocks_zone(tmp_path: Path) -> None:
    rows = (
        "1,bulk,push,2023-02-28 21:30:00,,5,\n"  # the first of March in Moscow
        "2,bulk,push,2023-03-31 21:30:00,,5,\n"  # the first of April in Moscow
        "3,trigger,nonsense,2023-03-05 12:00:00,,5,\n"
    )
    calendar = read(tmp_path, HEADER + rows, month="2023-03", types=["bulk"])
    assert [campaign.id for campaign in calendar.campaigns] == ["bulk-1"]


def test_a_row_without_a_size_takes_the_default_share_and_is_counted(tmp_path: Path) -> None:
    calendar = read(tmp_path, HEADER + "1,bulk,push,2023-03-01 09:00:00,2023-03-01 09:00:00,,\n", default_share=0.25)
    assert calendar.campaigns[0].sample == 250
    assert any("1 x no size: taken as 0.25" in notice for notice in calendar.notices)


def test_small_large_startless_and_repeated_rows_are_counted(tmp_path: Path) -> None:
    same = "4,bulk,push,2023-03-02 09:00:00,2023-03-02 09:00:00,10,\n"
    rows = (
        "1,bulk,push,2023-03-01 09:00:00,2023-03-01 09:00:00,1,\n"
        "2,bulk,push,2023-03-01 09:00:00,2023-03-01 09:00:00,9000,\n"
        "3,bulk,push,,,1,\n" + same + same
    )
    calendar = read(tmp_path, HEADER + rows, scale=5000)
    assert [campaign.sample for campaign in calendar.campaigns] == [0, 1000, 2]
    said = " ".join(calendar.notices)
    for words in ("too small", "larger than the base", "no start", "word for word"):
        assert words in said


def test_an_hourly_limit_is_scaled_with_the_base(tmp_path: Path) -> None:
    (campaign,) = read(tmp_path, HEADER + "1,bulk,email,2023-03-01 09:00:00,,100,6500\n", scale=10_000).campaigns
    assert campaign.cascade[0].throttle_per_h == 650.0


def test_a_semicolon_file_with_a_mark_and_other_headings_is_read(tmp_path: Path) -> None:
    text = "\ufeffНомер;channel;Когда;size\n1;email;2023-03-01 09:00;3\n"
    calendar = read(tmp_path, text, mapping={"id": "Номер", "started_at": "Когда"})
    assert [(campaign.id, campaign.sample) for campaign in calendar.campaigns] == [("1", 3)]


BAD_ROWS = {
    "1,bulk,pusj,2023-03-01 09:00:00,,1,": ("'pusj' is no channel", "did you mean push?"),
    "1,bulk,sms,2023-03-01 09:00:00,,1,": ("no template for sms", "calendar.templates"),
    "1,bulk,push,2023-02-30 09:00:00,,1,": ("no date and time", "YYYY"),
    "1,bulk,push,2023-03-01 09:00:00,2023-03-01 08:00:00,1,": ("before it starts", "exchange"),
    "1,bulk,push,2023-03-01 09:00:00,,-4,": ("'-4' is no count", "whole number"),
    "1,bulk,push,2023-03-01 09:00:00,,many,": ("'many' is no count", "whole number"),
    "1,bulk,push,2023-03-01 09:00:00,,,": ("size is missing", "default_share"),
    "1,bulk,push,2023-03-01 09:00:00,,1,0": ("hourly limit of 0", "empty"),
    ",bulk,push,2023-03-01 09:00:00,,1,": ("is no id", "1 to 64"),
    "1,bulk,push,2023-03-01 09:00:00,,1": ("6 cells under 7 headings", "quotes"),
    '1,bulk,push,"2023-03-01" x,,1,': ("not CSV", "quotes"),
}


@pytest.mark.parametrize("row", BAD_ROWS)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, row: str) -> None:
    what, remedy = BAD_ROWS[row]
    with pytest.raises(InputError) as caught:
        read(tmp_path, HEADER + row + "\n")
    (problem,) = caught.value.problems
    assert problem.where.endswith("calendar.csv:2")
    assert what in problem.what
    assert remedy in problem.remedy


def test_all_bad_rows_are_reported_together(tmp_path: Path) -> None:
    rows = "1,bulk,pusj,2023-03-01 09:00:00,,1,\n2,bulk,push,soon,,1,\n3,bulk,push,2023-03-01 09:00:00,,x,\n"
    rows += "4,bulk,push,2023-03-01 09:00:00,,1,\n4,bulk,push,2023-03-01 10:00:00,,1,\n"
    with pytest.raises(InputError) as caught:
        read(tmp_path, HEADER + rows)
    assert [problem.where.rpartition(":")[2] for problem in caught.value.problems] == ["2", "3", "4", "6"]


BAD_FILES = {
    "no columns": ("when,what\n1,2\n", {}, "there is no column 'id'"),
    "unknown mapping": (HEADER, {"mapping": {"sise": "size"}}, "no column 'sise'"),
    "mapped to nothing": (HEADER, {"mapping": {"size": "Count"}}, "there is no column 'Count'"),
    "empty": ("", {}, "there is no column 'id'"),
    "nothing left": (HEADER, {}, "no campaign is left of 0 rows"),
    "nul": (HEADER + "1,\0,push\n", {}, "NUL"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_in_plain_words(tmp_path: Path, name: str) -> None:
    text, spec, what = BAD_FILES[name]
    with pytest.raises(InputError, match=what):
        read(tmp_path, text, **spec)


def test_a_file_that_is_absent_or_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_bytes(HEADER.encode() + "1,bulk,пуш".encode("cp1251"))
    for path, what in (("none.csv", "cannot be read"), ("old.csv", "not UTF-8")):
        with pytest.raises(InputError, match=what):
            read(tmp_path, HEADER, path=path)


@pytest.mark.data
@pytest.mark.skipif(not REAL.joinpath("campaigns_2021_2023.csv").exists(), reason="the real calendar is not here")
def test_march_2023_of_the_real_calendar_has_134_bulk_campaigns_and_43_million_sends() -> None:
    spec = CalendarFile(
        path="campaigns_2021_2023.csv",
        month="2023-03",
        types=["bulk"],
        scale=5_400_000,
        templates={"push": "p", "email": "e"},
    )
    calendar = read_calendar(spec, base_dir=REAL, audience_size=100_000, clock_zone="Europe/Moscow")
    assert (len(calendar.campaigns), calendar.real_size) == (134, 43_154_733)
    assert abs(sum(campaign.sample or 0 for campaign in calendar.campaigns) - 43_154_733 / 54) < 67
    assert any("6 x no start" in notice for notice in calendar.notices)
