"""The real customer base; its counts were found by Python's own csv module, apart from the loader."""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from policies.people import ZONE_SOURCES, channel_mask
from policies.records import MISSING
from scenarios.audience import Loaded
from tests.scenarios.audience_help import counts, load

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def base(data_folder: Path) -> Path:
    return data_folder / "customer_base.csv.gz"


@pytest.fixture(scope="module")
def loaded(base: Path) -> Loaded:
    return load(base, wanted=("segment", "full_name"))


@pytest.fixture(scope="module")
def rows(base: Path) -> Mapping[int, Mapping[str, str]]:
    """The whole rows by line number, read in the plain way."""
    with gzip.open(base, "rt", encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        lines = enumerate(reader, 2)
        return {line: dict(zip(header, row, strict=True)) for line, row in lines if len(row) == len(header)}


def test_all_rows_are_accounted_for(loaded: Loaded) -> None:
    assert loaded.rows_read == 100_000 == len(loaded.people) + len(loaded.rejects)
    reasons = Counter(re.sub(r"\d+ cells|line \d+", "N", reject.reason) for reject in loaded.rejects)
    assert reasons == {
        "the same number as N": 408,
        "not a phone number": 93,
        "the number is too short": 89,
        "no such number in its country's numbering plan": 61,
        "the row has N instead of 26": 53,
        "no number, e-mail address or push token": 18,
    }


def test_rows_of_a_wrong_width_are_named_by_their_lines(loaded: Loaded, rows: Mapping[int, Mapping[str, str]]) -> None:
    named = {reject.line for reject in loaded.rejects if "cells" in reject.reason}
    assert named == set(range(2, 100_002)) - set(rows)


def test_duplicates_are_later_rows_with_the_digits_of_the_line_they_name(
    loaded: Loaded, rows: Mapping[int, Mapping[str, str]]
) -> None:
    for reject in loaded.rejects:
        if found := re.search(r"same number as line (\d+)", reject.reason):
            first = int(found[1])
            assert first < reject.line
            assert _digits(rows[first]) == _digits(rows[reject.line])


def _digits(row: Mapping[str, str]) -> str:
    return re.sub(r"\D", "", row["phone"])[-10:]


def test_doubts_are_counted_among_the_people_kept(loaded: Loaded, rows: Mapping[int, Mapping[str, str]]) -> None:
    kept = [rows[line] for line in rows.keys() - {reject.line for reject in loaded.rejects}]
    day = re.compile(r"(202\d-(0\d|1[012])-\d\d)?")
    expected = {
        "time zone not known": sum(row["time_zone"] == "Europe/Moskva" for row in kept),
        "zone known only by country": sum(row["city"] == row["time_zone"] == "" for row in kept),
        "consent in the future": sum(row["ads_consent_at"] > "2026-11-22" for row in kept),
        "consent without evidence": sum(bool(row["ads_consent_at"]) > bool(row["consent_evidence"]) for row in kept),
        "opt-out before the consent": sum("" < row["opted_out_at"] < row["ads_consent_at"] for row in kept),
        "language missing": sum(not row["language"] for row in kept),
        "name missing": sum(not row["full_name"] for row in kept),
        "under 18": sum(row["birth_year"] > "2008" for row in kept),
        "may be under 18": sum(row["birth_year"] == "2008" for row in kept),
        "no phone": sum(row["phone"] in {"", "нет"} for row in kept),
        "not a date: last_order_at": sum(not day.fullmatch(row["last_order_at"]) for row in kept),
    }
    found = counts(loaded)
    assert {reason: found[reason] for reason in expected} == expected
    assert all(expected.values())


def test_channels_opt_outs_and_debts_are_those_of_the_rows(
    loaded: Loaded, rows: Mapping[int, Mapping[str, str]]
) -> None:
    people = loaded.people
    kept = [rows[line] for line in sorted(rows.keys() - {reject.line for reject in loaded.rejects})]
    assert people.ids.to_pylist() == [row["customer_id"] for row in kept]
    viber = (people.present & channel_mask("viber")) != 0
    assert viber.tolist() == [row["has_viber"] == "1" and row["phone"] not in {"", "нет"} for row in kept]
    assert people.overdue_micro[:].tolist() == [round(float(row["balance_overdue_rub"] or 0) * 1e6) for row in kept]
    assert (people.last_order_at[:] == MISSING).sum() == counts(loaded)["not a date: last_order_at"]
    sizes = (people.consent_ptr[1:] - people.consent_ptr[:-1])[people.consent_set]
    assert sizes.sum() == sum(bool(row["ads_consent_at"]) for row in kept)
    sources = Counter(ZONE_SOURCES[source] for source in people.zone_source.tolist())
    homeless = sum(not row["city"] for row in kept)
    assert sources == {"address": len(kept) - homeless, "country": homeless}
