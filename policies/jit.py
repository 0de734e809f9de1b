"""Compilation by numba with a cache that notices every change: of our sources, of numba and numpy, of the processor.

Numba's own cache looks at the file of the compiled function only; a change in a function it calls from another file
would go unnoticed. So the folder of the cache is named by a hash of everything that the machine code depends on: of our
sources those that the function's module can reach (``policies.sources``), so that a change elsewhere costs nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from policies.sources import reached

P = ParamSpec("P")
R = TypeVar("R")

KEPT_FOLDERS = 8
"""Of each module; older ones are removed when a new one is made (assumed: enough for a few checkouts side by side)."""


def compiled(function: Callable[P, R], *, allocates: bool = False) -> Callable[P, R]:
    """Return ``function`` compiled without the interpreter lock; the machine code is kept between runs.

    ``allocates`` says that it makes arrays itself (then references to arrays are counted, which is slow in loops that
    call kernels). Nothing is compiled before the first call. Where the cache folder cannot be written, the code is
    compiled anew in each process.

    A function must be called with one set of types only: two processes that fill numba's cache with code for different
    types at the same time overwrite each other's, and wrong code would be loaded (seen).
    """
    import numba

    from policies.pipelines import Whole

    folder, before = cache_folder(function), numba.config.CACHE_DIR
    options: dict[str, Any] = {"nogil": True, "_nrt": allocates, "cache": folder is not None, "pipeline_class": Whole}
    numba.config.CACHE_DIR = str(folder or "")
    try:
        machine: Callable[P, R] = numba.njit(**options)(function)
    finally:
        numba.config.CACHE_DIR = before
    return machine


def cache_folder(function: Callable[..., Any]) -> Path | None:
    """Return the folder for the code of a function of this state of sources and machine, made if need be.

    None where it cannot be written.
    """
    module = function.__module__
    root = Path(str(sys.modules[module].__file__)).parents[module.count(".")]
    above = kept()
    if above is None:
        return None
    folder = above / module / source_key(module, root)
    is_new = not folder.is_dir()
    made = _made(folder)
    if made and is_new:
        _forget_old(folder)
    return made


def kept() -> Path | None:
    """Return the folder of all machine code that is kept, made if need be; None where it cannot be written."""
    return _made(_user_cache() / "prelaunch" / "numba")


def _made(folder: Path) -> Path | None:
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def source_key(module: str, root: Path) -> str:
    """Return a hash of the sources that a module can reach, of numba, numpy, Python, and the processor."""
    digest = hashlib.blake2b(_machine().encode(), digest_size=12)
    for path in reached(module, root):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(hashlib.blake2b(path.read_bytes(), digest_size=16).digest())
    return digest.hexdigest()


@cache
def _machine() -> str:
    """Return what compiles, and for what."""
    import llvmlite.binding
    import numba
    import numpy as np

    return f"{numba.__version__} {np.__version__} {sys.version} {llvmlite.binding.get_host_cpu_name()}"


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
