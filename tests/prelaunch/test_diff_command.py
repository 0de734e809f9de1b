"""``prelaunch diff``: two versions message by message, from the command line."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from prelaunch import exits
from prelaunch.commands import diff as diff_command
from tests.prelaunch.tiny import call, log, rehearse, write

SOONER = ("wait_s: 3600", "wait_s: 1")
DEARER = ("price: 2,", "price: 3,")
MORE = ("size: 12", "size: 80")
HOUSE = """\
pack: house
title: House rules
version: "1"
rules:
  - id: HOUSE-NIGHT-01
    title: No message late in the evening
    statement: Nothing after the hour.
    rationale: People sleep.
    citation: {act: House rules, read_on: 2026-11-22}
    confidence: documented
    checks:
      - {kind: time_window, severity: error, params: {workday: ["08:00", "21:00"]}}
    fix: Send earlier.
    examples: {passes: At noon., fails: At midnight.}
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The tiny scenario, and the same with an SMS a second after the push for a higher price."""
    folder = tmp_path_factory.mktemp("diff")
    more = MORE, ("  sms: {prices", "  push: {read: 0.9}\n  sms: {prices")
    return write(folder, *more), write(folder, *more, SOONER, DEARER, name="sooner.yaml")


def told(*words: object) -> Any:
    shown = call("diff", *words, "--json")
    assert shown.code == exits.DONE, shown.err
    return shown.json


def test_equal_files_differ_in_nothing_and_it_says_so_exactly(files: tuple[Path, Path]) -> None:
    shown = call("diff", files[0], files[0])
    assert shown.code == exits.DONE
    assert "changed: no field of the scenario" in shown.out
    assert "no message, hour, price or outcome differs (the two logs are equal, row for row: " in shown.out
    assert "verdicts: those of both are the same" in shown.out
    found = told(files[0], files[0])
    assert (found["equal"], found["fields"], found["verdicts"], found["examples"]) == (True, [], [], [])


def test_the_changes_are_those_of_the_two_runs(files: tuple[Path, Path], tmp_path: Path) -> None:
    found = told(*files)
    runs = []
    for number, file in enumerate(files):
        rehearse(file, tmp_path / str(number))
        runs.append(log(tmp_path / str(number)))
    cost = [sum(row["cost"] or 0 for row in rows) for rows in runs]
    sent = [[(r["recipient"], r["channel"]) for r in rows if r["event"] == "submitted"] for rows in runs]
    assert found["cost"]["total"] == f"{(cost[1] - cost[0]) / 1e6:.2f}"
    assert found["gained"] == len(set(sent[1]) - set(sent[0])) > 0
    assert found["lost"] == len(set(sent[0]) - set(sent[1])) == 0
    assert found["messages"]["b"] - found["messages"]["a"] == found["gained"]
    assert {field["field"]: (field["before"], field["after"]) for field in found["fields"]} == {
        "channels.sms.prices[0].price": (2.0, 3.0), "campaigns[offer].cascade[push].wait_s": (3600.0, 1.0),
    }  # fmt: skip


def test_other_words_are_counted_for_the_messages_that_bear_them_and_a_new_name_alone_is_none(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    found = told(files[0], "--set-b", "templates.sms-text.body=Скидка кончается")
    rehearse(files[0], tmp_path / "run")
    texts = sum(row["event"] == "submitted" and row["channel"] == "sms" for row in log(tmp_path / "run"))
    assert found["changed"] == {**dict.fromkeys(found["changed"], 0), "text": texts}
    renamed = files[0].read_text(encoding="utf-8").replace("sms-text", "sms-words")
    (tmp_path / "renamed.yaml").write_text(renamed, encoding="utf-8")
    shown = call("diff", files[0], tmp_path / "renamed.yaml").out
    assert "no message, hour, price or outcome differs (names apart: " in shown


def test_another_sender_is_told(files: tuple[Path, Path], tmp_path: Path) -> None:
    renamed = files[0].read_text(encoding="utf-8").replace("SHOP", "SHOP2")
    (tmp_path / "renamed.yaml").write_text(renamed, encoding="utf-8")
    changed = told(files[0], tmp_path / "renamed.yaml")["changed"]
    assert changed["sender"] > 0
    assert sum(changed.values()) == changed["sender"]


def test_each_change_alone_tells_what_it_did(files: tuple[Path, Path]) -> None:
    price, wait = told(*files, "--one-by-one")["one_by_one"]
    assert price["effect"]["gained"] == 0
    assert price["effect"]["prices"]["dearer"] == price["effect"]["people"] > 0
    assert wait["effect"]["prices"]["dearer"] == 0
    assert wait["effect"]["gained"] == told(*files)["gained"]
    shown = call("diff", *files, "--one-by-one").out
    assert "each change alone, made in the first version" in shown


def test_the_list_has_a_row_for_each_message_with_keyed_hashes(files: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "changes.csv"
    assert call("diff", *files, "--out", out).code == exits.DONE
    text = out.read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    found = told(*files)
    assert len(rows) == found["messages"]["a"] + found["gained"] - found["messages"]["same"]
    assert sum(row["change"] == "gained" for row in rows) == found["gained"]
    assert "S0000" not in text
    gained = next(row for row in rows if row["change"] == "gained")
    assert (gained["channel_a"], gained["channel_b"], gained["cost_change"]) == ("", "sms", "3.00")
    assert gained["why_a"] == "ended (read)"


def test_a_folder_gets_both_files_and_shows_ids_when_asked(files: tuple[Path, Path], tmp_path: Path) -> None:
    shown = call("diff", *files, "--out", tmp_path / "found", "--show-recipients")
    assert shown.code == exits.DONE
    assert sorted(path.name for path in (tmp_path / "found").iterdir()) == ["changes.csv", "diff.json"]
    assert "S0000" in (tmp_path / "found" / "changes.csv").read_text(encoding="utf-8")
    assert "for example S0000" in shown.out


def test_for_each_class_one_person_is_shown_on_both_sides(files: tuple[Path, Path]) -> None:
    shown = told(*files, "--show-recipients")
    gained = next(example for example in shown["examples"] if example["change"] == "gained")
    assert "handed over by sms" not in gained["a"]
    assert "handed over by sms, 3.00" in gained["b"].replace("\u202f", " ")


def test_packs_that_watch_change_verdicts_and_no_message(files: tuple[Path, Path]) -> None:
    shown = call("diff", files[0], "--packs-b", "core")
    assert "the packs only watch (gate: observe)" in shown.out
    assert "BP-QUIET-01 (error): violated" in shown.out
    assert "→ not judged" in shown.out


def test_two_packs_are_tried_on_a_scenario_and_may_act(tmp_path: Path) -> None:
    file, one, two = write(tmp_path), tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(HOUSE, encoding="utf-8")
    two.write_text(HOUSE.replace('"21:00"', '"23:00"'), encoding="utf-8")
    shown = call("diff", one, two, "--scenario", file, "--gate", "enforce", "--set", "packs=[]")
    assert shown.code == exits.DONE, shown.err
    assert "changed  HOUSE-NIGHT-01" in shown.out
    assert "sooner" in shown.out
    assert "held until 2026-03-03 08:00 by HOUSE-NIGHT-01" in shown.out


def test_a_scenario_of_two_dates(files: tuple[Path, Path]) -> None:
    found = told(f"{files[0]}@2021-10-01", f"{files[0]}@2026-11-22", "--set", "packs=[bp-promo,ru-ads]")
    assert [field["field"] for field in found["fields"]] == ["as_of"]
    assert (found["a"]["as_of"], found["b"]["as_of"]) == ("2021-10-01", "2026-11-22")
    assert "RU-ADS-RES-01" in [rule["id"] for rule in found["rules"]]


def test_files_of_two_folders_that_are_equal_are_no_change(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        (folder / "house.yaml").write_text(HOUSE, encoding="utf-8")
    files = [write(folder, ("packs: [bp-promo]", "packs: [house.yaml]")) for folder in folders]
    assert told(*files)["fields"] == []
    (folders[1] / "house.yaml").write_text(HOUSE.replace('"21:00"', '"20:00"'), encoding="utf-8")
    found = told(*files)
    assert [field["field"] for field in found["fields"]] == ["packs"]
    assert [rule["id"] for rule in found["rules"]] == ["HOUSE-NIGHT-01"]


BAD: list[tuple[tuple[object, ...], str]] = [
    (("A",), "is one version, and there is no other to compare with"),
    (("A", "A", "A"), "3 files given"),
    (("A", "missing.yaml"), "there is no such file"),
    (("A", "A", "--set-b", "seed=9"), "seed 9"),
    (("A", "--set-b", "currency=KZT"), "costs are in KZT"),
    (("A", "--set-b", "campaigns.0.id=other"), "no campaign id in common"),
    (("A", "house.yaml"), "is a pack of rules"),
    (("house.yaml", "house.yaml"), "--scenario FILE"),
    (("A", "A", "--scenario", "A"), "is for two packs"),
    (("-", "-"), "standard input can be read once"),
    (("A", "--set-b", "campaigns.0.cascade.7.wait_s=1"), "the list has only 2 entries"),
    (("A", "--packs-b", "ru-adz"), "there is no rule pack 'ru-adz'"),
    (("A", "empty.yaml"), "empty"),
    (("A", "A", "--out", "house.yaml"), "name a folder, or a file ending in .csv"),
]


@pytest.mark.parametrize(("words", "said"), BAD, ids=[said for _, said in BAD])
def test_bad_input_is_told_in_words(words: tuple[object, ...], said: str, tmp_path: Path) -> None:
    write(tmp_path, name="A")
    (tmp_path / "house.yaml").write_text(HOUSE, encoding="utf-8")
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    placed = [tmp_path / str(word) if word == "A" or str(word).endswith(".yaml") else word for word in words]
    shown = call("diff", *placed)
    assert shown.code == exits.BAD_INPUT
    assert said in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


def test_an_audience_of_strangers_is_not_paired(tmp_path: Path) -> None:
    file = write(tmp_path)
    (tmp_path / "base.csv").write_text("customer_id,phone\nZ1,+79161234567\n", encoding="utf-8")
    shown = call("diff", file, "--set-b", "audience={file: {path: base.csv}}")
    assert (shown.code, "nobody in common" in shown.err) == (exits.BAD_INPUT, True)


def test_people_of_one_audience_only_are_told_apart(tmp_path: Path) -> None:
    shown = call("diff", write(tmp_path), "--set-b", "audience.synthetic.size=15")
    assert "another audience than" in shown.out
    assert "in one audience only" in shown.out


def test_an_interrupt_keeps_the_effects_that_are_known(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped() -> Any:
        yield "first"
        raise KeyboardInterrupt

    assert diff_command._collected(stopped()) == (["first"], True)
