"""Files of results: written whole or not at all, and never over a file that the command reads."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from policies.errors import InputError, Problem
from policies.whole import put_whole
from prelaunch import exits


def write_whole(path: Path, data: bytes, option: str) -> None:
    """Write beside the final name and rename it when whole; what is no plain file (a device, a pipe) gets it directly.

    ``option`` names what asked for it. Raises ``InputError``, and ``OSError`` for a full disk.
    """
    place = Path(os.path.realpath(path))  # a link goes on pointing to its file
    try:
        if place.is_symlink() or (place.exists() and not place.is_file()):
            place.write_bytes(data)  # a link to itself is told by the system
        else:
            put_whole(place, data)
    except OSError as error:
        if error.errno in exits.DISK_FULL:
            error.filename = str(path)
            raise
        raise InputError([unwritable(path, error, option)]) from None


def check_file(path: Path, inputs: Iterable[object], option: str = "--out") -> None:
    """Make the folder of a file. Raises ``InputError`` if it cannot be written, or is one that the command reads."""
    problems = [Problem(f"{option} {path}", "is a folder", "name a file in it")] if path.is_dir() else []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problems.append(unwritable(path, error, option))
    if problems := problems + over_inputs({option: path}, inputs):
        raise InputError(problems)


def unwritable(path: Path, error: OSError, option: str) -> Problem:
    """Return the problem that says so to a person."""
    return Problem(f"{option} {path}", f"cannot be written: {error.strerror}", "choose another file")


def over_inputs(outputs: Mapping[str, Path | None], inputs: Iterable[object]) -> list[Problem]:
    """Return a problem for each output, by its option, that is one of the files that are read.

    ``inputs`` are paths and patterns; of a folder all its files are read, None is none.
    """
    read = {_identity(file) for each in inputs if each is not None for file in _files(str(each))} - {None}
    return [
        Problem(f"{option} {path}", "is a file that this command reads", "name another file")
        for option, path in outputs.items()
        if path is not None and _identity(str(path)) in read
    ]


def _files(name: str) -> Iterator[str]:
    """Yield the files that a path or a pattern stands for."""
    for found in [name] if Path(name).exists() else glob.glob(name, recursive=True):  # noqa: PTH207 - absolute too
        yield from map(str, Path(found).iterdir()) if Path(found).is_dir() else (found,)


def _identity(name: str) -> tuple[int, int] | None:
    """Return what tells a plain file from all others, whatever it is called; None where there is none."""
    if name == "-" or not Path(name).is_file():
        return None
    found = Path(name).stat()
    return found.st_dev, found.st_ino
