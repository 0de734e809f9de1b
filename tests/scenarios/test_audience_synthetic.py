"""Synthetic audiences: the shares that were asked for, the same person whatever the size, and back from a file."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.errors import InputError
from policies.people import C_CHANNELS, ZONE_SOURCES, Coded, People, channel_mask
from policies.records import DAY, NEVER
from scenarios.audience import load_audience, write_csv
from scenarios.audience.columns import NAMES
from scenarios.audience.draws import Draws
from scenarios.audience.keys import recipient_key, recipient_keys
from scenarios.audience.synthetic import ZONES
from scenarios.audience.zones import place_zones
from scenarios.model import Audience, Synthetic
from tests.scenarios.audience_help import NOW, load
from tests.support.crowd import changed

TRAITS = ("city", "full_name", "birth_year", "segment", "orders", "language")


def make(wanted: tuple[str, ...] = TRAITS, seed: int = 1, **spec: object) -> People:
    audience = Audience(synthetic=Synthetic(**spec))  # type: ignore[arg-type]
    return load_audience(audience, base_dir=Path(), now=NOW, seed=seed, currency="RUB", wanted=wanted).people


def differences(left: People, right: People, rows: slice = slice(None)) -> list[str]:
    """Return the fields that differ in ``rows``; consents and attributes are compared as values."""
    found = []
    for name in (field.name for field in fields(People)):
        ours, theirs = getattr(left, name), getattr(right, name)
        if name == "attributes":
            same = {key: value.to_pylist()[rows] for key, value in ours.items()} == {
                key: value.to_pylist()[rows] for key, value in theirs.items()
            }
        elif name in ("consent_set", "consents", "consent_ptr"):
            same = consents_of(left, rows) == consents_of(right, rows)
        elif isinstance(ours, tuple):
            same = ours == theirs
        elif name == "ids":
            same = ours.to_pylist()[rows] == theirs.to_pylist()[rows]
        elif isinstance(ours, Coded):
            same = np.array_equal(ours[rows], theirs[rows])
        else:
            same = ours.dtype == theirs.dtype and np.array_equal(ours[rows], theirs[rows])
        if not same:
            found.append(name)
    return found


def consents_of(people: People, rows: slice) -> list[list[list[int]]]:
    """Return the consents of each person."""
    bounds = zip(people.consent_ptr[:-1], people.consent_ptr[1:], strict=True)
    sets = [people.consents[start:end].tolist() for start, end in bounds]
    return [sets[index] for index in people.consent_set[rows].tolist()]


def test_a_person_is_the_same_whatever_the_size() -> None:
    spec = {"opted_out": 0.2, "overdue": 0.2, "dead_number": 0.2, "present": {"sms": 1.0}}
    assert differences(make(size=50, **spec), make(size=500, **spec), slice(0, 50)) == []


def test_landlines_too_do_not_depend_on_the_size() -> None:
    assert make(size=300).phone.tolist() == make(size=3000).phone[:300].tolist()


def test_the_scenarios_seed_leaves_the_people_alone_and_their_own_does_not() -> None:
    assert differences(make(size=50, seed=1), make(size=50, seed=2)) == []
    other = Audience(synthetic=Synthetic(size=50, seed=9))
    people = load_audience(other, base_dir=Path(), now=NOW, seed=1, currency="RUB", wanted=()).people
    assert not np.array_equal(people.present, make(size=50).present)


def test_ids_begin_with_one_and_keys_follow_from_them() -> None:
    people = make(size=3)
    assert people.ids.to_pylist() == ["S0000001", "S0000002", "S0000003"]
    assert people.key.tolist() == [recipient_key(name) for name in people.ids.to_pylist()]


def test_shares_are_those_asked_for() -> None:
    n = 100_000
    people = make(size=n, feature_phone=0.3, opted_out=0.05, overdue=0.02, dead_number=0.1, present={"viber": 0.5},
                  consent={"viber": 0.25}, zones={"Asia/Omsk": 3, "Asia/Tokyo": 1})  # fmt: skip
    viber = channel_mask("viber")
    shares = {
        0.3: people.feature_phone,
        0.05: people.opt_out_at[:, 0] != NEVER,
        0.02: people.overdue_micro[:] > 0,
        0.1: people.failures_in_a_row[:] > 0,
        0.5: (people.present & viber) != 0,
        0.25: people.zone_set == people.zone_sets.index(("Asia/Tokyo",)),
        0.2: people.orders[:] == 1,
    }
    for share, mask in shares.items():
        assert abs(mask.mean() - share) < 4 * (share * (1 - share) / n) ** 0.5
    agreed = people.consents[people.consent_ptr[:-1][people.consent_set] % len(people.consents), C_CHANNELS]
    given = np.diff(people.consent_ptr)[people.consent_set] == 1
    assert abs((given & (agreed & viber != 0)).mean() - 0.25) < 0.006
    assert not (people.feature_phone & ((people.present & viber) != 0)).any()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_none_or_all_is_exact(share: float) -> None:
    people = make(size=1000, present={"email": share, "sms": share}, consent={"sms": share}, feature_phone=share)
    for channel in ("email", "sms"):
        assert ((people.present & channel_mask(channel)) != 0).mean() == share
    assert people.feature_phone.mean() == share


@pytest.mark.parametrize("country", ["RU", "KZ", "UZ", "BY", "DE"])
def test_numbers_are_valid_mobiles_or_landlines_and_differ(country: str) -> None:
    people = make(size=400, country=country, present={"sms": 0.9})
    known = people.phone[people.phone > 0]
    assert len(np.unique(known)) == len(known) >= 350
    for number, mask in zip(people.phone[:100].tolist(), people.present[:100].tolist(), strict=True):
        if number:
            parsed = phonenumbers.parse(f"+{number}")
            assert phonenumbers.is_valid_number(parsed), number
            mobile = phonenumbers.number_type(parsed) != phonenumbers.PhoneNumberType.FIXED_LINE
            assert mobile == bool(mask & channel_mask("sms"))


def test_each_zone_has_a_city_that_lies_in_it() -> None:
    assert all(place_zones(city) == (zone,) for zone, (city, _) in ZONES.items())
    assert sum(share for _, share in ZONES.values()) == pytest.approx(1)


def test_a_zone_without_a_city_of_ours_is_explicit() -> None:
    people = make(size=5, zones={"Asia/Tokyo": 1})
    assert {ZONE_SOURCES[source] for source in people.zone_source} == {"explicit"}
    assert people.attributes["city"].to_pylist() == [None] * 5


def test_dates_lie_before_the_clocks_day() -> None:
    people = make(size=2000, overdue=0.5, opted_out=0.5)
    for dates in (people.last_order_at[:], people.overdue_since[:], people.opt_out_at[:, 0], people.consents[:, 3]):
        assert dates[np.abs(dates) < NEVER].max() < NOW // DAY * DAY
    one_time = people.last_order_at[people.orders[:] == 1]
    assert one_time.max() <= NOW - 60 * DAY


def test_segments_can_be_given() -> None:
    people = make(size=1000, segments={"a": 1, "b": 0})
    assert set(people.attributes["segment"].to_pylist()) == {"a"}


@pytest.mark.parametrize(
    ("spec", "phrase"),
    [
        ({"zones": {"Europe/Moskva": 1}}, "no IANA zone"),
        ({"zones": {"Asia/Omsk": 0}}, "all zero"),
        ({"segments": {"a": 0}}, "all zero"),
        ({"country": "XX"}, "is no country"),
        ({"present": {"viber": 0.9}}, "more than the share of smartphones"),
    ],
)
def test_what_cannot_be_is_refused(spec: dict[str, object], phrase: str) -> None:
    with pytest.raises(InputError, match=phrase):
        make(size=10, **spec)


@pytest.mark.parametrize("name", ["base.csv", "base.csv.gz"])
def test_written_and_loaded_again_they_are_the_same_people(tmp_path: Path, name: str) -> None:
    people = make(size=2000, overdue=0.1, opted_out=0.1, dead_number=0.1)
    write_csv(people, tmp_path / name)
    loaded = load(tmp_path / name, wanted=TRAITS)
    assert loaded.rejects == []
    assert differences(people, loaded.people) == []


def test_what_a_row_cannot_say_is_not_written(tmp_path: Path) -> None:
    people = make(size=2)
    people.opt_out_at = changed(people.opt_out_at, (0, slice(2)), (1, 2))
    with pytest.raises(ValueError, match="several of different days"):
        write_csv(people, tmp_path / "x.csv")


def test_the_header_written_is_the_header_read(tmp_path: Path) -> None:
    write_csv(make(size=1), tmp_path / "x.csv")
    header = (tmp_path / "x.csv").read_text("utf-8").splitlines()[0]
    assert header.replace('"', "").split(",") == [name for name in NAMES if name != "registers"]


@given(texts=st.lists(st.text(max_size=12), min_size=1, max_size=20))
def test_keys_in_columns_are_keys_one_by_one(texts: list[str]) -> None:
    column = pa.array(texts, pa.string())
    assert recipient_keys(column).tolist() == [recipient_key(text) for text in texts]
    assert recipient_keys(column.slice(1)).tolist() == [recipient_key(text) for text in texts[1:]]


@given(share=st.floats(0, 1), size=st.integers(1, 50))
def test_a_draw_is_a_function_of_seed_purpose_and_place(share: float, size: int) -> None:
    longer = Draws(1, 60)
    assert np.array_equal(Draws(1, size).chance("x", share), longer.chance("x", share)[:size])
    assert not np.array_equal(longer.words("x"), longer.words("y"))
    assert not np.array_equal(longer.words("x"), Draws(2, 60).words("x"))
