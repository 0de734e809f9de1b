"""Parts and prices that no message can have are faults, told by line and column, with all others of the log."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policies.errors import InputError
from scenarios.foreign.mapping import LogMapping
from scenarios.foreign.read import read_log

HEADER = "recipient,channel,at,event,units,cost"
NEGATIVE, ABSURD, NOTHING = "is less than nothing", "is more than one message can be billed", "is no number"


def faults(folder: Path, *cells: str, amounts: str = "decimal") -> list[str]:
    """What is said of rows with these units and costs, from line 2 on."""
    rows = [f"{number},sms,2026-11-20T12:00Z,submitted,{cell}" for number, cell in enumerate(cells)]
    (folder / "log.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    try:
        read_log([str(folder / "log.csv")], mapping=LogMapping(amounts=amounts))
    except InputError as error:
        return [str(problem).replace(f"{folder}/", "") for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("-1,2.50", f"units: '-1' {NEGATIVE}"),
        ("100001,2.50", f"units: '100001' {ABSURD}"),
        ("NaN,2.50", f"units: 'NaN' {NOTHING}"),
        ("1,-0.01", f"cost: '-0.01' {NEGATIVE}"),
        ("1,-nan", f"cost: '-nan' {NOTHING}"),
        ("1,1000000.01", f"cost: '1000000.01' {ABSURD}"),
        ("1,1e11", f"cost: '1e11' {ABSURD}"),
    ],
)
def test_what_no_message_can_be_billed_is_a_fault(cell: str, said: str, tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "1,2.50", cell)
    assert f"log.csv:3: {said}" in fault


@pytest.mark.parametrize("cell", ["0,0", "100000,1000000", ",", "-,n/a", "нет,нет"])
def test_the_limits_themselves_and_cells_that_say_nothing_pass(cell: str, tmp_path: Path) -> None:
    assert faults(tmp_path, cell) == []


def test_all_are_told_at_once_with_the_other_faults(tmp_path: Path) -> None:
    found = faults(tmp_path, "-3,nan", "x,y", "1e9,2", "1,2")
    assert "(2 rows)" in found[-1]
    assert [fault.split(" (")[0] for fault in found] == [
        f"log.csv:2: cost: 'nan' {NOTHING}",
        f"log.csv:2: units: '-3' {NEGATIVE}",
        "log.csv:3: cost: 'y' is no amount",
        "log.csv:3: units: 'x' is no whole number",
    ]


def test_where_charges_are_told_as_negative_amounts_a_positive_one_is_the_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, "1,-0.0075", "1,0", amounts="negative") == []
    (fault,) = faults(tmp_path, "1,0.0075", amounts="negative")
    assert f"log.csv:2: cost: '0.0075' {NEGATIVE}" in fault


def test_the_remedy_names_the_setting_for_exports_with_negative_charges(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "1,-0.0075")
    assert "amounts: negative" in fault


def test_numbers_of_a_parquet_file_are_held_to_the_same(tmp_path: Path) -> None:
    table = pa.table({
        "recipient": ["a", "b", "c"], "channel": ["sms"] * 3, "at": ["2026-11-20T12:00Z"] * 3,
        "event": ["submitted"] * 3, "cost": [1.5, float("nan"), float("inf")], "units": [1, -1, 10**9],
    })  # fmt: skip
    pq.write_table(table, tmp_path / "log.parquet")
    with pytest.raises(InputError) as error:
        read_log([str(tmp_path / "log.parquet")], mapping=LogMapping(amounts="decimal"))
    text = str(error.value)
    assert all(said in text for said in (f"'nan' {NOTHING}", "'inf' is no amount", f"'-1' {NEGATIVE}", ABSURD))
