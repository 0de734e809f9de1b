"""Numbers to E.164: the fast path answers as the library does."""

from __future__ import annotations

import re

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.audience.phones import PhoneReader, fast_pattern, read_phone

SHAPES = ("+7{}", "8{}", "7{}", "{}", "+7 ({0:.3}) {0}", "8-{}", "+7\u00a0{}", "+{}", "00{}", "+7{}.0")
national = st.one_of(
    st.builds("9{:09d}".format, st.integers(0, 10**9 - 1)),
    st.builds("93{:08d}".format, st.integers(0, 10**8 - 1)),
    st.builds("{:d}".format, st.integers(10**8, 10**10 - 1)),
)


@given(texts=st.lists(st.builds(str.format, st.sampled_from(SHAPES), national), min_size=1, max_size=40))
def test_a_column_reads_as_its_cells_do_one_by_one(texts: list[str]) -> None:
    phones = PhoneReader("RU")(pa.array(texts))
    for text, number, mobile in zip(texts, phones.number.tolist(), phones.mobile.tolist(), strict=True):
        slow = read_phone(text, "RU")
        assert (number, mobile) == (slow.number, slow.mobile)


@pytest.mark.parametrize("country", ["RU", "KZ", "BY", "UZ", "DE", "IT", "US"])
@given(digits=st.integers(0, 10**9 - 1))
def test_what_the_fast_pattern_takes_is_a_mobile_of_that_country(country: str, digits: int) -> None:
    example = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    text = text[:-6] + f"{digits:09d}"[-6:]
    if re.fullmatch(fast_pattern(country).replace(r"\z", r"\Z"), text):
        parsed = phonenumbers.parse(text, country)
        assert phonenumbers.is_valid_number(parsed)
        assert phonenumbers.region_code_for_number(parsed) == country
        assert phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+79161234567", 79161234567),
        ("8 (916) 123-45-67", 79161234567),
        ("79161234567", 79161234567),
        ("9161234567", 79161234567),
        ("79161234567.0", 79161234567),
        ("8 916 123 45 67 доб. 12", 79161234567),
        ("+7 701 123 45 67", 77011234567),
        ("+375 29 123-45-67", 375291234567),
    ],
)
def test_every_usual_notation_gives_e164(text: str, number: int) -> None:
    assert PhoneReader("RU")(pa.array([text])).number.tolist() == [number]


def test_a_kazakh_number_is_not_a_russian_one() -> None:
    assert read_phone("+7 701 123 45 67", "RU").country == "KZ"
    assert read_phone("+7 916 123 45 67", "KZ").country == "RU"


def test_an_empty_cell_is_no_fault() -> None:
    phones = PhoneReader("RU")(pa.array([None, "", "нет", "-"]))
    assert phones.number.tolist() == [0, 0, 0, 0]
    assert {phone.fault for phone in phones.answers} == {""}
