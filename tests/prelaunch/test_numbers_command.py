"""``prelaunch numbers``: import and show, and the hash in the manifest of a run."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from prelaunch import exits
from tests.prelaunch.tiny import call, rehearse, write

MADE_UP = Path(__file__).parent.parent / "scenarios" / "numbers" / "DEF-9xx.csv"


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_what_is_imported_is_shown_without_naming_the_file() -> None:
    before = call("numbers", "show", "+79161234567")
    assert (before.code, "numbers import FILE first" in before.err) == (exits.BAD_INPUT, True)
    said = call("numbers", "import", MADE_UP.parent / "DEF-*.csv", "--json")
    assert said.code == exits.DONE
    assert said.json["ranges"] == 5
    assert said.json["without_zone"] == {"Российская Федерация": 1}
    assert "1 × Российская Федерация" in said.err
    shown = call("numbers", "show", "8 (914) 100-12-34", "+79161234567")
    assert "region: Республика Саха (Якутия)" in shown.out
    assert "Asia/Yakutsk, Asia/Vladivostok, Asia/Srednekolymsk; a message must be allowed in all of them" in shown.out
    [known] = call("numbers", "show", "+79161234567", "--json").json
    assert (known["number"], known["operator"], known["zones"]) == ("+79161234567", 'ПАО "Лютик"', ["Europe/Moscow"])


def test_a_register_is_taken_from_standard_input_as_from_its_file() -> None:
    data = MADE_UP.read_bytes()
    piped, named = call("numbers", "import", "-", "--json", stdin=data), call("numbers", "import", MADE_UP, "--json")
    assert (piped.code, named.code) == (exits.DONE, exits.DONE)
    assert piped.json["sources"] == [{**named.json["sources"][0], "name": "<stdin>"}]
    assert {**piped.json, "sources": 0} == {**named.json, "sources": 0}
    for wrong, said in ((b"", "<stdin>"), (b"\xff\xfe\x00", "<stdin>"), (data + b"a;b\n", "<stdin>:")):
        refused = call("numbers", "import", "-", stdin=wrong)
        assert (refused.code, f"error: {said}" in refused.err) == (exits.BAD_INPUT, True), refused.err


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        (["show", "12", "привет", "--ranges", MADE_UP], "'привет': not a phone number"),
        (["show", "+79161234567", "--ranges", MADE_UP, "--country", "XX"], "'XX' is no country"),
        (["import", MADE_UP, "--out", "ranges.csv"], "does not end in .parquet"),
        (["import", "nothing-*.csv"], "no file has such a name"),
    ],
)
def test_nonsense_is_refused(words: list[object], phrase: str) -> None:
    said = call("numbers", *words)
    assert said.code == exits.BAD_INPUT
    assert phrase in said.err


def test_a_scenario_takes_the_imported_file_and_its_manifest_has_the_hash(tmp_path: Path) -> None:
    ranges = tmp_path / "ranges.parquet"
    assert call("numbers", "import", MADE_UP, "--out", ranges).code == exits.DONE
    (tmp_path / "people.csv").write_text("phone\n+79141000001\n+79161234567\n", "utf-8")
    old = "{synthetic: {size: 12, seed: 2, present: {push: 0.5, sms: 1.0}}}"
    file = write(tmp_path, (old, "{file: {path: people.csv, number_ranges: ranges.parquet}}"))
    assert rehearse(file, tmp_path / "run", "--fail-on", "never").code == exits.DONE
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))
    assert manifest["audience"]["number_ranges"] == {
        "file": "ranges.parquet", "sha256": sha256(ranges.read_bytes()).hexdigest(),
    }  # fmt: skip
