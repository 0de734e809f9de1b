"""Compiles ``w.c`` with the C compiler of the machine, once a process, and calls it."""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import subprocess
import tempfile
import weakref
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.lower_bound.figures import Figures, HandOver
from benchmarks.lower_bound.rows import EVENTS, ROW, Packed
from policies.people import Int64s

SOURCE = Path(__file__).parent / "w.c"
OPTIONS = ("-O3", "-march=native", "-std=c11", "-shared", "-fPIC")
COMPILERS = ("cc", "gcc", "clang")
NO_COMPILER = "no C compiler (CC, cc, gcc or clang): the C lower bound is left out"
NO_MEMORY = 1
FAULTS = {NO_MEMORY: "not enough memory for the run", 2: "the earlier campaign reaches into the offer"}
SUBJECTS = 16
"""Room for subjects in the counts; ``rows.subjects`` has ten."""


@dataclass(frozen=True, slots=True)
class Played:
    """One replication. ``log`` is empty where rows were only counted; ``counts`` is zero where the log was kept."""

    log: Packed
    counts: Int64s  # rows by event and subject, shape (16, 16)
    release_s: float  # CPU seconds of drawing and sorting the releases
    play_s: float  # CPU seconds of the events and the log

    @property
    def rows(self) -> int:
        """Return the number of rows, kept or counted."""
        return len(self.log) or int(self.counts.sum())


def compiler() -> list[str]:
    """Return the command of the C compiler: the environment's CC, else the first that is there; empty without."""
    for words in (shlex.split(os.environ.get("CC", "")), *([name] for name in COMPILERS)):
        if words and shutil.which(words[0]):
            return words
    return []


def available() -> bool:
    """Return whether there is a compiler for the program."""
    return bool(compiler())


@cache
def library(*, keep: bool) -> ctypes.CDLL:
    """Return the compiled program; without ``keep`` the one that counts rows and writes none.

    Raises RuntimeError where there is no compiler, or with what the compiler said.
    """
    command = compiler()
    if not command:
        raise RuntimeError(NO_COMPILER)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "w.so"
        words = [*command, *OPTIONS, *([] if keep else ["-DCOUNT_ONLY"]), str(SOURCE), "-o", str(target)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{shlex.join(words)} failed:\n{done.stderr}")
        found = ctypes.CDLL(str(target))
    found.w_release.restype = found.w_log.restype = found.w_counts.restype = ctypes.c_void_p
    found.w_rows.restype, found.w_figures_size.restype = ctypes.c_int64, ctypes.c_size_t
    for function in (found.w_play, found.w_log, found.w_rows, found.w_counts, found.w_free):
        function.argtypes = [ctypes.c_void_p]
    assert found.w_figures_size() == ctypes.sizeof(Figures), "figures.py and w.c differ in struct Figures"
    return found


def play(given: HandOver, *, keep: bool = True) -> Played:
    """Return one replication; without ``keep`` rows are counted by event and subject and not written.

    Raises MemoryError or ValueError with what went wrong.
    """
    program = library(keep=keep)
    began = process_time()
    run = program.w_release(ctypes.byref(given.figures))
    released = process_time()
    fault = program.w_play(run) if run else NO_MEMORY
    ended = process_time()
    if fault:
        if run:
            program.w_free(run)
        raise (MemoryError if fault == NO_MEMORY else ValueError)(FAULTS[fault])
    counts = np.ctypeslib.as_array((ctypes.c_int64 * (len(EVENTS) * SUBJECTS)).from_address(program.w_counts(run)))
    counts = counts.reshape(len(EVENTS), SUBJECTS).copy()
    return Played(_log(program, run, keep=keep), counts, released - began, ended - released)


def _log(program: ctypes.CDLL, run: int, *, keep: bool) -> Packed:
    """Return the log where C wrote it; the memory of the run is given back when the array is no longer used."""
    rows = program.w_rows(run) if keep else 0
    if rows == 0:
        program.w_free(run)
        return np.empty(0, dtype=ROW)
    written = (ctypes.c_char * (rows * ROW.itemsize)).from_address(program.w_log(run))
    weakref.finalize(written, program.w_free, run)
    return np.frombuffer(memoryview(written).cast("B"), dtype=ROW)
