"""The search for missing cases: what it prints and returns."""

from __future__ import annotations

import pytest

from tests import mutants


def test_the_cases_of_a_kind_notice_every_mutant(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutants.main(["channel_ban"]) == 0
    assert capsys.readouterr().out == "channel_ban: 0 survive\n"


def test_a_mutant_that_no_case_notices_is_printed_and_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "scenes", lambda kind: [])
    assert mutants.main(["channel_ban"]) == 1
    *survivors, total = capsys.readouterr().out.splitlines()
    assert total == f"channel_ban: {len(survivors)} survive"
    assert all(line.startswith("channel_ban.py:") and line.endswith("# SURVIVES") for line in survivors)


def test_a_kind_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutants.main(["channel_bann"]) == 2
    assert "no such kind: channel_bann" in capsys.readouterr().out
