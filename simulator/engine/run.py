"""Runs replications of a model under the scheduler asked for."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol, get_args

from simulator.engine import reference
from simulator.engine.keep import LogName, Sink, hand_on
from simulator.engine.log import Log, Rows
from simulator.engine.model import Model
from simulator.engine.react import note_start
from simulator.engine.world import new_world

EngineName = Literal["auto", "reference", "compiled"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)
REFERENCE_UP_TO = 3_000
"""``auto`` takes the reference up to so many releases: it is done before compiled code is loaded (`make bench`)."""

Progress = Callable[[int], None]


class Play(Protocol):
    """Plays one replication and returns its log. ``keep`` says which rows are written; a ``sink`` takes them as they
    come, and nothing is returned."""

    def __call__(
        self, replication: int, progress: Progress | None = None, *, keep: LogName = "full", sink: Sink | None = None
    ) -> Rows: ...


@dataclass(frozen=True, slots=True)
class Engine:
    """A scheduler and a model, ready to play any replication. ``notice`` says why another one than asked was taken."""

    name: Literal["reference", "compiled"]
    notice: str
    play: Play

    @property
    def threaded(self) -> bool:
        """Say whether replications may run side by side in threads."""
        return self.name == "compiled"


def release_count(model: Model) -> int:
    """Return how many recipients all campaigns take up together."""
    return sum(len(campaign.members) for campaign in model.campaigns)


def chosen(model: Model, engine: EngineName = "auto") -> tuple[Literal["reference", "compiled"], str]:
    """Return who plays the model, and why another one than asked; what compiled code cannot play the reference does."""
    if engine == "reference" or (engine == "auto" and release_count(model) <= REFERENCE_UP_TO):
        return "reference", ""
    from simulator.engine.compiled.flatten import why_not

    reason = why_not(model)
    return ("compiled", "") if reason is None else ("reference", f"the reference plays it, more slowly: {reason}")


def engine_for(model: Model, engine: EngineName = "auto") -> Engine:
    """Return the chosen scheduler, ready to play the model."""
    name, notice = chosen(model, engine)
    if name == "reference":
        return Engine(name, notice, partial(_play_reference, model))
    from simulator.engine.compiled.engine import Compiled
    from simulator.engine.compiled.flatten import flatten

    flat = flatten(model)

    def play(
        replication: int, progress: Progress | None = None, *, keep: LogName = "full", sink: Sink | None = None
    ) -> Rows:
        return Compiled(flat, replication, progress, keep=keep, sink=sink).run()

    return Engine(name, notice, play)


def waits_for_compiler(model: Model, engine: EngineName = "auto") -> bool:
    """Say whether playing the model would first compile the engine, which takes half a minute, once for a version."""
    if chosen(model, engine)[0] != "compiled":
        return False
    from simulator.engine.compiled.warm import is_ready

    return not is_ready()


def compile_ahead(model: Model) -> None:
    """Compile the engine, with the model for an example; its machine code is kept for later runs."""
    from simulator.engine.compiled.flatten import flatten
    from simulator.engine.compiled.warm import compile_for

    compile_for(flatten(model))


def compile_replay_ahead(model: Model) -> None:
    """Compile what expands dispatch logs, in the same way."""
    from simulator.engine.compiled.flatten import flatten
    from simulator.engine.compiled.warm import compile_replay

    compile_replay(flatten(model))


def run(model: Model, replication: int = 0, engine: EngineName = "auto", progress: Progress | None = None) -> Rows:
    """Return the log of one replication; ``progress`` is told, now and then, how many cascades have ended."""
    return engine_for(model, engine).play(replication, progress)


def play_reference(model: Model, replication: int, progress: Progress | None = None) -> Log:
    """Return the log of one replication under SimPy."""
    world = new_world(model, replication, progress)
    note_start(world)
    with no_collection():
        return reference.Reference(world).run()


def _play_reference(
    model: Model, replication: int, progress: Progress | None = None, *, keep: LogName = "full",
    sink: Sink | None = None,
) -> Rows:  # fmt: skip
    return hand_on(play_reference(model, replication, progress), keep, sink)


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
