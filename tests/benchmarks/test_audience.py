"""The base that is made up for measuring is read without a doubt about any row but what it does not tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import audience
from benchmarks.audience import read, table, write

EXPECTED = {"consent without topics", "consent without evidence", "order date missing"}


@pytest.mark.parametrize("name", ["base.parquet", "base.csv"])
def test_every_row_of_the_measured_base_is_a_person(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience, "CHUNK", 100)
    write(tmp_path / name, 250)
    loaded = read(tmp_path / name)
    assert (len(loaded.people), loaded.rows_read, loaded.rejects) == (250, 250, [])
    assert loaded.people.ids.to_pylist()[::249] == ["C00000001", "C00000250"]
    assert {notice.reason for notice in loaded.notices} == EXPECTED


def test_a_part_of_the_base_does_not_depend_on_its_size() -> None:
    assert table(0, 40, 100_000).slice(30) == table(30, 10, 100_000)
