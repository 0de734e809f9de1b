"""``prelaunch doctor``: what it finds and what it says to do."""

from __future__ import annotations

import io
import json
from importlib import metadata
from pathlib import Path

import pytest

from prelaunch import cli, exits, health


def test_every_package_we_ask_for_is_looked_at_and_present() -> None:
    asked = [line for line in metadata.requires("prelaunch") or () if "extra ==" not in line]
    findings = list(health.packages())
    assert [finding.verdict for finding in findings] == ["ok"] * len(asked)


@pytest.mark.parametrize(
    ("requirement", "verdict"),
    [
        ("click>=8.3", "ok"),
        ("click>=8.3,<900", "ok"),
        ("click>=900", "fail"),
        ("click>=8,<8.1", "fail"),
        ("no-such-package-here>=1", "fail"),
    ],
)
def test_a_package_must_be_there_at_a_version_we_accept(requirement: str, verdict: str) -> None:
    finding = health.package(requirement)
    assert finding.verdict == verdict
    assert bool(finding.remedy) == (verdict == "fail")


@pytest.mark.parametrize(("free", "verdict"), [(99, "warn"), (100, "ok"), (101, "ok")])
def test_little_memory_is_worth_a_warning(free: int, verdict: str) -> None:
    assert health.amount("memory", free, 100, "buy some").verdict == verdict


def test_free_memory_is_a_plausible_number_of_bytes() -> None:
    assert 10**7 < health.memory() < 10**14


def test_a_folder_still_to_be_made_is_judged_by_its_parent(tmp_path: Path) -> None:
    assert health.place("results", tmp_path / "a" / "b").verdict == "ok"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_to_be_mended() -> None:
    finding = health.place("results", Path("/proc"))
    assert finding.verdict == "fail"
    assert finding.remedy


def test_a_package_that_cannot_be_loaded_is_a_finding_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise ImportError(f"no module named {name}")

    monkeypatch.setattr(health, "import_module", broken)
    failed = [finding.name for finding in health.examine() if finding.verdict == "fail"]
    assert failed == ["zones", "holidays", "numba"]


def test_the_systems_own_time_zones_are_worth_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    assert next(health.zones()).verdict == "ok"
    monkeypatch.setattr("zoneinfo.TZPATH", ("somewhere",))
    assert next(health.zones()).verdict == "warn"


def test_a_year_without_known_holidays_is_worth_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    assert next(health.holidays()).verdict == "ok"
    monkeypatch.setattr("policies.calendars.workdays.day_class", lambda country, day: 255)
    assert next(health.holidays()).verdict == "warn"


@pytest.mark.parametrize(
    ("encoding", "verdict"), [("utf-8", "ok"), ("UTF8", "ok"), ("ascii", "warn"), ("cp1251", "warn")]
)
def test_a_terminal_without_our_letters_is_worth_a_warning(
    encoding: str, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert next(health.output()).verdict == verdict


def test_the_container_s_limit_bounds_free_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"meminfo": "MemAvailable:    1000 kB\n", "memory.max": "500000\n", "memory.current": "100000\n"}
    monkeypatch.setattr(health, "_text", lambda file: texts[file.name])
    assert health.memory() == 400_000
    texts["memory.max"] = "max\n"
    assert health.memory() == 1_024_000


def test_a_cache_that_cannot_be_written_is_worth_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policies.jit.kept", lambda: None)
    assert [finding.verdict for finding in health.numba()] == ["warn"]


def test_json_holds_the_same_findings_and_the_exit_code_follows_the_worst(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = [health.Finding("a", "ok", "1"), health.Finding("b", "fail", "none", "get it")]
    monkeypatch.setattr("prelaunch.commands.doctor.examine", lambda: findings)
    assert cli.run(["doctor", "--json"]) == exits.FINDINGS
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "fail"
    assert answer["checks"][1] == {"name": "b", "verdict": "fail", "found": "none", "remedy": "get it"}


def test_a_warning_alone_does_not_fail_and_shows_its_remedy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prelaunch.commands.doctor.examine", lambda: [health.Finding("a", "warn", "1", "get 2")])
    assert cli.run(["doctor"]) == exits.DONE
    assert "-> get 2\n0 to mend, 1 to know of" in capsys.readouterr().out
