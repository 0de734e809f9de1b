"""The command line: lazy help, plain errors, exit codes."""

from __future__ import annotations

import errno
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
from rich.console import Console

from policies.errors import InputError, MachineLimit, Problem
from prelaunch import cli, console, exits
from prelaunch.commands import COMMANDS

HEAVY = (
    "numba",
    "llvmlite",
    "numpy",
    "matplotlib",
    "pyarrow",
    "rich",
    "simpy",
    "jinja2",
    "jsonschema",
    "holidays",
    "phonenumbers",
)


def python(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=cwd, check=False)


@contextmanager
def command(function: object) -> Iterator[None]:
    """Make ``prelaunch probe`` call ``function``."""
    probe = click.Command("probe", callback=function)  # type: ignore[arg-type]
    original = cli.LazyGroup.get_command
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            cli.LazyGroup,
            "get_command",
            lambda self, ctx, name: probe if name == "probe" else original(self, ctx, name),
        )
        yield


def raising(error: BaseException) -> object:
    def callback() -> None:
        raise error

    return callback


def test_help_imports_no_heavy_library() -> None:
    script = f"import sys, prelaunch.cli as c; c.run(['--help']); print([m for m in {HEAVY!r} if m in sys.modules])"
    assert python("-c", script).stdout.splitlines()[-1] == "[]"


def test_help_lists_every_command_without_importing_it() -> None:
    script = (
        "import sys, prelaunch.cli as c; c.run(['--help']); print(sorted(m for m in sys.modules if 'commands.' in m))"
    )
    lines = python("-c", script).stdout.splitlines()
    assert lines[-1] == "[]"
    assert [
        name for name in (entry.name for entry in COMMANDS) if not any(f"  {name} " in line for line in lines)
    ] == []


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"]])
def test_asking_for_help_or_version_is_no_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(arguments) == exits.DONE
    assert "prelaunch" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["rehearse"], ["--loud"], ["init", "--loud"], ["init", "a", "b"]])
def test_wrong_usage_is_exit_code_2_and_says_nothing_on_standard_output(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == exits.BAD_INPUT
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Usage: prelaunch" in shown.err


def test_an_unknown_command_is_answered_with_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    cli.run(["comparr"])
    assert "Did you mean 'compare'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (
            InputError([Problem("a.yaml:3: seed", "is not a number", "write 7")]),
            2,
            "a.yaml:3: seed: is not a number (write 7)",
        ),
        (MachineLimit("needs 40 GB of memory, 8 are free"), 3, "needs 40 GB"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.Abort(), 130, "interrupted"),
        (click.FileError("x.csv", "gone"), 2, "x.csv"),
        (MemoryError(), 3, "out of memory"),
        (OSError(errno.ENOSPC, "No space left", "log.parquet"), 3, "log.parquet"),
        (OSError(errno.ENAMETOOLONG, "File name too long", "x.csv"), 2, "x.csv: cannot be used: File name too long"),
        (PermissionError(errno.EACCES, "Permission denied", "in/a.csv"), 2, "in/a.csv: cannot be used"),
    ],
)
def test_a_failure_becomes_plain_words_and_its_exit_code(
    error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with command(raising(error)):
        assert cli.run(["probe"]) == code
    shown = capsys.readouterr()
    assert words in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


@pytest.mark.parametrize(
    "error", [ZeroDivisionError(), FileNotFoundError("x"), KeyError("x"), OSError(errno.EACCES, "x")]
)
def test_a_fault_of_the_program_keeps_its_traceback(error: Exception) -> None:
    with command(raising(error)), pytest.raises(type(error)):
        cli.run(["probe"])


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (1, 1)])
def test_a_command_may_return_its_exit_code(returned: int | None, code: int) -> None:
    with command(lambda: returned):
        assert cli.run(["probe"]) == code


def test_a_command_may_exit_through_the_context() -> None:
    with command(lambda: click.get_current_context().exit(exits.FINDINGS)):
        assert cli.run(["probe"]) == exits.FINDINGS


def test_a_reader_that_goes_away_is_no_error() -> None:
    script = "import sys; from prelaunch import cli; sys.exit(cli.run(['--help']))"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == exits.READER_GONE


def test_a_problem_is_one_line_whatever_line_breaks_the_input_had(capsys: pytest.CaptureFixture[str]) -> None:
    with command(raising(InputError([Problem("a.csv:2: name", "'Ann\nBob' is too long")]))):
        cli.run(["probe"])
    assert capsys.readouterr().err == "error: a.csv:2: name: 'Ann\\nBob' is too long\n"


def test_errors_fill_one_screen_and_the_rest_is_counted() -> None:
    lines = console.fit([f"fault {i}" for i in range(100)], columns=80)
    assert len(lines) == console.SCREEN_ROWS + 1
    assert lines[-1] == "… and 80 more"


def test_a_screen_full_to_the_last_row_needs_no_count() -> None:
    lines = console.fit(["fault"] * console.SCREEN_ROWS, columns=80)
    assert lines == ["error: fault"] * console.SCREEN_ROWS


def test_long_errors_take_the_rows_they_wrap_to() -> None:
    lines = console.fit(["x" * 200] * 10, columns=80)  # three rows each
    assert lines[-1] == "… and 4 more"


def test_an_error_of_ten_megabytes_is_shortened_but_shown() -> None:
    (line,) = console.fit(["x" * 10_000_000], columns=80)
    assert len(line) <= 4 * 80


def test_control_characters_of_the_input_do_not_reach_the_terminal() -> None:
    assert console.fit(["a\x00b\x1b[31mc"], columns=80) == [r"error: a\x00b\x1b[31mc"]


def test_progress_off_a_terminal_is_a_line_at_each_tenth(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(100))
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    with console.progress("simulated", 100) as advance:
        for done in (5, 10, 12, 20, 100):
            advance(done)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [line.split(",")[0] for line in shown.err.splitlines()] == [
        "simulated: 10 %",
        "simulated: 20 %",
        "simulated: 100 %",
    ]


def test_short_work_shows_no_progress_off_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    with console.progress("simulated", 0) as advance:
        advance(0)
    assert capsys.readouterr().err == ""


def test_progress_on_a_terminal_is_a_bar_with_the_share_done() -> None:
    script = "from prelaunch.console import progress\nwith progress('simulated', 4) as advance: advance(3)"
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    subprocess.run([sys.executable, "-c", script], stderr=theirs, env=environment, check=True)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    os.close(theirs)
    assert "simulated" in shown
    assert "75%" in shown


@pytest.mark.parametrize("console_of", [console.out, console.err])
def test_no_color_is_obeyed(console_of: Callable[[], Console], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert console_of().no_color


def test_json_keeps_russian_letters_and_the_order_of_names(capsys: pytest.CaptureFixture[str]) -> None:
    console.write_json({"б": "да", "а": 1})
    assert capsys.readouterr().out == '{\n  "б": "да",\n  "а": 1\n}\n'


def test_json_refuses_numbers_that_json_does_not_have() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        console.write_json(float("nan"))


def test_python_dash_m_is_the_same_command() -> None:
    assert python("-m", "prelaunch", "--version").stdout.startswith("prelaunch, version ")


def test_init_writes_the_starter_and_never_replaces_it_unasked(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert cli.run(["init", str(file)]) == exits.DONE
    starter = file.read_text(encoding="utf-8")
    file.write_text("changed", encoding="utf-8")
    assert cli.run(["init", str(file)]) == exits.BAD_INPUT
    assert file.read_text(encoding="utf-8") == "changed"
    assert cli.run(["init", "--force", str(file)]) == exits.DONE
    assert file.read_text(encoding="utf-8") == starter


def test_init_to_standard_output_writes_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["init", "-"]) == exits.DONE
    assert "campaigns:" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_init_into_a_folder_that_is_not_there_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["init", str(tmp_path / "no" / "a.yaml")]) == exits.BAD_INPUT
    assert "folder does not exist" in capsys.readouterr().err


def test_a_closed_standard_output_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    assert cli.run(["rules", "BP-QUIET-01"]) == exits.DONE


@pytest.mark.parametrize("words", [["nonsense"], ["run"], ["run", "nothing.yaml"], ["run", "--seed", "x", "y.yaml"]])
def test_a_fault_that_nobody_can_be_told_has_its_exit_code_all_the_same(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "prelaunch", *words], stderr=full, stdout=subprocess.PIPE, check=False
        )
    assert (ended.returncode, ended.stdout) == (exits.BAD_INPUT, b"")
