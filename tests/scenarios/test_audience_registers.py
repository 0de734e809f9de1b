"""The column of registers: what a cell says, whom nobody knows, and that people who stand alike share a set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from policies.people import C_EVIDENCE, EVIDENCE, People
from policies.records import MISSING, NEVER
from policies.registers import REGISTER_NAMES, REGISTERS
from scenarios.audience import write_csv
from scenarios.audience.registers import parse_entries
from scenarios.foreign.people import joined
from tests.scenarios.audience_help import at, counts, load, load_text

TPS, SP, IYS = (REGISTER_NAMES.index(name) for name in ("uk-tps", "br-sp", "tr-iys-message"))


def base(folder: Path, *cells: str, head: str = "registers") -> People:
    rows = [f"C{n},+7916123456{n},{cell}" for n, cell in enumerate(cells)]
    return load_text(folder, "\n".join([f"customer_id,phone,{head}", *rows, ""])).people


def entries(people: People, person: int) -> list[list[int]] | None:
    number = int(people.consent_set[person])
    if number + 1 >= len(people.register_ptr):
        return None
    return people.registers[people.register_ptr[number] : people.register_ptr[number + 1]].tolist()  # type: ignore[no-any-return]


def test_the_names_of_registers_differ_and_come_in_order() -> None:
    assert list(REGISTER_NAMES) == sorted({register.name for register in REGISTERS})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("-", ()),
        ("uk-tps@2026-01-05", ((TPS, at("2026-01-05")),)),
        ("UK-TPS@2026-01-05T10:30Z", ((TPS, at("2026-01-05T10:30")),)),
        ("uk-tps@2026-01-05 br-sp@2026-02-01", ((SP, at("2026-02-01")), (TPS, at("2026-01-05")))),
        ("br-sp@2026-02-01|br-sp@2026-02-01", ((SP, at("2026-02-01")),)),
        ("uk-tps", ((TPS, -NEVER),)),
        ("tr-iys-message", ((IYS, MISSING),)),
        ("uk-tsp", ((MISSING, MISSING),)),
        ("uk-tps@2026-02-30", ((MISSING, MISSING),)),
        ("?", ((MISSING, MISSING),)),
        ("n/a", ((MISSING, MISSING),)),
    ],
)
def test_a_cell_names_registers_and_days(text: str, expected: tuple[tuple[int, int], ...]) -> None:
    assert parse_entries(text) == expected


def test_an_empty_cell_says_in_none_and_a_file_without_the_column_says_nothing(tmp_path: Path) -> None:
    people = base(tmp_path, "", "uk-tps@2026-01-05")
    assert [entries(people, person) for person in (0, 1)] == [[], [[TPS, at("2026-01-05")]]]
    assert entries(base(tmp_path, "Анна", head="full_name"), 0) is None


def test_people_who_stand_alike_share_a_set_and_the_order_of_rows_leaves_no_trace(tmp_path: Path) -> None:
    cells = ["uk-tps@2026-01-05", "", "br-sp", "", "uk-tps@2026-01-05"]
    one, other = base(tmp_path, *cells), base(tmp_path, *cells[::-1])
    assert len(one.register_ptr) == len(one.consent_ptr) == 4
    assert one.consent_set.tolist() == other.consent_set.tolist()[::-1]
    assert one.registers.tolist() == other.registers.tolist()


def test_consents_stay_those_of_their_people(tmp_path: Path) -> None:
    people = base(tmp_path, "uk-tps,2026-01-01", ",2026-01-01", "uk-tps,", head="registers,ads_consent_at")
    given = np.diff(people.consent_ptr)[people.consent_set].tolist()
    assert given == [1, 1, 0]
    assert [len(entries(people, person) or ()) for person in range(3)] == [1, 0, 1]


def test_what_cannot_be_read_is_counted(tmp_path: Path) -> None:
    text = "phone,registers\n+79161234567,uk-tsp\n+79161234568,uk-tps\n+79161234569,\n"
    found = counts(load_text(tmp_path, text))
    assert (found["register not known"], found["register without date"]) == (1, 1)


def test_written_and_loaded_again_they_stand_in_the_same_registers(tmp_path: Path) -> None:
    people = base(tmp_path, "uk-tps@2026-01-05T10:00:00.000001Z|br-sp", "", "tr-iys-message@2026-01-01", "?")
    write_csv(people, tmp_path / "again.csv")
    again = load(tmp_path / "again.csv").people
    assert [entries(again, person) for person in range(4)] == [entries(people, person) for person in range(4)]


def test_strangers_of_a_log_stand_in_registers_that_nobody_knows(tmp_path: Path) -> None:
    known = base(tmp_path, "uk-tps", "")
    both = joined(known, base(tmp_path, "Анна", head="full_name"))
    assert [entries(both, person) for person in range(3)] == [[[TPS, -NEVER]], [], [[MISSING, MISSING]]]
    nobody = base(tmp_path, "Анна", head="full_name")
    assert entries(joined(nobody, nobody), 1) is None


def test_evidence_tells_on_what_a_consent_rests(tmp_path: Path) -> None:
    told = "soft_opt_in+collected_at_sale+ similar_products:order_7+refusal_offered"
    people = base(tmp_path, f"2026-01-01,{told}", "2026-01-01,not_soft_opt_in", head="ads_consent_at,consent_evidence")
    known = [
        {name for bit, name in enumerate(EVIDENCE) if row[C_EVIDENCE] >> bit & 1}
        for row in people.consents[people.consent_ptr[people.consent_set]].tolist()
    ]
    assert known == [{"method", "document", "soft_opt_in", "collected_at_sale", "similar_products"}, {"method"}]
    write_csv(people, tmp_path / "again.csv")
    assert sorted(load(tmp_path / "again.csv").people.consents[:, C_EVIDENCE]) == sorted(people.consents[:, C_EVIDENCE])
