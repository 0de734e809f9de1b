"""What was measured of the audit."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.results import Result


@dataclass(slots=True)
class Found:
    """The measurements by what was measured, each as often as it was made."""

    kernel: dict[int, list[Result]] = field(default_factory=dict)
    whole: dict[str, list[Result]] = field(default_factory=dict)
    rivals: dict[str, list[Result]] = field(default_factory=dict)
    compiling: list[Result] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
