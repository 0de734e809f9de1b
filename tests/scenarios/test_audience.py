"""Audience files as people: what each column becomes, and what does not matter."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policies.errors import InputError
from policies.people import (
    C_BRAND,
    C_CATEGORIES,
    C_CHANNELS,
    C_EVIDENCE,
    C_FROM,
    C_TO,
    ZONE_SOURCES,
    People,
    channel_mask,
)
from policies.records import CATEGORIES, CHANNELS, MISSING, NEVER
from scenarios.audience import load_audience
from scenarios.audience.columns import CANONICAL, NAMES
from scenarios.audience.consents import DOCUMENT, METHOD
from scenarios.audience.keys import recipient_key
from scenarios.audience.notices import MEANINGS
from scenarios.model import Audience, AudienceFile, Synthetic
from tests.scenarios.audience_help import NOW, at, counts, load, load_text

HEAD = ",".join(NAMES)
ANNA = (
    "C1,8 (916) 123-45-67,anna@example.ru,Анна Орлова,Омск,Asia/Omsk,1990,loyal,7,2026-11-01,tok,1,0,1,0,0,"
    "2025-05-20,sms|email|viber,offers|reminders,checkbox:777a,2026-11-21,sms,2,ru,1234.56,2026-10-27,,"
)


def row(**cells: object) -> str:
    return ",".join(str(cells.get(name, "")) for name in NAMES)


def one(folder: Path, **cells: object) -> People:
    return load_text(folder, f"{HEAD}\n{row(phone='+79161234567', **cells)}\n").people


def zones(people: People) -> tuple[str, ...]:
    return people.zone_sets[int(people.zone_set[0])]


def test_every_column_of_a_whole_row_is_understood(tmp_path: Path) -> None:
    people = load_text(tmp_path, f"{HEAD}\n{ANNA}\n").people
    assert people.ids.to_pylist() == ["C1"]
    assert people.key.tolist() == [recipient_key("C1")]
    assert people.phone.tolist() == [79161234567]
    assert people.countries == ("RU",)
    assert zones(people) == ("Asia/Omsk",)
    assert people.present.tolist() == [channel_mask("push", "email", "viber", "whatsapp", "sms", "flash_call", "voice")]
    assert (people.orders[0], people.last_order_at[0]) == (7, at("2026-11-01"))
    assert (people.overdue_micro[0], people.overdue_since[0]) == (1_234_560_000, at("2026-10-27"))
    assert people.failures_in_a_row[:].tolist() == [2]


def test_a_consent_keeps_topics_channels_day_and_evidence(tmp_path: Path) -> None:
    people = load_text(tmp_path, f"{HEAD}\n{ANNA}\n", brand="Lumen").people
    assert people.consent_ptr.tolist() == [0, 1]
    (consent,) = people.consents.tolist()
    assert consent[C_CATEGORIES] == 1 << CATEGORIES.index("promo") | 1 << CATEGORIES.index("service")
    assert consent[C_CHANNELS] == channel_mask("sms", "email", "viber")
    assert (consent[C_FROM], consent[C_TO]) == (at("2025-05-20"), NEVER)
    assert consent[C_EVIDENCE] == METHOD | DOCUMENT
    assert (people.brands, consent[C_BRAND]) == (("Lumen",), 0)


def test_nobody_gets_a_consent_that_was_not_given(tmp_path: Path) -> None:
    people = one(tmp_path, consent_evidence="checkbox:1")
    assert people.consent_ptr.tolist() == [0, 0]
    assert len(people.consents) == 0


def test_what_a_consent_does_not_say_is_not_guessed(tmp_path: Path) -> None:
    people = one(tmp_path, ads_consent_channels="sms")
    (consent,) = people.consents.tolist()
    assert (consent[C_FROM], consent[C_CATEGORIES], consent[C_EVIDENCE]) == (MISSING, MISSING, MISSING)


@pytest.mark.parametrize(
    ("text", "bits"),
    [("checkbox", METHOD), ("checkbox:", METHOD), ("checkbox: x", METHOD | DOCUMENT), (":x", METHOD), ("нет", MISSING)],
)
def test_evidence_is_a_method_and_a_reference(tmp_path: Path, text: str, bits: int) -> None:
    people = one(tmp_path, ads_consent_at="2025-05-20", consent_evidence=text)
    assert people.consents[0, C_EVIDENCE] == bits


def test_a_consent_to_nothing_of_ours_covers_nothing(tmp_path: Path) -> None:
    people = one(tmp_path, ads_consent_channels="pigeon", ads_consent_topics="jokes")
    assert (people.consents[0, C_CHANNELS], people.consents[0, C_CATEGORIES]) == (0, 0)


def test_an_opt_out_is_of_its_channel(tmp_path: Path) -> None:
    people = load_text(tmp_path, f"{HEAD}\n{ANNA}\n").people
    expected = [at("2026-11-21") if name == "sms" else NEVER for name in CHANNELS]
    assert people.opt_out_at[0].tolist() == expected


@pytest.mark.parametrize("channel", ["all", "", "pigeon"])
def test_an_opt_out_of_all_or_of_nothing_clear_is_of_every_channel(tmp_path: Path, channel: str) -> None:
    people = one(tmp_path, opted_out_at="2026-11-21", opted_out_channel=channel)
    assert set(people.opt_out_at[0].tolist()) == {at("2026-11-21")}


def test_an_opt_out_without_a_day_counts_from_the_beginning(tmp_path: Path) -> None:
    people = one(tmp_path, opted_out_at="когда-то", opted_out_channel="sms")
    assert people.opt_out_at[0, CHANNELS.index("sms")] == -NEVER


@pytest.mark.parametrize(
    ("cells", "expected", "source"),
    [
        ({"city": "Омск", "time_zone": "Asia/Tokyo"}, ("Asia/Omsk",), "address"),
        ({"city": "Глупов", "time_zone": "Asia/Tokyo"}, ("Asia/Tokyo",), "explicit"),
        ({"city": "г. Орел"}, ("Europe/Moscow",), "address"),
        ({"city": "Челябинская обл.; г. Миасс"}, ("Asia/Yekaterinburg",), "address"),
        ({"city": "Железногорск"}, ("Europe/Moscow", "Asia/Krasnoyarsk"), "address"),
        ({"time_zone": "Europe/Moskva"}, None, "country"),
        ({"time_zone": "Etc"}, None, "country"),
    ],
)
def test_the_zone_comes_from_the_most_trusted_source(
    tmp_path: Path, cells: dict[str, str], expected: tuple[str, ...] | None, source: str
) -> None:
    people = one(tmp_path, **cells)
    assert ZONE_SOURCES[people.zone_source[0]] == source
    assert zones(people) == expected if expected else len(zones(people)) == 11


def test_a_number_range_tells_the_zone_before_the_country_does(tmp_path: Path) -> None:
    (tmp_path / "ranges.csv").write_text(
        "from,to,region\n79160000000,79161234567,Омская область\n79161234569,79169999999,Приморский край\n", "utf-8"
    )
    text = "phone\n+79161234567\n+79161234568\n+79161234569\n"
    people = load_text(tmp_path, text, number_ranges="ranges.csv").people
    assert [people.zone_sets[place][0] for place in people.zone_set[[0, 2]]] == ["Asia/Omsk", "Asia/Vladivostok"]
    assert [ZONE_SOURCES[place] for place in people.zone_source] == ["number_range", "country", "number_range"]


def test_the_register_of_numbers_is_read_as_it_is_published(tmp_path: Path) -> None:
    (tmp_path / "DEF.csv").write_text(
        "АВС/ DEF;От;До;Емкость;Оператор;Регион\n916;1230000;1239999;10000;X;г. Москва\n", "utf-8"
    )
    people = load_text(tmp_path, "phone\n+79161234567\n", number_ranges="DEF.csv").people
    assert zones(people) == ("Europe/Moscow",)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("a,b\n1,2\n", "needs the columns from, to"),
        ("from,to,zone\n2,1,Asia/Omsk\n", r"ranges.csv:2: not a number range: 2 is greater"),
        ("from,to,zone\n1,2,Asia/Onsk\n", "no IANA zone"),
        ("from,to,zone\nx,2,Asia/Omsk\n", "not a number range"),
        ("from,to,zone\n", "holds no number range"),
        ("from,to,zone\n1,\0,Asia/Omsk\n", "ranges.csv:2: a NUL byte"),
    ],
)
def test_bad_number_ranges_are_refused(tmp_path: Path, text: str, phrase: str) -> None:
    (tmp_path / "ranges.csv").write_text(text, "utf-8")
    with pytest.raises(InputError, match=phrase):
        load_text(tmp_path, "phone\n+79161234567\n", number_ranges="ranges.csv")


def test_a_country_of_one_clock_leaves_no_doubt(tmp_path: Path) -> None:
    people = load_text(tmp_path, "phone\n+375291234567\n", country="BY").people
    assert zones(people) == ("Europe/Minsk",)


def test_orders_and_debts_that_are_not_there_are_told_from_unknown_ones(tmp_path: Path) -> None:
    none, unknown = one(tmp_path, orders="0"), one(tmp_path)
    assert (none.orders[0], none.last_order_at[0]) == (0, -NEVER)
    assert (unknown.orders[0], unknown.last_order_at[0]) == (MISSING, MISSING)
    assert (none.overdue_micro[0], none.overdue_since[0]) == (0, NEVER)
    without = load_text(tmp_path, "phone\n+79161234567\n").people
    assert (without.overdue_micro[0], without.overdue_since[0]) == (0, MISSING)


@pytest.mark.parametrize(
    ("text", "micro"),
    [("0.1", 100_000), ("1 234,56", 1_234_560_000), ("90071992547.409931", 90071992547409931), ("5 руб.", 5_000_000)],
)
def test_amounts_are_exact(tmp_path: Path, text: str, micro: int) -> None:
    people = one(tmp_path, balance_overdue_rub=f'"{text}"', overdue_since="2026-10-01")
    assert people.overdue_micro[:].tolist() == [micro]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-10-01", "2026-10-01"),
        ("01.10.2026", "2026-10-01"),
        ("2026/10/1", "2026-10-01"),
        ("2026-10-01 12:30", "2026-10-01T12:30"),
        ("2026-10-01T12:30:15+03:00", "2026-10-01T09:30:15"),
        ("01.10.2026 12:30:15", "2026-10-01T12:30:15"),
    ],
)
def test_days_and_instants_are_read(tmp_path: Path, text: str, instant: str) -> None:
    assert one(tmp_path, orders="1", last_order_at=text).last_order_at[:].tolist() == [at(instant)]


def test_an_order_at_the_clocks_start_is_known(tmp_path: Path) -> None:
    assert one(tmp_path, orders="1", last_order_at="2026-11-22T09:00").last_order_at[:].tolist() == [NOW]


def test_a_button_phone_has_no_messengers(tmp_path: Path) -> None:
    people = one(tmp_path, has_viber="1", has_whatsapp="да", feature_phone="1", email="a@b.ru")
    assert people.present.tolist() == [channel_mask("email", "sms", "flash_call", "voice")]


def test_only_wanted_attributes_are_kept_and_typed(tmp_path: Path) -> None:
    text = "phone,shop,bonus,code,rate\n+79161234567,Ю,5,007,1.5\n+79161234568,,,008,2\n"
    people = load_text(tmp_path, text, wanted=["shop", "bonus", "code", "rate", "absent"]).people
    assert {name: column.to_pylist() for name, column in people.attributes.items()} == {
        "shop": ["Ю", None],
        "bonus": [5, None],
        "code": ["007", "008"],
        "rate": [1.5, 2.0],
    }


def test_a_wanted_attribute_that_the_file_lacks_is_said(tmp_path: Path) -> None:
    loaded = load_text(tmp_path, "phone\n+79161234567\n", wanted=["shop"])
    assert counts(loaded)["attribute not in the file: shop"] == 1


def test_of_duplicates_the_lowest_id_stays_and_an_opt_out_is_not_lost(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ANNA}\n" + row(customer_id="C2", phone="+79161234567", opted_out_at="2020-01-01") + "\n"
    loaded = load_text(tmp_path, text)
    assert loaded.people.ids.to_pylist() == ["C1"]
    assert set(loaded.people.opt_out_at[0].tolist()) == {at("2020-01-01")}
    assert [(reject.line, reject.reason) for reject in loaded.rejects] == [(3, "the same number as line 2")]


def test_the_same_person_by_id_and_by_number_is_one(tmp_path: Path) -> None:
    loaded = load_text(
        tmp_path, "customer_id,phone\nA,+79161234567\nB,+79161234567\nB,+79161234568\n,8 916 123 45 69\n,89161234569\n"
    )
    assert loaded.people.ids.to_pylist() == ["A", "+79161234569"]
    assert [reject.line for reject in loaded.rejects] == [3, 4, 6]


def test_the_order_of_rows_changes_positions_only(tmp_path: Path) -> None:
    cities = ("Омск", "Сочи", "")
    lines = [row(customer_id=f"C{i:02}", phone=f"+7916{i % 20:07}", city=cities[i % 3]) for i in range(30)]
    lines += [row(customer_id="K", phone="+77011234567", ads_consent_at="2025-01-01", ads_consent_channels="sms")]
    first = load_text(tmp_path, "\n".join([HEAD, *lines, ""])).people
    random.Random(7).shuffle(lines)
    second = load_text(tmp_path, "\n".join([HEAD, *lines, ""])).people
    order = [second.ids.to_pylist().index(name) for name in first.ids.to_pylist()]
    assert (first.countries, first.zone_sets) == (second.countries, second.zone_sets)
    for name in ("key", "phone", "country", "zone_set", "zone_source", "present", "opt_out_at"):
        assert np.array_equal(getattr(first, name)[:], getattr(second, name)[order]), name


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_spreadsheets_write_is_read(tmp_path: Path, delimiter: str, encoding: str, end: str) -> None:
    text = end.join(["Код,Телефон,Город", '1,8 916 123-45-67,"Санкт-Петербург"', "2,+79161234568,Омск", ""])
    data = text.replace(",", delimiter).encode(encoding)
    mapping = {"customer_id": "Код", "phone": "Телефон", "city": "Город"}
    people = load_text(tmp_path, data, mapping=mapping).people
    assert people.ids.to_pylist() == ["1", "2"]
    assert {people.zone_sets[place] for place in people.zone_set.tolist()} == {("Europe/Moscow",), ("Asia/Omsk",)}


def test_the_line_that_names_the_separator_is_understood(tmp_path: Path) -> None:
    loaded = load_text(tmp_path, "sep=;\r\ncustomer_id;phone\r\nC1;+79161234567\r\nC2;1\r\n")
    assert loaded.people.ids.to_pylist() == ["C1"]
    assert loaded.rejects[0].line == 4


def test_lines_are_counted_through_cells_of_several_lines(tmp_path: Path) -> None:
    text = 'customer_id,full_name,phone\nC1,"Анна\nОрлова",+79161234567\n\nC2,"Иван ""Грозный""\n\n",12\nC3,"x,y",+7\n'
    loaded = load_text(tmp_path, text)
    assert [reject.line for reject in loaded.rejects] == [5, 8]


def test_gzip_and_parquet_give_the_same_people(tmp_path: Path) -> None:
    text = f"{HEAD}\n{ANNA}\n"
    plain = load_text(tmp_path, text).people
    (tmp_path / "base.csv.gz").write_bytes(gzip.compress(text.encode()))
    cells = dict(zip(NAMES, ANNA.split(","), strict=True))
    table = {name: [int(cells[name])] if column.holds in {"flag", "count"} else [cells[name]]
             for name, column in zip(NAMES, CANONICAL, strict=True)}  # fmt: skip
    table["ads_consent_channels"] = [["sms", "email", "viber"]]
    table["phone"] = [89161234567.0]
    frame = pa.table(table).append_column("seen", pa.array([0], pa.timestamp("us", "UTC")))
    pq.write_table(frame, tmp_path / "base.parquet")
    for name in ("base.csv.gz", "base.parquet"):
        people = load(tmp_path / name).people
        assert people.ids == plain.ids
        assert people.zone_sets == plain.zone_sets
        for field in ("key", "phone", "present", "consents", "opt_out_at", "last_order_at", "overdue_micro"):
            assert np.array_equal(getattr(people, field)[:], getattr(plain, field)[:]), field


def test_every_row_is_a_person_a_reject_or_a_blank_line(tmp_path: Path) -> None:
    loaded = load_text(tmp_path, "customer_id,phone\nA,+79161234567\n\nB\nC,1\nD,89161234567\n")
    assert loaded.rows_read == 5
    assert (len(loaded.people), len(loaded.rejects), counts(loaded)["blank line"]) == (1, 3, 1)


def test_an_audience_needs_exactly_one_source(tmp_path: Path) -> None:
    both = Audience(file=AudienceFile(path="x"), synthetic=Synthetic(size=1))
    for spec in (both, Audience()):
        with pytest.raises(InputError, match="exactly one of file and synthetic"):
            load_audience(spec, base_dir=tmp_path, now=NOW, seed=1, currency="RUB", wanted=())


def test_every_notice_has_a_meaning_that_fits_a_line() -> None:
    assert all(0 < len(meaning) <= 120 for meaning in MEANINGS.values())


def test_notices_count_the_rows_kept_and_not_their_duplicates(tmp_path: Path) -> None:
    loaded = load_text(tmp_path, "customer_id,phone,language\nA,+79161234567,\nB,+79161234567,\nC,+79161234568,\n")
    (notice,) = [notice for notice in loaded.notices if notice.reason == "language missing"]
    assert (notice.count, notice.example_line) == (2, 2)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"orders": "1", "last_order_at": "2026-11-22T09:00:00{}"}, "order in the future"),
        ({"ads_consent_at": "2026-11-22T09:00:00{}"}, "consent in the future"),
        ({"opted_out_at": "2026-11-22T09:00:00{}", "opted_out_channel": "sms"}, "opt-out in the future"),
        ({"ads_consent_at": "2026-01-01T00:00:00{}", "opted_out_at": "2026-01-01"}, "opt-out before the consent"),
    ],
)
def test_the_same_instant_is_neither_future_nor_before(tmp_path: Path, cells: dict[str, str], reason: str) -> None:
    for fraction, expected in (("", 0), (".000001", 1)):
        text = row(phone="+79161234567", **{name: value.format(fraction) for name, value in cells.items()})
        assert counts(load_text(tmp_path, f"{HEAD}\n{text}\n")).get(reason, 0) == expected


@pytest.mark.parametrize(("born", "expected"), [("2007", 0), ("2008", 1)])
def test_a_consent_in_the_year_of_the_18th_birthday_is_a_grown_ups(tmp_path: Path, born: str, expected: int) -> None:
    text = row(phone="+79161234567", birth_year=born, ads_consent_at="2025-05-01")
    found = counts(load_text(tmp_path, f"{HEAD}\n{text}\n"))
    assert found.get("consent given before the age of 18", 0) == expected


def test_an_opt_out_goes_through_two_duplicates_to_the_one_who_stays(tmp_path: Path) -> None:
    rows = [
        row(customer_id="A", phone="+79161234567"),
        row(customer_id="B", phone="+79161234567"),
        row(customer_id="B", phone="+79161234568", opted_out_at="2020-01-01"),
    ]
    people = load_text(tmp_path, "\n".join([HEAD, *rows, ""])).people
    assert people.opt_out_at[:, 0].tolist() == [at("2020-01-01")]
