"""``prelaunch attack``: the worst plausible outcome, kept as a scenario that shows it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from prelaunch import exits
from prelaunch.attacking import measured
from tests.prelaunch.tiny import Called, call, rehearse, write
from tests.scenarios.test_attack import PEOPLE, SCENARIO

HOUSE = """\
pack: house
title: House rules
version: "1"
rules:
  - id: HOUSE-NIGHT-01
    title: Nothing after eight in the evening
    statement: Nothing after eight.
    rationale: People rest.
    citation: {act: House rules, read_on: 2026-11-22}
    confidence: documented
    checks:
      - {kind: time_window, severity: error, params: {workday: ["08:00", "20:00"]}}
    fix: Send earlier.
    examples: {passes: At noon., fails: At midnight.}
"""
OPTIONS = ("--examples", 12, "--people", 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario of two channels, with a house rule in a pack of its own."""
    folder = tmp_path_factory.mktemp("attack")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / "house.yaml").write_text(HOUSE, encoding="utf-8")
    (folder / "two.yaml").write_text(SCENARIO.replace("[bp-promo]", "[house.yaml]"), encoding="utf-8")
    return folder


def attack(folder: Path, goal: str, out: Path, *words: object) -> Called:
    return call("attack", folder / "two.yaml", "--goal", goal, "--out", out, *OPTIONS, *words)


@pytest.mark.parametrize("goal", ["violations", "cost", "duplicates"])
def test_the_saved_scenario_shows_again_what_was_found(folder: Path, tmp_path: Path, goal: Any) -> None:
    out = tmp_path / "kept" / "worst.yaml"
    out.parent.mkdir()
    shown = attack(folder, goal, out, "--json", "--fail-on", "never")
    assert shown.code == exits.DONE, shown.err
    found = shown.json["worst"]
    assert sorted(path.name for path in out.parent.iterdir()) == ["worst.csv", "worst.yaml"]
    again = measured(out, goal)
    value = {"cost": lambda v: f"{v / 1e6:.2f}"}.get(goal, lambda v: v)(again.value)
    assert (value, list(again.words), again.recipient) == (found["value"], found["words"], found["recipient"])
    assert len(found["people"]) == 1
    ran = rehearse(out, tmp_path / "run", "--fail-on", "never")
    assert ran.code == exits.DONE
    assert shown.json["replay"] == f"prelaunch run {out}"


def test_a_violation_fails_the_build_and_so_does_the_kept_scenario(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "worst.yaml"
    shown = attack(folder, "violations", out)
    assert shown.code == exits.FINDINGS
    assert "worst: 1 rule broken by the messages to one recipient" in shown.out
    assert "HOUSE-NIGHT-01 (error)" in shown.out
    ran = rehearse(out, tmp_path / "run")
    assert ran.code == exits.FINDINGS
    assert "violated HOUSE-NIGHT-01" in ran.err
    assert attack(folder, "violations", out, "--fail-on", "block").code == exits.DONE


def test_with_the_bug_mended_nothing_is_found_and_nobody_says_safe(folder: Path, tmp_path: Path) -> None:
    guards = "guards.rules=[{id: day, kind: time_window, params: {workday: ['08:00', '20:00']}}]"
    out = tmp_path / "worst.yaml"
    shown = attack(folder, "violations", out, "--set", guards)
    assert shown.code == exits.DONE
    assert "no rule was broken among them; that proves nothing of the others" in shown.out
    assert "safe" not in shown.out
    assert not out.exists()


@pytest.mark.parametrize(("limit", "code"), [("5.50", exits.DONE), ("5.49", exits.FINDINGS)])
def test_a_limit_of_cost_fails_the_build_above_it_alone(folder: Path, tmp_path: Path, limit: str, code: int) -> None:
    shown = attack(folder, "cost", tmp_path / "worst.yaml", "--at-most", limit, "--examples", 60)
    assert "5.50 RUB for one recipient".replace(" RUB", "\u202fRUB") in shown.out
    assert shown.code == code


def test_an_attack_writes_its_own_file_anew_and_no_other(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "worst.yaml"
    mine = tmp_path / ".worst-draft.yaml"
    mine.write_text("mine", encoding="utf-8")
    first = attack(folder, "cost", out)
    assert mine.read_text(encoding="utf-8") == "mine"
    text = out.read_text(encoding="utf-8")
    assert first.code == attack(folder, "cost", out).code == exits.DONE
    assert out.read_text(encoding="utf-8") == text
    out.write_text("name: mine\n", encoding="utf-8")
    shown = attack(folder, "cost", out)
    assert (shown.code, "was not written by an attack" in shown.err) == (exits.BAD_INPUT, True)
    assert out.read_text(encoding="utf-8") == "name: mine\n"


def test_an_interrupt_writes_the_worst_so_far(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from scenarios.attack.search import Hunt

    def stopped(hunt: Hunt, budget: int) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(Hunt, "climb", stopped)
    out = tmp_path / "worst.yaml"
    shown = attack(folder, "duplicates", out)
    assert shown.code == exits.INTERRUPTED
    assert "interrupted: the worst so far is kept" in shown.err
    assert measured(out, "duplicates").value > 0


BAD: list[tuple[tuple[object, ...], str]] = [
    (("A", "--goal", "violations", "--set", "packs=[]"), "names no packs"),
    (("A", "--goal", "cost", "--out", "worst.txt"), "is no YAML file"),
    (("A", "--goal", "cost", "--out", "missing/worst.yaml"), "there is no folder"),
    (("A", "--goal", "violations", "--at-most", "3"), "is for the goals cost and duplicates"),
    (("A", "--goal", "cost", "--at-most", "много"), "'много' is no number from 0 up"),
    (("A", "--goal", "cost", "--at-most", "-1"), "is no number from 0 up"),
    (("A", "--goal", "chaos"), "'chaos' is not one of"),
    (("A", "--goal", "cost", "--examples", "0"), "0 is not in the range"),
    (("missing.yaml", "--goal", "cost"), "there is no such file"),
    (("A", "--goal", "cost", "--audience", "missing.csv"), "missing.csv"),
]


@pytest.mark.parametrize(("words", "said"), BAD, ids=[said for _, said in BAD])
def test_bad_input_is_told_in_words(
    words: tuple[object, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, name="A")
    shown = call("attack", *words)
    assert shown.code == exits.BAD_INPUT
    assert said in shown.err
    assert "Traceback" not in shown.err
    assert [path.name for path in tmp_path.iterdir()] == ["A"]
