"""The options by which commands manage findings and write them for other tools; the same for every command.

A command that is decorated with ``managing_options`` is called with ``managing``, one with ``output_options`` with
``outputs``::

    managed = managing.read(fail_on)          # before the work: faults of the files are told at once
    outputs.check("--json" if as_json else "", reads=(file, *managing.files))
    judged = managed.judge(about, results)    # after it
    outputs.write([judged])
    return judged.code
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from policies.errors import InputError, Problem, all_faults
from policies.findings import RuleResult, located
from prelaunch.findings.about import About, Judged
from prelaunch.findings.counting import Threshold
from prelaunch.findings.marks import Marked, compare, suppress
from prelaunch.findings.output_files import HELPS, Outputs
from prelaunch.findings.suppressions import Suppressions

Function = TypeVar("Function", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)


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

    @property
    def files(self) -> tuple[Path | None, Path | None]:
        """Return the files that it reads."""
        return self.suppressions, self.baseline

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
        exceptions, baseline = all_faults(
            lambda: read_suppressions(self.suppressions) if self.suppressions else None,
            lambda: read_findings(self.baseline)[1] if self.baseline else None,
        )
        return Managed(
            suppressions=exceptions,
            baseline=baseline,
            threshold=Threshold(fail_on, self.fail_on_new),
            today=self.today or today(),
        )


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
