"""The options by which commands manage findings and write them for other tools; the same for every command.

A command that is decorated with ``managing_options`` is called with ``managing``, one with ``output_options`` with
``outputs``::

    managed = managing.read(fail_on)          # before the work: faults of the files are told at once
    outputs.check("--json" if as_json else "")
    judged = managed.judge(about, results)    # after it
    outputs.write([judged])
    return judged.code
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import click

from policies.errors import InputError, Problem
from policies.findings import RuleResult, located
from prelaunch import exits
from prelaunch.findings.about import About, Judged
from prelaunch.findings.counting import Threshold
from prelaunch.findings.marks import Marked, compare, suppress
from prelaunch.findings.suppressions import Suppressions

Function = TypeVar("Function", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)
HELPS = {
    "junit": "Also write JUnit XML, one test case a rule.",
    "sarif": "Also write SARIF 2.1.0, for code scanning.",
    "oscal": "Also write OSCAL assessment-results.",
    "csv": "Also write a table, one row a finding.",
    "xlsx": "Also write a workbook with rules, findings and evidence.",
}
"""What the formats of ``prelaunch.outputs.OUTPUTS`` are for; that is not loaded for --help, a test compares."""


@dataclass(frozen=True, slots=True)
class Managed:
    """The files of a ``Managing``, read."""

    suppressions: Suppressions | None
    baseline: tuple[RuleResult, ...] | None
    threshold: Threshold
    today: date

    def judge(self, about: About, results: Sequence[RuleResult]) -> Judged:
        """Return the findings with their marks, ready to be written; those without sites get them from evidence."""
        marked = Marked(tuple(map(located, results)))
        if self.suppressions is not None:
            marked = suppress(marked, self.suppressions, self.today)
        if self.baseline is not None:
            marked = compare(marked, self.baseline)
        return Judged(about, marked, self.threshold, self.today)


@dataclass(frozen=True, slots=True)
class Managing:
    """What the command line says of exceptions and of the run to compare with."""

    suppressions: Path | None = None
    baseline: Path | None = None
    fail_on_new: bool = False
    today: date | None = None

    def read(self, fail_on: str, inputs: Sequence[object] = ()) -> Managed:
        """Return the files read. Raises ``InputError`` for what is none; faults of single entries are kept.

        ``inputs`` are the files that the command itself reads: standard input can be read once.
        """
        from prelaunch.findings.read import read_findings
        from prelaunch.findings.suppressions import read_suppressions
        from prelaunch.today import today

        if self.fail_on_new and self.baseline is None:
            remedy = "add --baseline FILE, the findings.json of an earlier run"
            raise InputError([Problem("--fail-on-new", "nothing says what is new", remedy)])
        if [*map(str, inputs), str(self.suppressions), str(self.baseline)].count("-") > 1:
            raise InputError([Problem("-", "standard input cannot be read twice", "name a file for one of them")])
        return Managed(
            suppressions=read_suppressions(self.suppressions) if self.suppressions else None,
            baseline=read_findings(self.baseline)[1] if self.baseline else None,
            threshold=Threshold(fail_on, self.fail_on_new),
            today=self.today or today(),
        )


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files asked for, by format."""

    files: Mapping[str, Path] = field(default_factory=dict)
    language: str = "ru"

    @property
    def to_stdout(self) -> bool:
        """Say whether standard output is taken."""
        return any(str(path) == "-" for path in self.files.values())

    def check(self, on_stdout: str = "") -> None:
        """Make the folders of the files. Raises ``InputError`` for what cannot be written, with all of it.

        ``on_stdout`` names what the command itself writes to standard output.
        """
        problems = self._clashes(on_stdout)
        for module in _asked(self.files):
            path = self.files[module.NAME]
            if str(path) != "-":
                problems += _unwritable(module.NAME, path)
            elif not module.TEXT:
                problems.append(Problem(f"--{module.NAME} -", "this is no text", "name a file"))
        if problems:
            raise InputError(problems)

    def _clashes(self, on_stdout: str) -> list[Problem]:
        taken = [f"--{name} -" for name, path in self.files.items() if str(path) == "-"]
        taken += [on_stdout] if on_stdout and taken else []
        problems = []
        if len(taken) > 1:
            what = "both go to standard output"
            problems.append(Problem(" and ".join(taken), what, "name a file for one of them"))
        places = [path.absolute() for path in self.files.values() if str(path) != "-"]
        problems += [
            Problem(f"--{name} {path}", "another output has the same file", "name one file for each")
            for name, path in self.files.items()
            if places.count(path.absolute()) > 1
        ]
        return problems

    def write(self, runs: Sequence[Judged]) -> None:
        """Write every file; its path is told on standard error."""
        for module in _asked(self.files):
            path = self.files[module.NAME]
            more = {"language": self.language} if module.NAME in ("csv", "xlsx") else {}
            data: bytes = module.render(runs, **more)
            if str(path) == "-":
                _to_stdout(data)
                continue
            try:
                path.write_bytes(data)
            except OSError as error:
                if error.errno in exits.DISK_FULL:
                    raise
                raise InputError([_problem(module.NAME, path, error)]) from None
            click.echo(f"written: {path}", err=True)


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
        return [_problem(name, path, error)]
    return []


def _problem(name: str, path: Path, error: OSError) -> Problem:
    return Problem(f"--{name} {path}", f"cannot be written: {error.strerror}", "choose another file")


def _to_stdout(data: bytes) -> None:
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(data.decode())
        return
    stream.write(data)
    stream.flush()


def output_options(function: Function) -> Function:
    """Add an option for each format; the command gets them as ``outputs``."""

    @wraps(function)
    def command(*args: Any, **given: Any) -> Any:
        files = {name: given.pop(f"to_{name}") for name in HELPS}
        chosen = {name: path for name, path in files.items() if path is not None}
        return function(*args, outputs=Outputs(chosen, given.pop("sheet_language")), **given)

    wrapped: Any = command
    language = click.option("--sheet-language", type=click.Choice(["ru", "en"]), default="ru", show_default=True,
                            help="Language of headings and verdicts in --csv and --xlsx.")  # fmt: skip
    wrapped = language(wrapped)
    for name, text in reversed(HELPS.items()):
        wrapped = click.option(f"--{name}", f"to_{name}", type=FILE, metavar="FILE", help=text)(wrapped)
    return wrapped  # type: ignore[no-any-return]


def managing_options(function: Function) -> Function:
    """Add the options for exceptions and comparison; the command gets them as ``managing``."""

    @wraps(function)
    def command(*args: Any, **given: Any) -> Any:
        day: datetime | None = given.pop("today")
        managing = Managing(
            suppressions=given.pop("suppressions"),
            baseline=given.pop("baseline"),
            fail_on_new=given.pop("fail_on_new"),
            today=day.date() if day else None,
        )
        return function(*args, managing=managing, **given)

    wrapped: Any = command
    options = (
        click.option("--suppressions", type=FILE, metavar="FILE", help="YAML: findings that somebody answers for."),
        click.option("--baseline", type=FILE, metavar="FILE", help="Mark what is new beside these findings."),
        click.option("--fail-on-new", is_flag=True, help="Only what is new beside --baseline gives exit code 1."),
        click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
                     help="Day on which suppressions must still hold; today's if not given."),
    )  # fmt: skip
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]
