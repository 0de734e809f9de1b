"""A file that is there whole or not at all, whatever stops the writing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

MODE = 0o666
"""Who may read and write a new file, before the umask takes away."""


def put_whole(place: Path, data: bytes) -> None:
    """Write beside the final name and rename it when whole; an older file keeps who may read and write it.

    Raises ``OSError``; then nothing is left, and an older file is as it was.
    """
    mode = place.stat().st_mode & 0o7777 if place.exists() else MODE & ~_umask()
    descriptor, name = tempfile.mkstemp(prefix=".prelaunch-", dir=place.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        draft.chmod(mode)
        draft.replace(place)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _umask() -> int:
    """Return the umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
