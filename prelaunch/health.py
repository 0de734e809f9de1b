"""What ``prelaunch doctor`` looks at: the interpreter, packages, zones, holidays, the machine, writable places.

Every check answers with findings and never raises: a package that cannot be loaded is itself a finding.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module, metadata
from pathlib import Path
from typing import Literal

Verdict = Literal["ok", "warn", "fail"]

REINSTALL = "install again: make run, or pip install -c constraints.txt -e ."
GIGABYTE = 10**9
LOW_MEMORY = 2 * GIGABYTE
"""Below this a base of 100,000 may not fit beside everything else (assumed)."""
LOW_DISK = GIGABYTE
"""A run of 100,000 recipients leaves well under a tenth of this (assumed)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination; ``remedy`` says what to do unless the verdict is ``ok``."""

    name: str
    verdict: Verdict
    found: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Return every finding, in the order of ``CHECKS``."""
    return [finding for check in CHECKS for finding in _guarded(check)]


def worst(findings: Sequence[Finding]) -> Verdict:
    """Return the gravest verdict among the findings."""
    verdicts = {finding.verdict for finding in findings}
    return "fail" if "fail" in verdicts else "warn" if "warn" in verdicts else "ok"


def _guarded(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except ImportError as error:
        return [Finding(check.__name__, "fail", str(error), REINSTALL)]


def python() -> Iterator[Finding]:
    """The interpreter; a version that is too old does not come this far."""
    yield Finding("python", "ok", ".".join(map(str, sys.version_info[:3])))


def packages() -> Iterator[Finding]:
    """Every package that ours asks for, at a version that it accepts."""
    for requirement in metadata.requires("prelaunch") or ():
        if ";" not in requirement:
            yield package(requirement)


def package(requirement: str) -> Finding:
    """Return the finding for one requirement such as ``simpy>=4.1.2,<5``."""
    name, bounds = _parse(requirement)
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(name, "fail", "not installed", REINSTALL)
    if all(_meets(found, *bound) for bound in bounds):
        return Finding(name, "ok", found)
    return Finding(name, "fail", f"{found}, but {requirement} is needed", REINSTALL)


def _parse(requirement: str) -> tuple[str, list[tuple[str, str]]]:
    name = re.split(r"[<>=!~ \[]", requirement, maxsplit=1)[0]
    return name, re.findall(r"(>=|<)([\d.]+)", requirement)


def _meets(version: str, relation: str, bound: str) -> bool:
    have, want = _numbers(version), _numbers(bound)
    return have >= want if relation == ">=" else have < want


def _numbers(version: str) -> list[int]:
    leading = re.match(r"[\d.]*", version)
    return [int(part) for part in leading[0].split(".") if part] if leading else []


def zones() -> Iterator[Finding]:
    """The time zone data: its edition, and that it is not the system's."""
    edition = import_module("policies.calendars.iana").edition()
    try:
        zoneinfo.ZoneInfo("Asia/Kamchatka")
    except zoneinfo.ZoneInfoNotFoundError:
        yield Finding("time zones", "fail", "no time zone data", REINSTALL)
        return
    if edition == "system":
        remedy = "call policies.calendars.iana.use_packaged_zones()"
        yield Finding("time zones", "warn", "the system's, which differ between machines", remedy)
    else:
        yield Finding("time zones", "ok", f"edition {edition}")


def holidays() -> Iterator[Finding]:
    """The years whose Russian holidays and moved days off are known."""
    workdays = import_module("policies.calendars.workdays")
    this_year = datetime.now(UTC).year
    candidates = range(this_year - 10, this_year + 4)
    known = [year for year in candidates if workdays.day_class("RU", date(year, 7, 1)) != workdays.UNKNOWN_DAY]
    if this_year in known:
        yield Finding("holidays", "ok", f"Russia: {known[0]} to {known[-1]}")
    else:
        remedy = "install a newer holidays package; until then rules on holidays answer unknown"
        yield Finding("holidays", "warn", f"Russia: {this_year} is not known", remedy)


def numba() -> Iterator[Finding]:
    """The compiler, and whether compiled kernels can be and are kept between runs."""
    import_module("numba")
    folder: Path | None = import_module("policies.jit").kept()
    if folder is None:
        remedy = "name a writable folder in XDG_CACHE_HOME; until then each run compiles anew"
        yield Finding("compiled kernels", "warn", "cannot be kept", remedy)
        return
    kept = sum(1 for _ in folder.rglob("*.nbi"))
    yield Finding("compiled kernels", "ok", f"{kept or 'none yet'} in {folder}")


def machine() -> Iterator[Finding]:
    """Cores, memory and disk that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Finding("cores", "ok", str(cores))
    yield amount("memory", memory(), LOW_MEMORY, "use a smaller audience, or close other programs")
    yield amount("disk", shutil.disk_usage(Path.cwd()).free, LOW_DISK, "make room, or run from another folder")


def amount(name: str, free: int, low: int, remedy: str) -> Finding:
    """Return the finding for ``free`` bytes of something of which less than ``low`` is little."""
    found = f"{free / GIGABYTE:.1f} GB free"
    return Finding(name, "ok", found) if free >= low else Finding(name, "warn", found, remedy)


def memory() -> int:
    """Return the bytes of memory that are free, within the limit of the container if there is one."""
    pages = "SC_AVPHYS_PAGES" if "SC_AVPHYS_PAGES" in os.sysconf_names else "SC_PHYS_PAGES"
    free = os.sysconf(pages) * os.sysconf("SC_PAGE_SIZE")
    available = re.search(r"MemAvailable:\s+(\d+) kB", _text(Path("/proc/meminfo")))
    limit, used = (_text(Path("/sys/fs/cgroup") / f"memory.{word}").strip() for word in ("max", "current"))
    free = int(available[1]) * 1024 if available else free
    return min(free, int(limit) - int(used)) if limit.isdigit() and used.isdigit() else free


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def places() -> Iterator[Finding]:
    """The folders that are written to: results and temporary files."""
    yield place("results", Path.cwd())
    yield place("temporary files", Path(tempfile.gettempdir()))


def place(name: str, folder: Path) -> Finding:
    """Return the finding for a folder that is, or would have to be made, writable."""
    existing = next(path for path in (folder, *folder.parents) if path.is_dir())
    try:
        with tempfile.TemporaryFile(dir=existing):
            return Finding(name, "ok", str(folder))
    except OSError as error:
        return Finding(name, "fail", f"{folder}: {error.strerror}", "give yourself the right to write there")


def output() -> Iterator[Finding]:
    """Whether the terminal can show the letters of the messages."""
    encoding = sys.stdout.encoding or "unknown"
    if encoding.lower().replace("-", "") == "utf8":
        yield Finding("letters", "ok", encoding)
    else:
        yield Finding("letters", "warn", encoding, "set PYTHONUTF8=1: Russian texts may not show")


CHECKS = (python, packages, zones, holidays, numba, machine, places, output)
