"""The mark of a function that runs as plain Python and inside numba kernels alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba.extending import register_jitable

from policies.pipelines import Part

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function`` unchanged for Python callers; compiled callers get its compiled form.

    Such a function takes and returns integers and flat arrays (or lists of ``int``), allocates nothing, and has no
    side effect but on the state it is given. Because it allocates nothing it is compiled without the counting of
    references to arrays, which would take three quarters of the time of a rule (measured: 165 ns against 50).
    """
    marked: Callable[P, R] = register_jitable(_nrt=False, pipeline_class=Part)(function)
    return marked


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function`` unchanged for Python callers; as ``kernel``, but compiled into the body of each caller.

    For functions that a loop over messages calls: handing over a dozen arrays takes longer than a short duty (measured:
    10 ns). Each caller grows by it, so it is not for what many call.
    """
    marked: Callable[P, R] = register_jitable(_nrt=False, forceinline=True, pipeline_class=Part)(function)
    return marked
