"""A witness: a scenario and its audience that say again what was changed and forced, wherever they are written."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from scenarios.load import load_scenario
from scenarios.model import Forced
from scenarios.plain_values import plain_values
from scenarios.witness import Witness, rows_as_csv, witness_of, write_witness

LIBRARY = Path("scenarios/library")
ROWS = ({"customer_id": "w-1", "phone": "+79161234567"}, {"customer_id": "w-2", "email": "w@example.com"})


def service() -> Witness:
    scenario = load_scenario(LIBRARY / "smartadv-service.yaml").scenario
    forced = Forced(recipient="w-1", campaign="contract-ends", channel="vk", purpose="read", value=0.5)
    return witness_of(scenario, ROWS, [forced], {"campaigns.0.release_at": "2021-10-05T11:30", "gate": "observe"})


def test_a_written_witness_is_read_again_as_it_was(tmp_path: Path) -> None:
    witness = service()
    audience = write_witness(witness, tmp_path / "w.yaml", LIBRARY, ["Found so:", "no: yes"])
    again = load_scenario(tmp_path / "w.yaml").scenario
    assert audience == tmp_path / "w.csv"
    assert msgspec.structs.replace(again, audience=witness.scenario.audience) == witness.scenario
    assert (tmp_path / "w.yaml").read_text(encoding="utf-8").startswith("# Found so:\n# no: yes\nname:")
    assert plain_values(again.audience) == {"file": {"path": "w.csv"}}
    assert [forced.value for forced in again.script] == [0.5]
    assert again.campaigns[0].release_at == "2021-10-05T11:30"


def test_a_witness_takes_everybody_up_and_lets_packs_watch_only() -> None:
    scenario = load_scenario(
        LIBRARY / "five-step-offer.yaml", overrides={"gate": "enforce", "replications": 7}
    ).scenario
    witness = witness_of(scenario, ROWS, [], {}).scenario
    assert (witness.gate, witness.replications) == ("observe", 1)
    assert [campaign.hold_out for campaign in witness.campaigns] == [0]


def test_paths_of_packs_start_from_the_new_folder(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    (one / "house.yaml").write_text("x", encoding="utf-8")
    scenario = load_scenario(LIBRARY / "smartadv-service.yaml").scenario
    own = msgspec.structs.replace(scenario, packs=["ru-ads", "house.yaml"])
    write_witness(witness_of(own, ROWS, [], {}), two / "w.yaml", one, [])
    assert "- ru-ads\n- '../one/house.yaml'\n" in (two / "w.yaml").read_text(encoding="utf-8")


def test_a_witness_that_cannot_be_written_whole_leaves_the_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_witness(service(), tmp_path / "w.yaml", LIBRARY, ["older"])
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_witness(service(), tmp_path / "w.yaml", LIBRARY, ["newer"])
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_rows_may_have_different_columns() -> None:
    assert rows_as_csv(ROWS) == "customer_id,phone,email\nw-1,+79161234567,\nw-2,,w@example.com\n"


@pytest.mark.parametrize("word", ["no", "12:30", "2021-10-01", "1e3", "null", "Привет: мир # не комментарий"])
def test_texts_that_yaml_could_take_for_something_else_stay_texts(word: str, tmp_path: Path) -> None:
    scenario = msgspec.structs.replace(load_scenario(LIBRARY / "smartadv-service.yaml").scenario, name=word)
    write_witness(witness_of(scenario, ROWS, [], {}), tmp_path / "w.yaml", LIBRARY, [])
    assert load_scenario(tmp_path / "w.yaml").scenario.name == word
