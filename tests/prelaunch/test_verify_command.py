"""``prelaunch verify`` as its user meets it: table, JSON, folder, exit codes, bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policies.verdicts import Verdict
from policies.verify.nodes import Who
from policies.verify.search import Search
from policies.verify.verify import _Share
from prelaunch.sentences import said
from tests.prelaunch.tiny import call, write

QUIET = ("--rule", "BP-QUIET-01")
HOURS = "guards: {rules: [{id: h, kind: time_window, params: {workday: ['10:00', '20:00'], dayoff: null}}]}"
GUARDED = ("packs: [bp-promo]", f"packs: [bp-promo]\n{HOURS}")


def test_a_violation_has_a_witness_in_the_folder_and_exit_code_one(tmp_path: Path) -> None:
    out = tmp_path / "verified"
    called = call("verify", write(tmp_path), *QUIET, "--out", out, "--json")
    assert called.code == 1
    assert called.json == json.loads((out / "verify.json").read_text(encoding="utf-8"))
    (rule,) = called.json["rules"]
    assert (rule["rule"], rule["severity"], rule["verdict"]) == ("BP-QUIET-01", "error", "violated")
    witness = rule["witness"]
    assert witness["violates_at"] == "2026-03-02T18:00:00Z"
    assert [step["what"] for step in witness["steps"]] == ["released", "submitted"]
    assert witness["steps"][1]["local"] == "2026-03-02 21:00 Europe/Moscow"
    assert (out / witness["scenario"]).is_file()
    assert called.json["besides"][0]["about"] == "late receipt"


def test_what_a_proof_is_about_and_found_besides_can_be_said_in_russian(tmp_path: Path) -> None:
    found = call("verify", write(tmp_path), *QUIET, "--json").json
    texts = [text for pair in found["domain"].items() for text in pair]
    texts += [text for one in found["besides"] for text in (one["about"], one["sentence"], one["fix"])]
    texts += [text for one in found["rules"] for text in (one["sentence"], one["bound"])]
    assert [text for text in texts if said(text, "ru") == text] == [found["domain"]["zones"], "RU"]


def test_the_replay_line_shows_the_same_rule_broken(tmp_path: Path) -> None:
    call("verify", write(tmp_path), *QUIET, "--out", tmp_path / "v")
    words = json.loads((tmp_path / "v/verify.json").read_text(encoding="utf-8"))["rules"][0]["witness"][
        "replay"
    ].split()
    called = call(*words[1:], "--json", "--out", tmp_path / "run")
    found = {result["rule"]["id"]: result for result in called.json["findings"]}
    assert found["BP-QUIET-01"]["verdict"] == Verdict.VIOLATED


def test_a_guarded_campaign_is_proved_and_ends_well(tmp_path: Path) -> None:
    called = call("verify", write(tmp_path, GUARDED), *QUIET)
    assert called.code == 0
    assert "1 proved" in called.err


def test_a_rule_of_a_whole_run_is_never_proved(tmp_path: Path) -> None:
    called = call("verify", write(tmp_path), "--rule", "BP-COMPL-01", "--json")
    assert called.json["rules"][0]["verdict"] == "not decided"
    assert "whole run" in called.json["rules"][0]["sentence"]


def test_a_search_that_is_too_long_is_not_decided(tmp_path: Path) -> None:
    called = call("verify", write(tmp_path, GUARDED), *QUIET, "--most-states", 3, "--json")
    (rule,) = called.json["rules"]
    assert (rule["verdict"], rule["bound"]) == ("not decided", "stopped at 3 states")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--rule", "BP-QUIET-1"), "BP-QUIET-01"),
        (("--delay-s", "-1"), "--delay-s"),
        (("--set", "clock.zone=Moskva"), "Moskva"),
        (("--audience", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    called = call("verify", write(tmp_path), *words, "--out", tmp_path / "v")
    assert called.code == 2
    assert told in called.err
    assert not (tmp_path / "v").exists()


def test_an_empty_scenario_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    assert call("verify", tmp_path / "empty.yaml").code == 2


def test_what_was_decided_before_an_interruption_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    explore, seen = Search._explore, []

    def interrupted(self: Search, who: Who, campaigns: list[int]) -> None:
        seen.append(self.cells.group)
        if len(set(seen)) > 1:
            raise KeyboardInterrupt
        explore(self, who, campaigns)

    monkeypatch.setattr(Search, "_explore", interrupted)
    called = call("verify", write(tmp_path), "--out", tmp_path / "v", "--json")
    assert called.code == 130
    assert called.json == json.loads((tmp_path / "v/verify.json").read_text(encoding="utf-8"))
    rules = {rule["rule"]: rule for rule in called.json["rules"]}
    assert (rules["BP-QUIET-01"]["verdict"], rules["BP-QUIET-01"]["bound"]) == (
        "violated",
        "every instant of the horizon",
    )
    assert (rules["BP-CAP-01"]["verdict"], rules["BP-CAP-01"]["bound"]) == ("not decided", "interrupted")
    assert len(set(seen)) == 2  # nothing is searched after that


def test_the_folder_is_made_where_no_rule_has_a_witness(tmp_path: Path) -> None:
    assert call("verify", write(tmp_path, GUARDED), *QUIET, "--out", tmp_path / "deep/v").code == 0
    assert (tmp_path / "deep/v/verify.json").is_file()


def test_progress_never_goes_back_and_its_whole_is_the_limit() -> None:
    told: list[int] = []
    share = _Share(told.append, 3000, 2)
    for _ in range(2):
        advance = share.next()
        assert advance is not None
        for states in (1000, 3000, 3001):
            advance(states)
    assert told == sorted(told)
    assert told[-1] == 3000
