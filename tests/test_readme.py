"""The README holds what it says: every command works, every line of output and every figure is what comes out."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from prelaunch.commands import COMMANDS
from scripts.readme_outputs import NOT_PLAYED, README, Shown, blocks, commands, furnish, label, plain, play, renewed

TEXT = README.read_text(encoding="utf-8")
SHOWN = [shown for shown in commands(TEXT) if not shown.command.startswith(NOT_PLAYED)]

Played = dict[str, tuple[int, list[str]]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The exit code and output of each command, played in order in one folder, as a reader would."""
    folder = tmp_path_factory.mktemp("readme")
    furnish(folder, TEXT)
    return {shown.command: play(shown, folder) for shown in SHOWN}


def in_order(shown: Sequence[str], said: Sequence[str]) -> list[str]:
    """The shown lines that do not come, in their order, among the lines said."""
    rest = iter([plain(line) for line in said])
    return [line for line in shown if plain(line) not in rest]


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.command[:60])
def test_each_command_of_the_readme_ends_and_says_as_stated(shown: Shown, played: Played) -> None:
    code, said = played[shown.command]
    assert code == shown.code, "\n".join(said)
    assert in_order(shown.lines, said) == [], "run: .venv/bin/python scripts/readme_outputs.py"


def test_the_python_example_is_ten_lines_and_works(monkeypatch: pytest.MonkeyPatch, repository: Path) -> None:
    [(_, example)] = blocks(TEXT, "python")
    assert len([line for line in example.splitlines() if line]) <= 10
    monkeypatch.chdir(repository)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(example, "README.md", "exec"), {})
    assert re.match(r"1\d\d of 200 people reached\n\[.*\] violated\n", said.getvalue())


def test_every_command_has_a_line_in_the_readme_and_no_other() -> None:
    listed = re.findall(r"^\| `prelaunch (\w+)", TEXT, re.MULTILINE)
    assert listed == [entry.name for entry in COMMANDS]


def test_every_link_of_the_readme_leads_somewhere(repository: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", TEXT)
    assert len(links) > 5
    assert [link for link in links if not (repository / link).exists()] == []


def test_figures_stand_only_in_what_a_command_says() -> None:
    prose = re.sub(r"^```.*?^```$|`[^`\n]*`|\([^)\n]*\)", "", TEXT, flags=re.DOTALL | re.MULTILINE)
    allowed = {"3.11", "100,000", "2021", "95", "2", "0", "1", "3", "130", "64"}
    assert set(re.findall(r"\d[\d.,]*\d|\d", prose)) <= allowed


def test_a_stale_figure_is_noticed_and_renewed() -> None:
    shown = Shown("prelaunch run x", 0, ("cost  1.00 RUB", "read 3 %"))
    said = ["cost   2.00 RUB", "cost per reached   5 RUB", "read   4 %"]
    assert in_order(shown.lines, said) == ["cost  1.00 RUB", "read 3 %"]
    assert renewed(shown, said) == ["cost   2.00 RUB", "read   4 %"]
    with pytest.raises(LookupError, match="says no longer: read 3 %"):
        renewed(shown, said[:2])


@pytest.mark.parametrize(
    ("line", "expected"),
    [("cost   2.00 RUB", "cost"), ("cost per reached  1", "cost per reached"), ("  review AB-01: x", "review AB-")],
)
def test_a_line_is_known_by_what_stands_before_its_first_figure(line: str, expected: str) -> None:
    assert label(line) == expected


def test_commands_are_read_with_their_exit_codes_and_lines() -> None:
    text = "```console\n$ prelaunch lint a # exit 1: bad\n…\nb\n$ make run\n```\n```csv c.csv\nd\n```\n"
    assert commands(text) == [Shown("prelaunch lint a", 1, ("b",)), Shown("make run", 0, ())]
    assert blocks(text, "csv") == [("c.csv", "d\n")]
