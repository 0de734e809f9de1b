"""Where an imported register of numbers is kept: a file of one's own, or one in the user's data folder."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from policies.errors import InputError, Problem
from prelaunch.run_folder import make_parent, not_writable
from scenarios.audience.number_ranges import SUFFIX, NumberRanges, load_ranges, write_ranges
from scenarios.audience.number_register import Register


def default_file() -> Path:
    """Return where ranges are kept unless said otherwise: ``XDG_DATA_HOME``, else ~/.local/share."""
    named = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    folder = Path(named) if named else Path.home() / ".local" / "share"
    return folder / "prelaunch" / f"number-ranges{SUFFIX}"


def keep(register: Register, file: Path | None, read_on: date | None) -> Path:
    """Write the register in its compact form, whole or not at all, and return where."""
    wanted = file or default_file()
    if wanted.suffix != SUFFIX:
        raise InputError([Problem("--out", f"{wanted.name!r} does not end in {SUFFIX}", "name it so")])
    make_parent(wanted)
    draft = wanted.with_name(f".{wanted.name}.{os.getpid()}")
    try:
        write_ranges(register, draft, read_on.isoformat() if read_on else None)
        draft.replace(wanted)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise not_writable(wanted, error) from None
    return wanted


def known_ranges(file: Path | None) -> NumberRanges:
    """Return the ranges of a file, or those in the data folder. Raises InputError where there are none."""
    wanted = file or default_file()
    if not wanted.is_file():
        remedy = "prelaunch numbers import FILE first, or name a file with --ranges"
        raise InputError([Problem(str(wanted), "there are no number ranges", remedy)])
    return load_ranges(wanted)
