"""The files that a command writes findings to, by format: checked before the work, written after it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import click

from policies.errors import InputError, Problem
from prelaunch.findings.about import Judged
from prelaunch.whole_file import over_inputs, unwritable, write_whole

HELPS = {
    "junit": "Also write JUnit XML, one test case a rule.",
    "sarif": "Also write SARIF 2.1.0, for code scanning.",
    "oscal": "Also write OSCAL assessment-results.",
    "csv": "Also write a table, one row a finding.",
    "xlsx": "Also write a workbook with rules, findings and evidence.",
}
"""What the formats of ``prelaunch.outputs.OUTPUTS`` are for; that is not loaded for --help, a test compares."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files asked for, by format."""

    files: Mapping[str, Path] = field(default_factory=dict)
    language: str = "ru"

    @property
    def to_stdout(self) -> bool:
        """Say whether standard output is taken."""
        return any(str(path) == "-" for path in self.files.values())

    def check(self, on_stdout: str = "", reads: Iterable[object] = (), beside: Mapping[str, Path | None] = {}) -> None:
        """Make the folders of the files. Raises ``InputError`` for what cannot be written, with all of it.

        ``on_stdout`` names what the command itself writes to standard output, ``reads`` the files that it reads,
        ``beside`` those that it writes besides, by option.
        """
        wanted = {**beside, **{f"--{name}": path for name, path in self.files.items()}}
        problems = self._stdout_taken(on_stdout) + _twice(wanted) + over_inputs(wanted, reads)
        for module in _asked(self.files):
            path = self.files[module.NAME]
            if str(path) != "-":
                problems += _unwritable(module.NAME, path)
            elif not module.TEXT:
                problems.append(Problem(f"--{module.NAME} -", "this is no text", "name a file"))
        if problems:
            raise InputError(problems)

    def _stdout_taken(self, on_stdout: str) -> list[Problem]:
        taken = [f"--{name} -" for name, path in self.files.items() if str(path) == "-"]
        taken += [on_stdout] if on_stdout and taken else []
        if len(taken) < 2:
            return []
        return [Problem(" and ".join(taken), "both go to standard output", "name a file for one of them")]

    def write(self, runs: Sequence[Judged]) -> None:
        """Write every file; its path is told on standard error."""
        for module in _asked(self.files):
            path = self.files[module.NAME]
            more = {"language": self.language} if module.NAME in ("csv", "xlsx") else {}
            data: bytes = module.render(runs, **more)
            if str(path) == "-":
                _to_stdout(data)
                continue
            write_whole(path, data, f"--{module.NAME}")
            click.echo(f"written: {path}", err=True)


def _twice(wanted: Mapping[str, Path | None]) -> list[Problem]:
    """Return a problem for each output whose file another one has too."""
    files = {option: path for option, path in wanted.items() if path is not None and str(path) != "-"}
    places = [os.path.realpath(path) for path in files.values()]
    return [
        Problem(f"{option} {path}", "another output has the same file", "name one file for each")
        for option, path in files.items()
        if places.count(os.path.realpath(path)) > 1
    ]


def _asked(files: Mapping[str, Path]) -> list[ModuleType]:
    if not files:
        return []
    from prelaunch.outputs import OUTPUTS

    return [module for module in OUTPUTS if module.NAME in files]


def _unwritable(name: str, path: Path) -> list[Problem]:
    if path.is_dir():
        return [Problem(f"--{name} {path}", "is a folder", "name a file in it")]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return [unwritable(path, error, f"--{name}")]
    return []


def _to_stdout(data: bytes) -> None:
    if sys.stdout is None:  # started with standard output closed: nobody wants it
        return
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(data.decode())
        return
    stream.write(data)
    stream.flush()
