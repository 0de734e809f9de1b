"""Compilation by numba with a cache that notices every change: of our sources, of numba and numpy, of the processor.

Numba's own cache looks at the file of the compiled function only; a change in a function it calls from another file
would go unnoticed. So the folder of the cache is named by a hash of everything that the machine code depends on.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

POLICIES = Path(__file__).parent
KEPT_FOLDERS = 8
"""Older cache folders are removed when a new one is made (assumed: enough for a few checkouts side by side)."""


def compiled(
    function: Callable[P, R], packages: Sequence[Path] = (POLICIES,), *, allocates: bool = False
) -> Callable[P, R]:
    """Return ``function`` compiled without the interpreter lock; the machine code is kept between runs.

    ``packages`` are the folders of all sources that it calls; ``allocates`` says that it makes arrays itself (then
    references to arrays are counted, which is slow in loops that call kernels). Nothing is compiled before the first
    call. Where the cache folder cannot be written, the code is compiled anew in each process.

    A function must be called with one set of types only: two processes that fill numba's cache with code for different
    types at the same time overwrite each other's, and wrong code would be loaded (seen).
    """
    return _compiled(function, cache_folder(packages), allocates)


def all_compiled(
    functions: Sequence[Callable[..., Any]], packages: Sequence[Path] = (POLICIES,)
) -> tuple[Callable[..., Any], ...]:
    """Return each function as ``compiled`` does; the sources are read once for all (7 ms, measured)."""
    folder = cache_folder(packages)
    return tuple(_compiled(function, folder, allocates=False) for function in functions)


def _compiled(function: Callable[P, R], folder: Path | None, allocates: bool) -> Callable[P, R]:
    import numba

    before = numba.config.CACHE_DIR
    options: dict[str, Any] = {"nogil": True, "_nrt": allocates, "cache": folder is not None}
    numba.config.CACHE_DIR = str(folder or "")
    try:
        machine: Callable[P, R] = numba.njit(**options)(function)
    finally:
        numba.config.CACHE_DIR = before
    return machine


def cache_folder(packages: Sequence[Path] = (POLICIES,)) -> Path | None:
    """Return the folder for this state of sources and machine, made if need be; None where it cannot be written."""
    folder = _user_cache() / "prelaunch" / "numba" / source_key(packages)
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _forget_old(folder)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def source_key(packages: Sequence[Path]) -> str:
    """Return a hash of the Python sources of the packages, of numba, numpy, Python, and the processor."""
    import llvmlite.binding
    import numba
    import numpy as np

    cpu = llvmlite.binding.get_host_cpu_name()
    digest = hashlib.blake2b(f"{numba.__version__} {np.__version__} {sys.version} {cpu}".encode(), digest_size=12)
    for package in packages:
        for path in sorted(package.rglob("*.py")):
            digest.update(str(path.relative_to(package.parent)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _user_cache() -> Path:
    """Return the folder in which programs of this user keep what can be made again."""
    named = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    if named:
        return Path(named)
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")


def _forget_old(folder: Path) -> None:
    """Remove all but the newest cache folders beside ``folder``."""
    beside = sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in beside[KEPT_FOLDERS:]:
        shutil.rmtree(path, ignore_errors=True)
