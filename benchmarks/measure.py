"""What a stage of a process takes: seconds of wall and CPU, and resident memory.

CPU is user and system time of all threads, and of children that have ended; memory is the kernel's own figure.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Result = dict[str, Any]
PROCESS = Path("/proc/self")
"""Where Linux tells of a process; elsewhere the peak is that of the whole process so far."""
MACHINE = Path("/proc/meminfo")


def cpu_s() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def peak_mib(who: int = resource.RUSAGE_SELF) -> float:
    """Return the greatest resident memory so far, or since ``Memory`` began, MiB; for children, of the largest."""
    greatest = _kib(PROCESS / "status", "VmHWM") if who == resource.RUSAGE_SELF else None
    return (greatest if greatest is not None else resource.getrusage(who).ru_maxrss) / 1024


def available_mib() -> float | None:
    """Return the memory that the machine can still give away, MiB; None where it is not told."""
    kib = _kib(MACHINE, "MemAvailable")
    return None if kib is None else kib / 1024


def _kib(file: Path, name: str) -> int | None:
    """Return the figure of one line of a file of the kernel's; None where there is no such file or line."""
    if not file.exists():
        return None
    lines = (line.split() for line in file.read_text(encoding="ascii", errors="replace").splitlines())
    return next((int(words[1]) for words in lines if words and words[0] == f"{name}:"), None)


class Memory:
    """Resident memory when this began, ``before_mib``, and the peak since then."""

    def __init__(self) -> None:
        with suppress(OSError):
            (PROCESS / "clear_refs").write_text("5", encoding="ascii")  # the kernel's peak begins anew
        now = _kib(PROCESS / "status", "VmRSS")
        self.before_mib = peak_mib() if now is None else now / 1024

    def figures(self) -> Result:
        """Return ``peak_mib`` and ``over_mib``, the peak without what was there before."""
        peak = peak_mib()
        return {"peak_mib": peak, "over_mib": peak - self.before_mib}


@dataclass(slots=True)
class Watch:
    """Seconds of wall and CPU by name of a stage."""

    stages: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def __call__(self, name: str, total: int = 0) -> Iterator[Callable[[int], None]]:
        """Measure one stage; it has the form of the program's own progress."""
        wall, cpu = time.perf_counter(), cpu_s()
        yield lambda done: None
        self.stages[name.partition(" (")[0]] = time.perf_counter() - wall, cpu_s() - cpu
