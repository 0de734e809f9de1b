"""Dead-number suppression: after n undelivered SMS in a row, as reported, the company stops sending to the number."""

from __future__ import annotations


def report(failures: list[int], recipient: int, delivered: bool) -> None:
    """Note a delivery report for ``recipient``: a delivery clears the run, a failure lengthens it."""
    failures[recipient] = 0 if delivered else failures[recipient] + 1


def suppressed(failures: list[int], recipient: int, limit: int) -> bool:
    """Return whether the number counts as dead; ``limit`` 0 means that nobody keeps such a list."""
    return 0 < limit <= failures[recipient]
