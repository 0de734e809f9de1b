"""A register of number ranges: what is read, what is refused, and the zones that follow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.errors import InputError
from scenarios.audience.number_facts import facts_of
from scenarios.audience.number_ranges import NumberRanges, load_ranges, write_ranges
from scenarios.audience.number_regions import territory_zones
from scenarios.audience.number_register import read_register

MADE_UP = Path(__file__).parent / "numbers" / "DEF-9xx.csv"
"""Five made-up ranges in the form of the register."""
HEAD = "АВС/ DEF;От;До;Емкость;Оператор;Регион;ИНН\n"
YAKUTIA = ("Asia/Yakutsk", "Asia/Vladivostok", "Asia/Srednekolymsk")

REGIONS = """\
Республика Адыгея (Адыгея);Республика Алтай;Республика Башкортостан;Республика Бурятия;Республика Дагестан
Республика Ингушетия;Кабардино-Балкарская Республика;Республика Калмыкия;Карачаево-Черкесская Республика
Республика Карелия;Республика Коми;Республика Крым;Республика Марий Эл;Республика Мордовия;Республика Саха (Якутия)
Республика Северная Осетия - Алания;Республика Татарстан (Татарстан);Республика Тыва;Удмуртская Республика
Республика Хакасия;Чеченская Республика;Чувашская Республика - Чувашия;Алтайский край;Забайкальский край
Камчатский край;Краснодарский край;Красноярский край;Пермский край;Приморский край;Ставропольский край
Хабаровский край;Амурская область;Архангельская область;Астраханская область;Белгородская область;Брянская область
Владимирская область;Волгоградская область;Вологодская область;Воронежская область;Ивановская область
Иркутская область;Калининградская область;Калужская область;Кемеровская область - Кузбасс;Кировская область
Костромская область;Курганская область;Курская область;Ленинградская область;Липецкая область;Магаданская область
Московская область;Мурманская область;Нижегородская область;Новгородская область;Новосибирская область
Омская область;Оренбургская область;Орловская область;Пензенская область;Псковская область;Ростовская область
Рязанская область;Самарская область;Саратовская область;Сахалинская область;Свердловская область;Смоленская область
Тамбовская область;Тверская область;Томская область;Тульская область;Тюменская область;Ульяновская область
Челябинская область;Ярославская область;Город Москва;Город Санкт-Петербург;Город Севастополь
Еврейская автономная область;Ненецкий автономный округ;Ханты-Мансийский автономный округ - Югра
Чукотский автономный округ;Ямало-Ненецкий автономный округ"""


def write(tmp_path: Path, *rows: str, name: str = "DEF-9xx.csv", encoding: str = "utf-8-sig") -> Path:
    file = tmp_path / name
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding)
    return file


def row(start: int, end: int, region: str = "Омская область", code: int = 916) -> str:
    return f"{code};{start:07};{end:07};{end - start + 1};ООО X;{region};1"


def test_the_form_of_the_register_is_read_with_operators_regions_and_zones(tmp_path: Path) -> None:
    write_ranges(read_register([MADE_UP]), tmp_path / "ranges.parquet", "2026-11-29")
    ranges = load_ranges(tmp_path / "ranges.parquet")
    numbers = ["8 916 123-45-67", "+79141000000", "+79580000099", "+79541010000", "+79580000100"]
    facts = facts_of(numbers, ranges, "RU")
    found = [(each.operator, each.region, each.zones[:3], each.by) for each in facts]
    assert found[:3] == [
        ('ПАО "Лютик"', "Город Москва, Московская область", ("Europe/Moscow",), "number_range"),
        ('ООО "Василёк"', "Республика Саха (Якутия)", YAKUTIA, "number_range"),
        ('ООО "Мята"', "Рязанская область", ("Europe/Moscow",), "number_range"),
    ]
    assert [by for *_, by in found[3:]] == ["country", "country"]
    assert (found[3][0], found[4][0]) == ('АО "Спутник"', "")
    assert ranges.told["read_on"] == "2026-11-29"
    assert [source["name"] for source in ranges.told["sources"]] == ["DEF-9xx.csv"]


def test_windows_1251_reads_the_same(tmp_path: Path) -> None:
    old = write(tmp_path, row(0, 9), name="old.csv", encoding="cp1251")
    new = write(tmp_path, row(0, 9), name="new.csv")
    assert [(r.start, r.zones) for r in read_register([old]).ranges] == [(79160000000, ("Asia/Omsk",))]
    assert [(r.start, r.zones) for r in read_register([new]).ranges] == [(79160000000, ("Asia/Omsk",))]


@pytest.mark.parametrize("region", [name for line in REGIONS.splitlines() for name in line.split(";")])
def test_every_region_of_the_address_register_has_its_zones(region: str) -> None:
    assert territory_zones(region)


@pytest.mark.parametrize(
    ("territory", "zones"),
    [
        ("г. Москва * Московская область", ("Europe/Moscow",)),
        ("Москва и Московская область", ("Europe/Moscow",)),
        ("Ханты - Мансийский - Югра АО", ("Asia/Yekaterinburg",)),
        ("Корякский округ|Камчатский край", ("Asia/Kamchatka",)),
        ("г. Якутск|Республика Саха (Якутия)", ("Asia/Yakutsk",)),
        ("Хабаровский край, Магаданская область", ("Asia/Vladivostok", "Asia/Magadan")),
        ("Хабаровский край, Нигде", ()),  # half a territory would be too sure
        ("Российская Федерация", ()),
        ("-", ()),
        ("", ()),
    ],
)
def test_the_zones_of_a_territory(territory: str, zones: tuple[str, ...]) -> None:
    assert territory_zones(territory) == zones


def test_an_unknown_region_is_kept_and_listed(tmp_path: Path) -> None:
    register = read_register([write(tmp_path, row(0, 9, "Атлантида"), row(20, 29, "Атлантида"), row(40, 49))])
    assert register.unknown == {"Атлантида": 2}
    assert len(register.ranges) == 3


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    first = write(
        tmp_path, row(9, 5), "916;1;2", "916;а;2;1;X;Омск;1", row(100, 200), row(150, 160), row(155, 300), name="a.csv"
    )
    second = write(tmp_path, row(200, 210), name="b.csv")
    empty = write(tmp_path, name="c.csv")
    (tmp_path / "d.csv").write_text("x;y\n1;2\n", "utf-8")
    files = [first, second, empty, tmp_path / "d.csv", tmp_path / "e.csv"]
    with pytest.raises(InputError) as caught:
        read_register(files)
    told = [str(problem).replace(f"{tmp_path}/", "") for problem in caught.value.problems]
    assert told == [
        "a.csv:2: not a number range: 79160000009 is greater than 79160000005",
        "a.csv:3: not a number range: 3 cells instead of 7",
        "a.csv:4: not a number range: 'а' is no number",
        "c.csv: holds no number range (download the register again)",
        "d.csv:1: needs the columns from, to and region or zone; it has: x, y",
        "e.csv: the list of number ranges cannot be read: No such file or directory (see audience.file.number_ranges)",
        "a.csv:6: overlaps a.csv:5: both hold +79160000150 to +79160000160 (keep one of the two)",
        "a.csv:7: overlaps a.csv:5: both hold +79160000155 to +79160000200 (keep one of the two)",
        "b.csv:2: overlaps a.csv:7: both hold +79160000200 to +79160000210 (keep one of the two)",
    ]


@settings(max_examples=60)
@given(cuts=st.lists(st.integers(0, 300), min_size=2, max_size=20, unique=True), asked=st.lists(st.integers(0, 320)))
def test_a_number_is_found_in_the_range_that_holds_it_and_in_no_gap(cuts: list[int], asked: list[int]) -> None:
    """Every second stretch between the cuts is a range, the others are gaps."""
    edges = sorted(cuts)
    spans = [(a, b - 1) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    ranges = NumberRanges(
        np.array([a for a, _ in spans], np.int64), np.array([b for _, b in spans], np.int64),
        ((),) * len(spans), ("",) * len(spans), ("",) * len(spans), 0, "", {},
    )  # fmt: skip
    expected = [next((n for n, (a, b) in enumerate(spans) if a <= number <= b), -1) for number in asked]
    assert ranges.find(np.array(asked, np.int64)).tolist() == expected


def test_another_parquet_file_is_no_list_of_ranges(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 not really")
    for name, phrase in (("a", "holds no number ranges"), ("b", "no Parquet file"), ("c", "cannot be read")):
        with pytest.raises(InputError, match=phrase):
            load_ranges(tmp_path / f"{name}.parquet")


def test_the_compact_file_is_the_same_for_the_same_register(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet"):
        write_ranges(read_register([MADE_UP]), tmp_path / name)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert load_ranges(tmp_path / "a.parquet").zones == load_ranges(MADE_UP).zones
