"""Unsigned 64-bit arithmetic of draws in two forms: Python's own integers, and machine words once compiled.

A compiled caller gets the form given by ``overload``; without the compiler the Python form runs. A test holds them
equal on the whole range. Bounds of chances are stored as uint64; 2**64, certainty, as ``CERTAIN``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba.extending import overload

from policies.pipelines import Part
from simulator import draws, tables

CERTAIN = draws.MASK
"""Stands for 2**64, which does not fit: every draw is below it. No bound of a probability below 1 is as large."""

_NRT: Any = {"_nrt": False, "pipeline_class": Part}
_M1, _M2, _GOLDEN = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB), np.uint64(draws.GOLDEN)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_INDEX_SHIFT = np.uint64(64 - tables.BITS)
_FRACTION_SHIFT = np.uint64(64 - tables.BITS - tables.FRACTION_BITS)
_DIGIT = 20  # a difference of two table entries is split here, so that no product passes 63 bits


def word(value: Any) -> int:
    """Return a narrow number of a record as one of 64 bits, so that nothing is compiled for each width."""
    return int(value)


@overload(word, jit_options=_NRT)
def _word(value: Any) -> Any:
    def machine(value: Any) -> Any:
        return np.int64(value)

    return machine


def combine(key: Any, part: Any) -> int:
    """Return the key refined by one 64-bit part: ``draws.combine``."""
    return draws.combine(int(key), int(part))


@overload(combine, jit_options=_NRT)
def _combine(key: Any, part: Any) -> Any:
    def machine(key: Any, part: Any) -> Any:
        value = (np.uint64(key) ^ np.uint64(part)) + _GOLDEN
        value = (value ^ (value >> _S30)) * _M1
        value = (value ^ (value >> _S27)) * _M2
        return value ^ (value >> _S31)

    return machine


def draw(key: Any, purpose: Any) -> int:
    """Return the uniform 64-bit draw for a purpose under a key: ``draws.draw``."""
    return draws.draw(int(key), int(purpose))


@overload(draw, jit_options=_NRT)
def _draw(key: Any, purpose: Any) -> Any:
    def machine(key: Any, purpose: Any) -> Any:
        value = np.uint64(key) + np.uint64(purpose)
        value = (value ^ (value >> _S30)) * _M1
        value = (value ^ (value >> _S27)) * _M2
        return value ^ (value >> _S31)

    return machine


def happens(drawn: Any, bound: Any) -> bool:
    """Return whether a draw lies below a bound."""
    return int(drawn) < int(bound) or int(bound) == CERTAIN


@overload(happens, jit_options=_NRT)
def _happens(drawn: Any, bound: Any) -> Any:
    def machine(drawn: Any, bound: Any) -> Any:
        return np.uint64(drawn) < np.uint64(bound) or np.uint64(bound) == np.uint64(CERTAIN)

    return machine


def happens_scaled(drawn: Any, bound: Any, multiplier: Any) -> bool:
    """Return whether a draw lies below a bound times a 1/65536 multiplier: ``behaviour.scaled``."""
    whole = 2**64 if int(bound) == CERTAIN else int(bound)
    return int(drawn) < (whole >> 16) * int(multiplier)


@overload(happens_scaled, jit_options=_NRT)
def _happens_scaled(drawn: Any, bound: Any, multiplier: Any) -> Any:
    def machine(drawn: Any, bound: Any, multiplier: Any) -> Any:
        share = np.uint64(bound) >> np.uint64(16)
        if np.uint64(bound) == np.uint64(CERTAIN):
            share = np.uint64(1 << 48)
        times = np.uint64(multiplier)
        low = (share & _LOW) * times
        high = (share >> _S32) * times + (low >> _S32)
        return high > _LOW or np.uint64(drawn) < (high << _S32) + (low & _LOW)

    return machine


def part_of(drawn: Any, whole: Any) -> int:
    """Return ``drawn * whole >> 64``: a uniform share of a non-negative whole."""
    return int(drawn) * int(whole) >> 64


@overload(part_of, jit_options=_NRT)
def _part_of(drawn: Any, whole: Any) -> Any:
    def machine(drawn: Any, whole: Any) -> Any:
        a, b = np.uint64(drawn) >> _S32, np.uint64(drawn) & _LOW
        c, d = np.uint64(whole) >> _S32, np.uint64(whole) & _LOW
        middle = (b * d >> _S32) + (a * d & _LOW) + (b * c & _LOW)
        return np.int64(a * c + (a * d >> _S32) + (b * c >> _S32) + (middle >> _S32))

    return machine


def latency(table: Sequence[int], drawn: Any) -> int:
    """Return the microseconds that a draw stands for in a quantile table: ``tables.look_up``."""
    index = int(drawn) >> (64 - tables.BITS)
    whole = {place: int(table[place]) for place in (index, index + 1)}  # Python's integers, which do not overflow
    return tables.look_up(whole, int(drawn))


@overload(latency, jit_options=_NRT)
def _latency(table: Any, drawn: Any) -> Any:
    def machine(table: Any, drawn: Any) -> Any:
        index = np.int64(np.uint64(drawn) >> _INDEX_SHIFT)
        fraction = np.int64((np.uint64(drawn) >> _FRACTION_SHIFT) & _LOW)
        low = table[index]
        difference = table[index + 1] - low
        coarse = (difference >> _DIGIT) * fraction
        fine = (difference & ((1 << _DIGIT) - 1)) * fraction
        return low + ((coarse + (fine >> _DIGIT)) >> (tables.FRACTION_BITS - _DIGIT))

    return machine
