"""Runs one replication under the scheduler asked for."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from simulator.engine import heap, reference
from simulator.engine.log import Log
from simulator.engine.model import Model
from simulator.engine.react import note_start
from simulator.engine.world import new_world

EngineName = Literal["auto", "reference", "heap"]
REFERENCE_UP_TO = 5_000
"""``auto`` takes the reference up to so many releases, above it the heap: the same log in less time (`make bench`)."""

Progress = Callable[[int], None]


def chosen_engine(model: Model, engine: EngineName) -> EngineName:
    """Return the scheduler that ``auto`` stands for in this model."""
    if engine != "auto":
        return engine
    return "reference" if release_count(model) <= REFERENCE_UP_TO else "heap"


def release_count(model: Model) -> int:
    """Return how many recipients all campaigns take up together."""
    return sum(len(campaign.members) for campaign in model.campaigns)


def run(model: Model, replication: int = 0, engine: EngineName = "auto", progress: Progress | None = None) -> Log:
    """Return the log of one replication; ``progress`` is told, now and then, how many cascades have ended."""
    world = new_world(model, replication, progress)
    note_start(world)
    with no_collection():
        if chosen_engine(model, engine) == "reference":
            return reference.Reference(world).run()
        return heap.Heap(world).run()


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep Python's cycle collector from walking a million live events again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
