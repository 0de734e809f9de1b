"""The lower bound: workload W as a C program with its rules built in, which writes the engines' log row for row.

``run(model)`` returns the packed log, ``matrix`` turns it into the engines' form, so that ``log_hash`` can be compared.
Of a model of W (``benchmarks.workload_w``) only figures are handed over, as arrays; what the program can do at all is
fixed in ``w.c``. Anything but W raises ValueError.

Outside the timing, as for the engines: the population and the compiled model, and here the hand-over, which lays the
model's figures out as C reads them (people as 16 bytes each, quantile tables, bounds, offsets of zones, kinds of
days). Inside: the draws of the releases and their sort (``Played.release_s``, in the engines
``simulator.engine.world.releases``), then the events and the log (``Played.play_s``). Outside again: ``matrix``; the
engines write that form at once.
"""

from __future__ import annotations

from benchmarks.lower_bound.figures import hand_over
from benchmarks.lower_bound.program import NO_COMPILER, Played, available, play
from benchmarks.lower_bound.rows import Packed, matrix
from simulator.engine.model import Model

__all__ = ["NO_COMPILER", "Packed", "Played", "available", "hand_over", "matrix", "play", "run"]


def run(model: Model, replication: int = 0) -> Packed:
    """Return the packed log of one replication of W, one record of 24 bytes a row, in order of hand-over.

    Raises ValueError for a model that is not W, RuntimeError where there is no compiler.
    """
    return play(hand_over(model, replication)).log
