"""Memory that is free within the process goes back to the machine.

Reading in parts leaves holes between what is kept; the C library holds on to them, and large arrays made later do not
fit in (measured with a million rows of Twilio's export: a quarter of the memory held after reading).
"""

from __future__ import annotations

import ctypes

import pyarrow as pa


def give_back() -> None:
    """Return free memory to the machine, as far as its C library knows how (glibc)."""
    pa.default_memory_pool().release_unused()
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
