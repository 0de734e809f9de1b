"""Whose an external id is, for millions of ids: running numbers are read off, other ids looked up by their bytes.

The answers are those of ``People.places_of``; that one looks through everybody at each call.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.id_kernels import fill_slots, look_up, read_numbers
from policies.ids import Numbered, places_among

Int32s = npt.NDArray[np.int32]

COMPILE_FROM = 20_000
"""Ids from which compiled code is used: below, Arrow is done before numba is loaded (measured)."""


def finder(ids: pa.Array | Numbered, asked: int) -> Callable[[pa.Array], Int32s]:
    """Return a function from a column of ids to the place of each among ``ids``, -1 where it is nobody's.

    ``asked`` is about how many will be asked for in all.
    """
    if asked < COMPILE_FROM:
        if isinstance(ids, Numbered):
            return lambda names: ids.places(names.cast(pa.string())).astype(np.int32)
        return lambda names: places_among(ids, names).astype(np.int32)
    return _by_number(ids) if isinstance(ids, Numbered) else _by_bytes(ids)


def _by_number(ids: Numbered) -> Callable[[pa.Array], Int32s]:
    prefix = np.frombuffer(ids.prefix.encode(), np.uint8)

    def find(names: pa.Array) -> Int32s:
        starts, data = texts(names)
        out = np.empty(len(names), np.int32)
        _numbers()(starts, data, prefix, ids.digits, ids.first, ids.size, out)
        return _known(names, out)

    return find


def _by_bytes(ids: pa.Array) -> Callable[[pa.Array], Int32s]:
    starts, data = texts(ids)
    slots = np.full(1 << max(2 * len(ids), 2).bit_length(), -1, np.int32)
    fill, look = _tables()
    fill(starts, data, slots)

    def find(names: pa.Array) -> Int32s:
        out = np.empty(len(names), np.int32)
        look(starts, data, slots, *texts(names), out)
        return _known(names, out)

    return find


def texts(names: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Return where each text begins and where the last one ends, and the bytes of all, to be read only."""
    whole = names.cast(pa.large_string())
    _, starts, data = whole.buffers()
    at = np.frombuffer(starts, np.int64) if starts else np.zeros(1, np.int64)
    at = at[whole.offset : whole.offset + len(whole) + 1]
    at.flags.writeable = False
    return at, np.frombuffer(data or b"", np.uint8)


def _known(names: pa.Array, places: Int32s) -> Int32s:
    if names.null_count:
        places[names.is_null().to_numpy(zero_copy_only=False)] = -1
    return places


@cache
def _numbers() -> Callable[..., None]:
    """Return ``read_numbers`` compiled."""
    from policies.jit import compiled

    return compiled(read_numbers)


@cache
def _tables() -> tuple[Callable[..., None], Callable[..., None]]:
    """Return ``fill_slots`` and ``look_up`` compiled."""
    from policies.jit import compiled

    return compiled(fill_slots), compiled(look_up)
