"""What is measured, and on what: the commit, the processor, the versions."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import version
from os import cpu_count
from pathlib import Path

from benchmarks.lower_bound.program import compiler
from benchmarks.measure import MACHINE

LIBRARIES = ("simpy", "numpy", "numba", "pyarrow")


def machine() -> dict[str, str]:
    """Return what the page says of the machine."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return {
        "processor": processor(), "cores": str(cpu_count()), "memory": memory(), "python": platform.python_version(),
        "libraries": libraries, "compiler": compiler_version(),
    }  # fmt: skip


def commit(root: Path) -> str:
    """Return the abbreviated commit and its date, and whether there are changes on top of it."""
    said = _output(["git", "log", "-1", "--format=%h of %cs"], root)
    changed = _output(["git", "status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs"], root)
    return (said or "unknown") + (", changed" if changed else "")


def processor() -> str:
    """Return the name of the processor as the system gives it."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def memory() -> str:
    """Return the memory of the machine."""
    if not MACHINE.exists():
        return "unknown memory"
    kib = int(MACHINE.read_text(encoding="ascii").split()[1])
    return f"{kib / 2**20:.0f} GiB"


def compiler_version() -> str:
    """Return the first line of what the C compiler says of itself; empty where there is none."""
    command = compiler()
    return _output([*command, "--version"], Path()).partition("\n")[0] if command else ""


def _output(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
