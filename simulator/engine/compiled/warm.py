"""Compiling ahead: whether the machine code of this version lies ready, and making it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from policies.jit import cache_folder
from simulator.engine.compiled.engine import Compiled, machine
from simulator.engine.compiled.flatten import Flat
from simulator.engine.compiled.loop import FINISH
from simulator.engine.compiled.replay import Replay
from simulator.engine.compiled.sources import PACKAGES
from simulator.engine.log import WIDTH, Matrix


def is_ready() -> bool:
    """Say whether the loop need not be compiled: it was in this process, or its machine code is kept from before."""
    if getattr(machine(), "signatures", True):
        return True
    folder = cache_folder(PACKAGES)
    return folder is not None and any(folder.rglob("loop.run-*.nbi"))


def compile_replay(flat: Flat) -> None:
    """Compile what expands dispatch logs, or load its machine code."""
    Replay(flat, 0).expand(Matrix(np.empty((0, WIDTH), dtype=np.int64)))


def compile_for(flat: Flat) -> None:
    """Compile the loop, or load its machine code; nobody of the model is taken up."""
    nobody = [replace(campaign, members=np.zeros(0, np.uint32)) for campaign in flat.model.campaigns]
    idle = replace(flat, model=replace(flat.model, campaigns=nobody))
    Compiled(idle, 0).play(FINISH, flat.model.end)
