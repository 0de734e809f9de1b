"""Errors a user can act on: what is wrong, where it stands, what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


class PrelaunchError(Exception):
    """Base of every error that is the user's to mend; shown without a traceback, exit code 2."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of an input.

    ``where`` is ``file:line: field`` as far as they are known; ``remedy`` says what to do.
    """

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{self.where}: {self.what}{remedy}"


class InputError(PrelaunchError, ValueError):
    """Bad input; carries every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


def all_faults(*checks: Callable[[], Any]) -> list[Any]:
    """Return what each check returns. Raises one ``InputError`` with the faults of all that have any."""
    results: list[Any] = []
    problems: list[Problem] = []
    for check in checks:
        try:
            results.append(check())
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return results


class MachineLimit(PrelaunchError):
    """The machine cannot do it (memory, disk); said before starting, exit code 3."""

    exit_code = 3
