"""What findings are about: the run or the log, and the files that tell so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from policies.findings import RuleResult
from prelaunch.findings.counting import Threshold
from prelaunch.findings.marks import Marked


def called(path: Path | str) -> str:
    """Return how a file is called from the working folder; as it is given if it lies elsewhere; empty for ``-``."""
    if str(path) == "-":
        return ""
    file = Path(path)
    return str(file.relative_to(Path.cwd())) if file.is_relative_to(Path.cwd()) else str(path)


@dataclass(frozen=True, slots=True)
class About:
    """A run or a log. Empty and None where it is not known.

    ``file`` is the scenario or the log as it is called where the reader will look for it, ``text`` the text of the
    scenario; ``packs`` gives versions by name.
    """

    name: str
    file: str = ""
    text: str = ""
    seed: int | None = None
    as_of: str = ""
    gate: str = ""
    log_hash: str = ""
    packs: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """All that an output shows of one run: what it is about, its findings with their marks, what counts, and the day.

    ``today`` is the day on which exceptions were judged; no other date of an output comes from a clock.
    """

    about: About
    marked: Marked
    threshold: Threshold
    today: date

    @property
    def results(self) -> tuple[RuleResult, ...]:
        """Return the results in their order."""
        return self.marked.results

    @property
    def code(self) -> int:
        """Return the exit code that follows."""
        return self.threshold.code(self.marked)
