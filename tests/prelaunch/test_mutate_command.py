"""``prelaunch mutate``: the table, the files, the exit codes."""

from __future__ import annotations

import csv
from pathlib import Path

from prelaunch import exits
from tests.prelaunch.tiny import call, write

HOURS = '{id: hours, kind: time_window, params: {workday: ["09:00", "20:00"]}}'
GUARD = ("packs: [bp-promo]", f"packs: [bp-promo]\nguards: {{rules: [{HOURS}]}}")


def test_survivors_come_first_and_make_exit_code_1_only_when_asked(tmp_path: Path) -> None:
    file, table = write(tmp_path, GUARD), tmp_path / "made" / "mutants.csv"
    said = call("mutate", file, "--jobs", 1, "--out", table, "--json", "--fail-on-survivors")
    assert said.code == exits.FINDINGS, said.err
    assert call("mutate", file, "--jobs", 1).code == exits.DONE
    found = said.json
    fates = [each["fate"] for each in found["mutants"]]
    assert fates == sorted(fates, key=["survived", "stricter", "noticed"].index)
    assert found["tried"] == found["planned"] == len(fates) > 30
    with table.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["change"] for row in rows] == [each["change"] for each in found["mutants"]]
    removed = next(row for row in rows if row["id"] == "hours" and row["change"] == "removed")
    assert (removed["fate"], removed["noticed_by"]) == ("noticed", "BP-QUIET-01")


def test_the_work_is_announced_and_what_is_not_sure_is_said(tmp_path: Path) -> None:
    said = call("mutate", write(tmp_path, GUARD), "--jobs", 1).err
    assert "changed guards, each a run of about" in said
    assert "not tested, their trigger never occurred: " in said
    assert "no violation seen, which does not mean none; at 95 % confidence at most:" in said
    assert "survived hours: workday[1]: 20:00 → 20:01: no message that it decides was due between 20:00 and 20" in said


def test_a_scenario_without_guards_is_told_so(tmp_path: Path) -> None:
    said = call("mutate", write(tmp_path), "--what", "guards", "--set", "guards.respect_opt_outs=false")
    assert said.code == exits.DONE
    assert "no guards of its own" in said.err


def test_a_faulty_scenario_is_refused_with_all_faults(tmp_path: Path) -> None:
    file = write(tmp_path, ("channel: push}", "channel: pusch}"), ("release_at: 2026-03-02T21:00", "release_at: soon"))
    said = call("mutate", file)
    assert said.code == exits.BAD_INPUT
    assert "pusch" in said.err
    assert "soon" in said.err
