"""People of a part of a country: read from a file, with the clocks of that part and the prices of the country."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from policies.people import People
from scenarios.audience.subdivisions import _of_parts, place_clocks, subdivision
from scenarios.audience.write import write_csv
from scenarios.audience.zones import known_zones
from tests.scenarios.audience_help import counts, load, load_text

HEAD = "customer_id,phone,subdivision\n"
NEW_YORK, LONDON = "+12125550123", "+442071838750"


def place(people: People) -> str:
    return people.countries[int(people.country[0])]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("US-FL", "US-FL"),
        ("us-fl", "US-FL"),
        ("FL", "US-FL"),
        ("Florida", "US-FL"),
        ("new york", "US-NY"),
        ("US-FT", None),
        ("Gondor", None),
        ("CA-ON", "CA-ON"),
        ("RU-BA", "RU-BA"),
    ],
)
def test_a_part_is_named_by_its_code_or_its_name(word: str, code: str | None) -> None:
    assert subdivision(word, "US") == code


def test_a_code_of_a_country_without_a_list_needs_the_right_form_only() -> None:
    assert subdivision("BA", "RU") == "RU-BA"
    assert subdivision("Bashkortostan", "RU") is None


def test_a_person_of_a_state_has_the_clocks_of_the_state(tmp_path: Path) -> None:
    people = load_text(tmp_path, f"{HEAD}A,{NEW_YORK},FL\n").people
    assert place(people) == "US-FL"
    assert people.zone_sets[int(people.zone_set[0])] == ("America/New_York", "America/Chicago")


def test_a_part_that_is_not_known_leaves_the_country_and_is_said(tmp_path: Path) -> None:
    loaded = load_text(tmp_path, f"{HEAD}A,{NEW_YORK},Gondor\n")
    assert place(loaded.people) == "US"
    assert counts(loaded)["subdivision not known"] == 1


def test_a_part_of_another_country_leaves_the_country_of_the_number_and_is_said(tmp_path: Path) -> None:
    loaded = load_text(tmp_path, f"{HEAD}A,{LONDON},US-FL\n")
    assert place(loaded.people) == "GB"
    assert counts(loaded)["subdivision of another country"] == 1


def test_rows_without_a_part_keep_their_country(tmp_path: Path) -> None:
    people = load_text(tmp_path, f"{HEAD}A,{NEW_YORK},TX\nB,+12125550124,\nC,+12125550125,-\n").people
    assert [people.countries[code] for code in people.country] == ["US-TX", "US", "US"]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    people = load_text(tmp_path, f"{HEAD}A,{NEW_YORK},TX\nB,+12125550124,\n").people
    people.phone = people.phone.copy()
    write_csv(people, tmp_path / "again.csv")
    again = load(tmp_path / "again.csv").people
    assert [again.countries[code] for code in again.country] == ["US-TX", "US"]
    assert np.array_equal(again.phone, people.phone)


def test_the_zones_of_the_states_exist_and_are_clocks_of_their_country() -> None:
    for name, zones in _of_parts().items():
        assert set(zones) <= known_zones()
        assert subdivision(name, "US") == name


def test_a_part_without_a_row_has_the_clocks_of_its_country() -> None:
    assert place_clocks("RU-BA") == place_clocks("RU") != ()
    assert place_clocks("XX") == ()
