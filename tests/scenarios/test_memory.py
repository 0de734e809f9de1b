"""A run that cannot fit is refused before it starts, with exit code 3 and what would fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.errors import MachineLimit
from prelaunch.cli import run
from scenarios.experiments import memory


def test_what_fits_goes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: memory.needed(10, 10, 3, compiled=False))
    memory.check_run(10, 10, 3, compiled=False)


def test_one_byte_too_few_is_refused_with_what_would_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: memory.needed(10, 1_000_000, 1, compiled=True) - 1)
    with pytest.raises(MachineLimit, match=r"about 100000\d would fit"):
        memory.check_run(10, 1_000_000, 1, compiled=True)


def test_where_the_system_does_not_say_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: None)
    memory.check_run(10**9, 10**9, 10**3, compiled=True)


def test_an_audience_beyond_memory_ends_in_exit_code_3_before_anything_is_written(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(memory, "available", lambda: 1_000_000_000)
    scenario = repository / "scenarios" / "library" / "five-step-offer.yaml"
    size = ["--set", "audience.synthetic.size=100000000"]
    assert run(["run", str(scenario), "--out", str(tmp_path / "runs" / "big"), *size]) == 3
    assert "would take about 6.3 GB" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()
