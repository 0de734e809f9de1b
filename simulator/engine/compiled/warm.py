"""Compiling ahead: whether the machine code of this version lies ready, and making it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from policies.jit import cache_folder
from simulator.engine.compiled import layout
from simulator.engine.compiled.columns import columns_of, fill
from simulator.engine.compiled.engine import Compiled, machine
from simulator.engine.compiled.flatten import Flat
from simulator.engine.compiled.hashing import digest_packed
from simulator.engine.compiled.legend import legend_of
from simulator.engine.compiled.loop import FINISH, run
from simulator.engine.compiled.replay import Replay
from simulator.engine.compiled.tables import records
from simulator.engine.log import WIDTH, Matrix, name_hashes


def is_ready() -> bool:
    """Say whether the loop need not be compiled: it was in this process, or its machine code is kept from before."""
    if getattr(machine(), "signatures", True):
        return True
    folder = cache_folder(run)
    return folder is not None and any(folder.rglob("loop.run-*.nbi"))


def compile_replay(flat: Flat) -> None:
    """Compile what expands dispatch logs, or load its machine code."""
    Replay(flat, 0).expand(Matrix(np.empty((0, WIDTH), dtype=np.int64)))


def compile_reading(flat: Flat) -> None:
    """Compile what makes columns and hashes of a packed log, or load its machine code."""
    legend, costs = legend_of(flat.model), np.empty(0, dtype=np.int64)
    rows = records(layout.ROW, 1)[:0]
    fill(columns_of(0), 0, rows, costs, legend)
    digest_packed(rows, costs, legend, flat.model, 0, name_hashes(flat.model))


def compile_for(flat: Flat) -> None:
    """Compile the loop and what reads its log, or load their machine code; nobody of the model is taken up."""
    nobody = [replace(campaign, members=np.zeros(0, np.uint32)) for campaign in flat.model.campaigns]
    idle = replace(flat, model=replace(flat.model, campaigns=nobody))
    Compiled(idle, 0).play(FINISH, flat.model.end)
    compile_reading(flat)
