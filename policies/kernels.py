"""The mark of a function that runs as plain Python and inside numba kernels alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba.extending import register_jitable

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function`` unchanged for Python callers; compiled callers get its compiled form.

    Such a function takes and returns integers and flat arrays (or lists of ``int``) and has no side effect but on
    the state it is given.
    """
    marked: Callable[P, R] = register_jitable(function)
    return marked
